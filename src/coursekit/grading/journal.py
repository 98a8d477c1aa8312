"""What the grader remembers of each submission between runs, so that it can be stopped at any moment.

One file a submission, written whole or not at all, after the gradebook has its scores. A submission is done when its
file is there and speaks of the submission and the lesson as they are now.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

GRADED, HUMAN = "graded", "needs a human"
RECEIPT, STARTED, CLAIM = "receipt.json", "recording", "claim"


@dataclass
class Receipt:
    """How the grading of one submission ended.

    Parameters
    ----------
    student : str
    version : str
        Of the submission and the lesson together.
    status : str
        "graded" or "needs a human".
    reasons, remarks : list of str
    open : list of str
        Checks that have no score until a person gives one.
    recorded : bool
        Whether the gradebook has scores for it.
    seconds, cpu : float
        That its code took.
    """

    student: str
    version: str
    status: str
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    recorded: bool = True
    seconds: float = 0.0
    cpu: float = 0.0


def read(folder: Path) -> Receipt | None:
    """The receipt in a folder, if there is one that can be read."""
    try:
        return Receipt(**json.loads((folder / RECEIPT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(folder: Path, receipt: Receipt) -> None:
    """Put the receipt in the folder, whole, and forget that recording had begun."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{RECEIPT}.new"
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(asdict(receipt), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / RECEIPT)
    (folder / STARTED).unlink(missing_ok=True)


def begin(folder: Path) -> None:
    """Note that the gradebook and the autograded folder are about to change."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STARTED).touch()


@contextmanager
def claimed(folder: Path, wait: bool) -> Iterator[bool]:
    """Keep other graders away from a submission; whether that worked, which it does in the end with ``wait``."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / CLAIM, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def was_interrupted(folder: Path) -> bool:
    return (folder / STARTED).exists()
