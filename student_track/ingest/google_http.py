"""Google's APIs as gspread calls them: paced, asked again where waiting helps, and never beyond the run's time."""

import random
import re
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from requests import Response

from student_track.deadline import within
from student_track.errors import InputError, PipelineError
from student_track.ingest.google_account import TokenRequest, credentials_of
from student_track.ingest.google_answers import Kind, Trouble, refusal, trouble_of_answer, trouble_of_error
from student_track.proxies import ON_ITS_WAY, is_private_on_its_way

SHEETS, DRIVE = "https://sheets.googleapis.com", "https://www.googleapis.com"
API_NAMES = {SHEETS: "Google Sheets API", DRIVE: "Google Drive API"}
KEY_IN_ADDRESS = re.compile(r"/(?:spreadsheets|files)/([\w-]+)")
READS_PER_MINUTE = 60
MINUTE_SECONDS = 61.0
"""A second more than Google's minute, for requests do not arrive as evenly as they leave."""

FIRST_WAIT_SECONDS, FIRST_WAIT_FOR_QUOTA_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 15.0, 60.0


class Clock:
    """Seconds that only grow, and waiting; a test has one of its own."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True)
class Patience:
    """How long Google is waited for, in seconds, and how often a request is made. The whole run has ``run_seconds``."""

    connect_seconds: float = 5
    read_seconds: float = 60
    attempt_seconds: float = 180  # Google itself gives a request up after this time
    run_seconds: float = 900
    attempts: int = 6


PATIENCE = Patience()


class SheetsHTTPClient(gspread.HTTPClient):
    """gspread's client for one service account and one run. Its answers are JSON; its errors are for people."""

    def __init__(
        self, credentials: Credentials, base_url: str = "", patience: Patience = PATIENCE, clock: Clock | None = None
    ) -> None:
        super().__init__(credentials, AuthorizedSession(credentials, auth_request=TokenRequest()))
        self.set_timeout((patience.connect_seconds, patience.read_seconds))
        self.account: str = credentials.service_account_email
        self.clock = clock or Clock()
        self._base_url, self._patience = base_url.rstrip("/"), patience
        self._ends_at = self.clock.now() + patience.run_seconds
        self._reads: deque[float] = deque(maxlen=READS_PER_MINUTE)

    def request(self, method: str, endpoint: str, **kwargs: Any) -> Response:
        """Return Google's answer, a JSON object with status 200.

        Raises OutsideServiceError where Google gives none within the attempts and the run's time, or its quota is
        used up; SheetMovedError where the range is gone; InputError where a person has to change something first.
        """
        trouble, pause = Trouble(Kind.PASSING, "the time of this run for it is over"), 0.0
        for attempt in range(self._patience.attempts if method.lower() == "get" else 1):
            if not self._take_turn(endpoint, pause):
                break
            answer = self._attempt(method, endpoint, **kwargs)
            if isinstance(answer, Response):
                return answer
            trouble, pause = answer, _seconds_before_next(answer, attempt)
            if not trouble.is_passing:
                break
        raise self._refusal(trouble, endpoint)

    def _attempt(self, method: str, endpoint: str, **kwargs: Any) -> Response | Trouble:
        """A good answer, or why there is none. gspread's own ``request`` is not used: some errors break it."""

        def ask() -> Response:
            return self.session.request(method, placed(endpoint, self._base_url), timeout=self.timeout, **kwargs)

        try:
            # a read timeout begins anew with every byte, so a server that sends one now and then would hold it for ever
            response = within(min(self._patience.attempt_seconds, self._seconds_left()), ask)
        except (requests.RequestException, GoogleAuthError, TimeoutError) as error:
            return trouble_of_error(error)
        return trouble_of_answer(response) or response

    def _take_turn(self, endpoint: str, pause: float) -> bool:
        """Wait out the pause, and until Google's quota has room; False, at once, where the run ends before."""
        is_read = endpoint.startswith(SHEETS)
        is_full = is_read and len(self._reads) == READS_PER_MINUTE
        seconds = max(pause, self._reads[0] + MINUTE_SECONDS - self.clock.now() if is_full else 0.0)
        if seconds >= self._seconds_left():
            return False
        if seconds > 0:
            self.clock.wait(seconds)
        if is_read:
            self._reads.append(self.clock.now())
        return True

    def _seconds_left(self) -> float:
        return self._ends_at - self.clock.now()

    def _refusal(self, trouble: Trouble, endpoint: str) -> PipelineError:
        key = KEY_IN_ADDRESS.search(endpoint)
        api = API_NAMES[SHEETS if endpoint.startswith(SHEETS) else DRIVE]
        return refusal(trouble, f"google:{key[1]}" if key else "Google", api, self.account)


def connect(
    key_file: str, base_url: str = "", patience: Patience = PATIENCE, clock: Clock | None = None
) -> SheetsHTTPClient:
    """Return the client for a service account's JSON key file, given as text; no request is made yet.

    ``base_url`` is one address instead of Google's three (Sheets, Drive, token): an emulator's or a gateway's.
    Raises InputError where the key or the address cannot be used.
    """
    if base_url and not is_private_on_its_way(base_url):
        raise InputError(f"google_base_url {ON_ITS_WAY}.")
    token_address = f"{base_url.rstrip('/')}/token" if base_url else None
    return SheetsHTTPClient(credentials_of(key_file, token_address), base_url, patience, clock)


def placed(endpoint: str, base_url: str) -> str:
    """Return where a request to one of Google's APIs really goes."""
    for google in API_NAMES if base_url else ():
        if endpoint.startswith(f"{google}/"):
            return base_url + endpoint.removeprefix(google)
    return endpoint


def _seconds_before_next(trouble: Trouble, attempt: int) -> float:
    """As long as Google says; by chance, up to a limit that doubles, so that programs do not meet again."""
    first = FIRST_WAIT_FOR_QUOTA_SECONDS if trouble.kind is Kind.QUOTA else FIRST_WAIT_SECONDS
    longest = min(first * 2**attempt, LONGEST_WAIT_SECONDS)
    return max(trouble.retry_after or 0.0, random.uniform(longest / 2, longest))  # noqa: S311
