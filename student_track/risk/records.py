"""Rows of ``risk_models`` and ``risk_model_metrics`` from a judgement."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.frames import arrow_type, frame_from_arrow, frame_from_rows
from student_track.risk.figures import Figure
from student_track.risk.judgement import PASSED, Judgement
from student_track.risk.outcomes import TEST
from student_track.risk.training import DECIMALS
from student_track.risk.tree_store import columns_of_trees
from student_track.schemas import RISK_MODEL_METRICS, RISK_MODELS


def risk_models(spark: SparkSession, former: DataFrame, judgement: Judgement, trained_at: datetime) -> DataFrame:
    """Return every row of ``risk_models``: the former ones, and the judged models; unchanged where it was skipped.

    A model that passed is promoted in place of the one before; after a refusal that one stays. Of a model and of trees
    that passed, the trees are promoted.
    """
    former = former.select(*RISK_MODELS.column_names)
    judged = _judged(judgement)
    passed = [one for one in judged if one.verdict == PASSED]
    if not judged:
        return former
    ids = [one.model.model_id for one in judged]
    kept = [
        row | {"is_promoted": row["is_promoted"] and not passed}
        for row in former.where(~F.col("model_id").isin(ids)).toArrow().to_pylist()
    ]
    new = [_row_of(one, trained_at) | {"is_promoted": bool(passed) and one is passed[-1]} for one in judged]
    return frame_from_arrow(spark, pa.Table.from_pylist([*kept, *new], schema=MODEL_TYPES))


def _judged(judgement: Judgement) -> list[Judgement]:
    """The judgements with a model: none where it was skipped, the trees' own after the logistic one's."""
    return [one for one in (judgement, judgement.challenger) if one and one.model]


def _row_of(judgement: Judgement, trained_at: datetime) -> dict[str, Any]:
    model = judgement.model
    return {
        "model_id": model.model_id,
        "kind": model.kind,
        "model_json": model.as_json(),
        **columns_of_trees(model),
        "label_definition": model.label_definition,
        "trained_to_date": judgement.task.train[-1].last_date,
        "judged_term": judgement.task.test.label,
        "judged_to_date": judgement.task.test.last_date,
        "is_calibrated": judgement.is_calibrated,
        "verdict": judgement.verdict,
        "verdict_reasons": list(judgement.reasons),
        "policy_version": model.policy_version,
        "trained_at": trained_at,
    }


def risk_model_metrics(spark: SparkSession, judgement: Judgement) -> DataFrame:
    """Return one row per figure of each judged model on the term it was judged by; none where it was skipped.

    The figures of the audit stand under their group, the points of a curve under its name and their part of it.
    """
    rows = [row for one in _judged(judgement) for row in _figures_of(one)]
    types = {name: pa.float64() for name in ("value", "lower", "upper")} | {"count_rows": pa.int64()}
    return frame_from_rows(spark, RISK_MODEL_METRICS.column_names, rows, types)


def _figures_of(judgement: Judgement) -> Iterator[tuple[Any, ...]]:
    model_id, count = judgement.model.model_id, judgement.count_rows
    found = {("", name): figure for name, figure in judgement.figures.items()} | judgement.audit.figures
    for (group, name), figure in found.items():
        yield (model_id, judgement.task.test.label, group, name, *_numbers(figure), count)
    for (test, part, name), value in judgement.curves.items():
        yield (model_id, test, part, name, round(value, DECIMALS), None, None, count)


def rows_of_models(judgement: Judgement) -> str:
    """Return the SQL condition of the rows that judge the models, none where it was skipped; later outcomes stay."""
    ids = ", ".join(f"'{one.model.model_id}'" for one in _judged(judgement))
    return f"model_id IN ({ids}) AND test NOT LIKE '{TEST}%'" if ids else "false"


def _numbers(figure: Figure) -> tuple[float | None, ...]:
    """Rounded, for machines differ in the last digit; a figure that is not defined is null."""
    numbers = (figure.value, figure.low, figure.high)
    return tuple(None if math.isnan(number) else round(number, DECIMALS) for number in numbers)


MODEL_TYPES = pa.schema({column.name: arrow_type(column.type) for column in RISK_MODELS.columns})
