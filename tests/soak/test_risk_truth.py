"""The score of a school of 5,000 against the true risk of its students, which the generator knows."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deltalake import DeltaTable

from student_track.lake_key import SAMPLE_KEY
from student_track.privacy import student_key
from student_track.risk import figures
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.model import model_from_json
from student_track.risk.tree_model import KIND
from student_track.sample import School
from student_track.sample.school import pupils
from student_track.sample.tables import write_tables
from student_track.sample.truth import TrueSchool, school_of_tables, true_drop_offs, true_risks
from tests import lakes
from tests.risk_lakes import rows_of_lake

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]
SCHOOL = School(5000)
MOST_ERROR, SLOPE_FROM, SLOPE_UP_TO = 0.03, 0.75, 1.25
CERTAIN = 1e-9


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    """The school's tables, with a model trained and students scored by the notebooks."""
    folder = tmp_path_factory.mktemp("truth")
    write_tables(folder / "lake", true_school())
    notebooks = [word for number in ("00", "05", "06") for word in ("--only", number)]
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    done = lakes.student_track("run", "--settings", "params/sample.yml", *notebooks, **places)
    assert done.returncode == 0, done.stderr
    return folder / "lake"


@pytest.fixture(scope="module")
def rows(lake) -> pd.DataFrame:
    """The rows of the term that the model was judged on: what it says of each, the true chance, and what happened."""
    models = table(lake, "risk_models")
    stored = models[models["kind"] != KIND].iloc[0]
    rows = rows_of_lake(lake)[0].test
    said = 1 / (1 + np.exp(-model_from_json(stored.model_json).log_odds(rows[list(FEATURE_NAMES)].to_numpy())))
    return rows.assign(said=said, true=list(true_chances(rows)))


def test_what_is_said_today_is_the_true_risk_of_the_weeks_ahead(lake) -> None:
    scores = table(lake, "dropout_risk").dropna(subset="probability")
    true = {
        (student_key(SAMPLE_KEY, risk.number), risk.cohort): risk.chance_of_silence
        for pupil in pupils(SCHOOL)
        for risk in true_risks(pupil, SCHOOL)
    }
    keys = zip(scores["student_key"], scores["cohort_id"], strict=True)
    assert len(scores) > 4500
    assert_calibrated(scores["probability"], pd.Series([true[key] for key in keys]), "today")


def test_at_every_landmark_of_a_later_term_the_model_says_the_true_risk(rows) -> None:
    assert_calibrated(rows["said"], rows["true"], "landmarks of the last term")


def test_the_true_risk_is_how_often_it_happened(rows) -> None:
    """Truth and label mean the same: what is certain happens, what cannot be does not, and all in all as many."""
    event, true = rows["has_event"], rows["true"]
    spread = (true * (1 - true)).sum() ** 0.5
    print(f"{event.sum()} rows with the event, {true.sum():.1f} expected, deviation {spread:.1f}")
    assert event[true > 1 - CERTAIN].all()
    assert not event[true < CERTAIN].any()
    assert abs(event.sum() - true.sum()) < 4 * spread


def assert_calibrated(said: pd.Series, true: pd.Series, of: str) -> None:
    """Compare what was said with the chance that was true, which stands where otherwise the outcome would."""
    once = np.ones((1, len(said)))
    error, slope = (
        float(measure(said.to_numpy(dtype=float), true.to_numpy(), once)[0])
        for measure in (figures.calibration_error, figures.calibration_slope)
    )
    print(f"{of}: {len(said)} chances, said {said.mean():.4f}, true {true.mean():.4f}: ", end="")
    print(f"calibration error {error:.4f}, slope {slope:.3f}")
    assert error <= MOST_ERROR
    assert SLOPE_FROM <= slope <= SLOPE_UP_TO


def true_chances(rows: pd.DataFrame) -> Iterator[float]:
    asked = rows[["cohort_id", "landmark_date", "window_end_date"]].drop_duplicates()
    windows = {(row.cohort_id, row.landmark_date): days_taken(*row) for row in asked.itertuples(index=False)}
    true = {student_key(SAMPLE_KEY, one.number): true_drop_offs(one, SCHOOL, windows) for one in pupils(SCHOOL)}
    for row in rows.itertuples():
        yield true[row.student_key][row.cohort_id, row.landmark_date]


def days_taken(cohort: str, landmark: date, last: date) -> set[date]:
    held = (one for one in true_school().sessions[cohort] if one.is_taken and not one.is_cancelled)
    return {one.day for one in held if landmark < one.day <= last}


@cache
def true_school() -> TrueSchool:
    return school_of_tables(SCHOOL)


def table(lake: Path, name: str) -> pd.DataFrame:
    return DeltaTable(str(lake / "attendance" / name)).to_pandas()
