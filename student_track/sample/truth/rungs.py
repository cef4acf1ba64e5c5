"""Rungs of the ladder of actions that are due and not taken."""

from datetime import date
from typing import Any

from student_track.sample.actions import LoggedAction
from student_track.sample.truth.rules import Rung
from student_track.sample.truth.walk import TIERS, Walk


def is_due(rung: Rung, walk: Walk) -> bool:
    """Return whether the rung is due as the walk stands: by absences, or by a tier or a worse one."""
    if rung.from_absences is not None:
        return walk.absences >= rung.from_absences
    return walk.tier in TIERS and TIERS.index(walk.tier) >= TIERS.index(rung.from_tier)


class Ladder:
    """Since which day, the how-manieth of the student's, each rung has been due without a break."""

    def __init__(self, rungs: tuple[Rung, ...]) -> None:
        self.rungs = rungs
        self.since: dict[str, tuple[date, int]] = {}

    def step(self, walk: Walk, day: date) -> None:
        for rung in self.rungs:
            if not is_due(rung, walk):
                self.since.pop(rung.name, None)
            else:
                self.since.setdefault(rung.name, (day, len(walk.is_unknown)))

    def missing(self, walk: Walk, actions: list[LoggedAction] | None) -> dict[str, Any]:
        """Return the missing rungs, and since when the first was due; nulls without a log of actions or a day."""
        if actions is None or not walk.is_unknown:
            return {"missing_rungs": None, "missing_rung_due_date": None}
        missing = [rung for rung in self.rungs if rung.name in self.since and self._is_missing(rung, walk, actions)]
        return {
            "missing_rungs": ",".join(rung.name for rung in missing),
            "missing_rung_due_date": min((self.since[rung.name][0] for rung in missing), default=None),
        }

    def _is_missing(self, rung: Rung, walk: Walk, actions: list[LoggedAction]) -> bool:
        day, number = self.since[rung.name]
        is_overdue = len(walk.is_unknown) - number > rung.within
        return is_overdue and not any(
            action.kind in rung.kinds and day <= action.day <= walk.as_of.day for action in actions
        )
