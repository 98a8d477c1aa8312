"""A bench: runs one submission at a time in a fork of the warm process, watches it, and stops it if it must."""

import os
import resource
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from coursekit.grading.job import CodeCell, Executed, Exercise, Job, Outputs
from coursekit.grading.sandbox import MEGABYTE, die_with_parent
from coursekit.grading.shell import CellShell
from coursekit.grading.student import GO_ON, JUDGE, sit
from coursekit.grading.wire import LARGEST, Closed, Forged, Late, Line, pair

GRACE = 10.0
GLANCE = 0.25
START_SECONDS = 30.0
TEXTS = {"stream": ("name", "text"), "error": ("ename", "evalue"), "display_data": (), "execute_result": ()}


def work(shell: CellShell, exercises: tuple[Exercise, ...], slot: int, client: Line, desk: Line) -> None:
    """Execute the jobs that the client sends, until it hangs up; does not return."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            client.send(Sitting(shell, client.receive(), exercises, slot, desk).watch())
    except Closed:
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


@dataclass
class Sitting:
    """One submission at a bench."""

    shell: CellShell
    job: Job
    exercises: tuple[Exercise, ...]
    slot: int
    desk: Line
    executed: Executed = field(default_factory=Executed)

    def watch(self) -> Executed:
        """Run the job to its end, or to the end of what it may use."""
        began = time.monotonic()
        self.until = began + self.job.limits.total_seconds
        self.report, theirs = pair(LARGEST)
        questions, answers = pair(LARGEST)
        self.process = os.fork()
        if self.process == 0:
            sit(self.shell, self.job, self.exercises, self.slot, theirs, answers)
        theirs.close()
        answers.close()
        self.judge = Second(self.desk, questions) if self.exercises else None
        try:
            self._follow()
        except Closed:
            self.executed.ended = "its process ended by itself (exit, a crash or too little memory)"
        except Forged as error:
            self.executed.forged = f"it wrote into the grader's connection: {error}"
            self.executed.ended = "it was stopped"
        except Late:
            self.executed.ended = "it stopped answering"
        except _Stopped as stopped:
            self.executed.ended = str(stopped)
        finally:
            usage = _end(self.process, 0 if self.executed.ended else GRACE)
            self.report.close()
            if self.judge:
                self.judge.leave()
        self.executed.cpu = usage.ru_utime + usage.ru_stime
        self.executed.seconds = time.monotonic() - began
        return self.executed

    def _follow(self) -> None:
        self._expect("ready", START_SECONDS)
        for cell in self.job.cells:
            self._expect("begin", GRACE, cell.index)
            outputs, count = self._expect("ran", None, cell.index)
            outputs = clean(outputs)
            if late := self.executed.late[-1:] == [cell.index]:
                outputs.append(_TOO_LATE)
            self.executed.cells[cell.index] = outputs, count if isinstance(count, int) else None
            if cell.check:
                self._second_opinion(cell, outputs, late)
        for exercise in self.exercises:
            (outputs,) = self._expect("canary", None, exercise.check)
            self.executed.canaries[exercise.check] = clean(outputs)
        self._expect("done", GRACE)

    def _second_opinion(self, cell: CodeCell, outputs: Outputs, late: bool) -> None:
        """Have the judge look at a check that gave points."""
        known = any(exercise.check == cell.check for exercise in self.exercises)
        if late or not self.judge or not known or not gave_something(outputs):
            self.report.send(GO_ON)
            return
        self.report.send(JUDGE)
        try:
            opinion = self.judge.opinion(cell.check, 2 * self.job.limits.seconds)
            if isinstance(opinion, str):
                self.executed.unjudged[cell.check] = "its answer hands out what a right answer does not"
            else:
                self.executed.verdicts[cell.check] = opinion
        except (Closed, Late, Forged) as error:
            self.executed.unjudged[cell.check] = {Late: "it took too long", Closed: "the judge ended"}.get(
                type(error), "the answers it got are none"
            )
            self.judge.leave()

    def _expect(self, kind: str, seconds: float | None, *about: Any) -> tuple:
        """The next message, which must be of this kind and about this cell; its further parts.

        Without ``seconds`` a cell is running: it is interrupted when its time is up, and stopped if that does not help.
        """
        message = self._wait(seconds) if seconds else self._wait_for_cell(about[0])
        if not isinstance(message, tuple) or not message:
            raise Forged(f"a message of type {type(message).__name__}")
        if message[0] == "broken":
            raise _Stopped(f"it could not be run: {message[1:]}")
        if message[0] != kind or message[1 : 1 + len(about)] != about:
            raise Forged(f"{message[:2]} in place of {(kind, *about)}")
        return message[1 + len(about) :]

    def _wait_for_cell(self, index: Any) -> Any:
        try:
            return self._wait(self.job.limits.seconds)
        except Late:
            os.kill(self.process, signal.SIGINT)
            if isinstance(index, int):
                self.executed.late.append(index)
        try:
            return self._wait(GRACE)
        except Late:
            raise _Stopped("a cell took too long and could not be interrupted") from None

    def _wait(self, seconds: float) -> Any:
        until = time.monotonic() + seconds
        while not self.report.has_message(min(GLANCE, until - time.monotonic())):
            if time.monotonic() > self.until:
                raise _Stopped(f"it took more than {self.job.limits.total_seconds:.0f} s in all")
            if time.monotonic() > until:
                raise Late
            if memory_of(self.process) > 2 * self.job.limits.megabytes * MEGABYTE:
                raise _Stopped("its processes together used too much memory")
        return self.report.receive_plain(within=START_SECONDS)


def _end(process: int, patience: float) -> resource.struct_rusage:
    """What a process and its children used, after they ended; who is left to end by itself passes on the children's."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(process)
        select.select([handle], [], [], patience)
        os.close(handle)
    os.kill(process, signal.SIGKILL)
    return os.wait4(process, 0)[2]


