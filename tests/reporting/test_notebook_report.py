"""Executed notebooks as pages: they open without a request, show their tables, and run nothing that stands in them."""

import json
import shutil

import nbformat
import pytest

from student_track.notebook_report import report_page
from tests.reporting.chromium import BROWSER_MARKS

pytestmark = BROWSER_MARKS
MANIFEST = {
    "run_id": "20261120T060000000000Z",
    "school": "school",
    "as_of_date": "2026-11-20",
    "policy_version": "2026.1",
    "code_version": "0.1.0",
    "notebooks": [{"notebook": "03_keymetrics_gold", "outcome": "done"}],
}
HOSTILE = '<script>document.title="run"</script><img src=x onerror="document.title=\'run\'"><b onclick="x()">bold</b>'


@pytest.fixture
def run(sample_run, own_lake, tmp_path):
    """The sample school's run, in this test's own reports folder."""
    source = sample_run / "reports" / "runs"
    shutil.copytree(source, tmp_path / "reports" / "runs")
    (folder,) = (tmp_path / "reports" / "runs" / "school").glob("????-??-??/*")
    return folder


def test_each_executed_notebook_gets_a_page_of_its_owner_alone(run, student_track):
    code, told, _ = student_track("notebook-report")
    pages = sorted(run.glob("*.html"))
    assert code == 0
    assert f"{len(pages)} pages in {run}" in told
    assert [page.stem for page in pages] == sorted(path.stem for path in run.glob("*.ipynb"))
    assert {page.stat().st_mode & 0o777 for page in pages} == {0o600}


def test_an_unknown_run_is_refused_with_those_there_are(run, student_track):
    code, _, complaint = student_track("notebook-report", "20200101")
    assert code == 2
    assert run.name in complaint


def hostile_notebook():
    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [
        nbformat.v4.new_output("display_data", {kind: HOSTILE}) for kind in ("text/html", "text/markdown", "text/plain")
    ]
    cell.outputs += [
        nbformat.v4.new_output("display_data", {"application/javascript": "document.title='run'", "text/plain": "js"}),
        nbformat.v4.new_output(
            "display_data", {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{HOSTILE}</svg>'}
        ),
        nbformat.v4.new_output("stream", name="stdout", text=HOSTILE),
        nbformat.v4.new_output("error", ename="E", evalue=HOSTILE, traceback=[HOSTILE]),
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# Title\n\n{HOSTILE}"), cell])


def test_the_page_of_an_executed_notebook_asks_for_nothing_and_shows_its_tables(sample_run, opened, tmp_path):
    (folder,) = (sample_run / "reports" / "runs" / "school").glob("????-??-??/*")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    notebook = nbformat.read(folder / "attendance_dashboard.ipynb", 4)
    path = tmp_path / "attendance_dashboard.html"
    path.write_text(report_page(notebook, path.stem, manifest), encoding="utf-8")
    page, tried = opened(path)
    assert [url for url in tried if not url.startswith("data:")] == []
    assert page.locator("h1").inner_text() == "Attendance dashboard"
    assert page.locator("dd", has_text=manifest["run_id"]).count() == 1
    assert page.locator("table thead th", has_text="cohort").count() >= 1
    assert page.locator("img[src^='data:image/svg+xml']").first.evaluate("img => img.naturalWidth") > 0


def test_nothing_in_a_notebook_is_run(opened, tmp_path):
    path = tmp_path / "03_keymetrics_gold.html"
    path.write_text(report_page(hostile_notebook(), path.stem, MANIFEST), encoding="utf-8")
    page, tried = opened(path)
    assert page.title() == f"03_keymetrics_gold · {MANIFEST['run_id']}"
    assert page.locator("script, [onerror], [onclick]").count() == 0
    assert [url for url in tried if not url.startswith("data:")] == []
    assert page.get_by_text("<script>").count() >= 4  # as text


def test_the_page_itself_refuses_scripts_that_slip_through(opened, tmp_path):
    """The second wall, alone: a page in which nobody made the markup harmless."""
    path = tmp_path / "page.html"
    page_text = report_page(hostile_notebook(), path.stem, MANIFEST)
    path.write_text(page_text.replace("</main>", f"{HOSTILE}</main>"), encoding="utf-8")
    page, _ = opened(path)
    assert page.locator("script").count() == 1
    assert page.title() == f"page · {MANIFEST['run_id']}"
