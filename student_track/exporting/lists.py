"""The lists that can be exported: a named query's answer, with names as on a cohort's page, or with labels alone."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from student_track import queries, session
from student_track.errors import InputError
from student_track.exporting.files import WRITERS, place_of, refuse_unknown_format, write_whole
from student_track.policy import load_policy
from student_track.privacy import student_label
from student_track.settings import Settings

LISTS = {"call-list": "call_list", "cohort": "cohort_roster", "quarantine": "data_to_mend"}
"""Each list with the query that pages and ``student-track ask`` answer it by."""
IDENTIFYING = ["student_key", "student_id", "student_name"]


@dataclass(frozen=True)
class Request:
    """One list, asked for as a file: what, of which cohort, how and where, and whether labels stand for students."""

    what: str
    cohort: str | None
    format: str
    out: Path | None
    labels_only: bool


def request_of(what: str, cohort: str | None, format: str | None, out: Path | None, labels_only: bool) -> Request:
    """Return what was asked for; raise InputError for an unknown list or format, or a folder in place of a file."""
    if what not in LISTS:
        raise InputError(f"There is no list {what!r} to export. There are: {', '.join(LISTS)}.")
    chosen = format or (out.suffix.removeprefix(".").lower() if out else "") or "csv"
    refuse_unknown_format(chosen)
    if out is not None and out.is_dir():
        raise InputError(f"{out}: this is a folder. Give --out the name of a file, such as {out / what}.{chosen}.")
    return Request(what, cohort, chosen, out, labels_only)


def export(config: Settings, request: Request) -> tuple[Path, int]:
    """Write a list as a file of its owner's alone; return the file and its number of rows.

    Raises InputError where the cohort is unknown or nothing is in the list, StorageError where it cannot be written.
    """
    spark = session.spark(config)
    policy = load_policy(config.policy_path)
    day, answer = queries.ask_on_day(spark, LISTS[request.what], policy, config.as_of_date, request.cohort)
    rows = queries.exact_values(answer)
    if rows.empty:
        of_cohort = f" of cohort {request.cohort}" if request.cohort else ""
        raise InputError(f"Nothing is in the list {request.what}{of_cohort} as of {day}; no file was written.")
    if "student_key" in rows.columns:
        names = dict(queries.exact_values(spark.table("students").select("student_key", "student_name")).values)
        rows = _with_students(rows, names, request.labels_only)
    path = request.out or place_of(config, (request.what, request.cohort or "", str(day)), request.format)
    write_whole(path, WRITERS[request.format](rows))
    return path, len(rows)


def _with_students(rows: pd.DataFrame, names: dict[str, str], labels_only: bool) -> pd.DataFrame:
    """Put label and name before each row, or the label alone; no key stays."""
    keys = list(rows["student_key"])
    columns: dict[str, list[object]] = {"student": [student_label(key) for key in keys]}
    if not labels_only:
        columns["student_name"] = [names.get(key) for key in keys]
        columns |= {name: list(rows[name]) for name in ("student_id",) if name in rows.columns}
    rest = rows.drop(columns=[column for column in IDENTIFYING if column in rows.columns])
    return pd.concat([pd.DataFrame(columns, dtype=object), rest], axis=1)
