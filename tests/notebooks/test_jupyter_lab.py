"""JupyterLab as `student-track lab` opens it: the explorer runs, a widget is turned, the table follows."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from student_track import exploring
from student_track.policy import load_policy
from tests import lakes
from tests.reporting.chromium import ARGUMENTS, BROWSER_MARKS, CHROMIUM

pytestmark = [*BROWSER_MARKS, pytest.mark.soak]  # half a minute, most of it JupyterLab and its kernel coming up
SECONDS_TO_START = 60
SECONDS_TO_RUN = 90
PANELS = 5
OPTIONS = ["--no-browser", "--allow-root", "--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
NO_NEWS = "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"


@pytest.fixture
def project(student_track, tmp_path: Path) -> Path:
    """A school's own copy of the project's files, notebooks among them."""
    folder = tmp_path / "project"
    assert student_track("init", str(folder))[0] == 0
    return folder


@pytest.fixture
def lab(project: Path, sample_lake: Path, tmp_path: Path):
    """The address of a JupyterLab of the command's own, on a free loopback port; with its token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {
        name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    }
    environment = (
        os.environ | own | {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"), "PYTHONPATH": str(lakes.ROOT)}
    )
    place = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command = [sys.executable, "-m", "student_track.cli", "lab", *OPTIONS, NO_NEWS, *place]
    with (tmp_path / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, tmp_path / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/explore_attendance.ipynb?token={token}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture
def page(lab: str):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(lab)
        yield page
        browser.close()


def run_all_cells(page) -> None:
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=SECONDS_TO_START * 1000)  # else it asks for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("[data-command='runmenu:run-all']").click()


def test_a_widget_is_turned_and_the_table_changes(page, lake, config, tmp_path):
    school = exploring.read_school(lake, load_policy(config.policy_path), None)
    run_all_cells(page)
    expect(page.get_by_role("button", name="Export what is shown")).to_have_count(PANELS, timeout=SECONDS_TO_RUN * 1000)

    cohort = page.locator(".widget-vbox", has=page.locator(".widget-button")).first
    table = cohort.locator("table").last
    expect(table).to_contain_text(exploring.students_of(school, "Oak", "School year to date")["student"][0])
    cohort.locator("select").first.select_option("Fir")
    expect(table).to_contain_text(exploring.students_of(school, "Fir", "School year to date")["student"][0])

    limit = page.locator(".widget-vbox", has=page.locator(".noUi-handle")).first
    expect(limit.locator("tbody tr")).to_have_count(len(exploring.limit_changes(school, 8.0)))
    limit.locator(".noUi-handle").press("ArrowLeft")
    expect(limit.locator("tbody tr")).to_have_count(len(exploring.limit_changes(school, 7.5)))

    limit.get_by_role("button", name="Export what is shown").click()
    written = tmp_path / "reports" / "exports" / config.school_slug / "explore-limit.xlsx"
    expect(limit.get_by_text(written.name)).to_be_visible()
    assert written.stat().st_mode & 0o777 == 0o600
