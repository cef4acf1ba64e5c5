"""Sentences of the tables in another language: every one that is written there has a form, and keeps its numbers."""

from datetime import date
from gettext import NullTranslations

import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from student_track.frames import frame_from_arrow
from student_track.policy import load_policy
from student_track.reporting.told import told
from student_track.resources import resource
from student_track.risk.reasons import _texts
from student_track.risk.scoring import with_abstention
from student_track.sheets import dates
from tests.reporting.test_words import Bracketed

NUMBERS = {
    **{"count_streak_units": 0, "count_longest_streak": 4, "count_absences_10": 3, "count_possible": 12},
    **{"class_absences_10": 9, "count_class": 12, "rate_all": 0.75, "median_rate_all": 0.9, "count_attended_less": 0},
    **{"count_first_absences": 1, "count_tardy_sessions": 2, "count_known_sessions": 24},
}
ENOUGH = {
    **{"goes_on": True, "count_possible": 40, "count_weeks": 9, "last_present_date": date(2026, 11, 2)},
    **{"is_in_risk_set": True, "count_class": 30, "count_streak_units": 11},
}


class Backwards(NullTranslations):
    """A language that says the same in another order."""

    def gettext(self, message):
        turned = "von %(units)s Tagen %(absences)s gefehlt, Klasse %(average)s"
        return turned if message.startswith("absent %(absences)s of the last") else message


@pytest.fixture(scope="module")
def bracketed():
    return Bracketed()


def is_known(sentence, language):
    return told(sentence, "de", language).startswith("⟦")


def test_numbers_keep_their_places_and_are_written_as_in_the_language():
    sentence = "absent 3 of the last 10 days; class average 0.8"
    assert told(sentence, "de", Backwards()) == "von 10 Tagen 3 gefehlt, Klasse 0,8"
    assert told(sentence, "en", NullTranslations()) == sentence


def test_a_text_of_the_sheet_stays_as_it_is():
    sentence = "tab <b>%(x)s 7 %: 20 of 90 marks (22 %) are in quarantine"
    assert told(sentence, "de", NullTranslations()) == sentence
    assert told("absent 3 of <b> days", "de", Backwards()) == "absent 3 of <b> days"
    assert told("", "de", NullTranslations()) == ""


@pytest.mark.parametrize("unit", ["day", "session"])
@pytest.mark.parametrize("streak", [0, 1, 5])
def test_every_reason_of_a_score_has_a_form(spark, bracketed, unit, streak):
    rows = [NUMBERS | {"count_streak_units": streak, "count_attended_less": fewer} for fewer in (0, 2)]
    texts = [F.expr(text).alias(family) for family, text in _texts(unit).items()]
    for row in frame_from_arrow(spark, pa.Table.from_pylist(rows)).select(*texts).toArrow().to_pylist():
        assert all(row.values())
        assert [sentence for sentence in row.values() if not is_known(sentence, bracketed)] == []


@pytest.mark.parametrize("unit", ["day", "session"])
def test_every_reason_of_no_score_has_a_form(spark, bracketed, unit):
    lacking = {"goes_on": False, "count_possible": 1, "count_weeks": 0, "last_present_date": None}
    lacking |= {"is_in_risk_set": False, "count_class": 1}
    students = frame_from_arrow(spark, pa.Table.from_pylist([ENOUGH | {name: lacking[name]} for name in lacking]))
    rule = load_policy(resource("params/policy.yml")).dropout_risk
    found = [row.abstained_because for row in with_abstention(students, rule, unit).collect()]
    assert len(set(found)) == len(lacking)
    assert [sentence for sentence in found if not is_known(sentence, bracketed)] == []


def test_every_advice_on_a_date_and_on_what_the_sample_has_to_mend_is_in_the_catalogue(bracketed, sample_lake, lake):
    advice = [getattr(dates, name) for name in ("BAD", "AMBIGUOUS", "NO_YEAR", "UNKNOWN_MONTH", "CONTRADICTION")]
    advice += [row.what_to_do for row in lake.table("quarantine").select("what_to_do").distinct().collect()]
    assert [sentence for sentence in advice if not is_known(sentence, bracketed)] == []
