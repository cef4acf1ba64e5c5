"""Rows of ``risk_models`` and ``risk_model_metrics`` from a judgement."""

import math
from datetime import datetime

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.frames import frame_from_arrow, frame_from_rows
from student_track.risk.figures import Figure
from student_track.risk.gate import PASSED, Judgement
from student_track.risk.outcomes import TEST
from student_track.risk.training import DECIMALS
from student_track.schemas import RISK_MODEL_METRICS, RISK_MODELS


def risk_models(spark: SparkSession, former: DataFrame, judgement: Judgement, trained_at: datetime) -> DataFrame:
    """Return every row of ``risk_models``: the former ones, and the judged model; unchanged where it was skipped.

    A model that passed is promoted in place of the one before; after a refusal that one stays.
    """
    former = former.select(*RISK_MODELS.column_names)
    if judgement.model is None:
        return former
    rows = former.where(F.col("model_id") != judgement.model.model_id).toArrow().to_pylist()
    is_promoted = judgement.verdict == PASSED
    kept = [row | {"is_promoted": row["is_promoted"] and not is_promoted} for row in rows]
    new = {
        "model_id": judgement.model.model_id,
        "kind": judgement.model.kind,
        "model_json": judgement.model.as_json(),
        "label_definition": judgement.model.label_definition,
        "trained_to_date": judgement.task.train[-1].last_date,
        "judged_term": judgement.task.test.label,
        "judged_to_date": judgement.task.test.last_date,
        "is_promoted": is_promoted,
        "is_calibrated": judgement.is_calibrated,
        "verdict": judgement.verdict,
        "verdict_reasons": list(judgement.reasons),
        "policy_version": judgement.model.policy_version,
        "trained_at": trained_at,
    }
    return frame_from_arrow(spark, pa.Table.from_pylist([*kept, new], schema=MODEL_TYPES))


def risk_model_metrics(spark: SparkSession, judgement: Judgement) -> DataFrame:
    """Return one row per figure of the judged model on the term it was judged by; none where it was skipped.

    The figures of the audit stand under their group, the points of a curve under its name and their part of it.
    """
    found = {("", name): figure for name, figure in judgement.figures.items()} | judgement.audit.figures
    rows = [
        (judgement.model.model_id, judgement.task.test.label, group, name, *_numbers(figure), judgement.count_rows)
        for (group, name), figure in found.items()
    ]
    rows += [
        (judgement.model.model_id, test, part, name, round(value, DECIMALS), None, None, judgement.count_rows)
        for (test, part, name), value in judgement.curves.items()
    ]
    types = {name: pa.float64() for name in ("value", "lower", "upper")} | {"count_rows": pa.int64()}
    return frame_from_rows(spark, RISK_MODEL_METRICS.column_names, rows, types)


def rows_of_model(judgement: Judgement) -> str:
    """Return the SQL condition of the rows that judge the model, none where it was skipped; later outcomes stay."""
    return f"model_id = '{judgement.model.model_id}' AND test NOT LIKE '{TEST}%'" if judgement.model else "false"


def _numbers(figure: Figure) -> tuple[float | None, ...]:
    """Rounded, for machines differ in the last digit; a figure that is not defined is null."""
    numbers = (figure.value, figure.low, figure.high)
    return tuple(None if math.isnan(number) else round(number, DECIMALS) for number in numbers)


MODEL_TYPES = pa.schema(
    {
        "model_id": pa.string(),
        "kind": pa.string(),
        "model_json": pa.string(),
        "label_definition": pa.string(),
        "trained_to_date": pa.date32(),
        "judged_term": pa.string(),
        "judged_to_date": pa.date32(),
        "is_promoted": pa.bool_(),
        "is_calibrated": pa.bool_(),
        "verdict": pa.string(),
        "verdict_reasons": pa.list_(pa.string()),
        "policy_version": pa.string(),
        "trained_at": pa.timestamp("us", "UTC"),
    }
)
