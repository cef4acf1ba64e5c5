"""Curves of a judged model: how true its chances are, and how many drop-offs a list of each length would hold."""

import numpy as np
import pandas as pd

from student_track.risk import figures
from student_track.risk.contenders import LABEL, RATE_TO_DATE, plain_scores

RELIABILITY, GAIN = "reliability", "gain"
PARTS = 10
LIST_SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
Curve = dict[tuple[str, str, str], float]
"""Values by test, part of the curve and name."""


def reliability(rows: pd.DataFrame, chances: np.ndarray) -> Curve:
    """Return the mean chance and the share with the event, for tenths of the rows from the lowest chance up."""
    order = np.argsort(chances, kind="stable")
    event = rows["has_event"].to_numpy()
    found = {}
    for place, part in enumerate(np.array_split(order, PARTS), start=1):
        found[RELIABILITY, f"tenth {place:02}", "expected_share"] = float(chances[part].mean())
        found[RELIABILITY, f"tenth {place:02}", "observed_share"] = float(event[part].mean())
    return found


def gain(rows: pd.DataFrame, classes: pd.Series, chances: np.ndarray) -> Curve:
    """Return the share of the rows with the event that the top of each class holds: by model, label, rate to date."""
    event, ones = rows["has_event"].to_numpy(), np.ones((1, len(rows)))
    plain = plain_scores(rows)
    scores = {"model": chances, LABEL: plain[LABEL], RATE_TO_DATE: plain[RATE_TO_DATE]}
    return {
        (GAIN, f"top {100 * share:02.0f} %", name): float(
            figures.recall(figures.chosen_share(score, classes, share), event, ones)[0]
        )
        for share in LIST_SHARES
        for name, score in scores.items()
    }
