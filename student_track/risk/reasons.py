"""Reasons: what raises a student's score above the middle of the class, in plain words with own numbers."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from student_track.risk.features import DECIMALS, FAMILIES, FIRST_UNITS
from student_track.risk.model import RiskModel
from student_track.risk.tree_model import TreeModel

MOST_REASONS = 3
MEDIAN = "median_"
"""Before the name of a feature: its median over the scored students of the cohort."""

LEAST_CONTRIBUTION = 0.05
"""In log odds: what raises the odds by less than a twentieth is no reason."""


def with_reasons(banded: DataFrame, model: RiskModel | TreeModel, unit: str) -> DataFrame:
    """Add ``reason_1`` to ``reason_3``, the largest contribution first; null where there is none, or no score.

    A family's contribution is exact: together they are the score less that of a student with the class's medians. Only
    what raises the score is told, and only where the student's own numbers show it.
    """
    rows = banded.join(_class_medians(banded, model), "cohort_id", "left")
    rows = model.with_contributions(rows, MEDIAN)
    scored_in_class = Window.partitionBy("cohort_id", F.col("score").isNull()).orderBy("rate_10")
    rows = rows.withColumn("count_attended_less", F.rank().over(scored_in_class) - 1)
    texts = _texts(unit)
    rows = rows.withColumns({f"text_{family}": F.expr(texts[family]) for family in FAMILIES})
    rows = rows.withColumns({f"adds_{family}": F.expr(_contribution(family)) for family in FAMILIES})
    reasons = {f"reason_{place}": F.expr(_reason(place)) for place in range(1, MOST_REASONS + 1)}
    return rows.withColumns(reasons).drop(*(f"{kind}_{family}" for kind in ("text", "adds") for family in FAMILIES))


def _class_medians(banded: DataFrame, model: RiskModel | TreeModel) -> DataFrame:
    """The median of each feature over the scored students of a cohort."""
    needed = dict.fromkeys((*model.features, "rate_all"))
    medians = [F.round(F.expr(f"percentile({name}, 0.5)"), DECIMALS).alias(f"{MEDIAN}{name}") for name in needed]
    return banded.where("score IS NOT NULL").groupBy("cohort_id").agg(*medians)


def _contribution(family: str) -> str:
    """What the family adds, or 0 where it is too little, has no words, or there is no score."""
    adds = f"round(adds_{family}, {DECIMALS})"
    is_told = f"score IS NOT NULL AND text_{family} IS NOT NULL AND {adds} >= {LEAST_CONTRIBUTION}D"
    return f"CASE WHEN {is_told} THEN {adds} ELSE 0D END"


def _reason(place: int) -> str:
    """The text of the family with the place-th largest contribution."""
    cases = " ".join(
        f"WHEN adds_{family} > 0D AND {_count_ahead(family)} = {place - 1} THEN text_{family}" for family in FAMILIES
    )
    return f"CASE {cases} END"


def _count_ahead(family: str) -> str:
    """How many families add more, or as much and come first in the order."""
    own = FAMILIES.index(family)
    comparisons = [
        f"CASE WHEN adds_{other} {'>=' if place < own else '>'} adds_{family} THEN 1 ELSE 0 END"
        for place, other in enumerate(FAMILIES)
        if other != family
    ]
    return f"({' + '.join(comparisons)})"


def _texts(unit: str) -> dict[str, str]:
    """The words of each family as a SQL expression; null where the student's numbers show nothing to tell."""
    tenths = "((10 * class_absences_10 + count_class DIV 2) DIV count_class)"
    average = f"CASE WHEN {tenths} % 10 = 0 THEN {_text(f'{tenths} DIV 10')} ELSE {_decimal(tenths)} END"
    now = _said("absent on the last", "#count_streak_units", f"{unit}s")
    before = _said("was absent", "#count_longest_streak", f"{unit}s in a row before")
    streak = (
        f"CASE WHEN count_streak_units > 1 THEN {now} WHEN count_streak_units = 1 THEN 'absent on the last {unit}' "
        f"WHEN count_longest_streak > 1 THEN {before} END"
    )
    count = "#least(count_possible, 10)"
    recent = _said("absent", "#count_absences_10", "of the last", count, f"{unit}s; class average", f"={average}")
    whole = ("of", "#count_possible", f"{unit}s so far; class median", f"={_percent('median_rate_all')}")
    overall = _said("attended", f"={_percent('rate_all')}", *whole)
    lately = ("#count_class", "in the cohort attended less of the last", count, f"{unit}s")
    fewer = f"CASE WHEN count_attended_less = 0 THEN 'none' ELSE {_text('count_attended_less')} END"
    less = _said(f"={fewer}", "of the", *lately)
    first = f"#least(count_possible, {FIRST_UNITS})"
    start = _said("absent", "#count_first_absences", "of the first", first, f"{unit}s")
    late = _said("late in", "#count_tardy_sessions", "of", "#count_known_sessions", "sessions")
    return {
        "recent": f"CASE WHEN count_absences_10 > 0 THEN {recent} END",
        "streak": streak,
        "overall": f"CASE WHEN rate_all < median_rate_all THEN {overall} END",
        "class": f"CASE WHEN 2 * count_attended_less < count_class THEN {less} END",
        "start": f"CASE WHEN count_first_absences > 0 THEN {start} END",
        "lateness": f"CASE WHEN count_tardy_sessions > 0 THEN {late} END",
    }


def _said(*words: str) -> str:
    """A sentence as SQL: words as they are, ``#number`` an integer expression, ``=text`` a text expression."""
    parts = [
        word[1:] if word.startswith("=") else _text(word[1:]) if word.startswith("#") else f"'{word}'" for word in words
    ]
    return f"concat_ws(' ', {', '.join(parts)})"


def _text(number: str) -> str:
    return f"CAST({number} AS STRING)"


def _decimal(tenths: str) -> str:
    return f"concat({_text(f'{tenths} DIV 10')}, '.', {_text(f'{tenths} % 10')})"


def _percent(share: str) -> str:
    return f"concat({_text(f'CAST(round(100D * {share}, 0) AS INT)')}, ' %')"
