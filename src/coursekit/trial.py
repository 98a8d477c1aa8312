"""Put every answer of a lesson's bank to its own check cells, and say where the marking is unfair."""

import ast
import contextlib
import io
import os
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from coursekit.answers import Answer
from coursekit.bank import answers
from coursekit.markers import HIDDEN, without
from coursekit.notebook import lay_out
from coursekit.source import Lesson, SourceError

CLOSE = 1e-9


@dataclass(frozen=True)
class Verdict:
    """What the check cell made of one answer, and what is unfair about it ("" if nothing)."""

    answer: Answer
    points: float
    earned: float
    feedback: str
    fault: str

    @property
    def fair(self) -> bool:
        return not self.fault


@dataclass(frozen=True)
class _Marked:
    """A check cell, run: points, the report's text, what it wrote to stderr, the exception it let out."""

    earned: float = 0.0
    feedback: str = ""
    stderr: str = ""
    error: str = ""


def trial(lesson: Lesson) -> list[Verdict]:
    """Run the lesson's solution in one namespace and, at every check cell, all answers of its exercise.

    Each answer is tried against the check cell with and without its hidden tests, in the lesson's own namespace,
    so that what the lesson defined before calls the answer too; afterwards the namespace is (shallowly) as it was.
    """
    bank = answers(lesson)
    verdicts: list[Verdict] = []
    namespace: dict[str, Any] = {"__name__": "__main__", "display": lambda *shown, **how: None}
    answered: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    with _stage():
        for place in lay_out(lesson):
            if place.node.cell_type != "code":
                continue
            mark = place.node.metadata.get("nbgrader", {})
            name = mark.get("grade_id", "").removeprefix("check-")
            if mark.get("grade") and name in answered:
                with _restored(namespace):
                    _undo(namespace, *answered[name])
                    verdicts += [_judge(answer, place.node.source, mark["points"], namespace) for answer in bank[name]]
            before = dict(namespace)
            try:
                _value(place.node.source, namespace, f"<{place.node.id}>")
            except Exception as error:
                raise SourceError(lesson.path, place.line, f'cell "{place.node.id}" fails: {_said(error)}') from error
            if mark.get("solution"):
                answered[name] = before, dict(namespace)
    return verdicts


@contextlib.contextmanager
def _restored(namespace: dict[str, Any]) -> Iterator[None]:
    saved = dict(namespace)
    try:
        yield
    finally:
        namespace.clear()
        namespace.update(saved)


def _undo(namespace: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Take back what the answer's cell did when it took the namespace from before to after."""
    for name in [name for name in after if name not in before or before[name] is not after[name]]:
        namespace.pop(name, None)
        if name in before:
            namespace[name] = before[name]


def _judge(answer: Answer, check: str, points: float, namespace: dict[str, Any]) -> Verdict:
    full = _mark(answer, check, namespace)
    seen = _mark(answer, without(check, HIDDEN), namespace)
    return Verdict(answer, points, full.earned, full.feedback, _fault(answer, points, full, seen))


def _fault(answer: Answer, points: float, full: _Marked, seen: _Marked) -> str:
    for marked, tests in ((full, "with hidden tests"), (seen, "as the student sees it")):
        if marked.error:
            return f"raises out of the check cell, {tests}: {marked.error}"
        if marked.stderr:
            return f"writes to stderr, which costs every point, {tests}: {marked.stderr.strip().splitlines()[-1]}"
        if not 0 <= marked.earned <= points + CLOSE:
            return f"earns {marked.earned:g} of {points:g}, {tests}; nbgrader refuses that"
        if answer.kind in {"right", "solution"} and marked.earned < points - CLOSE:
            return f"earns {marked.earned:g} of {points:g}, {tests}, though it is right"
        if answer.kind == "stub" and marked.earned > 0:
            return f"earns {marked.earned:g} of {points:g}, {tests}, though nothing was written"
    if answer.kind == "wrong" and full.earned > points - CLOSE:
        return f"earns all of {points:g}, though it is wrong"
    if _plain(answer.says) not in _plain(full.feedback):
        return f'is not told "{answer.says}"'
    return ""


def _mark(answer: Answer, check: str, namespace: dict[str, Any]) -> _Marked:
    stderr = io.StringIO()
    try:
        with (
            _restored(namespace),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(stderr),
            warnings.catch_warnings(record=True) as warned,
        ):
            with contextlib.suppress(Exception):
                _value(answer.source, namespace, f"<{answer.kind} answer>")
            stderr.truncate(stderr.seek(0))
            warned.clear()
            report = _value(check, namespace, "<check>")
        earned, text = float(repr(report)), report._repr_markdown_()
    except Exception as error:
        return _Marked(error=_said(error))
    written = [stderr.getvalue(), *(str(warning.message) for warning in warned)]
    return _Marked(earned, text, "\n".join(filter(None, written)))


def _value(source: str, namespace: dict[str, Any], name: str) -> Any:
    """Run a cell and return the value of its last expression, as a notebook would show it."""
    code = "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))
    *body, last = ast.parse(code, name).body or [ast.Pass()]
    if not isinstance(last, ast.Expr):
        exec(compile(code, name, "exec"), namespace)
        return None
    exec(compile(ast.Module(body, []), name, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)


@contextlib.contextmanager
def _stage() -> Iterator[None]:
    """No windows, no files left behind, no output, and warnings as a notebook's kernel shows them."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        contextlib.chdir(scratch),
        contextlib.redirect_stdout(io.StringIO()),
        patch.dict(os.environ, MPLBACKEND="agg"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning):
            warnings.simplefilter("ignore", kind)
        yield


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _said(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()
