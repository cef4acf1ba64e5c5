"""A present, non-tardy mark turned into an absence never lowers the score, the class held fixed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from student_track.risk.features import FEATURE_NAMES
from student_track.risk.model import PUBLISHED_PRIOR, RiskModel
from student_track.risk.training import fit_weights
from tests.risk_rows import AUTUMN, rows_of_term
from tests.risk_trees import drawn_trees, features_of

LINES = st.text(alphabet="......TAEH?", min_size=3, max_size=60).filter(lambda line: "." in line)


@pytest.fixture(scope="module")
def rows():
    return rows_of_term(AUTUMN, seed=0, effect=1.5)


@pytest.fixture(scope="module")
def own_model(rows) -> RiskModel:
    return fit_weights(rows, penalty=0.03)


def turned(line: str, place: int) -> str:
    """The line with one of its present days turned into an absence."""
    present = [number for number, sign in enumerate(line) if sign == "."]
    day = present[place % len(present)]
    return line[:day] + "A" + line[day + 1 :]


def assert_never_lower(model: RiskModel, line: str, place: int) -> None:
    columns = [FEATURE_NAMES.index(name) for name in model.features]
    before, after = (model.log_odds(features_of(text)[:, columns])[0] for text in (line, turned(line, place)))
    assert after >= before - 1e-12


@settings(max_examples=150)
@given(line=LINES, place=st.integers(0, 59))
def test_of_the_own_model_and_of_the_prior(own_model, line, place) -> None:
    assert_never_lower(own_model, line, place)
    assert_never_lower(PUBLISHED_PRIOR, line, place)


@pytest.mark.soak
@settings(max_examples=10_000)
@given(line=LINES, place=st.integers(0, 59))
def test_in_ten_thousand_examples(own_model, line, place) -> None:
    assert_never_lower(own_model, line, place)


def assert_trees_never_lower(count: int) -> None:
    rng = np.random.default_rng(count)
    lines = ["".join(rng.choice(list("......TAEH?"), size=rng.integers(3, 60))) + "." for _ in range(count)]
    pairs = ((line, turned(line, place)) for place, line in enumerate(lines))
    before, after = (np.vstack([features_of(line) for line in part]) for part in zip(*pairs, strict=True))
    model = drawn_trees()
    assert (model.log_odds(after) >= model.log_odds(before) - 1e-12).all()
    assert (model.log_odds(after) > model.log_odds(before)).mean() > 0.5
    assert model.keeps_signs


def test_of_the_trees() -> None:
    assert_trees_never_lower(2000)


@pytest.mark.soak
def test_of_the_trees_in_ten_thousand_examples() -> None:
    assert_trees_never_lower(10_000)


def test_a_weight_of_the_wrong_sign_would_be_found(own_model) -> None:
    wrong = RiskModel("k", ("rate_10",), (0.0,), (1.0,), (1.0,), 0.0)
    with pytest.raises(AssertionError):
        assert_never_lower(wrong, "...", 1)
