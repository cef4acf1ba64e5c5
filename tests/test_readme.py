"""The README says what is so: its pipeline table is the notebooks' own words, its tree and its files exist."""

import re
from pathlib import Path

import nbformat

from student_track.pipeline import NOTEBOOKS
from student_track.schemas import TABLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def contract_of(stem: str) -> tuple[str, str]:
    """The first sentence of a notebook and the tables (or files) it says it writes."""
    source = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4).cells[0].source
    purpose = " ".join(source.split("\n\n")[1].split())
    sentence = re.match(r".*?\.(?= |$)", purpose).group(0)
    writes = re.search(r"\*\*Writes\*\*(.*?)\*\*Run after\*\*", source, re.DOTALL).group(1)
    names = [name for name in re.findall(r"`([^`]+)`", writes) if name in TABLES or name.endswith(".html")]
    return sentence, ", ".join(f"`{name}`" for name in names) or "–"


def pipeline_rows() -> list[str]:
    rows = []
    for stem in (*NOTEBOOKS, "explore_attendance"):
        sentence, writes = contract_of(stem)
        writes = "all tables, empty" if stem == "00_setup_infrastructure" else writes
        rows.append(f"| `{stem}` | {sentence} | {writes} |")
    return rows


def test_the_pipeline_table_is_what_the_notebooks_say():
    table = [line for line in README.splitlines() if re.match(r"\| `(\d\d_|attendance_|explore_)", line)]
    assert table == pipeline_rows()


def test_every_table_has_the_writer_that_says_so():
    for stem in NOTEBOOKS[1:]:
        named = set(re.findall(r"`(\w+)`", contract_of(stem)[1])) & set(TABLES)
        assert named == {table.name for table in TABLES.values() if table.writer == stem}, stem


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_tree_names_what_exists():
    block = README.split("```text\n├──")[1].split("```")[0]
    for name in re.findall(r"[├└]── ([\w./]+)", f"├──{block}"):
        assert (ROOT / name).exists() or (ROOT / "student_track" / name).exists(), name


def test_the_commands_are_those_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`make (\w+)`", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_summary_shown_is_the_one_a_run_prints(sample_run):
    printed = (sample_run / "summary.txt").read_text(encoding="utf-8").splitlines()
    assert "\n".join(printed[:-1]) in README
