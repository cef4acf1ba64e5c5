"""The Google spreadsheets that the settings name, through one client: its pace and its deadline are the run's."""

from typing import TYPE_CHECKING

from student_track.errors import InputError
from student_track.proxies import go_past_proxies
from student_track.secret_places import read_secret
from student_track.settings import Settings

if TYPE_CHECKING:
    from student_track.ingest.google_sheets import GoogleSheet


def find_google_sheets(config: Settings) -> "list[GoogleSheet]":
    """Return the spreadsheets to read; none, and nothing is asked, where the settings name none.

    Raises InputError where the service account's key is not where the settings say, or cannot be used.
    """
    if not config.google_keys:
        return []
    from student_track.ingest.google_http import Patience, connect  # gspread, which a school with files needs not
    from student_track.ingest.google_sheets import GoogleSheet

    key_file = read_secret(config.google_service_account_from)
    if not key_file:
        raise InputError(
            f"{config.google_service_account_from}: the key of a Google service account is needed to read "
            f"google:{config.google_keys[0]}, and nothing stands there. Put the JSON key file's text there, and share "
            "the spreadsheet with the account as Viewer."
        )
    go_past_proxies(config.google_base_url)
    client = connect(key_file, config.google_base_url, Patience(run_seconds=config.google_deadline_seconds))
    return [GoogleSheet(key, client, config.today) for key in config.google_keys]
