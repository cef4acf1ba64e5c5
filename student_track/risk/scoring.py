"""Scores at landmarks: who gets none and why, by which model the others do, and in which band they lie."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.policy import TIERS, Policy, RiskPolicy
from student_track.risk.features import DECIMALS
from student_track.risk.landmarks import dates_to_compare
from student_track.risk.model import PUBLISHED_PRIOR, RiskModel, model_from_json, probability
from student_track.risk.reasons import MOST_REASONS
from student_track.risk.tree_model import KIND, TreeModel
from student_track.risk.tree_store import is_readable_here, tree_model_from_row
from student_track.schemas import DROPOUT_RISK

RULE_ONLY, PRIOR, OWN_MODEL, PROVEN_TREES = 0, 1, 2, 3
BANDS = ("low", "middle", "high")
SCORE_ONLY, LABEL_ONLY = "score_only", "label_only"


@dataclass(frozen=True)
class Scorer:
    """The model that scores, the level of the ladder it stands on, and whether it may say a percentage.

    ``stands_in`` says why another model scores than the one that was promoted; empty where that one does.
    """

    model: RiskModel | TreeModel
    level: int
    is_calibrated: bool
    stands_in: str = ""


def choose_scorer(models: DataFrame, definition: str, as_of_date: date) -> Scorer:
    """Return the latest model that passed the gate by the as-of date for this label; without one, the prior.

    Trees that passed come before the logistic model of the same term, which had to pass as well. That one stands in for
    trees that another scikit-learn made. Raises InputError for trees that are not as they were stored.
    """
    fits = (F.col("label_definition") == definition) & (F.col("judged_to_date") <= F.lit(as_of_date))
    are_trees = F.col("kind") == KIND
    passed = models.where(fits & (F.col("verdict") == "passed"))
    latest = passed.orderBy(F.desc("judged_to_date"), are_trees.desc(), "model_id").limit(1).toArrow().to_pylist()
    if not latest:
        return Scorer(PUBLISHED_PRIOR, PRIOR, False)
    best = latest[0]
    if best["kind"] != KIND:
        return Scorer(model_from_json(best["model_json"]), OWN_MODEL, best["is_calibrated"])
    if is_readable_here(best["model_json"]):
        return Scorer(tree_model_from_row(best), PROVEN_TREES, best["is_calibrated"])
    why = f"The trees {best['model_id']} were made by another version and stay unread here until a term has finished."
    return replace(choose_scorer(models.where(~are_trees), definition, as_of_date), stands_in=why)


def with_abstention(students: DataFrame, rule: RiskPolicy, unit: str) -> DataFrame:
    """Add ``abstained_because``, the reason why a row gets no score; null where there is enough to score by.

    Training uses the same rule: a model is fitted and judged on those it would score.
    """
    units, weeks, others = rule.score_from_possible_units, rule.score_from_weeks, rule.score_from_students_in_cohort
    streak = F.col("count_streak_units").cast("string")
    already = F.concat(F.lit("already absent for "), streak, F.lit(f" {unit}s in a row"))
    because = (
        F.when(~F.col("goes_on"), F.lit("last day in the cohort"))
        .when(F.coalesce("count_possible", F.lit(0)) < units, F.lit(f"too early: fewer than {units} {unit}s are known"))
        .when(F.col("count_weeks") < weeks, F.lit(f"too early: less than {weeks} weeks since the first {unit}"))
        .when(F.col("last_present_date").isNull(), F.lit("not present once so far"))
        .when(~F.col("is_in_risk_set"), already)
        .when(F.col("count_class") < others, F.lit(f"fewer than {others} students in the cohort to compare with"))
    )
    return students.withColumn("abstained_because", because)


def with_score(students: DataFrame, scorer: Scorer) -> DataFrame:
    """Add level, score and probability; all but the level are null where the score abstains."""
    is_scored = F.col("abstained_because").isNull()
    scored = scorer.model.with_log_odds(students).withColumns(
        {
            "ladder_level": F.when(is_scored, F.lit(scorer.level)).otherwise(F.lit(RULE_ONLY)),
            "score": F.when(is_scored, F.round("log_odds", DECIMALS)),
            "model_id": F.when(is_scored, F.lit(scorer.model.model_id)),
        }
    )
    says_probability = scorer.level >= OWN_MODEL and scorer.is_calibrated
    chance = F.round(probability("score"), DECIMALS) if says_probability else F.lit(None).cast("double")
    return scored.withColumn("probability", chance).drop("log_odds")


def with_band(scored: DataFrame, as_of_date: date, rule: RiskPolicy) -> DataFrame:
    """Return the rows of the as-of date with rank and band, by capacity within the cohort.

    High: in the top share now, or at one of the two weekly landmarks before and not below the leaving share twice
    running since. A tie that does not fit into a share as a whole stays out: the list is never longer than that.
    """
    now, week_ago, two_weeks_ago = dates_to_compare(as_of_date)
    placed = _placed(scored, rule)
    key = ["student_key", "cohort_id"]
    former = [
        placed.where(F.col("landmark_date") == F.lit(day)).select(
            *key, F.col("is_top").alias(f"was_top_{name}"), F.col("is_near").alias(f"was_near_{name}")
        )
        for name, day in (("week_ago", week_ago), ("two_weeks_ago", two_weeks_ago))
    ]
    rows = placed.where(F.col("landmark_date") == F.lit(now))
    for before in former:
        rows = rows.join(before, key, "left")
    was_high = _any("was_top_week_ago", "was_top_two_weeks_ago")
    is_high = F.col("is_top") | (was_high & _any("is_near", "was_near_week_ago"))
    band = F.when(is_high, F.lit("high")).when(F.col("is_middle"), F.lit("middle")).otherwise(F.lit("low"))
    return rows.withColumn("band", F.when(F.col("score").isNotNull(), band))


def dropout_risk(explained: DataFrame, policy: Policy, as_of_date: date) -> DataFrame:
    """Return the rows of ``dropout_risk``, with the cohort's label and where it and the score disagree."""
    is_flagged = _is_flagged(policy, as_of_date)
    is_labelled = F.col("tier").isin(list(TIERS))
    disagreement = F.when((F.col("band") == "high") & is_labelled & ~is_flagged, F.lit(SCORE_ONLY)).when(
        (F.col("band") == "low") & is_flagged, F.lit(LABEL_ONLY)
    )
    return explained.withColumns(
        {
            "as_of_date": F.lit(as_of_date),
            "policy_version": F.lit(policy.version),
            "tier": F.coalesce("tier", F.lit("too_early")),
            "disagreement": disagreement,
            "reasons": F.array_compact(F.array(*(f"reason_{place}" for place in range(1, MOST_REASONS + 1)))),
        }
    ).select(*DROPOUT_RISK.column_names)


