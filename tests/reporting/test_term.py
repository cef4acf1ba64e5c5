"""The term of a cohort on its page, and the rules that are said there."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from bs4 import BeautifulSoup

from student_track.reporting import Term, TermSession, cohort_page, school_page
from tests.reporting.conftest import HELL

SESSIONS = [TermSession(f"s{day}", date(2026, 9 + day // 31, day % 31 or 31), HELL[0]) for day in (29, 30, 32)]
STATES = {"key0": ["absent", "unknown", "not_expected"], "key1": ["not_expected", "not_expected", "partial"]}
TERM = Term("Autumn", SESSIONS, True, STATES)


def test_sessions_stand_under_their_months_and_missing_ones_are_not_expected():
    assert TERM.months == [(date(2026, 9, 29), 2), (date(2026, 10, 1), 1)]
    assert TERM.states_of("key0") == ["absent", "unknown", "not_expected"]
    assert TERM.states_of("nobody") == ["not_expected"] * 3


def test_the_term_is_in_order_of_need_and_names_from_the_sheet_are_text(frame, roster):
    page = cohort_page(frame, "7A", roster, {}, None, TERM)
    table = BeautifulSoup(page, "html.parser").select_one("table.term")
    assert [row.th.get_text() for row in table.tbody.find_all("tr")] == HELL
    assert [cell["aria-label"] for cell in table.tbody.tr.find_all("td")][:2] == ["absent", "unknown"]
    assert "The latest 3 sessions of Autumn" in table.caption.get_text()
    assert "<script>" not in page


def test_a_cohort_with_rules_of_its_own_says_them_on_its_page_and_on_the_schools(frame, facts, roster):
    own = replace(frame.rules, tier_limits={"satisfactory": Fraction(0), "at_risk": Fraction(1, 8)})
    with_own = replace(frame, own_rules={"7A": own})
    said = "at risk from 12.5\N{NO-BREAK SPACE}%"
    assert said in school_page(with_own, facts)
    assert said in cohort_page(with_own, "7A", roster, {}, None)
    assert said not in cohort_page(with_own, "7B", roster, {}, None)


def test_where_tiers_are_the_cohorts_its_page_says_its_rules_alone(frame, roster):
    own = replace(frame.rules, tier_limits={"satisfactory": Fraction(0), "at_risk": Fraction(1, 8)})
    by_cohort = replace(
        frame,
        day=replace(frame.day, policy=frame.day.policy.model_copy(update={"tier_scope": "cohort"})),
        own_rules={"7A": own},
    )
    page = cohort_page(by_cohort, "7A", roster, {}, None)
    assert "at risk from 12.5" in page
    assert "at risk from 5" not in page


def test_the_change_since_a_week_before_names_who_is_new_and_who_needs_none_any_more(frame, roster):
    weekly = replace(frame, week_before=date(2026, 11, 13))
    before = [row | {"needs_attention_week_before": number == 1} for number, row in enumerate(roster)]
    text = " ".join(BeautifulSoup(cohort_page(weekly, "7A", before, {}, None), "html.parser").main.get_text().split())
    assert "1 did not a week before, on 13 Nov 2026." in text
    assert f"No longer, against a week before: {HELL[1]}." in text
