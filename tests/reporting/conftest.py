"""Facts made by hand: a school of two cohorts, with names from hell where names come from the sheet."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

from student_track.policy import load_policy
from student_track.reporting import Day, Frame, Rules, SchoolFacts
from student_track.resources import resource
from tests.reporting.chromium import ARGUMENTS, CHROMIUM

AS_OF = date(2026, 11, 20)
HELL = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "\u202eevil\u202c",
    "O'Brien & <b>Sons</b>",
    "x" * 500,
    "👩‍👩‍👧‍👦",
]
TIERS = dict.fromkeys(("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld"), 5)


@pytest.fixture(scope="session")
def policy():
    return load_policy(resource("params/policy.yml"))


@pytest.fixture
def frame(policy):
    limits = {"satisfactory": 0, "at_risk": 5, "moderate_chronic": 10, "severe_chronic": 20}
    rules = Rules("day", {tier: Fraction(percent, 100) for tier, percent in limits.items()}, 10, Fraction(1, 10))
    return Frame("Hill <School>", Day(AS_OF, 2026, "2026.1", policy), date(2026, 9, 2), AS_OF, rules)


@pytest.fixture
def facts():
    numbers = {"students": 30, "needs_attention": 4, "new_that_day": 1, "since": date(2026, 9, 30)}
    rates = {"attendance_percent": 94.2, "coverage_percent": 99.0}
    school = {**numbers, **rates, **TIERS, "excused": 9, "unexcused": 8, "tardies": 7, "is_suppressed": False}
    return SchoolFacts(
        school={**school, "from_date": date(2026, 9, 2)},
        cohorts=[{"cohort": name, "owner": None, **numbers, **rates, **TIERS} for name in ("7A", HELL[0])],
        hidden_cohorts=[],
        weeks=pd.DataFrame(
            {"week": ["2026-W46", "2026-W47"], "first_day": [date(2026, 11, 9), date(2026, 11, 16)], **rates}
        ),
        weekdays=[{"weekday": 1, "attendance_percent": 94.0, "absences": 3, "possible_days": 50}],
        excused=[{"cohort": "7A", "excused": 4, "unexcused": 5, "tardies": 6}],
        registers=[{"date": AS_OF, "cohort": "7A", "teacher": HELL[3]}],
        cells=[{"tab": HELL[3], "cell": "D7", "what_to_do": "write a mark", "marks_kept_out": 1}],
        held=[],
    )


@pytest.fixture
def roster():
    """One student per name from hell; the first needs attention."""
    shared = {
        "status": "enrolled",
        "tier": "moderate_chronic",
        "previous_tier": "at_risk",
        "tier_change": "worse",
        "tier_since_date": AS_OF,
        "needs_attention_since_date": AS_OF,
        "count_streak_units": 3,
        "is_streak_open": True,
        "missed_units": 5.5,
        "count_possible_units": 50,
        "attendance_rate": 0.89,
        "count_excused_sessions": 2,
        "count_unexcused_sessions": 4,
        "count_tardy_sessions": 1,
        "next_tier": "severe_chronic",
        "count_absences_to_next_tier": 6,
        "count_absences_left_in_year": None,
        "last_expected_date": None,
        "missing_rungs": "",
        "missing_rung_due_date": None,
        "last_action": None,
        "last_action_date": None,
        "band": None,
        "risk_reasons": None,
        "abstained_because": None,
        "ladder_level": None,
    }
    return [
        {
            **shared,
            "student_key": f"key{number}",
            "student_id": f"id{number}",
            "student_name": name,
            "needs_attention": number == 0,
            "attention_reasons": "tier,streak" if number == 0 else "",
        }
        for number, name in enumerate(HELL)
    ]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(sample_run):
    return sample_run / "reports" / "site" / "school"


@pytest.fixture
def opened(browser):
    """Open a page from disk with the network off; return it with the requests it tried."""
    contexts = []

    def open_page(path, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page, tried = context.new_page(), []
        page.on("request", lambda request: tried.append(request.url))
        page.goto(path.as_uri())
        return page, [url for url in tried if url != path.as_uri()]

    yield open_page
    for context in contexts:
        context.close()
