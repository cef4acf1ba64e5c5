"""Names from hell: one line, one direction, a bounded length, and never half a sign."""

import pytest

from student_track.privacy.safe_text import cut, initials, one_line

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇮🇪"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann  Lee\n", "Ann Lee"),
        ("e\u0301va", "éva"),
        ("\u202eevil\u202c", "evil"),
        ("a\u2066b\u2069c\u200b\x00", "abc"),
        ("<!channel> *x*", "<!channel> *x*"),
        (FAMILY, FAMILY),
        ("شريف", "شريف"),
    ],
)
def test_a_text_keeps_what_can_be_read(text, shown):
    assert one_line(text, 60) == shown


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab" + FAMILY + "z", 6, "ab…"),
        ("abc" + "e\u0323\u0302\u0323\u0302" + "xyz", 6, "abc…"),
        (FLAG * 4, 4, "…"),
        ("👍🏽abc", 2, "…"),
        ("x" * 40_000, 60, "x" * 59 + "…"),
    ],
)
def test_a_cut_lies_before_a_sign(text, longest, shown):
    assert cut(text, longest) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann Lee", "A. L."), ("Mary Ann van Lee", "M. A. v."), ("e\u0301va", "é."), ("<!channel>", "?"), ("", "?")],
)
def test_initials(name, letters):
    assert initials(name) == letters
