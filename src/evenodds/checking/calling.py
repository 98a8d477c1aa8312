"""Run a student's function once, so that nothing it does can hurt the check: no stray output, no changed inputs."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import pickle
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

# Rooms of this library that hold answers to exercises, and the libraries that hold the same answers.
ANSWER_LIBRARIES = (
    "evenodds",
    "fairlearn",
    "aif360",
    "oxonfair",
    "aequitas",
    "holisticai",
    "sklearn.metrics",
)
TABLES = (np.ndarray, pd.Series, pd.DataFrame, list, dict)
TEACHING_ROOMS = ("evenodds.checking", "evenodds.datasets", "evenodds.plots", "evenodds.explorers")


@dataclass(frozen=True)
class Outcome:
    """What one call did."""

    value: Any = None
    error: BaseException | None = None
    borrowed: str | None = None  # the library that computed the answer, if one was asked
    changed_input: bool = False


def run(function: Callable, args: tuple, kwargs: dict[str, Any], assuming: dict[str, Callable]) -> Outcome:
    """Call `function` on copies of its arguments, quietly, with `assuming` standing in for names it uses."""
    handed = copy.deepcopy((args, kwargs))
    before = _fingerprint(handed)
    borrowed: list[str] = []
    value, error = None, None
    with quiet(), standing_in(function, assuming), watching(borrowed, allowed=assuming):
        try:
            value = function(*handed[0], **handed[1])
        except (Exception, SystemExit) as raised:
            error = raised
    return Outcome(value, error, borrowed[0] if borrowed else None, changed_input=_fingerprint(handed) != before)


def imported_from(function: Callable) -> str | None:
    """The answer library in which `function` itself was defined, or None if the student wrote it."""
    return _answer_library(getattr(function, "__module__", None) or type(function).__module__)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep prints and warnings away from the notebook: a line on stderr would cost every point of the cell."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def standing_in(function: Callable, assuming: dict[str, Callable]) -> Iterator[None]:
    """Let right answers stand in for earlier exercises, so that one mistake costs once."""
    namespace = getattr(function, "__globals__", {})
    saved = {name: namespace[name] for name in assuming if name in namespace}
    namespace.update(assuming)
    try:
        yield
    finally:
        for name in assuming:
            namespace.pop(name, None)
        namespace.update(saved)


@contextlib.contextmanager
def watching(borrowed: list[str], allowed: dict[str, Callable]) -> Iterator[None]:
    """Note which answer library runs while the student's code does."""
    stand_ins = {f.__code__ for f in allowed.values() if isinstance(f, types.FunctionType)}

    def note(frame: types.FrameType, event: str, arg: Any) -> None:
        if event != "call" or borrowed or frame.f_code in stand_ins or frame.f_code.co_name == "<module>":
            return
        library = _answer_library(_module(frame))
        if library and not _used_by_its_own(frame) and not any(f.f_code in stand_ins for f in _callers(frame)):
            borrowed.append(library)

    previous, elsewhere = sys.getprofile(), threading.getprofile()
    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(previous)
        threading.setprofile(elsewhere)


def _used_by_its_own(frame: types.FrameType) -> bool:
    """Whether scikit-learn asks its own metrics, as a nearest-neighbour search does: nobody's answer is borrowed."""
    asking = next((f for f in _callers(frame) if not _within(_module(f), "sklearn.utils")), None)
    return asking is not None and _within(_module(asking), "sklearn") and _within(_module(frame), "sklearn")


def _module(frame: types.FrameType) -> str:
    return frame.f_globals.get("__name__", "")


@functools.cache  # asked at every call that an answer makes
def _answer_library(module: str) -> str | None:
    if any(_within(module, room) for room in TEACHING_ROOMS):
        return None
    return next((library for library in ANSWER_LIBRARIES if _within(module, library)), None)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _callers(frame: types.FrameType) -> Iterator[types.FrameType]:
    caller = frame.f_back
    while caller is not None:
        yield caller
        caller = caller.f_back


def _fingerprint(handed: tuple[tuple, dict[str, Any]]) -> bytes:
    """The tables among the arguments as bytes, which do not rely on the tables' own idea of equality.

    Models are left out: to be fitted is what they are handed over for.
    """
    tables = [value for value in (*handed[0], *handed[1].values()) if isinstance(value, TABLES)]
    try:
        return pickle.dumps(tables)
    except Exception:
        return b""
