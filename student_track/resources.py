"""Where the project's own files lie: in a checkout, in a folder made by ``init``, or inside the wheel."""

import tomllib
from importlib.resources import files
from pathlib import Path

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
    in_wheel = PACKAGE_FOLDER / "project_files"
    return in_wheel if in_wheel.is_dir() else PACKAGE_FOLDER.parent


def shipped_files() -> tuple[str, ...]:
    """Return the files this package came with, from its root; never a school's own beside them."""
    root = shipped_root()
    if root != PACKAGE_FOLDER.parent:
        return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])


def resource(relative: str) -> Path:
    """Return a file or folder of the project: the user's own copy where there is one, else the shipped one.

    Raises FileNotFoundError where neither exists.
    """
    for root in (project_root(), shipped_root()):
        if (root / relative).exists():
            return root / relative
    raise FileNotFoundError(f"{relative} is neither in {project_root()} nor in the installed package")
