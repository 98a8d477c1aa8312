"""A bench: runs one submission in a fork of the warm process, watches it, and stops it if it must."""

import math
import os
import resource
import select
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from coursekit.grading.job import CodeCell, Executed, Job, Outputs
from coursekit.grading.sandbox import MEGABYTE, die_with_parent
from coursekit.grading.shell import MOST_OUTPUTS, TRUNCATED, CellShell, size
from coursekit.grading.student import END, RUN, SERVE, sit
from coursekit.grading.wire import LARGEST, Closed, Forged, Late, Line, pair

GLANCE = 0.25
START_SECONDS = 30.0


def work(shell: CellShell, client: Line, desk: Line) -> None:
    """Execute the job that the client sends; does not return."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with tempfile.TemporaryDirectory(prefix="coursekit-", ignore_cleanup_errors=True) as folder:
            report, theirs = pair(LARGEST)
            process = os.fork()
            if process == 0:
                sit(shell, theirs, folder)
            theirs.close()
            client.send(Sitting(process, report, desk, client.receive()).watch())
        os._exit(0)
    except Closed:
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


@dataclass
class Sitting:
    """One submission at a bench: the process that runs it, a line to that, one to the judge's desk, and the job."""

    process: int
    report: Line
    desk: Line
    job: Job
    executed: Executed = field(default_factory=Executed)

    def watch(self) -> Executed:
        """Run the job to its end, or to the end of what it may use."""
        began = time.monotonic()
        self.until = began + self.job.limits.total_seconds
        self.judge = Second(self.desk, self.job.limits.seconds)
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
            usage = _end(self.process, 0 if self.executed.ended else self.job.limits.grace)
            self.report.close()
            self.judge.leave()
        self.executed.cpu = usage.ru_utime + usage.ru_stime
        self.executed.seconds = time.monotonic() - began
        return self.executed

    def _follow(self) -> None:
        self.report.send(replace(self.job, cells=(), exercises=()))
        self._be_ready()
        checks = {exercise.check for exercise in self.job.exercises}
        for cell in self.job.cells:
            if cell.check in checks:
                self._second_opinion(cell)
            outputs, count = self._run(cell.index, cell.source)
            if self.executed.late[-1:] == [cell.index]:
                outputs.append(_TOO_LATE)
            self.executed.cells[cell.index] = outputs, count
        for exercise in self.job.exercises:
            self._run(exercise.check, exercise.stub, keep=False)
            self.executed.canaries[exercise.check] = self._run(exercise.check, exercise.source, keep=False)[0]
        self.report.send((END,))
        self._wait(self.job.limits.grace, self.report)
        self._hear("done")

    def _be_ready(self) -> None:
        self._wait(START_SECONDS, self.report)
        message = self.report.receive_plain(within=self.job.limits.grace)
        if isinstance(message, list) and message[:1] == ["broken"]:
            raise _Stopped(f"it could not be run: {', '.join(map(str, message[1:]))}")
        if message != ["ready"]:
            raise Forged("a message out of turn")

    def _run(self, about: int | str, source: str, keep: bool = True) -> tuple[Outputs, int | None]:
        self.report.send((RUN, about, source, keep))
        self._wait_for_cell(about)
        outputs, count = self._hear("ran", about, parts=2)
        return clean(outputs, self.job.limits.output), count if type(count) is int and 0 <= count < 2**31 else None

    def _hear(self, *head: Any, parts: int = 0) -> list:
        """The further parts, so many, of the next message, which must be the one that is due."""
        message = self.report.receive_plain(within=self.job.limits.grace)
        if not isinstance(message, list) or len(message) != len(head) + parts or message[: len(head)] != [*head]:
            raise Forged("a message out of turn")
        return message[len(head) :]

    def _second_opinion(self, cell: CodeCell) -> None:
        """Have the judge look at the answer, before the student's process sees the check."""
        ours, theirs = pair()
        self.report.send((SERVE,))
        self.report.hand_over(theirs)
        try:
            opinion = self._asked(cell.check, ours, self.job.limits.seconds)
        except (Closed, Late) as error:
            late = isinstance(error, Late)
            if late:
                self._interrupt()
            self.executed.unjudged[cell.check] = "it took too long" if late else "the judge ended"
        else:
            if isinstance(opinion, str):
                self.executed.unjudged[cell.check] = "it hands out what a right answer does not"
            else:
                self.executed.verdicts[cell.check] = opinion

    def _asked(self, check: str, student: Line, seconds: float) -> Outputs | str | None:
        control = self.judge.ask(check, student)
        about = ""
        while about != check:  # an answer that was given up may still come in
            self._wait(seconds, control)
            about, opinion = control.receive(within=START_SECONDS)
        return opinion

    def _wait_for_cell(self, index: Any) -> None:
        try:
            self._wait(self.job.limits.seconds, self.report)
        except Late:
            self._interrupt()
            if isinstance(index, int):
                self.executed.late.append(index)
        else:
            return
        try:
            self._wait(self.job.limits.grace, self.report)
        except Late:
            raise _Stopped("a cell took too long and could not be interrupted") from None

    def _interrupt(self) -> None:
        """What Ctrl-C does, for the whole submission; those of its processes that only wait do not mind."""
        with suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGINT)

    def _wait(self, seconds: float, line: Line) -> None:
        """Until there is a message; Late after so many seconds, and _Stopped if the submission uses up what it may."""
        until = time.monotonic() + seconds
        while not line.has_message(min(GLANCE, until - time.monotonic())):
            if time.monotonic() > self.until:
                raise _Stopped(f"it took more than {self.job.limits.total_seconds:.0f} s in all")
            if time.monotonic() > until:
                raise Late
            if memory_of(self.process) > 2 * self.job.limits.megabytes * MEGABYTE:
                raise _Stopped("its processes together used too much memory")


