"""What is kept of trees comes back as it was; what is not ours is refused before it is loaded."""

import base64
import hashlib
import json
import os
from dataclasses import replace

import numpy as np
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from student_track.errors import InputError
from student_track.risk.model import PUBLISHED_PRIOR
from student_track.risk.tree_store import TYPES, columns_of_trees, is_readable_here, tree_model_from_row
from tests.risk_trees import drawn_trees, drawn_values


class Foreign:
    """A type that no model of ours holds."""

    was_loaded = False

    def __init__(self) -> None:
        self.number = 1

    def __setstate__(self, state: dict[str, object]) -> None:
        Foreign.was_loaded = True


@pytest.fixture
def row() -> dict[str, str]:
    model = drawn_trees()
    return {"model_id": model.model_id, "model_json": model.as_json(), **columns_of_trees(model)}


def holding(row: dict[str, str], content: object) -> dict[str, str]:
    """The row with another file in it, whose hash is right: as somebody would write it who means harm."""
    text = base64.b64encode(skops.io.dumps(content)).decode()
    return row | {"trees": text, "trees_sha256": hashlib.sha256(text.encode()).hexdigest()}


def test_they_come_back_and_score_as_before(row) -> None:
    again, values = tree_model_from_row(row), drawn_values(seed=3, count=200)
    assert np.abs(again.log_odds(values) - drawn_trees().log_odds(values)).max() <= 1e-12
    assert again == drawn_trees()
    assert len(row["trees"]) < 1_000_000


def test_the_list_of_types_is_what_trees_need_and_no_more(row) -> None:
    needed = skops.io.get_untrusted_types(data=base64.b64decode(row["trees"]))
    assert sorted(needed) == sorted(TYPES)


def test_a_foreign_type_is_refused_by_its_name_and_not_loaded(row) -> None:
    trees = tree_model_from_row(row).trees
    trees.note = Foreign()
    with pytest.raises(InputError, match=r"hold what no model of ours does.*test_tree_store\.Foreign"):
        tree_model_from_row(holding(row, trees))
    assert not Foreign.was_loaded


def test_a_function_is_refused(row) -> None:
    with pytest.raises(InputError, match=r"posix\.system.*DELETE FROM risk_models WHERE model_id"):
        tree_model_from_row(holding(row, FunctionTransformer(os.system)))


def test_what_is_safe_but_no_trees_is_refused(row) -> None:
    with pytest.raises(InputError, match="holds no trees of ours"):
        tree_model_from_row(holding(row, StandardScaler()))


@pytest.mark.parametrize("column", ["trees", "trees_sha256", "model_json", "model_id"])
def test_a_row_that_is_not_as_it_was_written_is_refused(row, column) -> None:
    with pytest.raises(InputError, match="is not as it was written"):
        tree_model_from_row(row | {column: "A" + row[column][1:]})


@pytest.mark.parametrize(
    ("libraries", "is_readable"),
    [
        (("numpy 2.4.0", "scikit-learn {series}.99"), True),  # within a series only mistakes are mended
        (("numpy 2.4.0", "scikit-learn 1.0.2"), False),
        (("numpy 2.4.0",), False),
    ],
)
def test_trees_of_another_series_of_scikit_learn_are_told(libraries, is_readable) -> None:
    series = ".".join(dict(name.split() for name in drawn_trees().libraries)["scikit-learn"].split(".")[:2])
    made_with = tuple(name.format(series=series) for name in libraries)
    assert is_readable_here(replace(drawn_trees(), libraries=made_with).as_json()) == is_readable


def test_trees_of_other_features_are_told() -> None:
    other = json.loads(drawn_trees().as_json()) | {"features": ["rate_all"]}
    assert not is_readable_here(json.dumps(other))


def test_a_model_without_trees_has_none_to_keep() -> None:
    assert columns_of_trees(PUBLISHED_PRIOR) == {"trees": None, "trees_sha256": None}
