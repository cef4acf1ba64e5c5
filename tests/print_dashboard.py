"""Print the sample school's page as docs/dashboard_preview.pdf, as `make docs` does: it needs `make run` before."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from student_track.settings import load_settings

TARGET = Path(__file__).parent.parent / "docs" / "dashboard_preview.pdf"
LARGEST = 300_000


def main() -> None:
    """Write the preview; end with a message where the page is not there or the file would be too large."""
    page_file = load_settings("params/sample.yml").site_folder / "index.html"
    if not page_file.exists():
        sys.exit(f"{page_file}: there is no page yet. `make run` makes it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(page_file.as_uri())
        # links to the other pages would carry the path of this machine into the file
        page.evaluate("document.querySelectorAll('a[href]').forEach(link => link.removeAttribute('href'))")
        printed = page.pdf(format="A4", print_background=True)
        browser.close()
    if len(printed) > LARGEST:
        sys.exit(f"The preview would be {len(printed)} bytes, more than {LARGEST}.")
    TARGET.write_bytes(printed)


if __name__ == "__main__":
    main()