def _end(process: int, patience: float) -> resource.struct_rusage:
    """What a process and its children used, after they ended; who is left to end by itself passes on the children's."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(process)
        select.select([handle], [], [], patience)
        os.close(handle)
    os.kill(process, signal.SIGKILL)
    return os.wait4(process, 0)[2]


class Second:
    """The judge for one submission, who is asked for when the first check comes up."""

    def __init__(self, desk: Line, seconds: float):
        self.desk, self.seconds = desk, seconds
        self.control: Line | None = None

    def ask(self, check: str, student: Line) -> Line:
        """Put the question, and hand over a line to whom it is about; the line on which the answer will come."""
        if self.control is None:
            self.control, theirs = pair()
            self.desk.hand_over(theirs)
        self.control.send((check, self.seconds))
        self.control.hand_over(student)
        return self.control

    def leave(self) -> None:
        if self.control is not None:
            self.control.close()


class _Stopped(Exception):
    """The bench ended the submission."""


_TOO_LATE = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}


def clean(outputs: Any, megabytes: float) -> Outputs:
    """Outputs as a notebook may hold them, up to a size; Forged if they are anything else."""
    if not isinstance(outputs, list):
        raise Forged(f"outputs of type {type(outputs).__name__}")
    # The tape has cut what is longer already, but student code can reach the tape.
    left, kept = int((megabytes + 1) * MEGABYTE), []
    for output in outputs[:MOST_OUTPUTS]:
        left -= size(output, left)
        if left < 0:
            break
        kept.append(_clean(output))
    if len(kept) < len(outputs):
        kept.append({"output_type": "stream", "name": "stdout", "text": TRUNCATED.format(megabytes)})
    return kept


def _clean(output: Any) -> dict[str, Any]:
    """The output with what its kind has, and nothing else."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": output["name"], "text": _text(output.get("text"))}
    if kind == "error" and isinstance(output.get("traceback"), list):
        said = {name: _text(output.get(name)) for name in ("ename", "evalue")}
        return {"output_type": kind, "traceback": [_text(line) for line in output["traceback"]], **said}
    if kind in ("display_data", "execute_result"):
        shown = {name: _values(output.get(name)) for name in ("data", "metadata")}
        if all(isinstance(part, dict) for part in shown.values()):
            count = output.get("execution_count")
            number = {"execution_count": count if type(count) is int else None} if kind == "execute_result" else {}
            return {"output_type": kind, **shown, **number}
    raise Forged("an output that no notebook has")


def _text(value: Any) -> str:
    """A text that can be written to a file, which half a surrogate pair cannot."""
    if not isinstance(value, str):
        raise Forged(f"a {type(value).__name__} in place of a text")
    return value.encode("utf-8", "replace").decode()


def _values(value: Any) -> Any:
    """What JSON can hold; its size and depth are known to be small."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(name): _values(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_values(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # no JSON outside Python has it
    return value


def memory_of(process: int) -> int:
    """Bytes in memory of a process and all below it, with files that live in memory; 0 where nothing tells."""
    total, todo, files = 0, [process], {}
    while todo:
        one = todo.pop()
        with suppress(OSError, ValueError):
            # What forks share is divided among them.
            with open(f"/proc/{one}/smaps_rollup") as rollup:
                lines = [line.split() for line in rollup if line.startswith(("Pss_Anon:", "Pss_Shmem:"))]
            total += sum(int(line[1]) * 1024 for line in lines)
            for thread in os.listdir(f"/proc/{one}/task"):
                with suppress(OSError), open(f"/proc/{one}/task/{thread}/children") as children:
                    todo += map(int, children.read().split())
            for number in os.listdir(f"/proc/{one}/fd"):
                with suppress(OSError):
                    if os.readlink(f"/proc/{one}/fd/{number}").startswith("/memfd:"):
                        file = os.stat(f"/proc/{one}/fd/{number}")
                        files[file.st_dev, file.st_ino] = file.st_blocks * 512
    return total + sum(files.values())
