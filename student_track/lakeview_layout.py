"""What stands on the dashboard for a Databricks workspace: pages and widgets, each showing columns of a named query.

No query among them names a student or gives a pseudonym; small groups are left out by the queries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

GRID = 12
"""Columns of a page."""
VERSIONS = {"counter": 2, "table": 2, "bar": 3, "line": 3}
"""Version of each kind of widget's specification."""
SCALES = {"first_day": "temporal", "cohort": "categorical", "weekday": "categorical"}
"""Scales of what stands on an axis; all else is a quantity."""
TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld")


@dataclass(frozen=True)
class Widget:
    """Columns of a query's answer as a counter, a table or a chart, where the first column is the axis."""

    kind: str
    query: str
    title: str
    columns: tuple[str, ...]
    width: int
    height: int = 6

    @property
    def name(self) -> str:
        """A name of its own on the dashboard."""
        return "_".join((self.kind, self.query, self.columns[-1]))[:60]

    @property
    def version(self) -> int:
        """Version of the specification."""
        return VERSIONS[self.kind]

    def encodings(self) -> dict[str, Any]:
        """Which column is shown where."""
        named = [{"fieldName": name, "displayName": words(name)} for name in self.columns]
        if self.kind == "counter":
            return {"value": named[0]}
        if self.kind == "table":
            return {"columns": named}
        x = named[0] | {"scale": {"type": SCALES[self.columns[0]]}}
        return {"x": x, "y": {"scale": {"type": "quantitative"}, "fields": named[1:]}}


@dataclass(frozen=True)
class Page:
    """One page: widgets from left to right, in rows as they fit."""

    name: str
    title: str
    widgets: tuple[Widget, ...]


def words(column: str) -> str:
    """Return a column's name as people read it."""
    return column.replace("_percent", ", %").replace("_", " ").capitalize()


def placed(page: Page) -> Iterator[tuple[Widget, dict[str, int]]]:
    """Yield each widget with its place; what does not fit into a row begins the next."""
    x = y = row_height = 0
    for widget in page.widgets:
        if x + widget.width > GRID:
            x, y, row_height = 0, y + row_height, 0
        yield widget, {"x": x, "y": y, "width": widget.width, "height": widget.height}
        x, row_height = x + widget.width, max(row_height, widget.height)


def _figure(column: str, title: str) -> Widget:
    return Widget("counter", "school_to_date", title, (column,), width=2, height=3)


PAGES = (
    Page(
        "school",
        "School",
        (
            _figure("needs_attention", "Need attention"),
            _figure("new_that_day", "New that day"),
            _figure("new_in_week", "New in a week"),
            _figure("no_longer", "No longer, in a week"),
            _figure("students", "Students enrolled"),
            _figure("attendance_percent", "Attendance to date, %"),
            Widget("line", "by_week", "Attendance by week, %", ("first_day", "attendance_percent"), width=6),
            Widget("bar", "by_weekday", "Absences by weekday, 1 is Monday", ("weekday", "absences"), width=6),
            Widget("bar", "by_cohort", "Need attention, by cohort", ("cohort", "needs_attention"), width=6),
            Widget("bar", "by_cohort", "Tiers by cohort", ("cohort", *TIERS), width=6),
            Widget(
                *("table", "by_cohort", "Cohorts"),
                ("cohort", "owner", "students", "attendance_percent", "needs_attention", "new_in_week", "since"),
                width=12,
            ),
            Widget(
                *("table", "excused_against_unexcused", "Excused and unexcused, lateness"),
                ("cohort", "excused", "unexcused", "excused_percent", "tardies"),
                width=12,
            ),
        ),
    ),
    Page(
        "registers",
        "Registers and data",
        (
            Widget("table", "registers_not_taken", "Registers not taken", ("date", "cohort", "teacher"), width=6),
            Widget("table", "latest_registers", "Latest register", ("cohort", "latest_date", "days_before"), width=6),
            Widget(
                *("table", "coverage_by_cohort", "Coverage"),
                ("cohort", "coverage_percent", "expected_sessions", "register_not_taken", "without_usable_mark"),
                width=12,
            ),
            Widget(
                *("table", "data_to_mend", "Cells to mend"),
                ("tab", "cell", "reason", "what_to_do", "marks_kept_out"),
                width=12,
            ),
            Widget("table", "held_back", "Held", ("what", "name", "because"), width=12, height=4),
        ),
    ),
    Page(
        "operations",
        "Model and runs",
        (
            Widget(
                *("table", "gate_verdicts", "Verdicts of the gate"),
                ("kind", "judged_term", "verdict", "is_promoted", "is_calibrated", "trained_date"),
                width=8,
            ),
            Widget("table", "risk_levels", "Students by level of the ladder", ("level", "students"), width=4),
            Widget(
                *("table", "runs_lately", "Runs lately"),
                ("started_date", "started_time", "notebooks", "seconds", "outcome", "policy_version", "code_version"),
                width=12,
            ),
        ),
    ),
)
"""Every page, in order."""