def _is_flagged(policy: Policy, as_of_date: date) -> Column:
    """Whether the cohort's label asks for attention, by the rules in force for the cohort."""
    is_flagged = F.col("tier").isin(list(policy.attention_tiers))
    for cohort, rules in policy.rules_of_cohorts(as_of_date).items():
        own = F.col("tier").isin(list(rules.attention_tiers))
        is_flagged = F.when(F.col("cohort_id") == F.lit(cohort), own).otherwise(is_flagged)
    return is_flagged


def _placed(scored: DataFrame, rule: RiskPolicy) -> DataFrame:
    """Add whether a row is in each share of its cohort; false where the score abstains."""
    of_class = Window.partitionBy("cohort_id", "landmark_date")
    ranked = scored.withColumns(
        {
            "count_scored": F.count("score").over(of_class),
            "rank_in_cohort": F.when(
                F.col("score").isNotNull(), F.rank().over(of_class.orderBy(F.col("score").desc_nulls_last()))
            ),
            "count_tied": F.count("score").over(Window.partitionBy("cohort_id", "landmark_date", "score")),
        }
    )
    last_of_tie = F.col("rank_in_cohort") + F.col("count_tied") - 1
    shares = {
        "is_top": rule.high_share,
        "is_near": rule.leaves_high_below_share,
        "is_middle": rule.high_share + rule.middle_share,
    }
    inside = {name: F.coalesce(last_of_tie <= _places(share), F.lit(False)) for name, share in shares.items()}
    return ranked.withColumns(inside)


def _places(share: Fraction) -> Column:
    """So many places a share has in its class: whole ones, but at least one; by integers."""
    return F.expr(f"greatest((count_scored * {share.numerator}) DIV {share.denominator}, 1L)")


def _any(*names: str) -> Column:
    first, second = (F.coalesce(name, F.lit(False)) for name in names)
    return first | second