class Second:
    """The judge for one submission, asked for when it is first needed."""

    def __init__(self, desk: Line, student: Line):
        self.desk, self.student = desk, student
        self.control: Line | None = None
        self.gone = False

    def opinion(self, check: str, seconds: float) -> Outputs | str | None:
        """What the check says outside the student's process; None where that cannot be known."""
        if self.gone:
            raise Closed
        if self.control is None:
            self.control, theirs = pair()
            socket.send_fds(self.desk.end, [b"judge"], [theirs.end.fileno(), self.student.end.fileno()])
            theirs.close()
            self.student.close()
        self.control.send(check)
        return self.control.receive(within=seconds)

    def leave(self) -> None:
        self.gone = True
        for line in (self.control, self.student):
            if line is not None:
                line.close()


class _Stopped(Exception):
    """The bench ended the submission."""


_TOO_LATE = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}


def gave_something(outputs: Outputs) -> bool:
    """Whether a check's outputs may be worth points."""
    for output in outputs:  # in nbgrader's order: the first that tells, counts
        if output["output_type"] == "error" or output.get("name") == "stderr":
            return False
        if output["output_type"] == "execute_result":
            return output["data"].get("text/plain") not in ("0.0", "0")
    return True


def clean(outputs: Any) -> Outputs:
    """Outputs as a notebook may hold them; Forged if they are anything else."""
    if not isinstance(outputs, list):
        raise Forged(f"outputs of type {type(outputs).__name__}")
    return [_clean(output) for output in outputs]


def _clean(output: Any) -> dict[str, Any]:
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind not in TEXTS or any(not isinstance(output.get(name), str) for name in TEXTS[kind]):
        raise Forged("an output that no notebook has")
    if kind == "stream":
        fine = output["name"] in ("stdout", "stderr")
    elif kind == "error":
        fine = isinstance(output.get("traceback"), list) and all(isinstance(line, str) for line in output["traceback"])
    else:
        data, metadata = output.get("data"), output.get("metadata")
        fine = isinstance(data, dict) and isinstance(metadata, dict) and all(isinstance(mime, str) for mime in data)
    if not fine:
        raise Forged("an output that no notebook has")
    return output


def memory_of(process: int) -> int:
    """Bytes in memory of a process and all below it; 0 where the system does not tell."""
    pages, todo = 0, [process]
    while todo:
        one = todo.pop()
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{one}/statm") as file:
                resident, shared = map(int, file.read().split()[1:3])
            pages += resident - shared
            with open(f"/proc/{one}/task/{one}/children") as file:
                todo += map(int, file.read().split())
    return pages * os.sysconf("SC_PAGE_SIZE")
