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
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from coursekit.grading.job import Master, Outputs, laid_out
from coursekit.grading.sandbox import Limits, allow_cpu, die_with_parent, limit
from coursekit.grading.shell import CellShell, silent
from coursekit.grading.student import FUNCTION, standing_in
from coursekit.grading.values import Handed, Opaque, decode, encode
from coursekit.grading.wire import LARGEST, Closed, Forged, Late, Line, closing

STRANGE = "strange"

_CALL_SECONDS = 60.0


class Unverifiable(BaseException):
    """The answer hands out something that cannot cross; not an Exception, so that no check takes it for an answer's."""


class Judge:
    """The solved lesson, stopped at each of its checks."""

    def __init__(self, shell: CellShell, master: Master):
        self.shell = shell
        self.exercises = {exercise.check: exercise for exercise in master.exercises}
        self.stops: dict[str, dict[str, Any]] = {}
        with silent(shell.tape):
            for cell in master.cells:
                if cell.check:
                    self.stops[cell.check] = dict(shell.user_ns)
                shell.run(cell.source)
        self.judgeable = {check for check in self.exercises if self._says(check, _Own(self.shell.user_ns)) is not None}

    def opinion(self, check: str, student: Line) -> Outputs | str | None:
        """What the check says of the student's answer.

        None if nobody's answer can be handed over here, STRANGE if the solution's can and this one's cannot.
        """
        says = self._says(check, _Theirs(student))
        return STRANGE if says is None and check in self.judgeable else says

    def _says(self, check: str, answers: "_Own | _Theirs") -> Outputs | None:
        exercise, namespace = self.exercises[check], self.shell.user_ns
        namespace.clear()
        namespace.update(self.stops[check])
        try:
            for name in exercise.names:
                answer = answers.get(name)
                namespace.pop(name, None)
                if answer is not _ABSENT:
                    namespace[name] = answer
            with silent(self.shell.tape):
                outputs = self.shell.run(exercise.source, keep=False)[0]
        except Unverifiable:
            return None
        return None if any(output.get("ename") == Unverifiable.__name__ for output in outputs) else outputs

    def sit(self, control: Line) -> None:
        """Judge one submission's checks as they are asked for; does not return."""
        try:
            while True:
                check, seconds = control.receive()
                with closing(student := control.taken_over(LARGEST)):
                    allow_cpu(seconds)
                    control.send((check, self._heard(check, student)))
        except Closed:
            os._exit(0)
        except BaseException:
            os._exit(1)

    def _heard(self, check: str, student: Line) -> Outputs | str | None:
        try:
            opinion = self.opinion(check, student)
            student.send(("end",))
            return opinion
        except (Closed, Late, Forged):
            return STRANGE


_ABSENT = object()


class _Own:
    """The solution's answers, handed over to itself, to see whether they can be."""

    def __init__(self, namespace: dict[str, Any]):
        self.namespace = namespace

    def get(self, name: str) -> Any:
        answer = self.namespace.get(name, _ABSENT)
        if answer is _ABSENT:
            return _ABSENT
        return Remote(name, self._call(answer)) if callable(answer) else _there_and_back(answer)

    def _call(self, function: Callable) -> "Ask":
        def call(args: tuple, kwargs: dict, stand_ins: dict[str, Callable]) -> Any:
            with standing_in(function, stand_ins):
                return _there_and_back(function(*args, **kwargs))

        return call


class _Theirs:
    """The student's answers, asked for in the student's process."""

    def __init__(self, student: Line):
        self.student = student

    def get(self, name: str) -> Any:
        self.student.send(("what", name))
        reply = _receive(self.student)
        if reply[0] == "absent":
            return _ABSENT
        return Remote(name, partial(self._call, name)) if reply[0] == FUNCTION else _value(reply)

    def _call(self, name: str, args: tuple, kwargs: dict, stand_ins: dict[str, Callable]) -> Any:
        functions: list[Callable] = []
        blob = io.BytesIO()
        try:
            Handed(blob, functions).dump((args, kwargs))
        except Exception as error:
            raise Unverifiable(f"the arguments cannot be handed over: {error}") from None
        self.student.send(("call", name, blob.getvalue(), list(stand_ins)))
        while True:
            reply = _receive(self.student)
            if reply[0] == "callback":
                called = stand_ins.get(reply[1]) if isinstance(reply[1], str) else functions[reply[1]]
                self.student.send(_called_back(called, reply[2]))
            elif reply[0] == "error":
                raise _error(reply[1], reply[2])
            else:
                return _value(reply)


Ask = Callable[[tuple, dict, dict[str, Callable]], Any]


class Remote:
    """Stands for an answer's function; calling it asks for the value where that function lives."""

    def __init__(self, name: str, ask: Ask):
        self.__name__ = self.__qualname__ = name
        self._ask = ask
        # What a check puts in here, so that it stands in for a name that the answer uses, is called back.
        self.__globals__: dict[str, Callable] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # A check may watch every call that an answer makes; those of this connection are none of them, and many.
        watching = sys.getprofile()
        sys.setprofile(None)
        try:
            return self._ask(args, kwargs, dict(self.__globals__))
        finally:
            sys.setprofile(watching)

    def __deepcopy__(self, memo: dict) -> "Remote":
        return self


def _there_and_back(value: Any) -> Any:
    try:
        return decode(encode(value))
    except Opaque as opaque:
        raise Unverifiable(str(opaque)) from None


def _receive(student: Line) -> list:
    reply = student.receive_plain(within=_CALL_SECONDS)
    if not isinstance(reply, list) or not reply:
        raise Forged(f"a reply of type {type(reply).__name__}")
    return reply


def _value(reply: list) -> Any:
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


def keep_a_desk(shell: CellShell, setup: Line, benches: Line) -> None:
    """Wait for the solved lesson, run it, and fork a judge for every submission that a bench asks one for."""
    die_with_parent()
    with contextlib.suppress(Closed):
        master = setup.receive()
        with laid_out(master.files):
            judge = Judge(shell, master)
            gc.collect()
            gc.freeze()
            _serve(judge, benches)
    os._exit(0)


def _serve(judge: Judge, benches: Line) -> None:
    with contextlib.suppress(Closed):
        while True:
            control = benches.taken_over()
            reap()
            if os.fork() == 0:
                benches.close()
                limit(Limits())
                judge.sit(control)
            control.close()
    reap(wait=True)


def reap(wait: bool = False) -> None:
    """See children off that are done; or, to the last, all of them."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, 0 if wait else os.WNOHANG)[0]:
            pass
