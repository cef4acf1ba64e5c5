"""Sessions: taken, cancelled, planned; terms and school years from the calendar or from the gaps."""

from datetime import date

import pytest

from student_track import clean
from tests.clean.conftest import SECRET

RULE = clean.YearRule("08-01", 14)
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
HEAD = ["Type", "Name", "From", "To", "Weekdays", "Periods", "Cohort"]


@pytest.fixture
def sessions(made, reading, policy):
    def build(**tabs):
        read = reading(**tabs)
        judged = clean.judge_marks(clean.marks_frame(made, read, policy, SECRET), None)
        marked = clean.registers_marked(judged, clean.code_frame(made, policy))
        frame = clean.sessions_frame(made, read, clean.calendar_of(read, RULE), marked, clean.scope_cohorts(read))
        return {row.session_id: row for row in frame.collect()}

    return build


def test_a_session_is_taken_by_any_mark_also_by_one_that_is_not_understood(sessions):
    found = sessions(**{"7A": [["Id", MONDAY, TUESDAY], ["1", "?", None]]})
    assert {name: row.is_taken for name, row in found.items()} == {"7A|2026-09-07": True, "7A|2026-09-08": False}


def test_a_session_is_cancelled_by_the_sheet_when_every_mark_says_so(sessions):
    found = sessions(**{"7A": [["Id", MONDAY, TUESDAY], ["1", "closed", "closed"], ["2", "closed", "P"]]})
    assert (found["7A|2026-09-07"].is_cancelled, found["7A|2026-09-07"].is_taken) == (True, False)
    assert (found["7A|2026-09-08"].is_cancelled, found["7A|2026-09-08"].is_taken) == (False, True)


def test_a_holiday_cancels_for_all_or_for_one_cohort(sessions):
    tab = [["Id", MONDAY, TUESDAY], ["1", "P", "P"]]
    calendar = [HEAD, ["holiday", "", MONDAY], ["cancelled", "trip", TUESDAY, None, None, None, "7B"]]
    found = sessions(**{"7A": tab, "7B": tab, "Calendar": calendar})
    assert [name for name, row in found.items() if row.is_cancelled] == [
        "7A|2026-09-07",
        "7B|2026-09-07",
        "7B|2026-09-08",
    ]


def test_school_days_plan_what_the_sheet_does_not_have_yet(sessions):
    calendar = [HEAD, ["school days", "", MONDAY, date(2026, 9, 13), "Mon Tue Wed"], ["holiday", "", date(2026, 9, 9)]]
    found = sessions(**{"7A": [["Id", MONDAY], ["1", "P"]], "Calendar": calendar})
    assert {name: (row.is_in_sheet, row.is_in_calendar) for name, row in found.items()} == {
        "7A|2026-09-07": (True, True),
        "7A|2026-09-08": (False, True),
    }


def test_a_cohort_with_school_days_of_its_own_has_those_alone(sessions):
    tab = [["Id", MONDAY], ["1", "P"]]
    calendar = [
        HEAD,
        ["school days", "", MONDAY, TUESDAY, "Mon Tue"],
        ["school days", "", MONDAY, date(2026, 9, 11), "Thu", None, "Club"],
    ]
    found = sessions(**{"7A": tab, "Club": tab, "Calendar": calendar})
    planned = [name for name, row in found.items() if row.is_in_calendar]
    assert planned == ["7A|2026-09-07", "7A|2026-09-08", "Club|2026-09-10"]


def test_school_days_of_a_year_do_not_plan_for_cohorts_of_another(sessions):
    calendar = [HEAD, ["school days", "", MONDAY, TUESDAY]]
    found = sessions(**{"Last": [["Id", date(2026, 3, 2)], ["1", "P"]], "Calendar": calendar})
    assert list(found) == ["Last|2026-03-02"]


def test_fourteen_days_without_a_session_end_a_term_and_thirteen_do_not(sessions):
    days = [date(2026, 9, 1), date(2026, 9, 15), date(2026, 9, 30)]  # 13 days between, then 14
    found = sessions(**{"7A": [["Id", *days], ["1", "P", "P", "P"]]})
    assert [row.term for row in found.values()] == ["1", "1", "2"]


def test_terms_start_anew_with_the_school_year(sessions):
    days = [date(2026, 7, 31), date(2026, 8, 1)]
    found = sessions(**{"7A": [["Id", *days], ["1", "P", "P"]]})
    assert [(row.school_year, row.term) for row in found.values()] == [(2025, "1"), (2026, "1")]


def test_the_calendar_names_terms_and_school_years(sessions):
    calendar = [
        HEAD,
        ["school year", "26/27", date(2026, 7, 20), date(2027, 7, 10)],
        ["term", "Autumn", date(2026, 7, 20), date(2026, 12, 18)],
    ]
    found = sessions(**{"7A": [["Id", date(2026, 7, 21)], ["1", "P"]], "Calendar": calendar})
    assert [(row.school_year, row.term) for row in found.values()] == [(2026, "Autumn")]


def test_periods_make_sessions_of_their_own(sessions):
    rows = [["Class", "Id", "Date", "Period", "Mark"], ["7A", "1", MONDAY, "AM", "P"], ["7A", "1", MONDAY, "PM", "A"]]
    assert list(sessions(log=rows)) == ["7A|2026-09-07|AM", "7A|2026-09-07|PM"]
