"""Exact Shapley values of families of features, by going through every set of families: no sampling, no library."""

from collections.abc import Callable, Sequence
from itertools import product
from math import comb

import numpy as np

Values = np.ndarray


def family_values(
    score: Callable[[Values], Values], values: Values, references: Values, families: Sequence[Sequence[int]]
) -> Values:
    """Return what each family (a column) adds to the score of each row against the row's reference.

    ``families`` holds the places of each family's features. A family's value is what its own numbers change when they
    replace the reference's, averaged over every order in which families could come in. The values of a row sum to its
    score less that of its reference; a feature in no family keeps the row's own number in both. Asks for 2 ** families
    scores of each row.
    """
    count = len(families)
    gain_at = [1 / (count * comb(count - 1, size)) for size in range(count)]
    found = np.zeros((len(values), count))
    for chosen in product((False, True), repeat=count):
        mixed, size = values.copy(), sum(chosen)
        for places, is_own in zip(families, chosen, strict=True):
            if not is_own:
                mixed[:, places] = references[:, places]
        weights = [gain_at[size - 1] if is_own else -gain_at[size] for is_own in chosen]
        found += score(mixed)[:, None] * np.array(weights)
    return found
