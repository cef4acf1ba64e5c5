"""Gold: scores of dropout risk, the models behind them, and how they did."""

from student_track.schemas.columns import (
    AS_OF_DATE,
    COHORT_ID,
    POLICY_VERSION,
    STUDENT_KEY,
    Column,
    Table,
    at,
    count,
    day,
    flag,
    share,
    text,
)

DROPOUT_RISK = Table(
    "dropout_risk",
    "gold",
    "one row per student, cohort and as-of date",
    ("student_key", "cohort_id", "as_of_date"),
    "06_score_dropout_risk_gold",
    (
        STUDENT_KEY,
        COHORT_ID,
        AS_OF_DATE,
        Column("ladder_level", "int", "0 rule only, 1 published prior, 2 own model, 3 own trees proven over terms"),
        Column("score", "double", "model score; null where the model abstains"),
        share("probability", "calibrated probability; null below level 2"),
        Column("rank_in_cohort", "int", "place of the score within the cohort, 1 the highest; ties share one"),
        text("band", "low, middle or high, by capacity within the cohort"),
        text("abstained_because", "why there is no score"),
        Column("reasons", "array<string>", "at most three, in plain words, with the student's own numbers"),
        text("tier", "the cohort's threshold label, beside the score"),
        text(
            "disagreement", "score_only (band high, tier no cause for attention) or label_only (the reverse); else null"
        ),
        text("model_id", "model that scored"),
        POLICY_VERSION,
    ),
    partition="as_of_date",
)

RISK_MODELS = Table(
    "risk_models",
    "gold",
    "one row per model",
    ("model_id",),
    "05_train_dropout_risk",
    (
        text("model_id", "content hash of the model"),
        text("kind", "estimator"),
        text("model_json", "the model itself, or what its trees came from"),
        text("trees", "trees as a file of skops, in base64; null: the model has none", is_volatile=True),
        text("trees_sha256", "hash of that text; it is not loaded unless both fit", is_volatile=True),
        text("label_definition", "what it foretells; a model scores only under the same words"),
        day("trained_to_date", "last session date seen in training"),
        text("judged_term", "finished term it was judged on, later than those of the training"),
        day("judged_to_date", "last session date of that term; no earlier as-of date is scored with the model"),
        flag(
            "is_promoted", "the latest model that passed, trees before the logistic one of a term: the one that scores"
        ),
        flag("is_calibrated", "its probabilities may be said"),
        text("verdict", "passed or refused"),
        Column("verdict_reasons", "array<string>", "why"),
        POLICY_VERSION,
        at("trained_at", "when it was trained"),
    ),
)

RISK_MODEL_METRICS = Table(
    "risk_model_metrics",
    "gold",
    "one row per model, test and subgroup",
    ("model_id", "test", "subgroup", "metric"),
    "05_train_dropout_risk",
    (
        text("model_id", "model"),
        text(
            "test",
            "term judged on, its curves (reliability, gain), features trained on, or scores with their outcome",
        ),
        text("subgroup", "group of the audit, part of the curve, or feature; empty for all"),
        text("metric", "name of the figure"),
        Column("value", "double", "the figure"),
        Column("lower", "double", "lower end of its interval"),
        Column("upper", "double", "upper end of its interval"),
        count("count_rows", "rows it was measured on"),
    ),
)
