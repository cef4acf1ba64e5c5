"""The fix-it list: what the sheet's owner can mend, one line for each cause, with the cells it stands in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.page_names import INDEX
from student_track.queries import ask
from student_track.reporting.facts import Row, rows_of
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render
from student_track.reporting.words import PROBLEMS
from student_track.visible_text import visible

MOST_CELLS_NAMED = 6
MOST_LINES = 500
MENDED_WITHIN = timedelta(days=7)

CAUSE = ("source_id", "tab", "reason", "raw_value", "what_to_do")
CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class FixItLine:
    """One cause: cells of one tab that hold the same value, wrong for the same reason; ``cells`` names the first."""

    source_id: str
    tab: str
    reason: str
    raw_value: str
    what_to_do: str
    cells: tuple[str, ...]
    count_cells: int
    count_marks: int
    since: date

    @property
    def problem(self) -> str:
        """The reason in plain words."""
        return PROBLEMS.get(self.reason, self.reason.replace("_", " "))

    @property
    def shown_value(self) -> str:
        return visible(self.raw_value)


@dataclass(frozen=True)
class FixItList:
    """What is to be mended, most marks kept out first; the tabs that are held for it; cells mended, by local date."""

    lines: list[FixItLine]
    held_tabs: list[Row]
    mended: dict[date, int]

    @property
    def count_cells(self) -> int:
        return sum(line.count_cells for line in self.lines)

    @property
    def count_marks(self) -> int:
        return sum(line.count_marks for line in self.lines)

    @property
    def has_several_sources(self) -> bool:
        return len({line.source_id for line in self.lines}) > 1

    def mended_lately(self, today: date) -> int:
        """Return how many cells were mended in the week to the day."""
        return sum(count for day, count in self.mended.items() if today - MENDED_WITHIN < day <= today)


def fix_it_rows(spark: SparkSession) -> FixItList:
    """Return the fix-it list of the lake. Raw values are personal: it is for the sheet's owner alone."""
    quarantine = spark.table("quarantine")
    held = spark.table("sheet_tabs").where("is_held").select("source_id", "tab", "held_reason")
    open_cells = quarantine.where("NOT is_resolved").select(
        *CAUSE, "cell", "count_marks", F.to_date("first_seen_at").alias("since")
    )
    return FixItList(
        lines=group_by_cause(rows_of(open_cells)),
        held_tabs=rows_of(held.orderBy("source_id", "tab")),
        mended={row["mended_date"]: row["mended_cells"] for row in rows_of(ask(spark, "mended_by_day"))},
    )


def group_by_cause(cells: Iterable[Row]) -> list[FixItLine]:
    """Return one line for each source, tab, reason and raw value, most marks kept out first."""
    in_order = sorted(cells, key=lambda row: (*(row[name] or "" for name in CAUSE), _place(row["cell"])))
    lines = [
        _line(list(rows)) for _, rows in groupby(in_order, key=lambda row: tuple(row[name] or "" for name in CAUSE))
    ]
    return sorted(lines, key=lambda line: (-line.count_marks, line.source_id, line.tab, _place(line.cells[0])))


def fix_it_page(frame: Frame, rows: FixItList) -> str:
    """Return the HTML of the fix-it list: for the sheet's owner, like a cohort's page."""
    return render(
        "fix_it.html.j2",
        frame,
        fix_it=rows,
        lines=rows.lines[:MOST_LINES],
        count_more=max(0, len(rows.lines) - MOST_LINES),
        mended=rows.mended_lately(frame.today),
        index=INDEX,
    )


def _line(rows: list[Row]) -> FixItLine:
    cause = {name: rows[0][name] or "" for name in CAUSE}
    return FixItLine(
        **cause,
        cells=tuple(row["cell"] for row in rows[:MOST_CELLS_NAMED]),
        count_cells=len(rows),
        count_marks=sum(row["count_marks"] for row in rows),
        since=min(row["since"] for row in rows),
    )


def _place(cell: str) -> tuple[int, int, str]:
    """Row and column of an address, for the order in which the cells are read."""
    found = CELL.fullmatch(cell)
    return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, cell)
