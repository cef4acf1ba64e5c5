"""Grids: addresses, texts as displayed."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from student_track.sheets import address, cell_of


@given(st.integers(1, 16384))
def test_column_letters_are_those_of_a_spreadsheet(column):
    assert address(7, column) == f"{get_column_letter(column)}7"


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (12.0, "12", "number"),
        (0.5, "0.5", "number"),
        (True, "TRUE", "boolean"),
        (date(2026, 9, 7), "2026-09-07", "date"),
        (datetime(2026, 9, 7), "2026-09-07", "date"),
        (" P ", " P ", "text"),
        ("#DIV/0!", "#DIV/0!", "error"),
        (None, "", "text"),
    ],
)
def test_a_value_has_a_text_and_a_kind(value, text, kind):
    assert cell_of(value)[:2] == (text, kind)
