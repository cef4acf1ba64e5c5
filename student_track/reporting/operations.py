"""The operations page: how the runs went, by which versions, what is held, and what became of the messages."""

from dataclasses import dataclass

from pyspark.sql import SparkSession

from student_track.page_names import INDEX
from student_track.queries import ask
from student_track.reporting.facts import Day, Row, SchoolFacts, rows_of
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render

OPERATIONS = "operations.html"


@dataclass(frozen=True)
class OperationsFacts:
    """Answers for the operations page, each of the named query; no student stands in any of them."""

    runs_lately: list[Row]
    notebooks_lately: list[Row]
    coverage_by_tab: list[Row]
    held_back: list[Row]
    deliveries_by_state: list[Row]


def operations_facts(spark: SparkSession, day: Day) -> OperationsFacts:
    """Return what is recorded so far: a run that goes on has written down the notebooks that are done."""
    names = OperationsFacts.__dataclass_fields__
    return OperationsFacts(**{name: rows_of(ask(spark, name, **day.values)) for name in names})


def operations_page(frame: Frame, operations: OperationsFacts, school: SchoolFacts) -> str:
    """Return the HTML of the operations page; no student's name or pseudonym stands in it."""
    longest = max((row["seconds"] or 0 for row in operations.notebooks_lately), default=0)
    return render(
        "operations.html.j2",
        frame,
        operations=operations,
        longest=longest,
        risk=school.risk,
        latest_registers=school.latest_registers,
        index=INDEX,
    )
