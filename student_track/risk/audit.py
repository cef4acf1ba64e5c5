"""Fairness: whether the score, at staff's capacity, misses or names the students of one group more than others.

A group is known for the audit only: it is no feature, and no table holds it of a student.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pyspark.sql import DataFrame

from student_track.errors import InputError
from student_track.risk import figures
from student_track.risk.figures import Figure, Values

LEAST_ROWS_WITH_EVENT = 100
MOST_MISSED_GAP, MOST_NAMED_GAP, MORE_THAN_LABEL = 0.10, 0.05, 0.03
MISSED, NAMED = "false_negative_rate", "false_positive_rate"
DRAWS, SEED = 500, 20_260_801
COLUMNS = {"student_id", "group"}


@dataclass(frozen=True)
class Audit:
    """Figures by group and name, in words every gap that is too large, and the sentence of the verdict."""

    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    said: str = ""


def read_groups(path: Path, students: DataFrame) -> dict[str, str]:
    """Return the group of each student by key, from a CSV file with the columns ``student_id`` and ``group``.

    Raises InputError where the file has other columns or no student of the school.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not COLUMNS.issubset(reader.fieldnames or ()):
            raise InputError(f"{path}: the columns student_id and group are needed; there are {reader.fieldnames}.")
        group_of = {row["student_id"].strip(): row["group"].strip() for row in reader if row["group"].strip()}
    keys = {row.student_id: row.student_key for row in students.select("student_id", "student_key").collect()}
    found = {keys[student]: group for student, group in group_of.items() if student in keys}
    if not found:
        raise InputError(f"{path}: none of its {len(group_of)} students is in this school. Write ids as in the sheet.")
    return found


def audit(rows: pd.DataFrame, groups: dict[str, str], chosen: Values, chosen_by_label: Values) -> Audit:
    """Return the audit of the rows to judge by; ``chosen`` says how much of each row is named by score, and by label.

    Each group with enough events is compared with everybody else. A gap is too large beyond its limit where the
    interval is clear of 0; of the students missed it may also not be much larger than the label's own.
    """
    group = rows["student_key"].map(groups).fillna("").to_numpy(dtype=str)
    event = rows["has_event"].to_numpy()
    counts = {name: int(event[group == name].sum()) for name in sorted(set(group) - {""})}
    enough = [name for name, count in counts.items() if count >= LEAST_ROWS_WITH_EVENT]
    others = {name: int(event[(group != name) & (group != "")].sum()) for name in enough}
    compared = [name for name in enough if others[name] >= LEAST_ROWS_WITH_EVENT]
    if not compared:
        return Audit(said=f"Fairness: no two groups with {LEAST_ROWS_WITH_EVENT} rows with the event; not judged.")

    def of_draw(weights: Values) -> dict[tuple[str, str], Values]:
        found = {}
        for name in compared:
            own, rest = group == name, (group != name) & (group != "")
            for by, named in (("", chosen), ("label_", chosen_by_label)):
                for kind, (of_own, of_rest) in {
                    MISSED: _shares(1 - named, event, weights, own, rest),
                    NAMED: _shares(named, ~event, weights, own, rest),
                }.items():
                    found[name, by + kind] = of_own
                    found[name, f"{by}{kind}_gap"] = of_own - of_rest
        return found

    found = figures.over_draws(of_draw, figures.student_draws(rows["student_key"], DRAWS, SEED))
    alarms = tuple(alarm for name in compared for alarm in _alarms(name, found))
    verdict = "; ".join(alarms) or f"no gap beyond the limits among {', '.join(compared)}"
    return Audit(found, alarms, f"Fairness: {verdict}.")


def _shares(value: Values, of: Values, weights: Values, own: Values, rest: Values) -> tuple[Values, ...]:
    """The mean of a value over the rows of a kind, in the group and among the others."""
    return tuple(figures.precision((of & part).astype(float), value, weights) for part in (own, rest))


def _alarms(name: str, found: dict[tuple[str, str], Figure]) -> list[str]:
    said = {MISSED: (MOST_MISSED_GAP, "missed"), NAMED: (MOST_NAMED_GAP, "named without need")}
    alarms = []
    for kind, (limit, words) in said.items():
        gap, label = found[name, f"{kind}_gap"], found[name, f"label_{kind}_gap"]
        is_clear = not gap.low <= 0 <= gap.high
        allowed = min(limit, abs(label.value) + MORE_THAN_LABEL) if kind == MISSED else limit
        if is_clear and abs(gap.value) > allowed:
            alarms.append(f"{name} is {words} {gap.value:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}] against the others")
    return alarms
