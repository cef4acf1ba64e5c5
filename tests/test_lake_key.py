"""The key behind the pseudonyms: published for the sample, given, or made once; a lake refuses another."""

import stat

import pytest

from student_track.errors import InputError
from student_track.lake_key import SAMPLE_KEY, key_file, student_key_secret
from student_track.settings import load_settings

GIVEN = "a-key-that-is-long-enough-0123456789"


@pytest.fixture
def school():
    return load_settings(sheet=("register.xlsx",))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_sample_school_uses_the_published_key(config):
    assert student_key_secret(config) == SAMPLE_KEY


def test_a_lake_without_a_key_gets_one_in_an_owner_only_file_and_says_so(school, capsys):
    first = student_key_secret(school)
    assert key_file(school).read_bytes() == first
    assert mode(key_file(school)) == mode(school.lake_folder / "key_fingerprint") == 0o600
    said = capsys.readouterr().out
    assert str(key_file(school)) in said
    assert first.decode() not in said
    assert student_key_secret(school) == first


def test_a_given_key_comes_first_and_the_lake_remembers_its_fingerprint_only(school, monkeypatch):
    monkeypatch.setenv("STUDENT_TRACK_KEY", GIVEN)
    assert student_key_secret(school) == GIVEN.encode()
    assert GIVEN not in (school.lake_folder / "key_fingerprint").read_text()


def test_a_lake_refuses_another_key(school, monkeypatch):
    monkeypatch.setenv("STUDENT_TRACK_KEY", GIVEN)
    student_key_secret(school)
    monkeypatch.setenv("STUDENT_TRACK_KEY", GIVEN + "x")
    with pytest.raises(InputError, match="written with another key"):
        student_key_secret(school)


def test_a_lost_key_is_said_and_no_new_one_is_made(school):
    student_key_secret(school)
    key_file(school).unlink()
    with pytest.raises(InputError, match="key this lake was written with is missing"):
        student_key_secret(school)
    assert not key_file(school).exists()


def test_the_published_key_is_refused_for_another_source(school, monkeypatch):
    monkeypatch.setenv("STUDENT_TRACK_KEY", SAMPLE_KEY.decode())
    with pytest.raises(InputError, match="published key"):
        student_key_secret(school)


def test_a_short_key_is_refused(school, monkeypatch):
    monkeypatch.setenv("STUDENT_TRACK_KEY", "short")
    with pytest.raises(InputError, match="shorter than 16"):
        student_key_secret(school)
