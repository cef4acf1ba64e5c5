"""Durations as exports write them."""

import pytest

from student_track.sheets.durations import minutes_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("45", 45), ("45 min", 45), ("12,5", 12.5), ("1:30:00", 90), ("1 h 30 m", 90), ("2 hrs", 120), ("４５", 45)),
        *(
            ("45m 30s", 45.5),
            ("1h 0m 30s", 60.5),
            ("45:10", None),
            ("soon", None),
            ("", None),
            ("P", None),
            ("-5", None),
        ),
    ],
)
def test_minutes(text, minutes):
    assert minutes_of(text) == minutes
