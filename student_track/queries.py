"""The reporting queries: short named SQL files, each answering one question."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track import tables
from student_track.errors import InputError
from student_track.policy import Policy
from student_track.resources import resource

PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")
PARAMETERS: dict[str, type] = {
    "as_of_date": date,
    "school_year": int,
    "first_school_year": int,
    "tier_scope": str,
    "blank_mark": str,
    "suppress_below": int,
}
"""Every parameter a query may have, with its type: the day that is asked about, and what the policy says."""
Value = date | int | str


@dataclass(frozen=True)
class NamedQuery:
    """One question: its name, the sentence that asks it, and the SQL that answers it."""

    name: str
    question: str
    sql: str

    @property
    def parameters(self) -> set[str]:
        """Names of the values the query is asked with."""
        return set(PARAMETER.findall(self.sql))


def query_names() -> list[str]:
    """Return the names of all queries, in order."""
    return sorted(path.stem for path in resource("reports/queries").glob("*.sql"))


def named_query(name: str) -> NamedQuery:
    """Return a query by its name; raise InputError where there is none, with the nearest name and all there are."""
    names = query_names()
    if name not in names:
        raise InputError(f"There is no query {name!r}.{_nearest(name, names)} There are: {', '.join(names)}.")
    comment, sql = (resource("reports/queries") / f"{name}.sql").read_text(encoding="utf-8").split("\n", 1)
    return NamedQuery(name, comment.removeprefix("--").strip(), sql)


def values_of(policy: Policy, as_of_date: date, school_year: int) -> dict[str, Value]:
    """Return the values that every query can be asked with."""
    first_school_year, _ = policy.school_years(school_year)
    return {
        "as_of_date": as_of_date,
        "school_year": school_year,
        "first_school_year": first_school_year,
        "tier_scope": policy.tier_scope,
        "blank_mark": policy.blank_mark,
        "suppress_below": policy.suppress_groups_below,
    }


def ask(spark: SparkSession, name: str, **values: Value) -> DataFrame:
    """Return the answer of a named query; values its SQL does not use are left out.

    Raises InputError where a value the query needs is missing, has another type, or is no parameter of any query.
    """
    query = named_query(name)
    _check_values(values)
    missing = query.parameters - set(values)
    if missing:
        raise InputError(f"The query {name} needs {', '.join(sorted(missing))}.")
    return spark.sql(query.sql, args={key: value for key, value in values.items() if key in query.parameters})


def ask_of_cohort(spark: SparkSession, name: str, cohort: str, **values: Value) -> DataFrame:
    """Return the rows of a named query's answer that are of one cohort: its own, or those of its students.

    Raises InputError where there is no such cohort, or the answer names neither cohorts nor students.
    """
    known = [row.cohort_id for row in spark.table("cohorts").select("cohort_id").orderBy("cohort_id").collect()]
    if cohort not in known:
        raise InputError(f"There is no cohort {cohort!r}.{_nearest(cohort, known)} There are: {', '.join(known)}.")
    answer = ask(spark, name, **values)
    if "cohort" in answer.columns:
        return answer.where(F.col("cohort") == F.lit(cohort))
    if "student_key" not in answer.columns:
        raise InputError(f"The answer of {name} is neither by cohort nor by student: ask it without a cohort.")
    own = spark.table("student_metrics").where(
        (F.col("as_of_date") == F.lit(values["as_of_date"])) & (F.col("cohort_id") == F.lit(cohort))
    )
    keys = [row.student_key for row in own.select("student_key").collect()]
    return answer.where(F.col("student_key").isin(keys))


def ask_on_day(
    spark: SparkSession, name: str, policy: Policy, as_of_date: date | None, cohort: str | None
) -> tuple[date, DataFrame]:
    """Return the day and a named query's answer on it, of one cohort or of all; without a date the latest measured.

    Raises InputError as ``measured_day`` and ``ask_of_cohort`` do.
    """
    day, school_year = measured_day(spark, as_of_date)
    values = values_of(policy, day, school_year)
    return day, ask(spark, name, **values) if cohort is None else ask_of_cohort(spark, name, cohort, **values)


def measured_day(spark: SparkSession, as_of_date: date | None) -> tuple[date, int]:
    """Return the day that is asked about and its school year: the given one, else the latest there are metrics for.

    Raises InputError where there are none.
    """
    metrics = spark.table("student_metrics") if tables.exists(spark, "student_metrics") else None
    days = [] if metrics is None else metrics.select("as_of_date", "school_year").distinct().collect()
    known = {row.as_of_date: row.school_year for row in days}
    if not known:
        raise InputError("There are no metrics in this lake yet. `student-track run` makes them.")
    day = as_of_date or max(known)
    if day not in known:
        latest = ", ".join(str(other) for other in sorted(known, reverse=True)[:3])
        raise InputError(f"There are no metrics for {day}. The latest there are: {latest}. Give one with --as-of.")
    return day, known[day]


def exact_values(answer: DataFrame) -> pd.DataFrame:
    """Return the answer's values as they are: pandas alone would turn whole numbers beside a null into fractions."""
    table = answer.toArrow()
    columns = [pd.Series(column.to_pylist(), dtype=object) for column in table.columns]
    return pd.concat(columns, axis=1, keys=table.column_names) if columns else pd.DataFrame()


def _check_values(values: dict[str, Value]) -> None:
    for name, value in values.items():
        if name not in PARAMETERS:
            nearest = _nearest(name, PARAMETERS)
            raise InputError(f"No query has a parameter {name!r}.{nearest} There are: {', '.join(PARAMETERS)}.")
        if type(value) is not PARAMETERS[name]:
            wanted = PARAMETERS[name].__name__
            raise InputError(f"The parameter {name} is of type {wanted}, and {value!r} is not.")


def _nearest(name: str, known: Iterable[str]) -> str:
    folded = {other.casefold(): other for other in known}
    found = difflib.get_close_matches(name.casefold(), folded, 1)
    return f" Did you mean {folded[found[0]]}?" if found else ""
