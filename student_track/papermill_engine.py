"""A papermill engine that runs cells in a fresh IPython shell of this process, with the session handed over.

No kernel is started, so the engine, its imports and its tables are warm from one notebook to the next. JupyterLab,
plain papermill and nbval keep using kernels; a test shows that both give the same tables.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager
from pyspark.sql import SparkSession

from student_track import session
from student_track.cell_shell import CellShell, own_shell

SECONDS_BETWEEN_SAVES = 1.0
OnCell = Callable[[int, int], None]
"""Called with the number of cells done and the number in all."""


class InProcessEngine(Engine):
    """Runs a notebook's cells in order and stops at the first error, as papermill's own engine does."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        spark: SparkSession | None = None,
        on_cell: OnCell | None = None,
        **ignored: Any,
    ) -> NotebookNode:
        """Return the notebook with its outputs; papermill raises the error that a cell ended with."""
        cells = nb_man.nb.cells
        with own_shell() as shell, _handed_over(spark), _working_folder_kept(), _saved_now_and_then(nb_man):
            for index, cell in enumerate(cells):
                if cell.cell_type != "code":
                    continue
                nb_man.cell_start(cell, index)
                failed = _run_cell(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, index)
                if failed:
                    break
                if on_cell:
                    on_cell(index + 1, len(cells))
        return nb_man.nb


def _run_cell(shell: CellShell, cell: NotebookNode) -> bool:
    """Run one cell and return whether it failed; an interrupt is the whole run's, not the cell's."""
    if not cell.source.strip():
        return False
    error = shell.fill(cell)
    if isinstance(error, KeyboardInterrupt):
        raise error
    return error is not None


def _handed_over(spark: SparkSession | None) -> contextlib.AbstractContextManager[None]:
    return session.handed_over(spark) if spark is not None else contextlib.nullcontext()


@contextlib.contextmanager
def _saved_now_and_then(nb_man: NotebookExecutionManager) -> Iterator[None]:
    """Papermill writes the whole file at every start and end of a cell, which costs more than most of our cells do.

    Inside, it is written where the last time is more than a moment ago; papermill writes it once more at the end,
    whatever the outcome.
    """
    save = nb_man.save

    def save_now_and_then(**options: Any) -> None:
        if (nb_man.now() - nb_man.last_save_time).total_seconds() >= SECONDS_BETWEEN_SAVES:
            save(**options)

    nb_man.save = save_now_and_then
    try:
        yield
    finally:
        nb_man.save = save


@contextlib.contextmanager
def _working_folder_kept() -> Iterator[None]:
    folder = Path.cwd()
    try:
        yield
    finally:
        os.chdir(folder)
