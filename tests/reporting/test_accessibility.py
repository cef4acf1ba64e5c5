"""The pages for everybody: axe-core finds nothing, the keyboard reaches everything, the print cuts nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from student_track.lake_key import SAMPLE_KEY
from student_track.page_names import student_file
from student_track.privacy import student_key
from student_track.reporting import INDEX, OPERATIONS, cohort_file
from tests.reporting.chromium import BROWSER_MARKS

pytestmark = BROWSER_MARKS

STUDENT = student_file(student_key(SAMPLE_KEY, "000181"))
"""Has every section of a student's page: actions, their before and after, a score with reasons."""
KINDS = [INDEX, OPERATIONS, "fix_it.html", STUDENT, cohort_file("Oak")]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PRINTABLE_WIDTH = 718
"""A4 less the margins of the pages' style (190 mm), in CSS pixels."""
CUT = """width => [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && !element.closest('.hidden') && (box.right > width + 1 || box.left < -1
        || ['auto', 'scroll'].includes(getComputedStyle(element).overflowX));
}).map(element => element.outerHTML.slice(0, 120))"""
SPLIT = """() => [...document.querySelectorAll('tr, li, svg')].filter(
    element => getComputedStyle(element).breakInside !== 'avoid' && !element.closest('svg svg')).length"""
WANTED = """() => [...document.querySelectorAll('a[href], summary, .wide')]
    .filter(element => element.checkVisibility()).length"""
REACHED = """() => { const found = document.activeElement;
    if (found === document.body || found.dataset.reached) return null;
    found.dataset.reached = 'yes'; return found.tagName; }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("file", [*KINDS[:-1], cohort_file("Chess club")])  # the smallest: axe looks at every cell
def test_axe_finds_no_violation(site, opened, file, scheme):
    page, _ = opened(site / file, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    result = Axe().run(page, options=RULES)
    found = [(one["id"], one["nodes"][0]["html"][:200]) for one in result.response["violations"]]
    assert found == []


@pytest.mark.parametrize("file", KINDS)
def test_the_keyboard_reaches_every_link_and_every_region_that_scrolls(site, opened, file):
    page, _ = opened(site / file, viewport={"width": 390, "height": 800})
    count = 0
    while True:
        page.keyboard.press("Tab")
        if page.evaluate(REACHED) is None:
            break
        count += 1
    assert count == page.evaluate(WANTED) > 2


@pytest.mark.parametrize("file", KINDS)
def test_the_print_cuts_no_table_and_splits_no_row(site, opened, file):
    page, _ = opened(site / file, viewport={"width": PRINTABLE_WIDTH, "height": 1047})
    page.emulate_media(media="print")
    assert page.evaluate(CUT, PRINTABLE_WIDTH) == []
    assert page.evaluate(SPLIT) == 0
    assert page.evaluate("matchMedia('print').matches && document.querySelectorAll('tr').length") > 5


@pytest.mark.parametrize("file", KINDS)
def test_the_print_is_dark_on_white_also_for_readers_of_dark_screens(site, opened, file):
    page, _ = opened(site / file, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--soft')") == "#4b5563"


def test_a_state_of_the_term_is_told_by_a_sign_and_a_word_beside_its_colour(site, opened):
    page, _ = opened(site / cohort_file("Oak"))
    cells = page.eval_on_selector_all(
        ".term tbody td", "cells => cells.map(cell => [cell.className, cell.textContent.trim(), cell.ariaLabel])"
    )
    looks = {tuple(cell) for cell in cells}
    assert {"present", "absent", "partial", "unknown"} <= {state for state, _, _ in looks}
    for place in range(3):
        assert len({look[place] for look in looks}) == len(looks)


def test_no_page_of_the_sample_school_is_heavy(site):
    assert max(path.stat().st_size for path in site.glob("*.html")) < 150_000
