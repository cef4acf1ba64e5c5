"""Dependencies point one way: notebooks and cli -> stages -> domain -> base; no stage imports another."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "student_track"
STAGES = {"ingest", "clean", "metrics", "risk", "alerting", "reporting", "exporting", "exploring", "sample"}
DOMAIN = {"attendance", "sheets", "privacy"}
RUNNERS = {
    "cli",
    "notebook_task",
    "pipeline",
    "run_record",
    "run_summary",
    "papermill_engine",
    "cell_shell",
    "query_output",
    "jupyter_lab",
    "notebook_report",
    "report_command",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(part: str) -> int:
    """0 base, 1 domain, 2 stage, 3 what runs the notebooks."""
    return 1 if part in DOMAIN else 2 if part in STAGES else 3 if part in RUNNERS else 0


def imported_parts(source: str) -> set[str]:
    """Parts of the package that a module imports: the word after ``student_track.``."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("student_track.")}


def forbidden(part: str, imported: set[str]) -> set[str]:
    """Parts that a module of ``part`` must not import; only the command line reaches into a stage directly."""
    own = layer(part)
    return {
        other
        for other in imported - {part}
        if layer(other) > own or (own == layer(other) == 2) or (own == 3 and layer(other) == 2 and part != "cli")
    }


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_lies_below_it(path):
    assert forbidden(part_of(path), imported_parts(path.read_text(encoding="utf-8"))) == set()


def test_the_rule_refuses_what_it_must():
    assert forbidden("clean", {"ingest"}) == {"ingest"}
    assert forbidden("attendance", {"metrics"}) == {"metrics"}
    assert forbidden("tables", {"sheets"}) == {"sheets"}
    assert forbidden("clean", {"sheets", "tables", "clean"}) == set()


def test_relative_imports_are_not_used():
    relative = [
        str(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []


def test_only_session_builds_a_session():
    builders = [path.name for path in MODULES if "SparkSession.builder" in path.read_text(encoding="utf-8")]
    assert builders == ["session.py"]
