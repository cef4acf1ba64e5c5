"""Terms that are over, and whether there is a new one to judge a model on."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.risk.history import Period

LEAST_TERMS = 2
"""One or more to train on, and the last one to judge by."""


@dataclass(frozen=True)
class Term:
    """A term of the school: its first and last session, planned ones included."""

    school_year: int
    name: str
    first_date: date
    last_date: date

    @property
    def label(self) -> str:
        """The name for people; a number alone is said with its school year."""
        return self.name if len(self.name) > 2 else f"term {self.name} of {self.school_year}"


@dataclass(frozen=True)
class Task:
    """What to train on and what to judge by. With ``test`` None nothing is to be done, and ``because`` says why."""

    train: tuple[Term, ...]
    test: Term | None
    because: str

    @property
    def is_due(self) -> bool:
        return self.test is not None


def finished_terms(sessions: DataFrame, as_of_date: date, gap_days: int) -> tuple[Term, ...]:
    """Return the terms that are over at the as-of date, oldest first.

    A term is over when a later one has begun, or when its last session (held or planned) lies further back than the
    gap that ends a term.
    """
    begun = begun_terms(sessions, as_of_date)
    later = dict(itertools.pairwise(begun))
    long_ago = as_of_date - timedelta(days=gap_days)
    return tuple(term for term in begun if term in later or term.last_date < long_ago)


def begun_terms(sessions: DataFrame, as_of_date: date) -> tuple[Term, ...]:
    """Return the terms in which a register was taken by the as-of date, oldest first.

    Sessions after the as-of date count as the plan they were.
    """
    named = sessions.where("NOT is_cancelled").groupBy("school_year", F.coalesce("term", F.lit("")).alias("term"))
    held = F.when(F.col("is_taken") & (F.col("session_date") <= F.lit(as_of_date)), F.col("session_date"))
    bounds = named.agg(
        F.min("session_date").alias("first_date"), F.max("session_date").alias("last_date"), F.min(held).alias("begun")
    )
    found = sorted(bounds.collect(), key=lambda row: row.first_date)
    return tuple(Term(row.school_year, row.term, row.first_date, row.last_date) for row in found if row.begun)


def plan_training(terms: tuple[Term, ...], models: DataFrame, definition: str, policy_version: str) -> Task:
    """Return the task: judge on the last finished term, train on those before it, unless that was done already."""
    if len(terms) < LEAST_TERMS:
        have = "none is" if not terms else "only one is"
        return Task((), None, f"Two finished terms are needed, one to train on and one to judge by; {have} there yet.")
    same = models.where((F.col("label_definition") == definition) & (F.col("policy_version") == policy_version))
    judged = same.agg(F.max("judged_to_date").alias("judged_to_date")).first().judged_to_date
    test = terms[-1]
    if judged is not None and judged >= test.last_date:
        return Task((), None, f"No term has finished since the latest model was judged, on {test.label} or later.")
    return Task(terms[:-1], test, f"{test.label} has finished and no model was judged on it yet.")


def periods_of(task: Task, periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """Return the periods that the task's terms lie in; none where nothing is due, so that nothing is read."""
    years = {term.school_year for term in (*task.train, *((task.test,) if task.test else ()))}
    return tuple(period for period in periods if years and (period.school_year is None or period.school_year in years))
