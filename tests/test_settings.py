"""Settings: base and overlay, the last wins; unknown keys and secrets are refused with the line to mend."""

from datetime import date
from pathlib import Path

import pytest

from student_track.errors import InputError
from student_track.settings import google_key, lake_named_after, load_settings


@pytest.fixture
def overlay(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "my_school.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_overlay_wins_over_base_and_the_command_line_over_both(overlay):
    path = overlay('school_name: "Hill School"\nlake: ".lake/hill"\n')
    config = load_settings(path, lake=".lake/other")
    assert (config.school_name, config.lake, config.engine) == ("Hill School", ".lake/other", "embedded")


def test_an_unknown_key_is_refused_with_its_line_and_a_suggestion(overlay):
    with pytest.raises(InputError, match=r"my_school\.yml, line 2: unknown key `polcy`.*Did you mean `policy`"):
        load_settings(overlay('school_name: "Hill School"\npolcy: "params/policy.yml"\n'))


def test_a_key_named_twice_is_refused(overlay):
    with pytest.raises(InputError, match="line 2: `lake` stands here a second time"):
        load_settings(overlay('lake: "a"\nlake: "b"\n'))


@pytest.mark.parametrize("key", ["slack_bot_token", "google_api_key", "student_key", "db_password", "webhook_url"])
def test_a_secret_is_refused_as_a_setting(overlay, key):
    with pytest.raises(InputError, match=f"line 1: `{key}` looks like a secret") as refused:
        load_settings(overlay(f'{key}: "xoxb-the-secret-itself"\n'))
    assert "the-secret-itself" not in str(refused.value)


def test_the_place_of_a_secret_must_be_a_place(overlay):
    with pytest.raises(InputError, match="line 1: `student_key_from`"):
        load_settings(overlay('student_key_from: "a secret written here by mistake"\n'))


@pytest.mark.parametrize("address", ["http://slack.example.org/api/", "slack.com/api/", "ftp://127.0.0.1/", "https://"])
def test_slack_is_spoken_to_in_private_only(overlay, address):
    with pytest.raises(InputError, match="line 1: `slack_base_url`: must begin with https://"):
        load_settings(overlay(f'slack_base_url: "{address}"\n'))


@pytest.mark.parametrize("address", ["https://slack.example.org/api/", "http://127.0.0.1:8080/", "http://[::1]:80/"])
def test_slack_may_be_another_address_or_this_machine(overlay, address):
    assert load_settings(overlay(f'slack_base_url: "{address}"\n')).slack_base_url == address


def test_a_wrong_value_names_its_line(overlay):
    with pytest.raises(InputError, match=r"line 1: `time_zone`: 'Mars/Base' is not a time zone"):
        load_settings(overlay('time_zone: "Mars/Base"\n'))


def test_an_as_of_date_after_today_is_refused():
    with pytest.raises(InputError, match="as_of_date 2026-12-01 lies after today"):
        load_settings("params/sample.yml", as_of_date="2026-12-01")


def test_today_is_the_date_in_the_schools_time_zone(overlay):
    path = overlay('time_zone: "Pacific/Auckland"\nread_at: "2026-11-20T12:30:00+00:00"\n')
    assert load_settings(path).today == date(2026, 11, 21)


def test_resolved_settings_load_again_to_the_same(overlay):
    config = load_settings("params/sample.yml", "2026-10-01")
    assert load_settings(overlay(config.as_text())) == config


def test_sample_settings_with_another_sheet_are_refused():
    with pytest.raises(InputError, match="sample school's settings cannot be used with another sheet"):
        load_settings("params/sample.yml", sheet=("register.xlsx",))


def test_the_sample_and_a_file_together_are_refused(overlay):
    with pytest.raises(InputError, match="the sample school stands alone"):
        load_settings(overlay('sheet: ["sample", "register.xlsx"]\n'))


@pytest.mark.parametrize(
    ("sheet", "lake"),
    [("My Register 2026.xlsx", ".lake/my-register-2026"), ("/a/b/weekly_long.csv", ".lake/weekly-long")],
)
def test_a_lake_is_named_after_its_sheet(sheet, lake):
    assert lake_named_after(sheet) == lake


def test_a_sheet_without_a_latin_letter_still_gets_a_lake_of_its_own():
    assert lake_named_after("出席簿.xlsx") != lake_named_after("名簿.xlsx")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        load_settings(tmp_path / "nothing.yml")


def test_what_is_not_yaml_says_its_line(overlay):
    with pytest.raises(InputError, match=r"line \d+: not valid YAML"):
        load_settings(overlay('school_name: "Hill School"\nlake: "unclosed\n'))


KEY = "1AbC-d_efGhijKlmnOpqrstuv"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"https://docs.google.com/spreadsheets/d/{KEY}/edit#gid=0", KEY),
        (f"https://docs.google.com/spreadsheets/d/{KEY}/edit?usp=sharing", KEY),
        (f"https://docs.google.com/spreadsheets/d/{KEY}", KEY),
        (f"https://docs.google.com/spreadsheets/u/1/d/{KEY}/edit", KEY),
        (f"  google:{KEY}\n", KEY),
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vTnotakey0123456789/pubhtml", None),
        (f"https://example.org/spreadsheets/d/{KEY}/edit", None),
        (f"https://docs.google.com.example.org/spreadsheets/d/{KEY}", None),
        (f"google:{KEY}/../x", None),
        (KEY, None),
        ("register.xlsx", None),
        ("sample", None),
    ],
)
def test_a_google_sheet_is_named_by_its_address_or_its_key(text, key):
    assert google_key(text) == key


def test_files_and_google_sheets_stand_side_by_side(overlay):
    config = load_settings(overlay('sheet: ["google:1AbC-d_efGhij", "/data/roster.csv"]\n'))
    assert config.google_keys == ("1AbC-d_efGhij",)
    assert config.sheet_paths == (Path("/data/roster.csv"),)


def test_another_address_says_which_one_is_meant(overlay):
    with pytest.raises(InputError, match=r"line 1: `sheet`.*not the address of a Google spreadsheet"):
        load_settings(overlay('sheet: "https://docs.google.com/spreadsheets/d/e/2PACX-1vTnotakey0123456789/pubhtml"\n'))


def test_google_may_be_another_address_in_private_only(overlay):
    assert load_settings(overlay('google_base_url: "http://127.0.0.1:80/"\n')).google_base_url
    with pytest.raises(InputError, match="line 1: `google_base_url`: must begin with https://"):
        load_settings(overlay('google_base_url: "http://gateway.example.org/"\n'))


def test_an_unknown_encoding_is_refused(overlay):
    assert load_settings(overlay('text_encoding: "Windows-1252"\n')).text_encoding == "cp1252"
    for name in ("win-ansi", "base64"):
        with pytest.raises(InputError, match=r"line 1: `text_encoding`.*is not an encoding"):
            load_settings(overlay(f'text_encoding: "{name}"\n'))
