"""The boosted trees as a model that scores: the same questions are asked of it as of the logistic one.

It has no SQL expression. It scores rows in memory, where the steps before have put them anyway: the same on every
engine, and no Python worker has to start.
"""

import hashlib
import json
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from scipy.special import logit
from sklearn.calibration import CalibratedClassifierCV
from threadpoolctl import threadpool_limits

from student_track.frames import with_computed
from student_track.risk.features import FAMILIES, FEATURE_NAMES, FEATURES
from student_track.risk.shapley import family_values

KIND = "monotone boosted trees"
ONE_THREAD = 1
"""On busy cores the threads of so small a model wait for each other: a second becomes a minute."""

PLACES_OF_FAMILIES = tuple(
    tuple(place for place, feature in enumerate(FEATURES) if feature.family == family) for family in FAMILIES
)


@dataclass(frozen=True)
class TreeModel:
    """Calibrated trees and what they came from; scores are log odds, as those of the logistic model.

    The same rows and libraries make the same trees: the id is made of these, and the trees are kept beside the JSON.
    """

    trees: CalibratedClassifierCV = field(repr=False, compare=False)
    label_definition: str
    policy_version: str
    trained_on: tuple[str, ...]
    data_hash: str
    seed: int
    libraries: tuple[str, ...]
    features: tuple[str, ...] = FEATURE_NAMES
    kind: str = KIND

    def as_json(self) -> str:
        """Return all but the trees as text."""
        return json.dumps({name: getattr(self, name) for name in ORIGIN}, sort_keys=True)

    @property
    def model_id(self) -> str:
        """A hash of what the trees came from."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    @property
    def keeps_signs(self) -> bool:
        """Whether no fold's calibration turned the order round: the trees' own signs then hold for the score."""
        return all(fold.calibrators[0].a_ <= 0 for fold in self.trees.calibrated_classifiers_)

    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Return the score of each row of feature values, in the order of ``features``."""
        if not len(values):
            return np.empty(0)
        with threadpool_limits(ONE_THREAD, user_api="openmp"):
            return logit(self.trees.predict_proba(values)[:, 1])

    def contributions(self, values: np.ndarray, references: np.ndarray) -> np.ndarray:
        """Return what each family of ``FAMILIES`` adds to each row's score, exactly; the week is as in the row."""
        return family_values(self.log_odds, values, references, PLACES_OF_FAMILIES)

    def with_log_odds(self, rows: DataFrame) -> DataFrame:
        """Add ``log_odds`` to rows with the features."""
        return with_computed(rows, lambda table: {"log_odds": self.log_odds(self._values(table))})

    def with_contributions(self, rows: DataFrame, prefix: str) -> DataFrame:
        """Add ``adds_<family>`` for each family, against a student whose features are ``<prefix><feature>``."""

        def made(table: pd.DataFrame) -> dict[str, np.ndarray]:
            found = self.contributions(self._values(table), self._values(table, prefix))
            return {f"adds_{family}": found[:, place] for place, family in enumerate(FAMILIES)}

        return with_computed(rows, made)

    def _values(self, table: pd.DataFrame, prefix: str = "") -> np.ndarray:
        return table[[f"{prefix}{name}" for name in self.features]].to_numpy(dtype=float)


ORIGIN = tuple(field.name for field in fields(TreeModel) if field.name != "trees")
