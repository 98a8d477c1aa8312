"""What crosses between the steps of grading: the lesson, one submission to execute, what came of it."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading.sandbox import Limits
from coursekit.markers import HIDDEN, without

Outputs = list[dict[str, Any]]


@dataclass(frozen=True)
class CodeCell:
    """A code cell to run; ``check`` is its name if it is a grade cell, ``answer`` says whether it holds an answer."""

    index: int
    source: str
    check: str = ""
    answer: bool = False


@dataclass(frozen=True)
class Exercise:
    """A check, the names its answer defines, and the answer's cell as it was handed out, which must earn nothing."""

    check: str
    source: str
    names: tuple[str, ...]
    stub: str


@dataclass(frozen=True)
class Master:
    """The lesson as its authors solved it: what the judge knows, and student code never sees.

    Parameters
    ----------
    cells : tuple of CodeCell
        Of the solution notebook, hidden tests in.
    exercises : tuple of Exercise
    files : dict of str to bytes
        What lies beside the notebook, by relative path.
    packages : tuple of str
        That the lesson imports.
    digest : str
        Changes when any of this does.
    """

    cells: tuple[CodeCell, ...]
    exercises: tuple[Exercise, ...]
    files: dict[str, bytes]
    packages: tuple[str, ...]
    digest: str

    def as_handed_out(self) -> list[str]:
        """The sources of the code cells in order, without a right answer or a hidden test among them."""
        stubs = {exercise.check: exercise.stub for exercise in self.exercises}
        sources: list[str] = []
        for cell in self.cells:
            if cell.check in stubs:
                sources.append(stubs[cell.check])
            if not cell.answer:
                sources.append(without(cell.source, HIDDEN))
        return sources


@dataclass(frozen=True)
class Job:
    """One submission, sanitised, ready to run.

    Parameters
    ----------
    student : str
    cells : tuple of CodeCell
    exercises : tuple of Exercise
        Of the lesson: which checks a judge is asked about.
    files : dict of str to bytes
        What the working directory holds, by relative path: the student's files under the course's.
    work : str
        Absolute path that the working directory seems to have.
    readable : tuple of str
        What of the disk may be read.
    limits : Limits
    sandbox : bool
    """

    student: str
    cells: tuple[CodeCell, ...]
    exercises: tuple[Exercise, ...]
    files: dict[str, bytes]
    work: str
    readable: tuple[str, ...]
    limits: Limits
    sandbox: bool = True


@dataclass
class Executed:
    """What one submission did.

    Parameters
    ----------
    cells : dict of int to (outputs, execution count)
        By index; cells that did not get to run are missing.
    ended : str
        "" if it ran to its end, else why it did not, for a reader.
    late : list of int
        Cells that were interrupted for taking too long.
    canaries : dict of str to outputs
        By check, what it said of the untouched stub, in the student's own process.
    verdicts : dict of str to outputs or None
        By check, what it said in a process of its own; None where the answer's values cannot be handed over.
    unjudged : dict of str to str
        By check, why there is no second opinion though there should be.
    forged : str
        What was sent that honest code does not send, "" if nothing.
    seconds, cpu : float
    """

    cells: dict[int, tuple[Outputs, int | None]] = field(default_factory=dict)
    ended: str = ""
    late: list[int] = field(default_factory=list)
    canaries: dict[str, Outputs] = field(default_factory=dict)
    verdicts: dict[str, Outputs | None] = field(default_factory=dict)
    unjudged: dict[str, str] = field(default_factory=dict)
    forged: str = ""
    seconds: float = 0.0
    cpu: float = 0.0


@contextlib.contextmanager
def laid_out(files: dict[str, bytes]) -> Iterator[None]:
    """Work in a throw-away folder that holds these files."""
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder, contextlib.chdir(folder):
        put_down(files)
        yield


def put_down(files: dict[str, bytes]) -> None:
    """Write files, by relative path, into the working directory."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
