"""Where the project's own files lie: in a checkout, in a folder made by ``init``, or inside the wheel."""

from importlib.resources import files
from pathlib import Path

EDITABLE_FOLDERS = ("params", "alerts", "reports/templates", "reports/queries", "notebooks")
"""Folders a school may edit; ``student-track init`` copies them out."""

PACKAGE_FOLDER = Path(str(files("student_track")))


def project_root(start: Path | None = None) -> Path:
    """Return the folder with ``params/``, looked for from the working folder upwards; else the working folder."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "params" / "base.yml").is_file():
            return folder
    return here


def shipped_root() -> Path:
    """Return the folder that holds the files this package came with: the checkout, or the data inside the wheel."""
    in_wheel = PACKAGE_FOLDER / "resources_of_the_project"
    return in_wheel if in_wheel.is_dir() else PACKAGE_FOLDER.parent


def resource(relative: str) -> Path:
    """Return a file or folder of the project: the user's own copy where there is one, else the shipped one.

    Raises FileNotFoundError where neither exists.
    """
    for root in (project_root(), shipped_root()):
        if (root / relative).exists():
            return root / relative
    raise FileNotFoundError(f"{relative} is neither in {project_root()} nor in the installed package")
