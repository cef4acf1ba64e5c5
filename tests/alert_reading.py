"""Who hears what on a school day, by an own reading of ``alerts/rules.yml``: plain Python over rows of the metrics.

It knows nothing of the code it judges: for each student and rule it keeps what was said last, and works out the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

CHRONIC = ("moderate_chronic", "severe_chronic")
NO_TIER = ("too_early", "withheld")
TREND_UNITS, MOST_NEW, MOST_SHARE, SMALLEST_COHORT = 20, 60, Fraction(1, 2), 10
Row = Mapping[str, Any]


def label_of(student_key: str) -> str:
    """How messages and pages call a student."""
    return f"Student {student_key[:4].upper()}-{student_key[4:8].upper()}"


def rate(row: Row) -> Fraction:
    return 1 - Fraction(row["missed_parts"], row["parts_per_unit"] * row["count_possible_units"])


def fell_by(row: Row) -> Fraction:
    parts = TREND_UNITS * row["parts_per_unit"]
    return Fraction(0) if row["trend_change"] is None else Fraction(-round(row["trend_change"] * parts), parts)


def is_near(row: Row, absences: int) -> bool:
    return row["next_tier"] in CHRONIC and row["count_absences_to_next_tier"] <= absences


@dataclass(frozen=True)
class Rule:
    """A rule as the file says it, in Python."""

    opens: Callable[[Row], bool]
    stays: Callable[[Row], bool]
    needs_a_tier: bool = False
    repeat: int | None = None
    escalate: int | None = None
    tells_recovery: bool = True
    worse_by: int | None = None


RULES = {
    "tier_worsened": Rule(
        lambda row: row["tier"] == "severe_chronic", lambda row: rate(row) < Fraction(81, 100), True, 20, 5
    ),
    "tier_entered": Rule(lambda row: row["tier"] in CHRONIC, lambda row: rate(row) < Fraction(91, 100), True, 20, 10),
    "streak": Rule(
        lambda row: row["count_streak_units"] >= 3,
        lambda row: row["count_streak_units"] >= 1,
        repeat=10,
        escalate=3,
        worse_by=3,
    ),
    "fell": Rule(
        lambda row: fell_by(row) >= Fraction(1, 5),
        lambda row: fell_by(row) >= Fraction(1, 10),
        repeat=20,
        escalate=10,
    ),
    "early_warning": Rule(
        lambda row: row["has_early_warning"], lambda row: row["has_early_warning"], tells_recovery=False
    ),
    "near_next_tier": Rule(lambda row: is_near(row, 1), lambda row: is_near(row, 2), True, tells_recovery=False),
}


@dataclass(frozen=True)
class Spell:
    """One stretch for which a rule holds for a student: when somebody was asked and told, and who was asked above."""

    number: int
    opened: date
    asked: date | None = None
    told: date | None = None
    level: int = 0
    is_answered: bool = False
    rung: int = 0
    raised: date | None = None


@dataclass
class Heard:
    """What one person hears on a day, by student."""

    told: set[str] = field(default_factory=set)
    recovered: set[str] = field(default_factory=set)
    escalated: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Answered:
    """A reaction of a person to a message of a day: to all it told of."""

    person: str
    day: date
    spells: frozenset[tuple[str, str, int]]


class Reading:
    """The alerts of a school, day by day; ``staff`` are owner, deputy and lead of every cohort."""

    def __init__(self, staff: Mapping[str, tuple[str, str, str]]) -> None:
        self.staff = staff
        self.spells: dict[tuple[str, str], Spell] = {}
        self.numbers: Counter[tuple[str, str]] = Counter()
        self.told_before: set[str] = set()
        self.answers: list[Answered] = []
        self.said: dict[str, frozenset[tuple[str, str, int]]] = {}

    def day(self, today: date, school_days: Iterable[date], rows: Iterable[Row]) -> dict[str, Heard]:
        """Return who hears what on the day, and remember it."""
        self.today, self.school_days = today, [day for day in school_days if day <= today]
        everybody = list(rows)
        self.of_school = {row["student_key"]: row for row in everybody if row["scope"] == "school"}
        in_cohorts = [row for row in everybody if row["scope"] == "cohort" and row["status"] == "enrolled"]
        self.home: dict[str, str] = {}
        for row in sorted(in_cohorts, key=lambda row: (-row["count_expected_sessions"], row["cohort_id"])):
            self.home.setdefault(row["student_key"], row["cohort_id"])
        self.sizes = Counter(row["cohort_id"] for row in in_cohorts)
        over = self._close()
        self._open()
        self._heed()
        return self._say(over)

    def answer(self, person: str) -> None:
        """Let a person react to the message of the day."""
        self.answers.append(Answered(person, self.today, self.said.get(person, frozenset())))

    def _is_decided(self, student: str, rule: str) -> bool:
        return not (RULES[rule].needs_a_tier and self.of_school[student]["tier"] in NO_TIER)

    def _close(self) -> list[tuple[str, str]]:
        """End what holds no more; return what is told of it: student and rule."""
        over = []
        for (student, rule), spell in list(self.spells.items()):
            row = self.of_school.get(student)
            if row is not None and row["status"] == "enrolled":
                if not self._is_decided(student, rule) or RULES[rule].opens(row) or RULES[rule].stays(row):
                    continue
                if spell.asked and RULES[rule].tells_recovery:
                    over.append((student, rule))
            del self.spells[student, rule]
        return over

    def _open(self) -> None:
        for student, row in self.of_school.items():
            for name, rule in RULES.items():
                is_open = (student, name) in self.spells
                if row["status"] != "enrolled" or is_open or not self._is_decided(student, name) or not rule.opens(row):
                    continue
                self.numbers[student, name] += 1
                self.spells[student, name] = Spell(self.numbers[student, name], self.today)

    def _heed(self) -> None:
        """Who looks after a student now has answered, and was asked no later than by the message answered."""
        for one in self.answers:
            for student, rule, number in one.spells:
                spell = self.spells.get((student, rule))
                is_staff = one.person in self.staff.get(self.home.get(student, ""), ())
                if spell and spell.number == number and is_staff and spell.asked and spell.asked <= one.day:
                    self.spells[student, rule] = replace(spell, is_answered=True)

    def _since(self, day: date) -> int:
        return sum(day < one for one in self.school_days)

    def _say(self, over: list[tuple[str, str]]) -> dict[str, Heard]:
        told = {place: what for place in self.spells if (what := self._what(*place))}
        above = {place: who for place in self.spells if (who := self._who_above(*place))}
        held = self._storm(told)
        heard: dict[str, Heard] = {}
        said: dict[str, set[tuple[str, str, int]]] = {}
        first = set()
        for (student, rule), what in told.items():
            if (student, rule) in held:
                continue
            owner, spell = self._owner(student), self.spells[student, rule]
            heard.setdefault(owner, Heard()).told.add(student)
            said.setdefault(owner, set()).add((student, rule, spell.number))
            first |= {owner} - self.told_before
            asks = what == "opened" or spell.is_answered
            self.spells[student, rule] = self._after(student, rule, asks)
        for student, _ in over:
            owner = self._owner(student)
            heard.setdefault(owner, Heard()).recovered.add(student)
            first |= {owner} - self.told_before
        for (student, rule), (rung, who) in above.items():
            heard.setdefault(who, Heard()).escalated.add(student)
            self.spells[student, rule] = replace(self.spells[student, rule], rung=rung, raised=self.today)
        for owner in first:
            heard[owner].told |= self._known_of(owner)
        self.told_before |= {who for who, what in heard.items() if what.told or what.recovered}
        self.said = {who: frozenset(spells) for who, spells in said.items()}
        return heard

    def _what(self, student: str, rule: str) -> str:
        """Why the owner hears of a spell today; empty for nothing."""
        spell, of = self.spells[student, rule], RULES[rule]
        if not self._is_decided(student, rule):
            return ""
        if spell.asked is None:
            return "opened"
        if of.worse_by and self.of_school[student]["count_streak_units"] - spell.level >= of.worse_by:
            return "worse"
        is_silent = spell.is_answered or spell.rung > 0 or of.repeat is None
        return "" if is_silent or self._since(spell.told) < of.repeat else "again"

    def _who_above(self, student: str, rule: str) -> tuple[int, str] | None:
        spell, of = self.spells[student, rule], RULES[rule]
        since = spell.raised if spell.rung else spell.asked
        if spell.is_answered or since is None or of.escalate is None or not self._is_decided(student, rule):
            return None
        if self._since(since) < of.escalate:
            return None
        owner, *chain = self.staff[self.home[student]]
        return next(((rung, who) for rung, who in enumerate(chain, 1) if rung > spell.rung and who != owner), None)

    def _storm(self, told: Mapping[tuple[str, str], str]) -> set[tuple[str, str]]:
        """What is held back, because too much is new at once for owners who were told something before."""
        new = {
            student
            for (student, rule), what in told.items()
            if what == "opened"
            and self.spells[student, rule].opened == self.today
            and self._owner(student) in self.told_before
        }
        by_cohort = Counter(self.home[student] for student in new)
        stormy = {
            cohort
            for cohort, count in by_cohort.items()
            if self.sizes[cohort] >= SMALLEST_COHORT and count > MOST_SHARE * self.sizes[cohort]
        }
        is_all = len(new) > MOST_NEW
        news = {place for place, what in told.items() if what in ("opened", "worse")}
        return {place for place in news if is_all or self.home[place[0]] in stormy}

    def _after(self, student: str, rule: str, asks: bool) -> Spell:
        spell, streak = self.spells[student, rule], self.of_school[student]["count_streak_units"]
        told = replace(spell, told=self.today, level=streak)
        return replace(told, asked=self.today, is_answered=False, rung=0, raised=None) if asks else told

    def _known_of(self, owner: str) -> set[str]:
        """Whom a first message shows besides: those of the owner that are asked about, and not answered."""
        return {
            student
            for (student, rule), spell in self.spells.items()
            if self._owner(student) == owner
            and spell.asked
            and not spell.is_answered
            and self._is_decided(student, rule)
        }

    def _owner(self, student: str) -> str:
        return self.staff[self.home[student]][0]
