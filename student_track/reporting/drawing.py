"""The renderer of charts, in a process beside this one.

It takes a second to start, which it does while the first questions are answered; what it needs is not in this process'
memory; and a chart it ends at does not end the run.
"""

import atexit
import json
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any

PROGRAM = Path(__file__).with_name("chart_process.py")


class Renderer:
    """Turns charts into SVG, one at a time; started when first asked for, and anew where it has ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it where it does not run; does not wait for it."""
        with self._lock:
            self._running()

    def svg(self, chart: dict[str, Any], dates: dict[str, Any]) -> str:
        """Return a Vega-Lite chart as SVG text; raise ValueError where it cannot be drawn, RuntimeError at its end."""
        with self._lock:
            process = self._running()
            answer = _asked(process, json.dumps({"chart": chart, "dates": dates}))
        if answer is None:
            raise RuntimeError(f"The renderer of charts ended with code {process.wait()}.")
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["svg"]

    def stop(self) -> None:
        """End it; it starts anew when it is asked for."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.communicate()
                self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-I", str(PROGRAM)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")  # noqa: S603
        return self._process


def _asked(process: subprocess.Popen[str], question: str) -> dict[str, str] | None:
    """The answer; None where the process has ended without one."""
    try:
        process.stdin.write(question + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    line = process.stdout.readline()
    return json.loads(line) if line else None


RENDERER = Renderer()
atexit.register(RENDERER.stop)
