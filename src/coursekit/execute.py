"""Run a lesson's notebook in a fresh kernel, and keep only what the next run will repeat."""

import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from coursekit.notebook import KERNEL, Placed, assemble
from coursekit.source import Lesson, SourceError

TIMEOUT = 300
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMEXPR")},
}
WIDGET = "application/vnd.jupyter.widget-view+json"

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_PATH = re.compile(
    r"(?<![\w/.:+=-])(?:/(?:home|root|tmp|Users|usr|var|opt|mnt|private)/[^\s\"'<>]+|[A-Z]:\\[^\s\"'<>]+)"
)
_DATA_URI = re.compile(r"data:[^\"'\s)]+")


@dataclass(frozen=True)
class Run:
    """An executed notebook and what it cost."""

    notebook: NotebookNode
    seconds: float
    megabytes: float


def execute(lesson: Lesson, placed: list[Placed], folder: Path) -> Run:
    """Execute the lesson in ``folder`` and return it with normalised metadata and outputs.

    Meant for a process of its own: the peak memory is that of all children this process has had.

    Raises
    ------
    SourceError
        If a cell raises, writes to stderr, or shows something that the next run would not repeat.
    """
    notebook = deepcopy(assemble(placed))
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=TIMEOUT,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    began = time.perf_counter()
    try:
        client.execute(env=os.environ | ENVIRONMENT)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise _failure(lesson, placed, notebook, error) from None
    seconds = time.perf_counter() - began
    notebook.metadata = deepcopy(assemble([]).metadata)
    if lesson.needs:
        notebook.metadata["needs"] = list(lesson.needs)
    for place, cell in zip(placed, notebook.cells, strict=True):
        if cell.cell_type == "code":
            _settle(cell)
            for what in unrepeatable(cell, folder):
                raise SourceError(lesson.path, place.line, f'cell "{cell.id}" {what}')
    return Run(notebook, seconds, _peak_megabytes())


def unrepeatable(cell: NotebookNode, folder: Path | None = None) -> Iterator[str]:
    """What in a code cell's outputs has no place in a built notebook."""
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            yield f"writes to stderr: {_short(output.text)}"
        if WIDGET in output.get("data", {}):
            yield 'shows a widget, whose state is random; tag the cell: tags="explorer"'
        for text in _texts(output):
            if found := _ADDRESS.search(text):
                yield f"shows a memory address ({found[0]}), another at every run"
            if (found := _PATH.search(text)) or (folder and (found := re.search(re.escape(str(folder)), text))):
                yield f"shows a path of this machine ({found[0]})"


def _settle(cell: NotebookNode) -> None:
    cell.metadata.pop("execution", None)
    tags = cell.metadata.get("tags", [])
    if "explorer" in tags:
        cell.outputs = []
        cell.metadata["tags"] = [*tags, *({"nbval-ignore-output"} - {*tags})]


def _texts(output: NotebookNode) -> list[str]:
    data = output.get("data", {})
    shown = [output.get("text", "")] + [str(data[kind]) for kind in data if not kind.startswith("image/")]
    return [_DATA_URI.sub("", text) for text in shown]


def _failure(lesson: Lesson, placed: list[Placed], notebook: NotebookNode, error: Exception) -> SourceError:
    """The error with the lesson's line: that of the failing statement where the traceback tells it."""
    at = _failed_cell(notebook)
    cell, line = notebook.cells[at], placed[at].line
    raised = next((o for o in cell.get("outputs", []) if o.output_type == "error"), None)
    trace = _ANSI.sub("", "\n".join(raised.traceback)) if raised else str(error)
    if found := re.search(r"Cell In\[\d+\], line (\d+)", trace):
        line += int(found[1]) - 1
    what = f"{raised.ename}: {raised.evalue}" if raised else type(error).__name__
    return SourceError(lesson.path, line, f'cell "{cell.id}" fails: {what}\n{trace}')


def _failed_cell(notebook: NotebookNode) -> int:
    """The cell that raised, else (killed or out of time) the one after the last that ended."""
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    raised = [i for i in code if any(o.output_type == "error" for o in notebook.cells[i].outputs)]
    started = [i for i in code if notebook.cells[i].execution_count]
    return raised[0] if raised else next((i for i in code if i > max(started, default=-1)), code[-1])


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _short(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 100 else line[:99] + "…"
