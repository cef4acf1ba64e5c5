"""Texts shown: what cannot be seen is named."""

import pytest

from student_track.visible_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("P\t", "P⟨tab⟩"),
        ("P\n\x00", "P⟨line end⟩⟨U+0000⟩"),
        ("P\u200b", "P⟨U+200B⟩"),
        ("\u202eP", "⟨U+202E⟩P"),
        ("P\xa0L", "P⟨hard space⟩L"),
        ("\x7f\x85", "⟨U+007F⟩⟨U+0085⟩"),
        ("\x1b[31mP", "⟨U+001B⟩[31mP"),
        (" P L ", " P L "),
        ("é Ω 出 é", "é Ω 出 é"),
        ("x" * 81, "x" * 80 + "…"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, shown):
    assert visible(text) == shown
