"""The contract: what a person may decide about a tab, and what is refused with its line."""

from datetime import date

import pytest

from student_track.errors import InputError
from student_track.sheets import Grid, load_contract
from student_track.sheets.contract import TabChoice
from tests.sheets.conftest import PARAMS


@pytest.fixture
def contract_of(tmp_path):
    """The project's own contract, with these lines for one tab."""
    text = (PARAMS / "sheet.yml").read_text(encoding="utf-8")

    def load(line):
        path = tmp_path / "sheet.yml"
        path.write_text(text.replace("tabs: {}", f'tabs:\n  "7A": {{{line}}}'), encoding="utf-8")
        return load_contract(path)

    return load


def test_every_key_is_read(contract_of):
    choice = contract_of(
        "layout: sessions, date_order: dmy, language: de, school_year: 2026/27, serial_dates: true, "
        "fill_down: [student_id, cohort], session_dates: [2026-09-07], first_session: 2026-09-07, "
        "weekdays: [Mon, wed], session_date: 2026-09-07, mark: E, others: present, "
        'present_from_minutes: 30, marks: {0: A, "1": P}'
    ).choice("7A")
    assert choice.session_dates == (date(2026, 9, 7),)
    assert choice.weekdays == ("mon", "wed")
    assert choice.meaning_of_folded_mark == {"0": "A", "1": "P"}
    assert (choice.fill_down, choice.school_year) == (("student_id", "cohort"), "2026/27")


def test_a_tab_without_a_choice_has_none(contract_of):
    assert contract_of("layout: wide").choice("7B").layout is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("layuot: wide", "unknown key `tabs.7A.layuot`"),
        ("layout: tall", "tabs.7A.layout"),
        ("language: klingon", "no language"),
        ("school_year: 2026/28", "2026/27"),
        ("school_year: soon", "2026/27"),
        ("weekdays: [Montag, someday]", "tabs.7A.weekdays"),
        ("session_dates: [31 Sept]", "tabs.7A.session_dates"),
        ("present_from_minutes: 0", "tabs.7A.present_from_minutes"),
        ("marks: {yes: P}", "in quotes"),
        ("fill_down: [mark]", "tabs.7A.fill_down"),
    ],
)
def test_a_mistake_is_refused_with_its_line(contract_of, line, said):
    number = next(
        i for i, text in enumerate((PARAMS / "sheet.yml").read_text("utf-8").split("\n"), 1) if text == "tabs: {}"
    )
    with pytest.raises(InputError) as refused:
        contract_of(line)
    assert said in str(refused.value)
    assert f"line {number + 1}" in str(refused.value)


def test_a_contract_of_before_needs_no_new_words(tmp_path):
    lines = (PARAMS / "sheet.yml").read_text(encoding="utf-8").split("\n")
    new = ("  stamp:", "  absent_dates:", "  minutes:")
    path = tmp_path / "sheet.yml"
    path.write_text("\n".join(line for line in lines if not line.startswith(new)), encoding="utf-8")
    assert "timestamp" in load_contract(path).words["stamp"]


def test_the_more_precise_name_of_a_tab_wins_and_a_former_title_comes_last(contract_of):
    tabs = {
        "r.xlsx/7A": TabChoice(cohort="precise"),
        "7A": TabChoice(cohort="plain"),
        "Ash": TabChoice(cohort="former"),
    }
    contract = contract_of("layout: wide").model_copy(update={"tabs": tabs})
    grids = [Grid("r.xlsx", "7A", []), Grid("s.xlsx", "7A", []), Grid("s.xlsx", "7B", [], former_titles=("Ash",))]
    assert [contract.choice(*grid.names).cohort for grid in grids] == ["precise", "plain", "former"]
