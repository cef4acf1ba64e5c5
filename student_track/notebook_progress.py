"""Progress of a run, shown on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def notebook_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what shows progress: one line per notebook, its cells counted; on a terminal the lines move."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as shown:

        def on_progress(notebook: str, done: int, total: int) -> None:
            if notebook not in tasks:
                tasks[notebook] = shown.add_task(notebook, total=total)
            shown.update(tasks[notebook], completed=done)

        yield on_progress
