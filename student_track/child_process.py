"""A child process that ends with its parent, even where the parent is killed.

Run as a module, this file starts a command and ends it when its own standard input closes: the parent holds the other
end of that pipe, and the system closes it with the parent, however that ended.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

PATIENCE_SECONDS = 5


def start(command: list[str], environment: dict[str, str], folder: Path, log: BinaryIO) -> "subprocess.Popen[bytes]":
    """Start a command, its output going to ``log``, and return the process that watches over it."""
    watcher = [sys.executable, str(Path(__file__).resolve()), *command]
    return subprocess.Popen(
        watcher, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the command, and wait until it has gone."""
    with contextlib.suppress(OSError):
        process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(2 * PATIENCE_SECONDS)


def _watch(command: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_parent, args=(child,), daemon=True).start()
    return child.wait()


def _end_with_parent(child: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1024):  # an empty read: the parent's end is closed
        pass
    child.terminate()
    try:
        child.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(_watch(sys.argv[1:]))
