"""The executed notebooks of a run as HTML for engineers: self-contained, without any script, for their owner alone."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import bleach
import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from student_track.errors import InputError, StorageError
from student_track.owner_only_files import replace_whole
from student_track.resources import resource
from student_track.run_record import MANIFEST
from student_track.settings import Settings

SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]
"""Kinds of output in order of preference; scripts and widgets, which need one, are not among them."""
ELEMENTS = (
    *("h1 h2 h3 h4 h5 h6 p br hr ul ol li dl dt dd blockquote a b strong i em code pre span div sub sup bdi".split()),
    *("table caption thead tbody tfoot tr th td".split()),
)
ATTRIBUTES = {"*": ["class", "id"], "a": ["href", "title"], "th": ["colspan", "rowspan"], "td": ["colspan", "rowspan"]}
"""Markup that stays in cells and outputs; all other becomes text."""
MOST_NAMED = 3


def run_folder(config: Settings, run: str | None = None) -> Path:
    """Return the folder of a run, by its folder or id; without one the latest of the settings' school.

    Raises InputError where there is no such run, with the latest there are.
    """
    if run and (Path(run) / MANIFEST).is_file():
        return Path(run)
    finished = config.runs_folder.glob(f"????-??-??/*/{MANIFEST}")
    interrupted = config.runs_folder.glob(f".running/*/{MANIFEST}")
    folders = {path.parent.name: path.parent for path in [*interrupted, *finished]}
    latest = sorted(folders, reverse=True)
    if not latest:
        raise InputError(f"{config.runs_folder}: there is no run yet. `student-track run` makes one.")
    if run and run not in folders:
        raise InputError(f"There is no run {run!r}. The latest there are: {', '.join(latest[:MOST_NAMED])}.")
    return folders[run or latest[0]]


def write_reports(folder: Path) -> list[Path]:
    """Write a page beside every executed notebook of a run and return them; earlier ones are replaced.

    Raises InputError where the folder holds no notebook, StorageError where a page cannot be written.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise InputError(f"{folder}: there is no executed notebook in this run.")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return [_write(path, report_page(nbformat.read(path, 4), path.stem, manifest)) for path in notebooks]


def report_page(notebook: NotebookNode, stem: str, manifest: dict[str, Any]) -> str:
    """Return an executed notebook as a page: what ran, when and how long, then its cells with their outputs.

    Markup in outputs is reduced to harmless elements, pictures are kept inside the page, and the page's own
    Content-Security-Policy allows no script and no request.
    """
    facts = _facts(notebook, stem, manifest)
    report = {"title": stem, "run": manifest["run_id"], "facts": facts, "code_style": _code_style()}
    page, _ = _exporter().from_notebook_node(notebook, {"report": report})
    return page


def _facts(notebook: NotebookNode, stem: str, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    timing = notebook.metadata.get("papermill", {})
    record = next((record for record in manifest["notebooks"] if record["notebook"] == stem), {})
    started = timing.get("start_time")
    return [
        ("School", manifest["school"]),
        ("As of", manifest["as_of_date"]),
        ("Run", manifest["run_id"]),
        ("Started (UTC)", f"{datetime.fromisoformat(started):%Y-%m-%d %H:%M:%S}" if started else "–"),
        ("Duration", f"{timing['duration']:.1f} s" if timing.get("duration") is not None else "–"),
        ("Outcome", record.get("outcome", "–")),
        ("Policy", manifest["policy_version"]),
        ("Code", manifest["code_version"]),
    ]


@cache
def _exporter() -> HTMLExporter:
    config = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
    template = str(resource("reports/templates/notebook.html.j2"))
    exporter = HTMLExporter(config=config, template_name="basic", template_file=template, sanitize_html=True)
    exporter.exclude_anchor_links = True
    exporter.register_filter("clean_html", _harmless)  # nbconvert's own leaves no heading and no head of a table
    return exporter


def _harmless(markup: str | bytes) -> str:
    text = markup.decode() if isinstance(markup, bytes) else str(markup)
    return bleach.clean(text, tags=ELEMENTS, attributes=ATTRIBUTES)


@cache
def _code_style() -> str:
    return HtmlFormatter(style="default", nobackground=True).get_style_defs(".highlight")


def _write(notebook: Path, page: str) -> Path:
    target = notebook.with_suffix(".html")
    try:
        replace_whole(target, page.encode())
    except OSError as error:
        raise StorageError(f"{target}: the page could not be written ({error.strerror}).") from None
    return target
