"""Trees fitted on drawn registers, whose features are what real ones are."""

from functools import cache

import numpy as np
import pandas as pd

from student_track.risk.challenger import fit_tree_model
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.tree_model import TreeModel
from tests.metric_frames import policy_with
from tests.risk.test_features import reference
from tests.risk_rows import AUTUMN

CLASS_MEAN, CLASS_DEVIATION = 0.9, 0.12


def features_of(line: str) -> np.ndarray:
    """The features of a line of signs in their order, against a class that stays as it is."""
    own = reference(line)
    own |= {"class_z": (own["rate_10"] - CLASS_MEAN) / CLASS_DEVIATION, "week": float(len(line) // 5)}
    return np.array([[own[name] for name in FEATURE_NAMES]])


def drawn_values(seed: int, count: int) -> np.ndarray:
    """Features of so many registers of ten to forty days, from never absent to hardly there."""
    rng = np.random.default_rng(seed)
    lines = [
        "." + "".join(rng.choice(list(".TA"), size=rng.integers(9, 40), p=[0.95 - share, 0.05, share]))
        for share in rng.uniform(0, 0.6, count)
    ]
    return np.vstack([features_of(line) for line in lines])


@cache
def drawn_trees() -> TreeModel:
    """Trees that have learnt that whoever was absent lately drops off."""
    values = drawn_values(0, 1500)
    recent = values[:, FEATURE_NAMES.index("rate_5")]
    rows = pd.DataFrame(values.round(9), columns=list(FEATURE_NAMES))
    rows["has_event"] = np.random.default_rng(1).random(len(rows)) < np.exp(-3 * recent)
    rows["student_key"] = [f"s{number // 3:03}" for number in range(len(rows))]
    rows["cohort_id"], rows["landmark_date"] = "c", AUTUMN.first_date
    return fit_tree_model(rows, policy_with(), (AUTUMN,))
