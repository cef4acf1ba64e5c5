"""A present, non-tardy mark turned into an absence never lowers the score, the class held fixed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from student_track.risk.challenger import challenger_chances, fit_challenger
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.model import PUBLISHED_PRIOR, RiskModel
from student_track.risk.training import fit_weights
from tests.risk.test_features import reference
from tests.risk_rows import AUTUMN, rows_of_term

CLASS_MEAN, CLASS_DEVIATION = 0.9, 0.12
LINES = st.text(alphabet="......TAEH?", min_size=3, max_size=60).filter(lambda line: "." in line)


@pytest.fixture(scope="module")
def rows():
    return rows_of_term(AUTUMN, seed=0, effect=1.5)


@pytest.fixture(scope="module")
def own_model(rows) -> RiskModel:
    return fit_weights(rows, penalty=0.03)


def features_of(line: str) -> np.ndarray:
    """The features of a line of signs in their order, against a class that stays as it is."""
    own = reference(line)
    own |= {"class_z": (own["rate_10"] - CLASS_MEAN) / CLASS_DEVIATION, "week": float(len(line) // 5)}
    return np.array([[own[name] for name in FEATURE_NAMES]])


def turned(line: str, place: int) -> str:
    """The line with one of its present days turned into an absence."""
    present = [number for number, sign in enumerate(line) if sign == "."]
    day = present[place % len(present)]
    return line[:day] + "A" + line[day + 1 :]


def assert_never_lower(model: RiskModel, line: str, place: int) -> None:
    columns = [FEATURE_NAMES.index(name) for name in model.features]
    before, after = (model.log_odds(features_of(text)[:, columns])[0] for text in (line, turned(line, place)))
    assert after >= before - 1e-12


@settings(max_examples=150, deadline=None)
@given(line=LINES, place=st.integers(0, 59))
def test_of_the_own_model_and_of_the_prior(own_model, line, place) -> None:
    assert_never_lower(own_model, line, place)
    assert_never_lower(PUBLISHED_PRIOR, line, place)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(line=LINES, place=st.integers(0, 59))
def test_in_ten_thousand_examples(own_model, line, place) -> None:
    assert_never_lower(own_model, line, place)


def test_of_the_challenger(rows) -> None:
    rng = np.random.default_rng(0)
    lines = ["".join(rng.choice(list("......TAEH"), size=30)) + "." for _ in range(200)]
    trees = fit_challenger(rows)

    def chances(texts: list[str]) -> np.ndarray:
        frame = rows.head(len(texts)).assign(**dict.fromkeys(FEATURE_NAMES, 0.0))
        frame[list(FEATURE_NAMES)] = np.vstack([features_of(text) for text in texts])
        return challenger_chances(trees, frame)

    assert (chances([turned(line, place) for place, line in enumerate(lines)]) >= chances(lines) - 1e-12).all()


def test_a_weight_of_the_wrong_sign_would_be_found(own_model) -> None:
    wrong = RiskModel("k", ("rate_10",), (0.0,), (1.0,), (1.0,), 0.0)
    with pytest.raises(AssertionError):
        assert_never_lower(wrong, "...", 1)
