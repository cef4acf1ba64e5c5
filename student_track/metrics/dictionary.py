"""The metric dictionary: ``python -m student_track.metrics.dictionary > docs/metric_dictionary.md``.

What a column means stands in its schema, how it is worked out in ``definitions.py``, and every number in the policy.
"""

import sys
from fractions import Fraction
from pathlib import Path

from student_track.metrics.definitions import OF_COHORTS, OF_STUDENTS, Definition
from student_track.metrics.page_numbers import rows_of_pages
from student_track.policy import TIERS, Policy, load_policy
from student_track.policy_rules import Override, Rung
from student_track.resources import resource
from student_track.schemas import COHORT_METRICS, STUDENT_METRICS, Table
from student_track.tier_names import TIER_NAMES

INTRODUCTION = """# Metric dictionary

Generated from the policy and the metrics' definitions by `make docs`; do not edit. Policy {version}, valid from
{valid_from}. Another policy has another dictionary: `python -m student_track.metrics.dictionary params/my_policy.yml`.
"""

PERIODS = {
    "school_year": "school year to date",
    "cohort_life": "whole life of the cohorts to date",
}
BLANKS = {
    "unknown": "a blank in a taken register is unknown",
    "present": "a blank in a taken register means present",
    "absent": "a blank in a taken register means absent",
}


def as_markdown(policy: Policy) -> str:
    """Return the dictionary under a policy: tiers, marks, rules of cohorts, ladder, and every metric."""
    head = INTRODUCTION.format(version=policy.version, valid_from=policy.valid_from)
    parts = [_tiers(policy), _marks(policy), _ladder(policy.ladder), _overrides(policy.overrides)]
    words = words_of(policy)
    tables = ((STUDENT_METRICS, OF_STUDENTS), (COHORT_METRICS, OF_COHORTS))
    metrics = [_metrics(table, definitions, words) for table, definitions in tables]
    return "\n".join([head, *parts, *metrics, _pages()])


def words_of(policy: Policy) -> dict[str, object]:
    """Return what the definitions name of a policy, as words."""
    return {
        "unit": policy.unit,
        "units": f"{policy.unit}s",
        "period": PERIODS[policy.period],
        "blank": BLANKS[policy.blank_mark],
        "known_share": written(policy.possible_from_known),
        "absence_share": written(policy.absence_from_missed),
        "tier_from": policy.tier_from_possible_units,
        "withheld_window": policy.withheld_window_units,
        "withheld_share": written(policy.withheld_above_unknown),
        "early_units": policy.early_warning_units,
        "early_absences": policy.early_warning_absences,
        "streak": policy.attention_streak_units,
        "attention": ", ".join(TIER_NAMES[tier] for tier in policy.attention_tiers) or "no tier",
        "trend": policy.trend_window_units,
        "twice_trend": 2 * policy.trend_window_units,
        "chance": written(policy.weekday_pattern_up_to_chance),
        "least": policy.suppress_groups_below,
        "tier_scope": "the whole school" if policy.tier_scope == "school" else "the cohort",
        "closes_after": policy.enrolment_closes_after_registers,
        "reached": "reached" if policy.tier_limit_belongs_to == "worse" else "exceeded",
    }


def written(share: Fraction) -> str:
    """Return a share as people write it: 5 %, 2.5 %, or 1/3 where percents would round it."""
    percent = share * 100
    if percent.denominator == 1:
        return f"{percent} %"
    return f"{float(percent)} %" if 1000 % percent.denominator == 0 else str(share)


def _table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return (
        "\n".join("| " + " | ".join(str(cell).replace("|", "&#124;") for cell in line) + " |" for line in lines) + "\n"
    )


def _pages() -> str:
    title = "## Numbers of the pages, by named query\n\n"
    return title + _table(("number", "named query", "what it is"), rows_of_pages())


def _tiers(policy: Policy) -> str:
    limits = [*policy.tier_limits.values(), None]
    is_worse = policy.tier_limit_belongs_to == "worse"
    rows = []
    for tier, lower, upper in zip(TIERS, limits, limits[1:], strict=False):
        start = f"{'≥' if is_worse else '>'} {written(lower)}" if lower else "from 0 %"
        end = f" and {'<' if is_worse else '≤'} {written(upper)}" if upper is not None else ""
        rows.append((TIER_NAMES[tier], f"`{tier}`", start + end))
    side = (
        f"A share that is exactly a limit belongs to the {policy.tier_limit_belongs_to} tier. Compared as integers.\n"
    )
    return "## Tiers\n\n" + _table(("tier", "value", f"share of possible {policy.unit}s missed"), rows) + "\n" + side


def _marks(policy: Policy) -> str:
    def yes(value: bool) -> str:
        return "yes" if value else "no"

    rows = [
        (
            name,
            " ".join(f"`{mark}`" for mark in code.marks),
            code.state,
            yes(code.counts_as_absence and code.state != "present"),
            yes(code.counts_in_rate),
            written(code.missed_share),
            yes(code.is_tardy),
            yes(code.is_excused),
        )
        for name, code in policy.codes.items()
    ]
    columns = ("code", "marks", "state", "counts as absence", "in the rate", "missed", "tardy", "excused")
    note = f"Any other mark goes to quarantine; {BLANKS[policy.blank_mark]}.\n"
    return "## Marks\n\n" + _table(columns, rows) + "\n" + note


def _ladder(ladder: tuple[Rung, ...]) -> str:
    def due(rung: Rung) -> str:
        return TIER_NAMES[rung.due_from_tier] if rung.due_from_tier else f"{rung.due_from_absences} absences"

    rows = [(rung.name, due(rung), ", ".join(rung.satisfied_by), rung.within_units) for rung in ladder]
    return "## Ladder of actions\n\n" + _table(("rung", "due from", "satisfied by", "within units"), rows)


def _overrides(overrides: tuple[Override, ...]) -> str:
    def said(value: object) -> str:
        if isinstance(value, Fraction):
            return written(value)
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    rows = [
        (one.cohort, one.from_date, one.to_date or "open", "; ".join(f"{k}: {said(v)}" for k, v in one.changes.items()))
        for one in overrides
    ]
    body = _table(("cohort", "from", "to", "rules"), rows) if rows else "None.\n"
    return "## Rules of single cohorts\n\n" + body


def _metrics(table: Table, definitions: dict[str, Definition], words: dict[str, object]) -> str:
    rows = []
    for column in table.columns:
        if definition := definitions.get(column.name):
            texts = (definition.formula, definition.period, definition.unknown, definition.source)
            rows.append((f"`{column.name}`", column.comment, *(text.format(**words) for text in texts)))
    columns = ("metric", "what it is", "how it is worked out", "period", "what is unknown", "source")
    return f"## {table.name}: {table.grain}\n\n" + _table(columns, rows)


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else resource("params/policy.yml")
    print(as_markdown(load_policy(path)), end="")
