"""Run ``student-track`` and kill the process, as the power going out would, right after the n-th table write.

Usage: python tests/kill_after_writes.py N ARGUMENT…   (N = 0: never; prints the kinds of the writes at the end)
"""

import os
import signal
import sys
from functools import wraps

from student_track import cli, tables

WRITES = ("append", "_merge", "replace", "_create_or_migrate")
limit = int(sys.argv[1])
done: list[str] = []


def killing_after(write):
    @wraps(write)
    def wrapped(*arguments, **options):
        result = write(*arguments, **options)
        done.append(write.__name__)
        if len(done) == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


for name in WRITES:
    setattr(tables, name, killing_after(getattr(tables, name)))
sys.argv = ["student-track", *sys.argv[2:]]
try:
    cli.main()
finally:
    print("writes:", *done, file=sys.stderr)
