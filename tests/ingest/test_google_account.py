"""The key of a service account: what is refused, without a word of it, and what the account may do."""

import pytest

from student_track.errors import InputError
from student_track.ingest.google_account import SCOPES, credentials_of
from student_track.ingest.google_http import connect
from tests.sheets_emulator.account import EMAIL, key_file

SECRET = "PRIVATE-AND-LONG"  # noqa: S105


def test_a_key_file_gives_credentials_that_can_only_read():
    credentials = credentials_of(key_file())
    assert credentials.service_account_email == EMAIL
    assert set(credentials.scopes) == set(SCOPES)
    assert all(scope.endswith(".readonly") for scope in SCOPES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        (SECRET, "is no JSON"),
        (key_file(private_key=SECRET)[:-1], "is no JSON"),
        (f'["{SECRET}"]', "not the key of a service account"),
        (f'{{"installed": {{"client_secret": "{SECRET}"}}}}', "not the key of a service account"),
        (key_file(type="authorized_user", private_key=SECRET), "not the key of a service account"),
        (key_file(private_key=""), "has no private_key"),
        (key_file(client_email=None, token_uri=5, private_key=SECRET), "has no client_email, token_uri"),
        (key_file(private_key=SECRET), "private key cannot be read"),
        (key_file().replace("\\n", "\\\\n"), "private key cannot be read"),
        (key_file(**{"token_uri": "http://example.org/token"}), "address that is not https"),
    ],
)
def test_a_text_that_is_no_key_is_refused_and_not_shown(text, words):
    with pytest.raises(InputError, match=words) as refused:
        credentials_of(text)
    assert SECRET not in str(refused.value)
    assert "BEGIN" not in str(refused.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://example.org",
        "http://10.0.0.1:80/",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "https://",
        "http://localhost.org",
    ],
)
def test_an_address_on_which_others_could_listen_is_refused(base_url):
    with pytest.raises(InputError, match="google_base_url must begin with https://"):
        connect(key_file(), base_url)


@pytest.mark.parametrize(
    "base_url",
    ["", "https://gateway.example.org/google/", "http://localhost:8080", "http://[::1]:80", "http://127.0.0.9"],
)
def test_google_itself_a_gateway_and_this_machine_are_taken(base_url):
    assert connect(key_file(), base_url).account == EMAIL
