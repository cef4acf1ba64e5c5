"""Owners: from the sheet, completed and overruled by the file; what cannot be is refused with its line."""

import pytest

from student_track.alerting.owners import Place, read_owners
from student_track.errors import InputError
from student_track.frames import frame_from_rows


@pytest.fixture
def read(spark, tmp_path):
    cohorts = frame_from_rows(spark, ["cohort_id", "owner"], [("7A", "ann@example.org"), ("7B", "Mr B"), ("7C", None)])

    def from_text(text):
        path = tmp_path / "owners.yml"
        path.write_text(text)
        return read_owners(path, cohorts)

    return from_text


def test_the_sheet_says_who_and_an_empty_file_changes_nothing(read):
    owners = read("")
    assert owners.of_cohort == {"7A": "ann@example.org", "7B": "Mr B"}
    assert owners.cohorts_without == ("7C",)
    assert owners.place_of("ann@example.org") == Place(email="ann@example.org")
    assert owners.place_of("Mr B") is None


def test_one_person_is_one_owner_however_the_address_is_written(read):
    owners = read('cohorts: {"7B": {owner: " Ann@Example.org"}}\npeople: {"ANN@example.org": {channel: "C0123"}}\n')
    assert owners.of_cohort == {"7A": "ann@example.org", "7B": "ann@example.org"}
    assert owners.place_of("ann@example.org") == Place(channel="C0123")


def test_the_file_wins_and_says_where(read):
    owners = read(
        'cohorts:\n  "7C": {owner: "Ms C"}\n  "7A": {owner: "Mr B", deputy: "Ms C"}\n'
        'people:\n  "Ms C": {channel: "C0123ABCD"}\n  "Mr B": {email: "b@example.org"}\n'
    )
    assert owners.of_cohort == {"7A": "Mr B", "7B": "Mr B", "7C": "Ms C"}
    assert owners.cohorts_without == ()
    assert (owners.place_of("Ms C"), owners.place_of("Mr B")) == (
        Place(channel="C0123ABCD"),
        Place(email="b@example.org"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'people: {}\ncohorts:\n  "7 A": {owner: "Ann"}\n',
            r"line 3: no sheet has a cohort called '7 A'\. Did you mean '7A'",
        ),
        ('cohorts:\n  "Maple": {owner: "Ann"}\n', r"line 2.*There are: 7A, 7B, 7C"),
        ('cohorts:\n  "7A": {owner: ""}\n', "line 2"),
        ('people:\n  "Ann": {channel: "#general"}\n', "line 2"),
        ('people:\n  "Ann": {email: "ann at school"}\n', "line 2"),
        ('people:\n  "Ann": {email: "a@b.org", channel: "C0123"}\n', "line 2.*either a channel's id or an e-mail"),
        ('people:\n  "Ann": {}\n', "line 2.*either a channel's id or an e-mail"),
        ("persons: {}\n", "line 1: unknown key `persons`"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(read, text, said):
    with pytest.raises(InputError, match=said):
        read(text)
