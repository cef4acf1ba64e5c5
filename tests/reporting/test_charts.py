"""Charts: static, safe whatever the labels hold, and drawn also where there is little to draw."""

import re
import signal
from datetime import date, timedelta
from xml.etree import ElementTree

import pandas as pd
import pytest

from student_track import reporting
from student_track.reporting.drawing import RENDERER

LOOKS = {tier: (look.name, look.colour) for tier, look in reporting.TIER_LOOKS.items()}


def weeks(*rates):
    days = [date(2026, 9, 7) + timedelta(weeks=number) for number in range(len(rates))]
    return pd.DataFrame({"first_day": days, "attendance_percent": rates})


def tiers_of(*cohorts):
    return pd.DataFrame([{"cohort": name, **dict.fromkeys(LOOKS, 5)} for name in cohorts], columns=["cohort", *LOOKS])


def svg_of_weeks(*rates):
    return reporting.as_svg(reporting.attendance_by_week(weeks(*rates)), "Attendance by week")


def parsed(svg: str) -> ElementTree.Element:
    """The root of the SVG; raises where it is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


@pytest.mark.parametrize("rates", [(), (100.0,), (96.0, 91.5), (96.0, None, 95.0), (None,)], ids=str)
def test_weeks_are_drawn_however_few_there_are(rates):
    assert parsed(svg_of_weeks(*rates)).tag.endswith("svg")


def test_a_chart_loads_nothing_and_runs_nothing():
    svg = svg_of_weeks(96.0, 91.5)
    assert not re.search(r"<script|<image|<foreignObject|href|url\(", svg)
    assert set(re.findall(r"https?://[^\"\s]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_chart_says_what_it_shows_to_a_screen_reader():
    svg = reporting.as_svg(reporting.attendance_by_week(weeks(96.0)), 'Weeks of <7A> & "8B"')
    root = parsed(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Weeks of <7A> & "8B"'


def test_a_cohort_in_a_chart_is_text():
    cohorts = tiers_of("<script>alert(1)</script>")
    assert "<script" not in reporting.as_svg(reporting.tiers_by_cohort(cohorts, LOOKS), "Tiers")


def test_tiers_of_no_cohort_are_drawn_empty():
    cohorts = tiers_of()
    assert parsed(reporting.as_svg(reporting.tiers_by_cohort(cohorts, LOOKS), "Tiers")) is not None


def test_a_chart_that_cannot_be_drawn_is_an_error_and_the_next_one_is_drawn():
    with pytest.raises(ValueError, match="Vega"):
        RENDERER.svg({"mark": "no such mark"}, {})
    assert parsed(svg_of_weeks(96.0)).tag.endswith("svg")


def test_where_the_renderer_has_ended_it_is_started_anew():
    svg = svg_of_weeks(96.0)
    RENDERER.stop()
    assert svg_of_weeks(96.0) == svg


def test_an_interrupt_of_the_run_is_none_of_the_renderer(capfd):
    svg = svg_of_weeks(96.0)
    process = RENDERER._process
    process.send_signal(signal.SIGINT)
    assert svg_of_weeks(96.0) == svg
    assert RENDERER._process is process
    assert "KeyboardInterrupt" not in capfd.readouterr().err


def test_no_two_tiers_share_a_name_a_sign_or_a_colour():
    looks = list(reporting.TIER_LOOKS.values())
    for of_look in (lambda look: look.name, lambda look: look.sign, lambda look: look.colour):
        assert len({of_look(look) for look in looks}) == len(looks)
