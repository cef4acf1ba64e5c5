"""The question of ``risk evaluate`` as it is typed, and the answer as JSON or as a table."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from student_track.errors import InputError
from student_track.risk.evaluation import Question
from student_track.risk.labels import LABELS
from student_track.shares import Share

NAME_WIDTH = 32
FIGURES = ("auc", "precision", "recall", "brier", "ece", "slope")
Answer = dict[str, Any]


def question_of(
    train: Sequence[str], test: Sequence[str], label: str, horizon_units: int | None, capacity: str | None
) -> Question:
    """Return the question; raises InputError for a label there is none of, and for a share that is none."""
    if label not in LABELS:
        raise InputError(f"--label {label}: there is no such label. There are: {', '.join(LABELS)}.")
    try:
        share = None if capacity is None else TypeAdapter(Share).validate_python(capacity)
    except ValidationError:
        share = 0
    if share == 0:
        raise InputError(f"--capacity {capacity}: write a share above 0, up to 1: 10 %, 1/10 or 0.1.")
    return Question(tuple(train), tuple(test), label, horizon_units, share)


def answer_in(format: str) -> Callable[[Answer], str]:
    """Return what writes an answer in the format; raises InputError for a format there is none of."""
    formats = {"json": _as_json, "table": _as_table}
    if format not in formats:
        raise InputError(f"--format {format}: there is no such format. There are: {', '.join(formats)}.")
    return formats[format]


def _as_json(answer: Answer) -> str:
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def _as_table(answer: Answer) -> str:
    """One line per contender and difference, each figure with its interval."""
    about, differences = answer["about"], answer["differences"]
    contenders = {name: part for name, part in answer.items() if name not in ("about", "differences")}
    lines = [f"{about['label_definition']}", *(_described(about, part) for part in ("train", "test"))]
    lines.append(f"{'':{NAME_WIDTH}}" + "".join(f"{name:>24}" for name in FIGURES))
    for name, figures in (contenders | differences).items():
        lines.append(f"{name:{NAME_WIDTH}}" + "".join(f"{_shown(figures.get(figure)):>24}" for figure in FIGURES))
    return "\n".join(lines) + "\n"


def _described(about: dict[str, Any], part: str) -> str:
    own = about[part]
    counts = f"{own['rows']} rows of {own['students']} students, {own['students_with_event']} of them with the event"
    return f"{part}: {', '.join(own['named'])}: {counts}"


def _shown(figure: dict[str, float | None] | None) -> str:
    if figure is None or figure["value"] is None:
        return "-"
    low, high = (f"{bound:.3f}" if bound is not None else "-" for bound in (figure["low"], figure["high"]))
    return f"{figure['value']:.3f} [{low}, {high}]"
