"""Exact Shapley values of families of features, by going through every set of families: no sampling, no library."""

from collections.abc import Callable, Sequence
from itertools import product
from math import comb

import numpy as np

Values = np.ndarray
ROWS_AT_ONCE = 1000


def family_values(
    score: Callable[[Values], Values], values: Values, references: Values, families: Sequence[Sequence[int]]
) -> Values:
    """Return what each family (a column) adds to the score of each row against the row's reference.

    ``families`` holds the places of each family's features. A family's value is what its own numbers change when they
    replace the reference's, averaged over every order in which families could come in. The values of a row sum to its
    score less that of its reference; a feature in no family keeps the row's own number in both. Asks for 2 ** families
    scores of each row.
    """
    starts = range(0, max(len(values), 1), ROWS_AT_ONCE)
    parts = [(values[start : start + ROWS_AT_ONCE], references[start : start + ROWS_AT_ONCE]) for start in starts]
    return np.concatenate([_values_of_part(score, *part, families) for part in parts])


def _values_of_part(
    score: Callable[[Values], Values], values: Values, references: Values, families: Sequence[Sequence[int]]
) -> Values:
    count = len(families)
    sets = np.array(list(product((False, True), repeat=count)))
    is_own = np.ones((len(sets), values.shape[1]), dtype=bool)
    for place, features in enumerate(families):
        is_own[:, features] = sets[:, [place]]
    mixed = np.where(is_own[:, None, :], values, references).reshape(-1, values.shape[1])
    distinct, place_of = np.unique(mixed, axis=0, return_inverse=True)  # students alike are scored once
    scores = score(distinct)[place_of].reshape(len(sets), len(values))
    weight_of = np.array([*(1 / (count * comb(count - 1, size)) for size in range(count)), 0])
    sizes = sets.sum(axis=1, keepdims=True)
    return scores.T @ np.where(sets, weight_of[sizes - 1], -weight_of[sizes])
