"""JupyterLab on the notebooks, with a session ready in every new kernel."""

import os
import subprocess
import sys
from pathlib import Path

from student_track.resources import project_root, resource
from student_track.settings import Settings

STARTUP = '''\
"""Run by IPython at the start of every kernel that `student-track lab` opens."""
from student_track import session
from student_track.settings import load_settings

config = load_settings({settings!r})
spark = session.spark(config)
'''


def start(config: Settings, settings: str, options: list[str]) -> int:
    """Open JupyterLab in the notebooks' folder and return its exit code; kernels find ``config`` and ``spark``."""
    environment = {**os.environ, "IPYTHONDIR": str(write_startup(config, settings))}
    opened = [f"--notebook-dir={project_root()}", f"--LabApp.default_url=/lab/tree/{_from_root(resource('notebooks'))}"]
    command = [sys.executable, "-m", "jupyterlab", *opened, *options]
    return subprocess.run(command, env=environment, cwd=project_root(), check=False).returncode


def write_startup(config: Settings, settings: str) -> Path:
    """Write the IPython folder whose start-up file makes the session, beside the lake, and return it."""
    folder = config.lake_folder.parent / f"{config.school_slug}.ipython"
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True, mode=0o700)
    (startup / "00-student-track.py").write_text(STARTUP.format(settings=settings), encoding="utf-8")
    return folder


def _from_root(folder: Path) -> str:
    return folder.relative_to(project_root()).as_posix() if folder.is_relative_to(project_root()) else ""
