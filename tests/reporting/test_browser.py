"""The sample school's pages in a real browser: offline, from disk, no request tried, nothing cut off."""

import pytest

from student_track.schemas import TABLES
from tests.lakes import ROOT, rows
from tests.reporting.chromium import BROWSER_MARKS
from tests.take_pictures import take

pytestmark = BROWSER_MARKS


def test_every_page_opens_offline_and_tries_no_request(site, opened):
    pages = sorted(site.glob("*.html"))
    of_students = [path for path in pages if path.name.startswith("student-")]
    assert (len(pages) - len(of_students), len(of_students)) == (15, 361)
    for path in [*(path for path in pages if path not in of_students), *of_students[::30]]:
        page, tried = opened(path)
        assert tried == []
        assert page.locator("h1").is_visible()
        policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        assert policy.startswith("default-src 'none';")


def test_the_answer_is_on_the_first_screen_of_a_laptop(site, opened):
    page, _ = opened(site / "index.html", viewport={"width": 1280, "height": 800})
    assert page.locator("text=enrolled students need attention").bounding_box()["y"] < 800
    assert page.locator("th:has-text('Longest since')").bounding_box()["y"] < 800


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_scrolls_sideways(site, opened, width):
    for path in sorted(site.glob("*.html"))[:3]:
        page, _ = opened(path, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_cohort_is_one_click_away_and_the_way_back_too(site, opened):
    page, _ = opened(site / "index.html")
    page.click("a:has-text('Oak')")
    assert "Oak: who needs attention" in page.locator("h1").inner_text()
    page.click("text=The whole school")
    assert page.locator("h1").inner_text() == "Who needs attention, and since when"


def test_the_numbers_on_the_page_are_those_of_the_tables(site, opened, sample_run):
    page, _ = opened(site / "index.html")
    names = TABLES["student_metrics"].column_names
    students = [dict(zip(names, row, strict=True)) for row in rows(sample_run / "lake" / "school", "student_metrics")]
    enrolled = [row for row in students if row["scope"] == "school" and row["status"] == "enrolled"]
    shown = page.locator(".figures li").nth(0).inner_text().split()
    assert shown[:4] == [str(sum(row["needs_attention"] for row in enrolled)), "of", str(len(enrolled)), "enrolled"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(site, opened, scheme):
    """WCAG 2.1 AA: at least 4.5 to 1 for every tier and for soft text."""
    page, _ = opened(site / "index.html", color_scheme=scheme)
    ratios = page.evaluate(
        """() => {
        const channels = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
        const linear = value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        const weights = [0.2126, 0.7152, 0.0722];
        const light = rgb => rgb.reduce((sum, value, place) => sum + linear(value / 255) * weights[place], 0);
        const ground = light(channels(getComputedStyle(document.body).backgroundColor));
        return [...document.querySelectorAll('.chip, .note, .period, td, th, a, caption')].map(element => {
            const ink = light(channels(getComputedStyle(element).color));
            return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        });
    }"""
    )
    assert len(ratios) > 100
    assert min(ratios) >= 4.5


def test_the_pictures_of_the_documents_can_be_made_anew_and_are_small(browser, site, tmp_path):
    take(browser, site, tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    kept = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert {path.name for path in kept} == made
    assert max(path.stat().st_size for path in kept) <= 150_000
