"""Pictures of the sample school's pages for the documents, at phone, laptop and print width: ``make pictures``.

They show made-up students only. Needs Debian's chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from student_track.lake_key import SAMPLE_KEY
from student_track.page_names import INDEX, cohort_file, student_file
from student_track.privacy import student_key

STUDENT = "000181"  # one for whom an action was taken
PAGES = {"school": INDEX, "cohort": cohort_file("Oak"), "student": student_file(student_key(SAMPLE_KEY, STUDENT))}
VIEWS = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "laptop": {"viewport": {"width": 1280, "height": 700}},
    "print": {"viewport": {"width": 718, "height": 1047}, "device_scale_factor": 0.8},
}
"""The first screen; on paper the first sheet: A4 less the margins of the pages' own style, in CSS pixels."""


def main(site: Path, folder: Path) -> None:
    """Take the pictures of the pages in one folder into another."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser, site, folder)
        browser.close()


def take(browser: Browser, site: Path, folder: Path) -> None:
    """Write one picture for each page and view, and one of a cohort's term."""
    folder.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        for name, file in PAGES.items():
            _picture(browser, site / file, view, folder / f"{name}-{view}.png")
    _picture(browser, site / PAGES["cohort"], "laptop", folder / "term.png", only=".wide:has(.term)")


def _picture(browser: Browser, source: Path, view: str, target: Path, only: str | None = None) -> None:
    context = browser.new_context(offline=True, **VIEWS[view])
    page = context.new_page()
    page.emulate_media(media="print" if view == "print" else "screen")
    page.goto(source.resolve().as_uri())
    (page.locator(only) if only else page).screenshot(path=target)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
