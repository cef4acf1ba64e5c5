"""How trees are kept: as a file of skops in a text column, with its hash beside it. Nothing is ever unpickled.

Imports skops only where there are trees: it takes a second that most schools' runs need not pay.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from sklearn.calibration import CalibratedClassifierCV

from student_track.errors import InputError
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.model import RiskModel
from student_track.risk.tree_model import TreeModel

TYPES = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
"""All that a model of ours holds beyond what skops trusts by itself (numbers, arrays, scikit-learn's public types)."""

SCIKIT_LEARN = "scikit-learn "


def columns_of_trees(model: RiskModel | TreeModel) -> dict[str, str | None]:
    """Return the columns ``trees`` and ``trees_sha256`` of a row of ``risk_models``; null of a model without trees."""
    if not isinstance(model, TreeModel):
        return {"trees": None, "trees_sha256": None}
    import skops.io

    content = skops.io.dumps(model.trees, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    text = base64.b64encode(content).decode()
    return {"trees": text, "trees_sha256": _hash_of(text)}


def tree_model_from_row(row: dict[str, Any]) -> TreeModel:
    """Return the tree model of a row of ``risk_models``.

    Raises InputError, before anything is loaded, where the row is not as it was written or holds a foreign type. Ask
    ``is_readable_here`` first: another scikit-learn may read other trees from the same file.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    text, model_id = row["trees"] or "", row["model_id"]
    if _hash_of(text) != row["trees_sha256"] or not _hash_of(row["model_json"]).startswith(model_id):
        raise _refusal(model_id, "it is not as it was written")
    try:
        trees = skops.io.loads(base64.b64decode(text), trusted=list(TYPES))
    except UntrustedTypesFoundException as error:
        found = str(error).splitlines()[0].removesuffix(".")
        raise _refusal(model_id, f"its trees hold what no model of ours does: {found}") from error
    if not isinstance(trees, CalibratedClassifierCV):
        raise _refusal(model_id, "it holds no trees of ours")
    return TreeModel(trees, **_origin_of(row["model_json"]))


def is_readable_here(model_json: str) -> bool:
    """Whether features and series of scikit-learn are those of the trees: between series their insides change."""
    origin, here = _origin_of(model_json), f"{SCIKIT_LEARN}{version('scikit-learn')}"
    return origin["features"] == FEATURE_NAMES and _series_of(origin["libraries"]) == _series_of([here])


def _origin_of(model_json: str) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in json.loads(model_json).items()}


def _series_of(libraries: Iterable[str]) -> list[str]:
    """Major and minor number of scikit-learn among names with versions; none where it is not there."""
    versions = [name.removeprefix(SCIKIT_LEARN) for name in libraries if name.startswith(SCIKIT_LEARN)]
    return versions[0].split(".")[:2] if versions else []


def _refusal(model_id: str, why: str) -> InputError:
    return InputError(
        f"risk_models, model {model_id}: {why}. Nothing of it is used. Find out who wrote to the lake; "
        f"DELETE FROM risk_models WHERE model_id = '{model_id}' lets the model before score again."
    )


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
