"""Figures by which a score is judged, each for many weightings of the rows at once.

``weights`` holds one line per draw and one column per row: how often the row's student was drawn. Each function returns
one figure per draw; a draw in which it is not defined gives nan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

Values = np.ndarray
BINS = 10
DRAWS_AT_ONCE = 100


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval over draws of students."""

    value: float
    low: float
    high: float


def shown(figure: Figure) -> str:
    """Return a difference in words, with its interval."""
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"


def area_under_curve(score: Values, event: Values, weights: Values) -> Values:
    """Return the chance that a row with the event scores above one without; ties count half."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    with_event = np.add.reduceat(weights[:, order] * event[order], starts, axis=1)
    without = np.add.reduceat(weights[:, order] * ~event[order], starts, axis=1)
    below = np.cumsum(without, axis=1) - without / 2
    pairs = with_event.sum(axis=1) * without.sum(axis=1)
    return _divided((with_event * below).sum(axis=1), pairs)


def chosen_share(score: Values, groups: pd.Series, share: float) -> Values:
    """Return how much of each row lies in the highest-scored share of its group; a tie shares what is left."""
    ranks = pd.Series(score).groupby(groups.to_numpy())
    above = ranks.rank(method="min", ascending=False) - 1
    tied = ranks.rank(method="max", ascending=False) - above
    places = share * ranks.transform("size")
    return ((places - above) / tied).clip(0, 1).to_numpy()


def precision(chosen: Values, event: Values, weights: Values) -> Values:
    """Return the share of the chosen rows that have the event."""
    return _divided(weights @ (chosen * event), weights @ chosen)


def recall(chosen: Values, event: Values, weights: Values) -> Values:
    """Return the share of the rows with the event that are chosen."""
    return _divided(weights @ (chosen * event), weights @ event.astype(float))


def brier(chance: Values, event: Values, weights: Values) -> Values:
    """Return the mean squared difference between chance and outcome."""
    return _divided(weights @ (chance - event) ** 2, weights.sum(axis=1))


def calibration_error(chance: Values, event: Values, weights: Values) -> Values:
    """Return the expected calibration error, over bins of equally many rows."""
    order = np.argsort(chance, kind="stable")
    bins = np.empty(len(chance), dtype=int)
    bins[order] = np.arange(len(chance)) * BINS // len(chance)
    in_bin = np.eye(BINS)[bins]
    off = np.abs(weights @ (in_bin * (event - chance)[:, None])).sum(axis=1)
    return _divided(off, weights.sum(axis=1))


def calibration_slope(chance: Values, event: Values, weights: Values) -> Values:
    """Return the slope of a logistic regression of the outcome on the log odds; 1 is right, below 1 overconfident."""
    odds = np.log(np.clip(chance, 1e-9, 1 - 1e-9))
    odds = odds - np.log1p(-np.clip(chance, 1e-9, 1 - 1e-9))
    together = _fitted_lines(odds, event, weights.sum(axis=0, keepdims=True), np.array([[0.0, 1.0]]))
    return _fitted_lines(odds, event, weights, np.repeat(together, len(weights), axis=0))[:, 1]


def _fitted_lines(odds: Values, event: Values, weights: Values, lines: Values, steps: int = 25) -> Values:
    """Intercept and slope for each line of weights, by Newton's steps from where ``lines`` stand."""
    for _ in range(steps):
        expected = expit(np.clip(lines[:, :1] + lines[:, 1:] * odds, -30, 30))
        excess, spread = weights * (event - expected), weights * expected * (1 - expected)
        gradient = np.stack([excess.sum(axis=1), excess @ odds], axis=1)
        a, b, c = spread.sum(axis=1) + 1e-9, spread @ odds, spread @ odds**2 + 1e-9
        by = a * c - b * b
        step = np.stack([c * gradient[:, 0] - b * gradient[:, 1], a * gradient[:, 1] - b * gradient[:, 0]], axis=1)
        step = np.clip(_divided(step, by[:, None]), -2, 2)
        lines = lines + step
        if np.nanmax(np.abs(step)) < 1e-6:  # the steps' error shrinks with its square: twice as many digits are right
            break
    return lines


def student_draws(students: pd.Series, count: int, seed: int) -> Iterator[Values]:
    """Yield weights in pieces, the first line all ones: whole students are drawn, never single rows."""
    codes, names = pd.factorize(students, sort=True)
    random = np.random.default_rng(seed)
    yield np.ones((1, len(codes)))
    for start in range(0, count, DRAWS_AT_ONCE):
        lines = min(DRAWS_AT_ONCE, count - start)
        drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=lines)
        yield drawn[:, codes].astype(float)


def over_draws(measure: Callable[[Values], dict[str, Values]], draws: Iterator[Values]) -> dict[str, Figure]:
    """Return each figure as it is, with the interval that 95 % of the draws lie in."""
    pieces = [measure(weights) for weights in draws]
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    return {name: _with_interval(values) for name, values in joined.items()}


def _with_interval(values: Values) -> Figure:
    drawn = values[1:][~np.isnan(values[1:])]
    low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (np.nan, np.nan)
    return Figure(float(values[0]), float(low), float(high))


def _divided(of: Values, by: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by == 0, np.nan, of / by)
