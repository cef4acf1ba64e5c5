"""Python's collector of reference cycles, left out while many objects without a cycle are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Make many objects without the collector looking through all of them again and again.

    A year's register is a hundred thousand cells and as many marks, none of them part of a cycle: half of the time of
    reading one went into visiting them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
