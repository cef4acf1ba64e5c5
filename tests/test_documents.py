"""The documents say what is so: pictures are the generated ones, commands and exit codes exist, all are linked."""

import re
from pathlib import Path

import pytest

from student_track.errors import PipelineError
from student_track.job_flow import as_svg, dependencies
from student_track.pipeline import NOTEBOOKS
from student_track.policy import load_policy
from student_track.queries import query_names

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
WRITTEN = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_the_picture_of_the_job_is_drawn_from_its_definition():
    assert (DOCS / "images" / "job_flow.svg").read_text(encoding="utf-8") == as_svg()
    assert set(dependencies()) == {*NOTEBOOKS, "outcome"}


def test_the_printed_page_is_small_and_holds_no_path_of_a_machine():
    printed = (DOCS / "dashboard_preview.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert len(printed) <= 300_000
    assert b"file:/" not in printed


def test_every_document_is_linked():
    pages = [ROOT / "README.md", *WRITTEN]
    linked = {(page.parent / link).resolve() for page in pages for link in LINK.findall(page.read_text("utf-8"))}
    assert [path for path in DOCS.rglob("*") if path.is_file() and path.resolve() not in linked] == []


def test_the_exit_codes_of_the_card_are_those_of_the_errors():
    card = (DOCS / "operations_card.md").read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d) \|", card, re.MULTILINE)}
    assert told == {0, PipelineError.exit_code} | {kind.exit_code for kind in PipelineError.__subclasses__()}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_commands_and_options_exist(page, student_track):
    for written in set(re.findall(r"`student-track ([^`]+)`", page.read_text(encoding="utf-8"))):
        words = written.split()
        command = words[:2] if words[0] in ("alerts", "policy", "risk") else words[:1]
        code, helped, complaint = student_track(*command, "--help")
        assert code == 0, complaint
        assert [word for word in words if word.startswith("--") and word not in helped] == []
        if words[0] == "ask" and len(words) > 1 and words[1].islower():
            assert words[1] in query_names()


def test_the_guide_names_the_limits_of_the_policy():
    guide = (DOCS / "guide_for_staff.md").read_text(encoding="utf-8")
    policy = load_policy(ROOT / "params" / "policy.yml")
    for share in (policy.at_risk_from, policy.moderate_chronic_from, policy.severe_chronic_from):
        assert f"from {int(share * 100)} %" in guide
    assert [rung.name for rung in policy.ladder] == re.findall(r"^\| (call|letter|meeting) \|", guide, re.MULTILINE)
