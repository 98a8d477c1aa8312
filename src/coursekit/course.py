"""The course on disk: where it is, which lessons it has, and how to work on several at once."""

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

WORKERS = 2
DATA = "EVENODDS_DATA"

Found = TypeVar("Found")


def find_root(given: Path | None = None) -> Path:
    """The given folder, or the nearest one above the working directory, that holds ``course/``.

    Raises
    ------
    ValueError
        If there is none.
    """
    start = (given or Path.cwd()).resolve()
    for folder in [start] if given else [start, *start.parents]:
        if (folder / "course").is_dir():
            return folder
    raise ValueError(f"no course/ in {start}; run from the repository or say --root")


def lessons(root: Path, wanted: Iterable[str] = ()) -> list[Path]:
    """The sources of the wanted lessons (name, number or path of the folder; none means all), in order.

    Raises
    ------
    ValueError
        If a wanted lesson is not there.
    """
    found = sorted(root.glob("course/*/lesson.md"))
    chosen: set[Path] = set()
    for want in wanted:
        name = Path(want).parent.name if Path(want).name == "lesson.md" else Path(want).name
        matches = [path for path in found if name in {path.parent.name, path.parent.name.split("_")[0]}]
        if not matches:
            names = ", ".join(path.parent.name for path in found) or "none"
            raise ValueError(f'no lesson "{want}" in {root / "course"}; there are: {names}')
        chosen.update(matches)
    return sorted(chosen) if wanted else found


def missing_data(needs: Iterable[str]) -> list[str]:
    """Those of the needed data sets that the folder named by ``EVENODDS_DATA`` does not hold."""
    folder = os.environ.get(DATA)
    return [name for name in needs if not folder or not (Path(folder) / name).is_dir()]


def for_each(work: Callable[..., Found], sources: list[Path], *shared: Any) -> list[Found]:
    """``[work(source, *shared) for source in sources]``, each in a fresh process, two at a time."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn, max_tasks_per_child=1) as pool:
        try:
            return list(pool.map(work, sources, *([each] * len(sources) for each in shared)))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
