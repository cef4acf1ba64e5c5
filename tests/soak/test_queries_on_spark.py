"""Every named query gives the same answer on both engines, over the sample school's lake after one run."""

import json
import os
import subprocess
import sys

import pytest

from student_track import queries
from tests.lakes import ROOT

pytestmark = pytest.mark.soak

ASK_ALL = """
import json, sys
from student_track import queries, session
from student_track.policy import load_policy
from student_track.settings import load_settings

config = load_settings("params/sample.yml", engine=sys.argv[1])
spark = session.spark(config)
day = spark.table("student_metrics").select("as_of_date", "school_year").first()
values = queries.values_of(load_policy(config.policy_path), day.as_of_date, day.school_year)
answers = {name: queries.ask(spark, name, **values).toArrow().to_pylist() for name in queries.query_names()}
print(json.dumps(answers, default=str))
"""


def answers_on(engine, lake):
    command = [sys.executable, "-c", ASK_ALL, engine]
    places = {"STUDENT_TRACK_LAKE": str(lake)}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | places, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.timeout(900)
def test_every_answer_is_the_same_on_both_engines(sample_lake):
    embedded, spark = (answers_on(engine, sample_lake) for engine in ("embedded", "spark"))
    assert set(embedded) == set(queries.query_names())
    for name, answer in embedded.items():
        assert answer == spark[name], name
    empty = {name for name, answer in embedded.items() if not answer}
    assert empty <= {"outside_enrolment"}, "a question without an answer compares nothing"
