"""The HTTP side of the Slack emulator: requests in, answers out, and faults before or after they took effect."""

import json
import socket
import struct
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Fault:
    """What goes wrong with the next calls of a method, and whether the call had its effect before."""

    method: str
    do: str
    is_accepted: bool = False
    times: int = 1
    retry_after: str | None = None


class Handler(BaseHTTPRequestHandler):
    slack: Any
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        method = self.path.rsplit("/", 1)[-1]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        is_json = "json" in self.headers.get("Content-Type", "")
        arguments = json.loads(body) if is_json else {name: values[0] for name, values in parse_qs(body).items()}
        self.slack.calls.append((method, arguments))
        fault = self.slack.fault_for(method)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if fault is None or fault.is_accepted:
            answer = self.slack.answer(method, token, arguments)
        if fault is None:
            self._send(200, json.dumps(answer))
        else:
            self._fail(fault)

    def _fail(self, fault: Fault) -> None:
        if fault.do == "silence":
            time.sleep(self.slack.silent_seconds)
        if fault.do in ("close", "silence"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.do == "reset":
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault.do == "truncate":
            self._send(200, '{"ok": tru')
        elif fault.do == "short":
            self.close_connection = True
            self._send(200, '{"ok": true', announced=500)
        elif fault.do.isdigit():
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._send(int(fault.do), "<html>trouble</html>", headers)
        else:
            self._send(200, json.dumps({"ok": False, "error": fault.do}))

    def _send(
        self, status: int, body: str, headers: dict[str, str] | None = None, announced: int | None = None
    ) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(announced or len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output is its assertions."""
