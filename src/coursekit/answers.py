"""The mutation bank of a lesson: wrong answers that must lose points and be told why, right ones that must not.

``course/NN_name/answers.py`` registers answers with two decorators::

    from coursekit.answers import right, wrong

    @wrong("spd", "the sign is flipped")
    def spd(y_pred, group, privileged): ...

    @right("spd")
    def spd(y_pred, group, privileged): ...

    wrong("cards", "a plan is not an outcome")("cards = {…}")

The first argument is the exercise's name; the second a phrase that the feedback must contain, in any case. An answer
is source text: it takes the place of the exercise's cell, so it sees what the lesson defined before, and nothing of
the rest of answers.py.
"""

import ast
import inspect
import linecache
import runpy
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coursekit.source import SourceError

Given = TypeVar("Given", Callable, str)


@dataclass(frozen=True)
class Answer:
    """An answer to an exercise, as a student would write it into the cell.

    ``kind`` is "wrong", "right", "stub" or "solution"; ``says`` the phrase that its feedback must contain; ``line``
    where it stands in answers.py (0 for an answer that the lesson itself implies).
    """

    exercise: str
    kind: str
    source: str
    says: str = ""
    line: int = 0


_registered: list[Answer] = []


def wrong(exercise: str, says: str) -> Callable[[Given], Given]:
    """Register an answer that must lose points, with feedback that contains ``says``."""
    if not says.strip():
        raise ValueError(f'wrong("{exercise}", …) needs the phrase that its feedback must contain')
    return _register(exercise, "wrong", says)


def right(exercise: str) -> Callable[[Given], Given]:
    """Register an answer that must earn all points."""
    return _register(exercise, "right", "")


def load(path: Path) -> dict[str, list[Answer]]:
    """The answers that a lesson's answers.py registers, by exercise, in the order written.

    Raises
    ------
    SourceError
        If the file cannot be run.
    """
    _registered.clear()
    linecache.checkcache(str(path))
    try:
        runpy.run_path(str(path))
    except Exception as error:
        own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else own[-1] if own else 1
        raise SourceError(path, line or 1, f"{type(error).__name__}: {error}") from error
    bank: dict[str, list[Answer]] = {}
    for answer in _registered:
        bank.setdefault(answer.exercise, []).append(answer)
    return bank


def _register(exercise: str, kind: str, says: str) -> Callable[[Given], Given]:
    def register(answer: Given) -> Given:
        frame = inspect.currentframe()
        caller = frame.f_back.f_lineno if frame and frame.f_back else 0
        source = answer if isinstance(answer, str) else _source(answer)
        _registered.append(Answer(exercise, kind, textwrap.dedent(source).strip("\n"), says, caller))
        return answer

    return register


def _source(function: Callable) -> str:
    """The function's source without its decorators."""
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    return "\n".join(source.split("\n")[definition.lineno - 1 :])
