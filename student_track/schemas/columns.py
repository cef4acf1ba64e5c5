"""How tables and columns are declared, and the columns that several tables share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its Spark SQL type, what it means, and how it must be treated.

    ``is_volatile`` columns (run ids, clock times) differ between equal runs and are left out when tables are
    compared; ``is_personal`` columns name a student or staff member and are shown only at the edge.
    """

    name: str
    type: str
    comment: str
    is_personal: bool = False
    is_volatile: bool = False


@dataclass(frozen=True)
class Table:
    """One table: the sentence of its grain, its key, the one notebook (or runner) that writes it."""

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    writer: str
    columns: tuple[Column, ...]
    partition: str | None = None
    retention: str = "kept until erased"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def volatile_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_volatile)

    @property
    def personal_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_personal)


def text(name: str, comment: str, **flags: bool) -> Column:
    return Column(name, "string", comment, **flags)


def count(name: str, comment: str) -> Column:
    return Column(name, "bigint", comment)


def flag(name: str, comment: str) -> Column:
    return Column(name, "boolean", comment)


def share(name: str, comment: str) -> Column:
    return Column(name, "double", f"{comment} (0 to 1)")


def day(name: str, comment: str) -> Column:
    return Column(name, "date", comment)


def at(name: str, comment: str) -> Column:
    return Column(name, "timestamp", f"{comment} (UTC)", is_volatile=True)


RUN_ID = text("run_id", "run that wrote the row", is_volatile=True)
STUDENT_KEY = text("student_key", "keyed pseudonym of the student")
COHORT_ID = text("cohort_id", "cohort, as named in the sheet")
SOURCE_ID = text("source_id", "file or spreadsheet the cell stands in")
TAB = text("tab", "tab of the source; a CSV file has one, named after the file")
CELL = text("cell", "address of the cell, such as D7")
SCHOOL_YEAR = Column("school_year", "int", "calendar year in which the school year starts")
AS_OF_DATE = day("as_of_date", "last session date that counts")
POLICY_VERSION = text("policy_version", "version of the attendance policy applied")
