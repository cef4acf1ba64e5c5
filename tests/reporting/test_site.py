"""Pages: the answer stands first, names only where they may, the sheet's text is text, files are the owner's."""

import re
import stat
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup

from student_track.errors import CheckFailedError
from student_track.reporting import (
    INDEX,
    Rules,
    cohort_file,
    cohort_page,
    school_page,
    should_name_nobody,
    write_site,
)
from tests.reporting.conftest import HELL


class Elements(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def cohort(frame, roster):
    return cohort_page(frame, "7A", roster, {"key0": [date(2026, 11, 19), date(2026, 11, 2)]}, None)


@pytest.fixture
def school(frame, facts):
    return school_page(frame, facts)


def test_the_school_page_answers_first(school):
    text = " ".join(Elements(school).text.split())
    assert "4of 30 enrolled students need attention" in text.replace("4 of", "4of")
    assert text.index("need attention") < text.index("Tiers by cohort")
    assert "As of Friday 20 November 2026" in text
    assert "30 Sep 2026" in text


@pytest.mark.parametrize(("language", "words"), [("en", "students needs attention"), ("de", "braucht Aufmerksamkeit")])
def test_one_who_needs_attention_is_said_in_the_singular(frame, facts, language, words):
    one = replace(facts, school=facts.school | {"needs_attention": 1})
    old = replace(frame, language=language, today=frame.today + timedelta(days=4))
    text = " ".join(BeautifulSoup(school_page(old, one), "html.parser").get_text(" ").split())
    assert words in text
    assert {"en": "4 days old", "de": "4 Tage alt"}[language] in text


def test_the_cohort_page_says_who_and_since_when(cohort):
    text = " ".join(Elements(cohort).text.split())
    assert "1 of 6 students needs attention" in text
    assert "since 20 Nov 2026 (tier, streak)" in text
    assert "19 Nov, 2 Nov" in text
    assert "3+" in text
    assert "5.5 of 50" in text
    assert "6 more: severe chronic" in text


@pytest.mark.parametrize("page", ["school", "cohort"])
def test_no_page_loads_or_runs_anything(page, request):
    elements = Elements(request.getfixturevalue(page))
    assert not {"script", "iframe", "img", "link", "object", "form"} & set(elements.tags)
    values = [value or "" for name, value in elements.attributes if name in ("href", "src", "action", "xlink:href")]
    assert not any(re.match(r"[a-z]+:|//", value) for value in values)
    assert not any(name.startswith("on") for name, _ in elements.attributes)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:") in elements.attributes


def test_names_from_the_sheet_are_text(cohort):
    elements = Elements(cohort)
    for name in HELL:
        assert name in elements.text
    assert "<script>" not in cohort
    assert "<b>Sons" not in cohort


def test_the_school_page_names_nobody_and_a_namesake_of_the_staff_is_no_leak(school, roster, facts):
    should_name_nobody({INDEX: school}, {"7A": roster}, facts)


@pytest.mark.parametrize("leak", ["key3", "Ann d&#39;Arc &amp; Co"])
def test_a_school_page_that_names_a_student_is_refused(school, roster, facts, leak):
    roster = [*roster, {**roster[0], "student_key": "key9", "student_name": "Ann d'Arc & Co"}]
    with pytest.raises(CheckFailedError, match="1 students could be told"):
        should_name_nobody({INDEX: school.replace("<h1>", f"<h1>{leak} ")}, {"7A": roster}, facts)


def test_old_data_is_said(frame, facts):
    assert "The data is old" not in school_page(frame, facts)
    assert "The data is old" in school_page(replace(frame, today=date(2026, 11, 24)), facts)


def test_a_held_cohort_is_said_on_both_pages(frame, facts, roster):
    held = "20 of 90 records would be lost at once"
    facts = replace(facts, held=[{"cohort_id": "7A", "held_reason": held}])
    assert held in school_page(frame, facts)
    assert held in cohort_page(frame, "7A", roster, {}, held)


def test_the_page_states_the_limits_of_the_policy_in_force(frame, facts):
    limits = {"satisfactory": Fraction(0), "at_risk": Fraction(3, 40), "severe_chronic": Fraction(1, 4)}
    rules = Rules("session", limits, 8, Fraction(1, 10))
    text = " ".join(Elements(school_page(replace(frame, rules=rules), facts)).text.split())
    assert (
        "possible sessions missed: at risk from 7.5 %, severe chronic from 25 %; exactly a limit is the worse tier"
        in text
    )
    assert "no tier before 8 possible sessions" in text
    assert "from 5 %" not in text


def test_a_small_school_shows_no_numbers_without_names(frame, facts):
    small = replace(facts, school={**facts.school, "is_suppressed": True}, cohorts=[], hidden_cohorts=["7A"])
    page = school_page(frame, small)
    assert "too few students" in page
    assert "enrolled students need attention" not in page
    assert cohort_file("7A") in page


def test_a_school_without_a_week_to_show_has_a_page(frame, facts):
    assert "Attendance by week" in school_page(frame, replace(facts, weeks=facts.weeks.iloc[:0]))


@pytest.mark.parametrize("name", ["../../etc/passwd", "7A/7B", "<b>", "", "出席", "CON", "a" * 400, "7a"])
def test_a_cohorts_file_name_is_safe_and_its_own(name):
    assert re.fullmatch(r"cohort-[a-z0-9-]{1,60}\.html", cohort_file(name))
    assert cohort_file(name) != cohort_file("7A")


def test_files_are_the_owners_alone_and_pages_that_are_no_more_go(tmp_path):
    folder = tmp_path / "site"
    write_site(folder, {INDEX: "one", "cohort-a.html": "a"}.items())
    write_site(folder, {INDEX: "two"}.items())
    assert [path.name for path in folder.iterdir()] == [INDEX]
    assert (folder / INDEX).read_text() == "two"
    assert stat.S_IMODE((folder / INDEX).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_cohorts_page_says_the_risk_beside_the_tier_and_from_which_model(frame, roster):
    high = roster[0] | {"band": "high", "risk_reasons": ["absent <3> of 10", "more"], "ladder_level": 2}
    silent = roster[1] | {"abstained_because": "fewer than 3 possible days", "ladder_level": 0}
    text = " ".join(Elements(cohort_page(frame, "7A", [high, silent], {}, None)).text.split())
    assert "highabsent <3> of 10" in text
    assert "none: fewer than 3 possible days" in text
    assert "the share of the class, 10 %, that the school's own proven model puts first" in text
    unproven = " ".join(Elements(cohort_page(frame, "7A", [high | {"ladder_level": 1}], {}, None)).text.split())
    assert "an order by published weights, not yet proven here, puts first" in unproven


def test_a_cohorts_page_says_nothing_of_risk_where_nothing_was_scored(frame, roster):
    assert "second opinion" not in cohort_page(frame, "7A", roster, {}, None)


def test_a_cohorts_page_shows_what_was_done_and_what_is_due(frame, roster):
    done = {"last_action": "call <b>", "last_action_date": date(2026, 11, 12)}
    due = {"missing_rungs": "call,letter", "missing_rung_due_date": date(2026, 11, 3)}
    text = " ".join(Elements(cohort_page(frame, "7A", [roster[0] | done | due], {}, None)).text.split())
    assert "call <b> on 12 Novdue since 3 Nov: call, letter" in text
