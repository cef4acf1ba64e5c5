"""Which rows of each silver table a run may touch."""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.clean.plan import condition_in
from student_track.clean.reading import Reading
from student_track.clean.settled import Settled


@dataclass(frozen=True)
class Scope:
    """Sources, cohorts and school years decided anew, and the cohorts whose last good rows stay."""

    sources: tuple[str, ...]
    cohorts: tuple[str, ...]
    school_years: tuple[int, ...]
    held: tuple[str, ...]
    of_open_sessions: str

    @property
    def of_sources(self) -> str:
        """SQL condition on tables that only know their source."""
        return condition_in("source_id", self.sources)

    @property
    def of_cohorts(self) -> str:
        """SQL condition on tables that only know their cohort."""
        return f"{condition_in('cohort_id', self.cohorts)} AND {self._not_held}"

    @property
    def of_records(self) -> str:
        """SQL condition on ``attendance_records``: the records of settled sessions stay as they are."""
        own = f"{condition_in('school_year', self.school_years)} AND {self.of_sources} AND {self._not_held}"
        return f"{own} AND {self.of_open_sessions}"

    @property
    def _not_held(self) -> str:
        return f"NOT ({condition_in('cohort_id', self.held)})"


def scope_of(
    reading: Reading, cohorts: tuple[str, ...], sessions: DataFrame, held: dict[str, str], settled: Settled
) -> Scope:
    """Return what this run decides anew."""
    years = {row.school_year for row in sessions.select("school_year").distinct().collect()}
    both = sorted(years | set(reading.plan.former_school_years))
    return Scope(reading.plan.read_again, cohorts, tuple(both), tuple(held), settled.of_records)


def without_held(frame: DataFrame, held: dict[str, str]) -> DataFrame:
    """Return the frame without the rows of held cohorts."""
    return frame.where(~F.col("cohort_id").isin(list(held)))
