"""The declarations themselves: names, grain, keys, one writer, one meaning per column name."""

from pathlib import Path

import pytest

from student_track.pipeline import NOTEBOOKS
from student_track.schema_docs import as_markdown
from student_track.schemas import TABLES

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


@each_table
def test_the_key_and_the_partition_are_columns(table):
    assert set(table.key) <= set(table.column_names)
    assert table.partition is None or table.partition in table.column_names


@each_table
def test_each_table_has_a_grain_a_layer_and_one_writer(table):
    assert table.grain.startswith("one row per")
    assert table.layer in ("bronze", "silver", "gold")
    assert table.writer in {*NOTEBOOKS, "the runner"}


@each_table
def test_names_say_what_a_column_is(table):
    prefixes = {
        "bigint": ("count_", "missed_parts", "parts_per_unit"),
        "boolean": ("is_", "has_", "needs_", "counts_in_"),
    }
    for column in table.columns:
        assert column.comment, column.name
        assert column.name.startswith(prefixes.get(column.type, "")), column.name
        assert column.type != "date" or column.name.endswith("_date"), column.name
        assert column.type != "timestamp" or column.name.endswith("_at"), column.name


def test_a_column_name_has_one_type_everywhere():
    types = {(column.name, column.type) for table in TABLES.values() for column in table.columns}
    doubled = [name for name, _ in types if sum(other == name for other, _ in types) > 1]
    assert doubled == []


def test_clock_times_and_run_ids_are_volatile():
    for table in TABLES.values():
        for column in table.columns:
            assert column.is_volatile or (column.type != "timestamp" and column.name != "run_id"), column.name


def test_the_documentation_is_generated_from_the_declarations():
    page = Path(__file__).parent.parent / "docs" / "tables.md"
    assert page.read_text(encoding="utf-8") == as_markdown()
