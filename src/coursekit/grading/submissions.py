"""What was handed in, looked at from outside: nothing of it is run or followed."""

import hashlib
import importlib.util
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

MEGABYTE = 2**20
LARGEST_NOTEBOOK = 20 * MEGABYTE
LARGEST_FILES = 32 * MEGABYTE
MOST_FILES = 1000
CHECKPOINTS = ".ipynb_checkpoints"


@dataclass
class Submission:
    """One student's folder for a lesson.

    Parameters
    ----------
    student : str
        The folder's name.
    folder, notebook : Path
    problem : str
        Why it cannot be graded, "" if it can.
    reasons : list of str
        Why a person has to read it, though it can be graded.
    remarks : list of str
        What a person may want to look at.
    """

    student: str
    folder: Path
    notebook: Path
    problem: str = ""
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def digest(self) -> str:
        """Changes when anything in the folder does; as it was when first asked for."""
        digest = hashlib.sha256()
        for path in sorted(islice(_entries(self.folder), MOST_FILES + 1)):
            digest.update(f"{path.relative_to(self.folder)}\0".encode("utf-8", "surrogateescape"))
            digest.update(_fingerprint(path))
        return digest.hexdigest()


def _fingerprint(path: Path) -> bytes:
    """What a file holds; of one that is not read, whatever stands in the way of that."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return b""
        if status.st_size > LARGEST_FILES:
            return f"{status.st_size} {status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        return str(error.errno).encode()


def look_at(student: str, folder: Path, lesson: str) -> Submission:
    """A submission, and what stands in the way of grading it."""
    submission = Submission(student, folder, folder / f"{lesson}.ipynb")
    try:
        submission.problem = _problem(submission)
        if not submission.problem:
            submission.remarks += _impostors(folder)
    except OSError as error:
        submission.problem = f"its folder cannot be read: {error}"
    return submission


def _problem(submission: Submission) -> str:
    folder, notebook = submission.folder, submission.notebook
    if submission.student != submission.student.strip() or not submission.student.isprintable():
        return "its folder's name has blanks at an end, or characters that cannot be shown; rename it"
    if folder.parent.is_symlink() or folder.is_symlink():
        return "its folder is a symbolic link; links are not followed"
    size = 0
    for count, path in enumerate(_entries(folder), start=1):
        status, name = path.lstat(), path.relative_to(folder)
        if stat.S_ISLNK(status.st_mode):
            return f"{name} is a symbolic link; links are not followed"
        if stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
            return f"{name} is a hard link to another file; put a copy in its place"
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            return f"{name} is neither a file nor a folder"
        if count > MOST_FILES:
            return f"it holds more than {MOST_FILES} files"
        size += status.st_size if path != notebook else 0
    if size > LARGEST_FILES:
        return (
            f"the files beside its notebook have {size / MEGABYTE:.0f} MB; at most {LARGEST_FILES // MEGABYTE} are read"
        )
    if not notebook.is_file():
        return _no_notebook(folder, notebook.name)
    return _about_notebook(notebook)


def _no_notebook(folder: Path, wanted: str) -> str:
    others = sorted(path.name for path in folder.iterdir() if path.suffix == ".ipynb") if folder.is_dir() else []
    if others:
        return f"no {wanted} in it, but {', '.join(others)}; rename it if that is the lesson, and grade again"
    return f"no {wanted} in it" if folder.is_dir() and any(folder.iterdir()) else "its folder is empty"


def _about_notebook(notebook: Path) -> str:
    size = notebook.stat().st_size
    if size > LARGEST_NOTEBOOK:
        return (
            f"its notebook has {size / MEGABYTE:.0f} MB, more than {LARGEST_NOTEBOOK // MEGABYTE}; "
            "clear its outputs in JupyterLab, save, and grade again"
        )
    return "" if size else "its notebook is an empty file"


def _impostors(folder: Path) -> Iterator[str]:
    """Files that Python would import in place of a library."""
    for path in sorted(folder.iterdir()):
        name = path.stem if path.suffix in (".py", ".so", ".pyc") else path.name if path.is_dir() else ""
        if name.isidentifier() and (name in sys.stdlib_module_names or _is_installed(name)):
            yield f"{path.name} beside the notebook has a library's name"


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in a folder, without following links."""
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != CHECKPOINTS]
        yield from (Path(root, name) for name in (*folders, *files))
