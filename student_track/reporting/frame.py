"""What stands on every page: the school, the day, the rules, the language."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from student_track.reporting.facts import Day

OLD_AFTER_DAYS = 4


@dataclass(frozen=True)
class Rules:
    """The policy's rules that every page states; ``tier_limits`` are shares missed, by tier, best tier first."""

    unit: Literal["day", "session"]
    tier_limits: dict[str, Fraction]
    tier_from_possible_units: int
    high_share: Fraction
    """Share of a class that the band high names."""


@dataclass(frozen=True)
class Frame:
    """What stands on every page: the school, the day, how old the data is, by which rules, in which language."""

    school_name: str
    day: Day
    from_date: date
    today: date
    rules: Rules
    language: str = "en"

    @property
    def age_days(self) -> int:
        return (self.today - self.day.as_of_date).days

    @property
    def is_old(self) -> bool:
        """Older than a long weekend."""
        return self.age_days >= OLD_AFTER_DAYS
