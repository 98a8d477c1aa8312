"""Build lessons: ``course/NN/lesson.md`` → ``solutions/NN/NN.ipynb`` with outputs → ``lessons/NN/NN.ipynb``."""

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from coursekit.course import for_each, lessons
from coursekit.execute import Run, execute
from coursekit.notebook import lay_out
from coursekit.source import Lesson, read_lesson

BUILT = ("solutions", "lessons")
AUTHORS_ONLY = ("lesson.md", "answers.py", "__pycache__", ".ipynb_checkpoints")


@dataclass(frozen=True)
class Cost:
    """What executing a lesson took."""

    lesson: str
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Stale:
    """A built file that differs from what its source gives now."""

    path: str
    why: str
    diff: str = ""


def build(root: Path, sources: list[Path], check: bool = False) -> tuple[list[Cost], list[Stale]]:
    """Build the lessons and bring ``solutions/`` and ``lessons/`` up to date; with ``check`` only compare.

    Returns
    -------
    costs : list of Cost
    stale : list of Stale
        The files that were replaced (or would be); files that no source makes are listed and left alone.

    Raises
    ------
    SourceError
        If a lesson cannot be read or executed; then nothing is written.
    """
    # nbgrader takes seconds to import; the processes that execute lessons do without it.
    from coursekit.release import release

    with tempfile.TemporaryDirectory(prefix="coursekit-") as scratch:
        stage = Path(scratch)
        costs = for_each(_run, sources, stage)
        for source in sources:
            release(source.parent.name, stage, root / "course" / "nbgrader_config.py")
        stale = [found for source in sources for found in _compare(stage, root, source.parent.name)]
        if not check:
            for found in stale:
                if (stage / found.path).exists():
                    _replace(stage / found.path, root / found.path)
    return costs, stale


def without_source(root: Path) -> list[Stale]:
    """Built lessons whose source is gone."""
    known = {path.parent.name for path in lessons(root)}
    return [
        Stale(str(folder.relative_to(root)), "no source makes it; delete it")
        for kind in BUILT
        for folder in sorted((root / kind).glob("*/"))
        if folder.name not in known and not folder.name.startswith(".")
    ]


def _run(source: Path, stage: Path) -> Cost:
    """Execute one lesson into the stage's solutions."""
    lesson: Lesson = read_lesson(source)
    placed = lay_out(lesson)
    folder = stage / "solutions" / lesson.name
    shutil.copytree(source.parent, folder, ignore=shutil.ignore_patterns(*AUTHORS_ONLY))
    with tempfile.TemporaryDirectory() as scratch:
        playground = Path(scratch) / "solutions" / lesson.name
        shutil.copytree(folder, playground)
        run: Run = execute(lesson, placed, playground)
    (folder / f"{lesson.name}.ipynb").write_text(nbformat.writes(run.notebook) + "\n", encoding="utf-8")
    return Cost(lesson.name, run.seconds, run.megabytes)


def _compare(stage: Path, root: Path, lesson: str) -> Iterator[Stale]:
    for kind in BUILT:
        new, old = ({*_files(base / kind / lesson, base)} for base in (stage, root))
        for path in sorted(new | old):
            if path not in old:
                yield Stale(path, "missing")
            elif path not in new:
                yield Stale(path, "no source makes it; delete it")
            elif (stage / path).read_bytes() != (root / path).read_bytes():
                yield Stale(path, "differs", _diff(root / path, stage / path))


def _files(folder: Path, base: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(base)
        if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in relative.parts):
            yield str(relative)


def _diff(old: Path, new: Path, most: int = 12) -> str:
    try:
        before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
    except UnicodeDecodeError:
        return ""
    lines = [line[:160] for line in difflib.unified_diff(before, after, "on disk", "from source", n=0, lineterm="")]
    return "\n".join(lines[:most] + ["…"] * (len(lines) > most))


def _replace(new: Path, old: Path) -> None:
    """Put a new file where an old one was, in one step, so that a reader never sees half of it."""
    old.parent.mkdir(parents=True, exist_ok=True)
    beside = old.with_name(f".{old.name}.new")
    shutil.copyfile(new, beside)
    beside.replace(old)
