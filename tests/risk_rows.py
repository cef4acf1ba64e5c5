"""Training rows without an engine: students of two terms whose risk is known, or nothing but chance."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from student_track.risk.features import FEATURE_NAMES
from student_track.risk.terms import Task, Term
from student_track.risk.training import TrainingRows

AUTUMN = Term(2025, "Autumn", date(2025, 9, 1), date(2025, 12, 18))
SPRING = Term(2025, "Spring", date(2026, 1, 5), date(2026, 3, 27))
SUMMER = Term(2025, "Summer", date(2026, 4, 13), date(2026, 7, 17))
TASK = Task((AUTUMN,), SPRING, "")
THREE_TERMS = Task((AUTUMN, SPRING), SUMMER, "")
TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic")


def rows_of_term(term: Term, seed: int, effect: float, students: int = 200, weeks: int = 8) -> pd.DataFrame:
    """Rows of a term; with an effect the chance of the event rises with recent absence, and the tier knows nothing."""
    rng = np.random.default_rng([seed, term.first_date.toordinal()])
    names = [f"s{number:03}" for number in range(students)]
    rows = pd.DataFrame(
        [
            (name, f"c{int(name[1:]) % 6}", term.first_date + timedelta(weeks=week))
            for name in names
            for week in range(weeks)
        ],
        columns=["student_key", "cohort_id", "landmark_date"],
    )
    recent = rng.normal(size=len(rows))
    values = rng.normal(size=(len(rows), len(FEATURE_NAMES)))
    values[:, FEATURE_NAMES.index("rate_5")] = -recent
    values[:, FEATURE_NAMES.index("rate_10")] = -recent
    rows[list(FEATURE_NAMES)] = values.round(9)
    rows["tier"] = rng.choice(TIERS, size=len(rows))
    rows["has_event"] = rng.random(len(rows)) < 1 / (1 + np.exp(3.5 - effect * recent))
    rows["school_year"], rows["term"] = term.school_year, term.name
    return rows


def training_rows(seed: int, effect: float) -> TrainingRows:
    return TrainingRows(rows_of_term(AUTUMN, seed, effect), rows_of_term(SPRING, seed, effect))


def rows_with_a_corner(seed: int, students: int, weeks: int) -> TrainingRows:
    """Rows of three terms in which only who is both absent and late drops off often: no sum of the two can say it."""
    terms = []
    for term in (AUTUMN, SPRING, SUMMER):
        rows = rows_of_term(term, seed, 0.0, students, weeks)
        chance = np.where((rows["rate_5"] < 0) & (rows["late_share"] > 0.3), 0.5, 0.1)
        rng = np.random.default_rng([seed, 1, term.first_date.toordinal()])
        terms.append(rows.assign(has_event=rng.random(len(rows)) < chance))
    return TrainingRows(pd.concat(terms[:2], ignore_index=True), terms[2])


def rows_of_three_terms(seed: int, effect: float, students: int) -> TrainingRows:
    terms = [rows_of_term(term, seed, effect, students) for term in (AUTUMN, SPRING, SUMMER)]
    return TrainingRows(pd.concat(terms[:2], ignore_index=True), terms[2])
