"""Google's token, Drive and Sheets endpoints on loopback, which enforce what the real ones do and fail when told to.

It knows nothing of the code under test. Whatever it was not built for is answered 501, so that a new call fails aloud.
"""

import re
import threading
from collections.abc import Callable
from typing import Self

from tests.sheets_emulator import api, errors
from tests.sheets_emulator.account import EMAIL, Tokens, key_file
from tests.sheets_emulator.errors import Answer
from tests.sheets_emulator.server import Fault, Request, Server
from tests.sheets_emulator.workbook import Tab, Workbook

READS_PER_MINUTE = 60
SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive.metadata.readonly"
SPREADSHEET = re.compile(r"/v4/spreadsheets/(?P<key>[\w-]+)(?P<rest>|/values/(?P<range>.+)|/values:batchGet)")
FILE = re.compile(r"/drive/v3/files/(?P<key>[\w-]+)")


class SheetsEmulator:
    """Use it as a context; ``url`` is the one base address of all three services."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.workbooks: dict[str, Workbook] = {}
        self.tokens = Tokens()
        self.disabled_apis: set[str] = set()
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.key_file = key_file()
        self._reads: list[float] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.is_closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(self, workbook: Workbook, is_shared: bool = True) -> Workbook:
        self.workbooks[workbook.key] = workbook
        if is_shared:
            workbook.shared_with.add(EMAIL)
        return workbook

    def add_tab(self, rows: list[list[object]], key: str = "KEY", title: str = "7A", **traits: str) -> Workbook:
        """A spreadsheet of one tab with these rows."""
        tab = Tab(0, title)
        for number, row in enumerate(rows, 1):
            tab.write(number, row)
        return self.add(Workbook(key, [tab], **traits))

    def paths(self) -> list[str]:
        """Which service each request was for, in order."""
        return [_service(request.path) for request in self.requests]

    def fault_for(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            due = [fault for fault in self.faults if fault.is_due(request.path)]
        return due[0] if due else None

    def answer(self, request: Request) -> Answer:
        with self._lock:
            if request.method == "POST" and request.path == "/token":
                return Answer(*self.tokens.issue(request.body))
            if request.method == "GET" and (match := FILE.fullmatch(request.path)):
                return self._file(match["key"], request)
            if request.method == "GET" and (match := SPREADSHEET.fullmatch(request.path)):
                return self._spreadsheet(match, request)
        return Answer(501, {"error": f"the emulator does not know {request.method} {request.path}"})

    def _file(self, key: str, request: Request) -> Answer:
        """Drive hides what is not shared: it answers as if there were no such file."""
        scopes, workbook = self._scopes(request), self.workbooks.get(key)
        if scopes is None:
            return errors.UNAUTHENTICATED
        if "drive" in self.disabled_apis:
            return errors.DRIVE_DISABLED
        if DRIVE_SCOPE not in scopes:
            return errors.DRIVE_SCOPE_MISSING
        if workbook is None or EMAIL not in workbook.shared_with:
            return errors.drive_error(404, "notFound", f"File not found: {key}.")
        whole = {"id": key, "modifiedTime": workbook.modified, "version": str(workbook.version)}
        fields = request.parameters.get("fields", ["id"])[0]
        return Answer(200, api.masked(whole, api.parsed_mask(fields)))

    def _spreadsheet(self, match: re.Match[str], request: Request) -> Answer:
        scopes, workbook = self._scopes(request), self.workbooks.get(match["key"])
        if refused := self._refused(scopes, workbook):
            return refused
        assert workbook is not None
        try:
            if match["range"]:
                return api.values(workbook, match["range"], request.parameters)
            is_batch = match["rest"] == "/values:batchGet"
            return (api.batch if is_batch else api.metadata)(workbook, request.parameters)
        except api.RefusedError as refusal:
            return refusal.answer

    def _refused(self, scopes: frozenset[str] | None, workbook: Workbook | None) -> Answer | None:
        if scopes is None:
            return errors.UNAUTHENTICATED
        if "sheets" in self.disabled_apis:
            return errors.SHEETS_DISABLED
        if SHEETS_SCOPE not in scopes:
            return errors.SCOPE_MISSING
        if self._is_over_quota():
            return errors.READ_QUOTA
        if workbook is None:
            return errors.NOT_FOUND
        return None if EMAIL in workbook.shared_with else errors.NOT_SHARED

    def _scopes(self, request: Request) -> frozenset[str] | None:
        """Scopes of the request's token; None where it has none that holds."""
        return self.tokens.scopes_of.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    def _is_over_quota(self) -> bool:
        now = self.now()
        self._reads = [moment for moment in self._reads if now - moment < 60]
        if len(self._reads) >= READS_PER_MINUTE:
            return True
        self._reads.append(now)
        return False


def _service(path: str) -> str:
    services = {"/token": "token", "/drive/": "drive", "/values": "values", "/v4/": "metadata"}
    return next((name for part, name in services.items() if part in path), path)
