"""A second opinion that student code cannot reach: the lesson's own checks, in a process of their own.

The judge has run the lesson as its authors solved it. For each check it takes the namespace as it was there, puts in
the place of the answer something that asks the student's process for every value, and runs the check. What the
student's process has patched or forged does not exist here; only plain values cross.
"""

import builtins
import contextlib
import gc
import io
import os
import select
import socket
import sys
from collections.abc import Callable
from typing import Any

from coursekit.grading.job import Master, Outputs, laid_out
from coursekit.grading.sandbox import Limits, die_with_parent, limit
from coursekit.grading.shell import CellShell, silent
from coursekit.grading.student import FUNCTION
from coursekit.grading.values import Handed, decode
from coursekit.grading.wire import Closed, Forged, Line

_CALL_SECONDS = 60.0


class Unverifiable(BaseException):
    """The answer hands out something that cannot cross; not an Exception, so that no check takes it for an answer's."""


class Judge:
    """The solved lesson, stopped at each of its checks."""

    def __init__(self, shell: CellShell, master: Master):
        self.shell = shell
        self.exercises = {exercise.check: exercise for exercise in master.exercises}
        self.stops: dict[str, dict[str, Any]] = {}
        with laid_out(master.files), silent(shell.tape):
            for cell in master.cells:
                if cell.check:
                    self.stops[cell.check] = dict(shell.user_ns)
                shell.run(cell.source)

    def opinion(self, check: str, student: Line) -> Outputs | None:
        """What the check says of the student's answer, or None if it cannot be known here."""
        exercise = self.exercises[check]
        namespace = self.shell.user_ns
        namespace.clear()
        namespace.update(self.stops[check])
        try:
            for name in exercise.names:
                namespace.pop(name, None)
                if (answer := _ask(name, student)) is not _ABSENT:
                    namespace[name] = answer
            with silent(self.shell.tape):
                outputs = self.shell.run(exercise.source, keep=False)[0]
        except Unverifiable:
            return None
        return None if any(output.get("ename") == Unverifiable.__name__ for output in outputs) else outputs

    def sit(self, control: Line, student: Line) -> None:
        """Judge one submission's checks as they are asked for; does not return."""
        try:
            while True:
                check = control.receive()
                outputs = self.opinion(check, student)
                student.send(("end",))
                control.send(outputs)
        except Closed:
            os._exit(0)
        except BaseException:
            os._exit(1)


_ABSENT = object()


class Remote:
    """Stands for a function in the student's process; calling it asks that process."""

    def __init__(self, name: str, student: Line):
        self.__name__ = self.__qualname__ = name
        self._student = student
        # What a check puts in here, so that it stands in for a name that the answer uses, is called back.
        self.__globals__: dict[str, Callable] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # A check may watch every call that an answer makes; those of this connection are none of them, and many.
        watching = sys.getprofile()
        sys.setprofile(None)
        try:
            return self._ask(args, kwargs)
        finally:
            sys.setprofile(watching)

    def _ask(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        functions: list[Callable] = []
        blob = io.BytesIO()
        try:
            Handed(blob, functions).dump((args, kwargs))
        except Exception as error:
            raise Unverifiable(f"the arguments cannot be handed over: {error}") from None
        stand_ins = dict(self.__globals__)
        self._student.send(("call", self.__name__, blob.getvalue(), list(stand_ins)))
        while True:
            reply = _receive(self._student)
            if reply[0] == "callback":
                called = stand_ins.get(reply[1]) if isinstance(reply[1], str) else functions[reply[1]]
                self._student.send(_called_back(called, reply[2]))
            elif reply[0] == "error":
                raise _error(reply[1], reply[2])
            else:
                return _value(reply)

    def __deepcopy__(self, memo: dict) -> "Remote":
        return self


def _ask(name: str, student: Line) -> Any:
    student.send(("what", name))
    reply = _receive(student)
    if reply[0] == "absent":
        return _ABSENT
    return Remote(name, student) if reply[0] == FUNCTION else _value(reply)


def _receive(student: Line) -> tuple:
    reply = student.receive_plain(within=_CALL_SECONDS)
    if not isinstance(reply, tuple) or not reply:
        raise Forged(f"a reply of type {type(reply).__name__}")
    return reply


def _value(reply: tuple) -> Any:
    if reply[0] == "opaque":
        raise Unverifiable(str(reply[1]))
    return decode(reply[1])


def _called_back(function: Callable | None, parts: Any) -> tuple[bool, Any]:
    try:
        args, kwargs = decode(parts)
        return True, function(*args, **kwargs)  # type: ignore[misc]
    except Exception as error:
        return False, error


def _error(name: str, text: str) -> BaseException:
    """The error as the student's process raised it, where that is one of Python's own."""
    kind = getattr(builtins, str(name), None)
    if isinstance(kind, type) and issubclass(kind, (Exception, SystemExit)):
        try:
            return kind(text)
        except TypeError:  # UnicodeDecodeError and its like want more than a text
            return ValueError(text)
    return type(str(name), (Exception,), {})(text)


def keep_a_desk(shell: CellShell, setup: Line, benches: list[Line]) -> None:
    """Wait for the solved lesson, run it, and fork a judge for every submission that a bench asks one for."""
    die_with_parent()
    try:
        judge = Judge(shell, setup.receive())
        gc.collect()
        gc.freeze()
        while benches:
            for bench in select.select([line.end for line in benches], [], [])[0]:
                _reap()
                asked, ends, *_ = socket.recv_fds(bench, 1, 2)
                if not asked:
                    benches = [line for line in benches if line.end is not bench]
                    continue
                if os.fork() == 0:
                    control, student = (Line(socket.socket(fileno=end)) for end in ends)
                    limit(Limits())
                    judge.sit(control, student)
                for end in ends:
                    os.close(end)
    finally:
        _reap(wait=True)
        os._exit(0)


def _reap(wait: bool = False) -> None:
    """See judges off that are done; at the end, all of them."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, 0 if wait else os.WNOHANG)[0]:
            pass
