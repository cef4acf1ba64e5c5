"""The dropout-risk score: features and training for 5,000 students, scoring 50,000, and real registers where given.

    python benchmarks/risk.py [daily_long.csv]

With the file of daily registers (OULAD module AAA, its roster.csv beside it) the table of ``risk evaluate`` follows.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from student_track import risk, session
from student_track.frames import frame_from_columns, kept
from student_track.policy import Policy, load_policy
from student_track.risk.challenger import fit_tree_model
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.model import RiskModel
from student_track.risk.rows import label_history
from student_track.risk.scoring import OWN_MODEL, PROVEN_TREES, Scorer
from student_track.risk.terms import Task
from student_track.risk.training import FOLDS, PENALTIES, TrainingRows, collect_rows, fit
from student_track.risk.tree_model import TreeModel
from student_track.sample import School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from student_track.settings import Settings, load_settings

TARGET_TRAINING, TARGET_SCORING = 60.0, 5.0
COUNT_SCORED, COUNT_EXPLAINED = 50_000, 5_000
Made = TypeVar("Made")


class Seconds(NamedTuple):
    """What something took: where other jobs share the cores the second is what counts."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:6.1f} s ({self.processor:.1f} s of processor time)"


def main(registers: Path | None) -> None:
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        write_tables(lake, school_of_tables(School(5000)))
        config = load_settings("params/sample.yml", lake=str(lake))
        spark, policy = session.spark(config), load_policy(config.policy_path)
        rows, features = timed(lambda: labelled_rows(spark, policy, config))
        model, fitting = timed(lambda: fit(rows.train, policy, ()))
        total = Seconds(features.wall + fitting.wall, features.processor + fitting.processor)
        print(f"5,000 students, two years: features and labels {features}, training {fitting}")
        print(f"  together {total} (target under {TARGET_TRAINING:.0f} s); {len(rows.train)} rows to train on")
        _, plain = timed(lambda: scikit_learn_alone(rows))
        print(f"  scikit-learn's own pipeline on the ready features, the same search: {plain}")
        trees, growing = timed(lambda: fit_tree_model(rows.train, policy, ()))
        print(f"  boosted trees, calibrated over {FOLDS} folds: {growing}")
        print_scoring(spark, model, trees)
    if registers:
        print_evaluation(registers)


def print_scoring(spark: SparkSession, model: RiskModel, trees: TreeModel) -> None:
    """Scores of the same drawn students by both models, and what the reasons of trees take."""
    students = students_to_score(spark)
    for name, scorer in (("SQL", Scorer(model, OWN_MODEL, True)), ("trees", Scorer(trees, PROVEN_TREES, True))):
        _, scoring = timed(lambda by=scorer: kept(spark, risk.with_score(students, by)))
        print(f"scoring {COUNT_SCORED:,} students by {name}: {scoring} (target under {TARGET_SCORING:.0f} s)")
    values = np.random.default_rng(1).normal(size=(COUNT_SCORED, len(FEATURE_NAMES)))
    _, in_memory = timed(lambda: model.log_odds(values))
    print(f"  the logistic sum by numpy on a ready matrix: {in_memory.wall:7.3f} s")
    class_of_all = np.tile(np.median(values, axis=0), (COUNT_EXPLAINED, 1))
    _, telling = timed(lambda: trees.contributions(values[:COUNT_EXPLAINED], class_of_all))
    print(f"  reasons of {COUNT_EXPLAINED:,} students by trees, no two alike: {telling}", flush=True)


def timed(make: Callable[[], Made]) -> tuple[Made, Seconds]:
    """What was made, and what it took."""
    begin, used = time.perf_counter(), time.process_time()
    made = make()
    return made, Seconds(time.perf_counter() - begin, time.process_time() - used)


def labelled_rows(spark: SparkSession, policy: Policy, config: Settings) -> TrainingRows:
    day = risk.fix_as_of_date(spark, config.as_of_date, config.today)
    terms = risk.finished_terms(spark.table("sessions"), day, policy.term_gap_days)
    keep = partial(kept, spark)
    history = risk.read_history(spark, policy, day, risk.list_periods(spark, policy, day), keep)
    task = Task(terms[:-1], terms[-1], "")
    return collect_rows(label_history(history, policy, keep), task)


def scikit_learn_alone(rows: TrainingRows) -> None:
    """Scale and fit for each penalty and fold as the champion does, without signs."""
    values, events = rows.train[list(FEATURE_NAMES)].to_numpy(), rows.train["has_event"].to_numpy()
    folds = np.arange(len(events)) % FOLDS
    for penalty in PENALTIES:
        for fold in range(FOLDS):
            pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=penalty))
            pipeline.fit(values[folds != fold], events[folds != fold])


def students_to_score(spark: SparkSession) -> DataFrame:
    """Students with drawn features, all of whom get a score."""
    rng = np.random.default_rng(1)
    columns = {name: rng.normal(size=COUNT_SCORED).tolist() for name in FEATURE_NAMES}
    frame = frame_from_columns(spark, columns, dict.fromkeys(columns, pa.float64()))
    return kept(spark, frame.selectExpr("*", "CAST(NULL AS STRING) AS abstained_because"))


def print_evaluation(registers: Path) -> None:
    """The table of ``risk evaluate`` on the real registers: trained on one year, judged on the next."""
    with tempfile.TemporaryDirectory() as folder:
        lake, command = f"{folder}/lake", [sys.executable, "-m", "student_track.cli"]
        sheets = [word for path in (registers, registers.with_name("roster.csv")) for word in ("--sheet", str(path))]
        only = [word for number in ("00", "01", "02") for word in ("--only", number)]
        subprocess.run([*command, "run", *sheets, "--lake", lake, *only], check=True, capture_output=True)
        years = ["--train", "AAA-2013J", "--test", "AAA-2014J"]
        subprocess.run([*command, "risk", "evaluate", *years, "--label", "new_dropoff", "--lake", lake], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
