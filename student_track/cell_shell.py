"""A fresh IPython shell whose cells leave their outputs as nbformat has them, in the order they came."""

import atexit
import contextlib
import io
import traceback
from collections.abc import Iterator
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from nbformat import NotebookNode
from traitlets import Type
from traitlets.config import Config


class _Value(DisplayHook):
    """Keeps the value of a cell's last expression as an ``execute_result``."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        count = self.prompt_count
        self.shell.outputs.append(
            nbformat.v4.new_output("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=count)
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Display(DisplayPublisher):
    """Keeps what a cell displays as ``display_data``."""

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, **ignored: Any) -> None:
        self.shell.outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        """Nothing is on a screen: what was shown stays in the cell."""


class _Stream(io.TextIOBase):
    """Keeps what a cell prints; lines that follow each other become one output."""

    def __init__(self, name: str, outputs: list[NotebookNode]) -> None:
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.get("name") == self.name:
            last["text"] += text
        elif text:
            self.outputs.append(nbformat.v4.new_output("stream", name=self.name, text=text))
        return len(text)


class CellShell(InteractiveShell):
    """An IPython shell without a terminal: outputs and errors go into the cell."""

    displayhook_class = Type(_Value)
    display_pub_class = Type(_Display)

    def __init__(self, **kwargs: Any) -> None:
        self.outputs: list[NotebookNode] = []
        super().__init__(**kwargs)

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is printed: the error becomes an output of the cell."""

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is printed: the error becomes an output of the cell."""

    def fill(self, cell: NotebookNode) -> BaseException | None:
        """Run a cell, put its outputs and its number into it, and return the error it ended with, if any."""
        self.outputs.clear()
        out, err = _Stream("stdout", self.outputs), _Stream("stderr", self.outputs)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            result: ExecutionResult = self.run_cell(cell.source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            self.outputs.append(_error_output(error))
        cell.outputs, cell.execution_count = list(self.outputs), result.execution_count
        return error


def _error_output(error: BaseException) -> NotebookNode:
    lines = traceback.format_exception(error)
    return nbformat.v4.new_output("error", ename=type(error).__name__, evalue=str(error), traceback=lines)


@contextlib.contextmanager
def own_shell() -> Iterator[CellShell]:
    """Yield a shell with an empty namespace; one that was there before (a notebook runs the runner) comes back."""
    former = InteractiveShell._instance
    InteractiveShell.clear_instance()
    quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = CellShell.instance(config=quiet)
    try:
        yield shell
    finally:
        atexit.unregister(shell.atexit_operations)  # this kept every value of every notebook until the process ended
        shell.user_ns.clear()
        CellShell.clear_instance()
        for shell_class in type(former).mro() if former else ():
            if issubclass(shell_class, InteractiveShell):
                shell_class._instance = former
