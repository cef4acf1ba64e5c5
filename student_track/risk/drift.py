"""Drift: how far values have moved, by the shares of their tenths, and the features since a model's training."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from student_track.risk.curves import Curve
from student_track.risk.features import DECIMALS, FEATURES

TRAINED = "features trained on"
"""The test under which a model's tenths are kept; the part is the feature."""

FEATURE_STABILITY = "feature_stability_index"
PARTS = 10
LEAST_SHARE = 1e-4
STEP = 0.05
"""Values differ by such steps: an absence long ago leaves a weighted rate at 0.99999, which is no other value."""

MEASURED = tuple(feature.name for feature in FEATURES if feature.family != "season")
"""The week of the term moves by itself."""

Tenths = dict[str, tuple[np.ndarray, np.ndarray]]
"""By feature the limits between its tenths, and the share of the training rows in each."""


def trained_tenths(rows: pd.DataFrame) -> Curve:
    """Return the tenths of each feature over the rows of a training, as they are kept beside the model's curves."""
    found = {}
    for name in MEASURED:
        values = _in_steps(rows[name])
        edges = _edges(values)
        found |= {(TRAINED, name, f"edge {place:02}"): float(edge) for place, edge in enumerate(edges)}
        found |= {(TRAINED, name, f"share {n:02}"): float(share) for n, share in enumerate(_shares(values, edges))}
    return found


def tenths_of_models(metrics: DataFrame) -> dict[str, Tenths]:
    """Return by model id the tenths kept in ``risk_model_metrics``; the published prior and older models have none."""
    kept = metrics.where(f"test = '{TRAINED}'").select("model_id", "subgroup", "metric", "value").toPandas()
    found: dict[str, Tenths] = {}
    for (model_id, feature), own in kept.sort_values("metric").groupby(["model_id", "subgroup"]):
        edges, shares = (own.loc[own["metric"].str.startswith(kind), "value"] for kind in ("edge", "share"))
        found.setdefault(model_id, {})[feature] = (edges.to_numpy(dtype=float), shares.to_numpy(dtype=float))
    return found


def features_moved(tenths: Mapping[str, tuple[np.ndarray, np.ndarray]], rows: pd.DataFrame) -> dict[str, float]:
    """Return the population stability index of each feature between training and rows; watch from 0.1, act from 0.25.

    No feature without tenths, none without a row. What counts from the start of a school year (the rate to date, the
    longest streak) moves with its weeks; few classes on one date are few values of the rate against the class.
    """
    return {
        name: round(_index(shares, _shares(_in_steps(rows[name]), edges)), DECIMALS)
        for name, (edges, shares) in sorted(tenths.items())
        if len(rows)
    }


def stability_index(former: pd.Series, present: pd.Series) -> float:
    """Return the population stability index over tenths of the former values; 0 where nothing has moved."""
    edges = _edges(former)
    return _index(_shares(former, edges), _shares(present, edges))


def _in_steps(values: pd.Series) -> pd.Series:
    return ((values / STEP).round() * STEP).round(DECIMALS)


def _edges(values: pd.Series) -> np.ndarray:
    """The limits between tenths, fewer where many values are the same."""
    quantiles = np.quantile(values.to_numpy(dtype=float), np.linspace(0, 1, PARTS + 1)[1:-1])
    return np.unique(quantiles.round(DECIMALS))


def _shares(values: pd.Series, edges: np.ndarray) -> np.ndarray:
    places = np.searchsorted(edges, values.to_numpy(dtype=float), side="right")
    return np.bincount(places, minlength=len(edges) + 1) / len(values)


def _index(former: np.ndarray, present: np.ndarray) -> float:
    then, now = (np.maximum(shares, LEAST_SHARE) for shares in (former, present))
    return float(((now - then) * np.log(now / then)).sum())
