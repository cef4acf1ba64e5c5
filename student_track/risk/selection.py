"""Rows named by cohorts or terms: those to train on and those to judge by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from student_track.errors import InputError
from student_track.risk.terms import Term, begun_terms


@dataclass(frozen=True)
class Selection:
    """The rows to train on and to judge by, under the names they were asked for."""

    train_names: tuple[str, ...]
    test_names: tuple[str, ...]
    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def is_later(self) -> bool:
        """Whether every outcome trained on was known before the first row to judge by."""
        return bool(self.train["window_end_date"].max() < self.test["landmark_date"].min())


def select_rows(
    rows: pd.DataFrame, train: Sequence[str], test: Sequence[str], sessions: DataFrame, as_of_date: date
) -> Selection:
    """Return the named rows; raises InputError for a name that is none, and where a row would be in both.

    Terms to judge by must begin after those to train on have ended: a term is never foretold from a later one. Cohorts
    may run side by side; that is the check of how a model does in a class it does not know.
    """
    terms = begun_terms(sessions, as_of_date)
    cohorts = {row.cohort_id for row in sessions.select("cohort_id").distinct().collect()}
    names = {"--train": _split(train, cohorts, terms), "--test": _split(test, cohorts, terms)}
    is_in = {option: _rows_of(rows, own, cohorts, terms, option) for option, own in names.items()}
    if (both := is_in["--train"] & is_in["--test"]).any():
        raise InputError(f"{both.sum()} rows are in both --train and --test. Name cohorts or terms that share none.")
    _refuse_earlier_terms(names["--train"], names["--test"], terms)
    parts = (rows[is_in[option]].reset_index(drop=True) for option in ("--train", "--test"))
    return Selection(names["--train"], names["--test"], *parts)


def _split(asked: Sequence[str], cohorts: set[str], terms: Sequence[Term]) -> tuple[str, ...]:
    """The names asked for; a text that is no name may be several, separated by commas."""
    known = cohorts | {term.label for term in terms}
    return tuple(
        name.strip() for text in asked for name in ([text] if text in known else text.split(",")) if name.strip()
    )


def _rows_of(
    rows: pd.DataFrame, names: Sequence[str], cohorts: set[str], terms: Sequence[Term], option: str
) -> np.ndarray:
    by_label = {term.label: term for term in terms}
    found = np.zeros(len(rows), dtype=bool)
    for name in names:
        if name in cohorts:
            found |= (rows["cohort_id"] == name).to_numpy()
        elif term := by_label.get(name):
            found |= ((rows["school_year"] == term.school_year) & (rows["term"] == term.name)).to_numpy()
        else:
            known = f"Cohorts: {', '.join(sorted(cohorts))}. Terms: {', '.join(by_label)}."
            raise InputError(f"{option} {name}: there is no such cohort or term. {known}")
    return found


def _refuse_earlier_terms(train: Sequence[str], test: Sequence[str], terms: Sequence[Term]) -> None:
    by_label = {term.label: term for term in terms}
    ends = [by_label[name].last_date for name in train if name in by_label]
    begins = [by_label[name].first_date for name in test if name in by_label]
    if ends and begins and max(ends) >= min(begins):
        raise InputError(
            f"A term of --train ends on {max(ends)}, one of --test begins on {min(begins)}: the past would be foretold "
            "from the future. Name later terms in --test."
        )
