"""Panels: widgets to choose by, the table they choose, and a button that keeps what is shown as a file."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import display

from student_track.errors import PipelineError
from student_track.exploring.school import School

Answer = Callable[..., pd.DataFrame]
"""Returns the table for the values of a panel's controls."""
Keep = Callable[[pd.DataFrame, str], Path]
"""Writes a table to a file in a format and returns the file."""
HIGHEST_LIMIT = 30.0
WIDE = widgets.Layout(width="28em")


def panel(
    answer: Answer, controls: dict[str, widgets.Widget], keep: Keep, above: Iterable[widgets.Widget] = ()
) -> widgets.VBox:
    """Return the controls over the table they choose, which follows every change, and a button to export it.

    Controls are named as the arguments of ``answer``; those ``above`` only decide what the others offer.
    """
    shown: list[pd.DataFrame] = []

    def show(**chosen: Any) -> None:
        shown[:] = [answer(**chosen)]
        display(shown[0])

    table = widgets.interactive_output(show, controls)
    return widgets.VBox([*above, *controls.values(), table, _export_line(shown, keep)])


def _export_line(shown: list[pd.DataFrame], keep: Keep) -> widgets.HBox:
    format = widgets.Dropdown(options=["xlsx", "csv"], layout=widgets.Layout(width="6em"))
    button = widgets.Button(description="Export what is shown", layout=widgets.Layout(width="14em"))
    said = widgets.Label()

    def export(_: widgets.Button) -> None:
        try:
            said.value = f"{len(shown[0])} rows: {keep(shown[0], format.value)}"
        except PipelineError as error:
            said.value = str(error)

    button.on_click(export)
    return widgets.HBox([button, format, said])


def cohort_choice(school: School, cohort: str) -> widgets.Dropdown:
    """Return a choice of one cohort; where the first is empty, of all of them together too."""
    every = [] if cohort else [("all cohorts", "")]
    named = [(name, name) for name in school.cohort_names]
    return widgets.Dropdown(options=[*every, *named], value=cohort, description="cohort", layout=WIDE)


def cohorts_choice(school: School) -> widgets.SelectMultiple:
    """Return a choice of several cohorts, none at first."""
    return widgets.SelectMultiple(options=school.cohort_names, description="cohorts", rows=6, layout=WIDE)


def period_choice(school: School, period: str) -> widgets.Dropdown:
    """Return a choice of one period."""
    return widgets.Dropdown(options=list(school.periods), value=period, description="period", layout=WIDE)


def limit_choice(limit_percent: float) -> widgets.FloatSlider:
    """Return a slider of the share missed, in percent, in halves."""
    highest = max(HIGHEST_LIMIT, limit_percent)
    return widgets.FloatSlider(
        value=limit_percent,
        min=0.5,
        max=highest,
        step=0.5,
        description="limit, %",
        continuous_update=False,
        layout=WIDE,
    )


def student_choice(school: School, cohort: widgets.Dropdown, student_key: str) -> widgets.Dropdown:
    """Return a choice of one student, in order of need; it offers those of the cohort that is chosen."""
    choice = widgets.Dropdown(
        options=_students(school, cohort.value), value=student_key, description="student", layout=WIDE
    )

    def offer(change: dict[str, Any]) -> None:
        choice.options = _students(school, change["new"])

    cohort.observe(offer, "value")
    return choice


def _students(school: School, cohort: str) -> list[tuple[str, str]]:
    rows = school.students_in(cohort)
    return list(zip(rows["student"], rows["student_key"], strict=True))
