"""What a message says about one student, in plain words, from the student's own row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from student_track.alerting.conditions import TREND
from student_track.alerting.digest import Entry
from student_track.alerting.rules import UNITS, Rule, placeholders
from student_track.alerting.standings import Facts
from student_track.page_names import student_file
from student_track.privacy import student_label
from student_track.privacy.safe_text import LONGEST_NAME, initials, isolated, one_line
from student_track.tier_names import TIER_NAMES

MOST_DATES = 8
SEVERITIES = ("high", "medium", "low")
NO_CHANGE = ("same", "none")


@dataclass(frozen=True)
class Style:
    """What the school has chosen: names or labels, where the pages are, what a unit is."""

    names_in_alerts: str
    pages_url: str
    unit: str


@dataclass(frozen=True)
class Action:
    """What somebody did about a student: a kind that the ladder knows, and the local date."""

    kind: str
    on_date: date


@dataclass(frozen=True)
class StudentLine:
    """What a message says about one student; a text is empty where there is nothing to say."""

    who: str
    cohort: str
    is_known: bool
    tier: str
    reason: str
    reason_over: str
    dates: str
    split: str
    streak: str
    room: str
    actions: str
    link: str


def student_line(
    entry: Entry,
    rules: Mapping[str, Rule],
    dates: Sequence[date],
    latest: Action | None,
    name: str | None,
    style: Style,
) -> StudentLine:
    """Return the line of a student; the most serious of the rules it is about gives the reason."""
    standing, facts = entry.standing, entry.standing.facts
    rule = _most_serious(entry.rules, rules)
    return StudentLine(
        who=who(standing.student_key, name, style.names_in_alerts),
        cohort=isolated(one_line(standing.cohort, LONGEST_NAME)),
        is_known=entry.is_known,
        tier=_tier(facts),
        reason=fill(rule.says, facts, style.unit) if rule else "",
        reason_over=fill(rule.says_when_over, facts, style.unit) if rule else "",
        dates=_dates(dates),
        split=f"{facts['count_excused_sessions']} excused / {facts['count_unexcused_sessions']} not",
        streak=_shown("count_streak_units", facts) if facts["count_streak_units"] else "",
        room=_room(facts),
        actions=_actions(facts, latest),
        link=page_link(student_file(standing.student_key), style.pages_url),
    )


def who(student_key: str, name: str | None, names_in_alerts: str) -> str:
    """Return the label of a student, after the name or its initials where the school has chosen so."""
    label = student_label(student_key)
    if names_in_alerts == "none" or not name:
        return label
    shown = initials(name) if names_in_alerts == "initials" else one_line(name, LONGEST_NAME)
    return f"{isolated(shown)} ({label})"


def page_link(file: str, pages_url: str) -> str:
    """Return the address of a page; empty where the pages are not published."""
    return f"{pages_url.rstrip('/')}/{file}" if pages_url else ""


def fill(says: str, facts: Facts, unit: str) -> str:
    """Return a rule's sentence with the student's own numbers in it."""
    values = {name: f"{unit}s" if name == UNITS else _shown(name, facts) for name in placeholders(says)}
    return one_line(says.format_map(values), 300)


def day(value: date) -> str:
    """Return a date as people say it: Friday 20 November 2026."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """Return a date of this school year as people write it: 20 Nov."""
    return f"{value.day} {value:%b}"


def _most_serious(names: Collection[str], rules: Mapping[str, Rule]) -> Rule | None:
    known = [rules[name] for name in names if name in rules]
    return min(known, key=lambda rule: SEVERITIES.index(rule.severity), default=None)


def _shown(name: str, facts: Mapping[str, object]) -> str:
    value = facts[name]
    if name == "count_streak_units":
        return f"{value}{'+' if facts['is_streak_open'] else ''}"
    if value is None:
        return "–"
    if name.endswith(("_rate", "_share")):
        return f"{100 * value:.1f} %"
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, float):
        return f"{abs(100 * value):.0f}" if name == TREND else f"{value:.1f}".removesuffix(".0")
    return TIER_NAMES.get(value, str(value)).lower() if isinstance(value, str) else str(value)


def _tier(facts: Facts) -> str:
    name = TIER_NAMES[facts["tier"]]
    if facts["tier_change"] in NO_CHANGE or facts["previous_tier"] == facts["tier"]:
        return name
    return f"{name}, was {TIER_NAMES[facts['previous_tier']].lower()} the school day before"


def _dates(dates: Sequence[date]) -> str:
    """Exact dates, latest first; of many, how many more there are."""
    shown = [short_day(value) for value in dates[:MOST_DATES]]
    more = len(dates) - len(shown)
    return ", ".join(shown) + (f" and {more} earlier" if more else "")


def _actions(facts: Facts, latest: Action | None) -> str:
    """What was done last, and what the ladder asks for and nobody has done; empty where the sheet keeps no actions."""
    due = facts["missing_rungs"]
    if due is None:
        return ""
    done = f"Last action: {latest.kind}, {short_day(latest.on_date)}." if latest else "No action yet."
    since = facts["missing_rung_due_date"]
    asked = f" Due: {due.replace(',', ', ')}{f', since {short_day(since)}' if since else ''}." if due else ""
    return done + asked


def _room(facts: Facts) -> str:
    left, next_tier = facts["count_absences_to_next_tier"], facts["next_tier"]
    if left is None or not next_tier:
        return ""
    return f"{left} more absence{'' if left == 1 else 's'}: {TIER_NAMES[next_tier].lower()}"
