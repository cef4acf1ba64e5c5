"""Run every notebook in its order, each in a kernel, on an empty lake, and keep the sample school's outputs in it."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from student_track.pipeline import NOTEBOOKS

ROOT = Path(__file__).parent.parent
EXPLORER = "explore_attendance"
CELL_SECONDS = 300
WIDGET = "application/vnd.jupyter.widget-view+json"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDENT_TRACK_LAKE"] = f"{folder}/lake/sample"
        os.environ["STUDENT_TRACK_REPORTS"] = f"{folder}/reports"
        for stem in (*NOTEBOOKS, EXPLORER):
            path = ROOT / "notebooks" / f"{stem}.ipynb"
            notebook = nbformat.read(path, 4)
            client = NotebookClient(notebook, kernel_name="python3", record_timing=False, timeout=CELL_SECONDS)
            client.execute(cwd=str(ROOT))
            nbformat.write(_without_traces(notebook), path)
            print(f"filled {stem}")


def _without_traces(notebook: NotebookNode) -> NotebookNode:
    """Keep of the metadata only what every machine has, and no reference to a widget that ended with its kernel."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key == "tags"})
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


if __name__ == "__main__":
    main()
