"""The reporting queries: short named SQL files, each answering one question."""

import re
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession

from student_track.errors import InputError
from student_track.resources import resource

PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")


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
    """Return a query by its name; raise InputError where there is none, with the names there are."""
    if name not in query_names():
        raise InputError(f"There is no query {name!r}. There are: {', '.join(query_names())}.")
    comment, sql = (resource("reports/queries") / f"{name}.sql").read_text(encoding="utf-8").split("\n", 1)
    return NamedQuery(name, comment.removeprefix("--").strip(), sql)


def ask(spark: SparkSession, name: str, **values: date | int | str) -> DataFrame:
    """Return the answer of a named query; values its SQL does not use are left out.

    Raises InputError where a value the query needs is missing.
    """
    query = named_query(name)
    missing = query.parameters - set(values)
    if missing:
        raise InputError(f"The query {name} needs {', '.join(sorted(missing))}.")
    return spark.sql(query.sql, args={key: value for key, value in values.items() if key in query.parameters})
