"""Lakes as tests see them: read by delta-rs, not by the engine that wrote them."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from deltalake import DeltaTable

from student_track.schemas import PIPELINE_RUNS, TABLES

ROOT = Path(__file__).parent.parent
UP_TO_METRICS = [word for number in ("00", "01", "02", "03") for word in ("--only", number)]
"""Options of a run where what follows is not asked about: every notebook costs a second."""


def rows(lake: Path, name: str) -> Counter[tuple[object, ...]]:
    """Every row of a table without its volatile columns, counted."""
    table = TABLES[name]
    columns = [column for column in table.column_names if column not in table.volatile_names]
    content = DeltaTable(str(lake / "attendance" / name)).to_pyarrow_table(columns=columns)
    values = [column.to_pylist() for column in content.columns]
    return Counter(tuple(map(_hashable, row)) for row in zip(*values, strict=True))


def _hashable(cell: object) -> object:
    if isinstance(cell, dict):
        return tuple((name, _hashable(value)) for name, value in cell.items())
    return tuple(map(_hashable, cell)) if isinstance(cell, list) else cell


def content(lake: Path) -> dict[str, Counter[tuple[object, ...]]]:
    """Rows of every table but ``pipeline_runs``: what "equal tables" compares."""
    return {name: rows(lake, name) for name in TABLES if name != PIPELINE_RUNS.name}


def assert_equal_and_not_empty(one: Path, other: Path) -> None:
    """Fail, naming the table and a few rows, where two lakes differ or a table that should hold rows is empty."""
    for name, expected in content(one).items():
        found = rows(other, name)
        assert found == expected, (
            f"{name}: only here {list(expected - found)[:2]}, only there {list(found - expected)[:2]}"
        )
        assert expected, f"{name} is empty"


def versions(lake: Path) -> dict[str, int]:
    """Version of every table."""
    return {name: DeltaTable(str(lake / "attendance" / name)).version() for name in TABLES}


def copy_lake(source: Path, target: Path) -> None:
    """Copy a lake, with what lies beside its tables."""
    shutil.copytree(source, target, dirs_exist_ok=True)


def student_track(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "student_track.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
