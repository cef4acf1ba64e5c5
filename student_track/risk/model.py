"""The model as it is stored: plain numbers in JSON, nothing to unpickle; scored by a SQL expression."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from student_track.risk.features import FAMILIES, FEATURE_NAMES, FEATURES

SIGNIFICANT_DIGITS = 12


@dataclass(frozen=True)
class RiskModel:
    """A linear model on standardised features: ``intercept`` plus the sum of weight x (value - mean) / deviation."""

    kind: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    label_definition: str = ""
    policy_version: str = ""
    trained_on: tuple[str, ...] = ()
    data_hash: str = ""
    seed: int = 0
    penalty: float = 0.0
    libraries: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return the model as text: the same model is the same text."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def model_id(self) -> str:
        """A hash of all the model is."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Return the score of each row of feature values, in the order of ``features``."""
        scaled = (values - np.array(self.means)) / np.array(self.deviations)
        return scaled @ np.array(self.weights) + self.intercept

    def score_expression(self) -> str:
        """Return the SQL expression of the score over columns named like the features."""
        terms = [
            self._term(place, f"`{name}` - {_number(self.means[place])}") for place, name in enumerate(self.features)
        ]
        return " + ".join([_number(self.intercept), *terms])

    def contribution_expression(self, family: str, prefix: str) -> str:
        """Return the SQL expression of what a family's features add to the score against ``<prefix><feature>``."""
        own = {feature.name for feature in FEATURES if feature.family == family}
        places = [place for place, name in enumerate(self.features) if name in own]
        terms = [
            self._term(place, f"`{name}` - `{prefix}{name}`") for place in places for name in [self.features[place]]
        ]
        return " + ".join(terms) or "0D"

    def with_log_odds(self, rows: DataFrame) -> DataFrame:
        """Add ``log_odds`` to rows with the features, by SQL."""
        return rows.withColumn("log_odds", F.expr(self.score_expression()))

    def with_contributions(self, rows: DataFrame, prefix: str) -> DataFrame:
        """Add ``adds_<family>`` for each family, against a student whose features are ``<prefix><feature>``."""
        adds = {f"adds_{family}": F.expr(self.contribution_expression(family, prefix)) for family in FAMILIES}
        return rows.withColumns(adds)

    def _term(self, place: int, difference: str) -> str:
        return f"{_number(self.weights[place])} * ({difference}) / {_number(self.deviations[place])}"


def model_from_json(text: str) -> RiskModel:
    """Return the model of its JSON; raises ValueError where it is not one of ours."""
    data = json.loads(text)
    if not isinstance(data, dict) or set(data) != {field.name for field in fields(RiskModel)}:
        raise ValueError("this is no risk model: it lacks what one has, or has more than that")
    model = RiskModel(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})
    unknown = set(model.features) - set(FEATURE_NAMES)
    lengths = {len(model.features), len(model.means), len(model.deviations), len(model.weights)}
    if unknown or len(lengths) != 1:
        raise ValueError(f"this is no risk model: unknown features {sorted(unknown)}, lengths {sorted(lengths)}")
    return model


def probability(score: str) -> Column:
    """Return the probability of a column of log odds."""
    return F.expr(f"1D / (1D + exp(-{score}))")


def significant(value: float) -> float:
    """Return the number with so many digits that every engine and machine agrees on them."""
    return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")


def _number(value: float) -> str:
    """A double of SQL: without its letter a number with a point would be a decimal."""
    return f"({float(value)!r}D)"


PUBLISHED_PRIOR = RiskModel(
    kind="published prior",
    features=("rate_all", "rate_5", "ewma_3", "ewma_10", "log_streak", "log_longest_streak", "class_z"),
    means=(0.0,) * 7,
    deviations=(1.0,) * 7,
    weights=(-1.70, -0.35, -0.82, -0.57, 0.53, 0.44, -0.24),
    intercept=0.0,
)
"""Weights fitted on the Open University's public course data (OULAD, CC BY 4.0). Their order travels between schools;
their level does not: no percentage is ever said of it."""
