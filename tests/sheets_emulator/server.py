"""The HTTP side of the emulator: requests in, answers out, and the ways in which an answer goes wrong."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Fault:
    """What goes wrong with the requests whose path has ``match`` in it, from the ``nth`` of them on, ``times`` times.

    ``do``: *status* (with ``status``, ``body``, ``headers``), *truncate* (half the JSON), *short* (less than promised),
    *silence*, *trickle* (a byte now and then), *drop*, *reset*, *change* (``change`` runs, then the answer).
    """

    match: str
    do: str
    nth: int = 1
    times: int = 1
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    change: Callable[[], object] = lambda: None
    count: int = 0

    def is_due(self, path: str) -> bool:
        """Whether it befalls this request, which is counted."""
        if self.match not in path:
            return False
        self.count += 1
        return self.nth <= self.count < self.nth + self.times


@dataclass(frozen=True)
class Request:
    """One request as it came; the names of its headers in lower case."""

    method: str
    path: str
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    body: str = ""


class Server(ThreadingHTTPServer):
    """On loopback, at a free port. ``is_closing`` ends a silence that nobody waits for."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.is_closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away: faults make it go."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        parameters = parse_qs(address.query, keep_blank_values=True, strict_parsing=bool(address.query))
        body = self.rfile.read(length).decode()
        request = Request(
            self.command,
            unquote(address.path),
            parameters,
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        fault = self.server.emulator.fault_for(request)
        if fault and fault.do == "change":
            fault.change()
        if fault is None or fault.do in ("change", "truncate", "short", "trickle"):
            status, answer = self.server.emulator.answer(request)
            content = json.dumps(answer, ensure_ascii=False).encode()
        if fault is None or fault.do == "change":
            self._send(status, content)
        else:
            self._fail(fault, content if fault.do in ("truncate", "short", "trickle") else b"")

    do_POST = do_GET  # noqa: N815 - the name that the base class looks for; it answers 501 to other methods

    def _fail(self, fault: Fault, content: bytes) -> None:
        if fault.do == "status":
            self._send(fault.status, fault.body.encode(), fault.headers)
        elif fault.do == "truncate":
            self._send(200, content[: len(content) // 2])
        elif fault.do == "short":
            self._send(200, content[: len(content) // 2], length=len(content))
            self.close_connection = True
        elif fault.do == "trickle":
            self._trickle(content)
        elif fault.do == "silence":
            self.server.is_closing.wait(30)
            self.close_connection = True
        else:
            self._hang_up(with_reset=fault.do == "reset")

    def _trickle(self, content: bytes) -> None:
        self._send(200, b"", length=len(content))
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            self.wfile.flush()
            if self.server.is_closing.wait(0.1):
                break
        self.close_connection = True

    def _hang_up(self, with_reset: bool) -> None:
        self.close_connection = True
        if with_reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(
        self, status: int, content: bytes, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output is its assertions."""
