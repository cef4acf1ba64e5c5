"""What reviewing the pages found: each once wrong on a page."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from playwright.sync_api import sync_playwright

from student_track import reporting, session
from student_track.frames import frame_from_rows
from student_track.reporting import TIER_LOOKS, as_svg, attendance_by_week, cohort_page, school_page, tiers_by_cohort
from tests.reporting.chromium import ARGUMENTS, CHROMIUM, IN_CI

TYPES = {"session_date": pa.date32(), "school_year": pa.int32()} | {
    **dict.fromkeys(("missed_numerator", "missed_denominator"), pa.int64()),
    **dict.fromkeys(("is_cancelled", "counts_in_rate", "is_inside_enrolment_window"), pa.bool_()),
}
LOOKS = {tier: (look.name, look.colour) for tier, look in TIER_LOOKS.items()}
in_browser = pytest.mark.skipif(CHROMIUM is None and not IN_CI, reason="needs Debian's chromium; CI has it")


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1b", "\ufffe"], ids=repr)
def test_a_character_xml_cannot_hold_is_drawn_as_a_replacement(sign):
    cohorts = pd.DataFrame([{"cohort": f"7A{sign}", **dict.fromkeys(LOOKS, 5)}])
    svg = as_svg(tiers_by_cohort(cohorts, LOOKS), f"Tiers{sign}")
    assert "7A\ufffd" in svg
    assert sign not in svg


@pytest.mark.parametrize("nothing", [None, float("nan")], ids=str)
def test_a_percentage_that_is_not_there_is_a_dash(frame, facts, nothing):
    none = {"attendance_percent": nothing, "coverage_percent": nothing}
    weekday = {"weekday": 1, "attendance_percent": nothing, "absences": 0, "possible_days": 0}
    page = school_page(
        frame,
        replace(
            facts,
            school=facts.school | none,
            cohorts=[facts.cohorts[0] | none],
            weeks=facts.weeks.assign(**none),
            weekdays=[weekday],
        ),
    )
    assert not re.search(r"(?i)\b(none|nan) %|– %", page)


def test_weeks_without_a_rate_leave_a_gap(facts):
    assert "<svg" in as_svg(attendance_by_week(facts.weeks.assign(attendance_percent=[None, 94.0])), "Weeks")


def test_who_left_a_cohort_shows_the_state_in_that_cohort(frame, roster):
    left = {"status": "left", "tier": "severe_chronic", "missed_units": 12.0, "count_possible_units": 49}
    then = {"cohort_tier": "satisfactory", "cohort_missed_units": 1.0, "cohort_possible_units": 16}
    page = cohort_page(frame, "7A", [roster[0] | left | then], {}, None)
    assert "1 of 16" in page
    assert "12 of 49" not in page
    assert 'class="chip satisfactory"' in page


def test_tiers_withheld_are_said_where_the_answer_stands(frame, facts, roster):
    page = school_page(frame, replace(facts, school=facts.school | {"withheld": 31}))
    assert "the tier of 31 students" in page
    assert page.index("the tier of 31 students") < page.index("By cohort")
    assert "Withheld: the tier" not in school_page(frame, replace(facts, school=facts.school | {"withheld": 0}))
    withheld = [{**row, "tier": "withheld", "tier_change": "none", "next_tier": None} for row in roster[1:3]]
    assert "the tier of 2 others" in cohort_page(frame, "7A", [roster[0], *withheld], {}, None)


def test_a_name_cannot_turn_the_words_around_it(frame, roster):
    page = cohort_page(frame, "\u202e7A", [roster[0] | {"student_name": "\u202eAnn"}], {}, None)
    assert "<h1><bdi>\u202e7A</bdi>:" in page
    assert "<bdi>\u202eAnn</bdi>" in page


def test_a_page_that_cannot_be_written_leaves_no_half_of_it(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        reporting.write_site(tmp_path, {"index.html": "Ann \ud800"}.items())
    assert list(tmp_path.iterdir()) == []


def test_everybody_else_stands_in_order_of_attendance_whatever_the_streak(sample, sample_day):
    for rows in reporting.cohort_rosters(sample, sample_day).values():
        calm = [row["attendance_rate"] for row in rows if row["status"] != "left" and not row["needs_attention"]]
        assert calm == sorted(calm, key=lambda rate: (rate is None, rate))


def test_who_needs_attention_stands_in_order_of_streak_and_then_rate(sample, sample_day):
    for rows in reporting.cohort_rosters(sample, sample_day).values():
        listed = [row for row in rows if row["status"] != "left" and row["needs_attention"]]
        need = [(-row["count_streak_units"], row["attendance_rate"]) for row in listed]
        assert need == sorted(need)


@pytest.mark.parametrize(("period", "earliest"), [("school_year", 2026), ("cohort_life", 2025)])
def test_dates_missed_are_of_the_policys_period_and_never_of_a_cancelled_session(lake, view, policy, period, earliest):
    held = [date(2025, 9, 9), date(2026, 9, 7), date(2026, 9, 8)]
    of_day = [{"session_id": f"7A|{day}", "session_date": day, "school_year": day.year} for day in held]
    cohort = {"cohort_id": "7A", "period": ""}
    missed = {"student_key": "k", "missed_numerator": 1, "missed_denominator": 1}
    counted = {"counts_in_rate": True, "is_inside_enrolment_window": True}
    view("sessions", [one | cohort | {"is_cancelled": one["session_date"] == held[-1]} for one in of_day])
    view("attendance_records", [one | cohort | missed | counted for one in of_day])
    day = reporting.Day(held[-1], 2026, "1", policy.model_copy(update={"period": period}))
    found = reporting.absence_dates(lake, day, latest=6)
    assert found == {"k": [day for day in reversed(held[:-1]) if day.year >= earliest]}


@pytest.fixture
def view(lake):
    """Hide a table behind rows given by hand, until the test ends."""
    hidden = []

    def view(name, rows):
        frame = frame_from_rows(lake, list(rows[0]), [tuple(row.values()) for row in rows], TYPES)
        frame.createOrReplaceTempView(name)
        hidden.append(name)

    yield view
    for name in hidden:
        lake.catalog.dropTempView(name)


@pytest.fixture
def sample(sample_lake, config):
    return session.spark(config)


@pytest.fixture
def sample_day(sample, policy):
    return reporting.day_of(sample.table("student_metrics"), None, policy)


@pytest.fixture(scope="module")
def paper():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 718, "height": 1000})  # A4 with Chromium's margins, at 96 dpi
        page.emulate_media(media="print")
        yield page
        browser.close()


@in_browser
@pytest.mark.browser
def test_a_printed_page_cuts_no_column_off_and_shows_the_table_behind_the_chart(paper, sample_run):
    site = sample_run / "reports" / "site" / "school"
    for path in (site / "index.html", *sorted(site.glob("cohort-*.html"))[:2]):
        paper.goto(path.as_uri())
        assert paper.evaluate("document.documentElement.scrollWidth") <= 718, path.name
    paper.goto((site / "index.html").as_uri())
    assert paper.locator("details table").is_visible()


@in_browser
@pytest.mark.browser
def test_a_phone_shows_how_many_need_attention_without_scrolling_a_table(paper, sample_run):
    page = paper.context.browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((sample_run / "reports" / "site" / "school" / "index.html").as_uri())
    box = page.locator("table").first.locator("tbody tr").first.locator("td strong").bounding_box()
    assert box["x"] + box["width"] <= 390
    page.close()
