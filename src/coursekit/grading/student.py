"""Inside the sandbox: run the notebook's cells, and answer the judge's calls of the functions they define."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from coursekit.grading.job import Job, put_down
from coursekit.grading.sandbox import Room, die_with_parent, enter, limit
from coursekit.grading.seccomp import forbid_calls
from coursekit.grading.shell import CellShell, FileDescriptors, take_over_streams
from coursekit.grading.values import Opaque, Received, encode
from coursekit.grading.wire import LARGEST, Closed, Line, closing

FUNCTION = "function"
RUN, SERVE, END = "run", "serve", "end"


def sit(shell: CellShell, report: Line, folder: str) -> None:
    """Do what the bench says in this process, a fork of the warm one that knows nothing yet. Does not return.

    The first message is a job without its cells; in ``folder`` if it is not to be in a sandbox.
    """
    try:
        _let_go_of_all_but(report)
        os.setsid()
        die_with_parent()
        job = report.receive()
        if job.sandbox:
            enter(Room(job.readable, job.work), job.limits)
        else:
            os.chdir(folder)
            limit(job.limits)
        _settle(job)
        descriptors = take_over_streams(shell)
        if job.sandbox:
            forbid_calls()
        Desk(shell, descriptors, report).work()
    except Closed:
        os._exit(0)
    except BaseException as error:
        report.send_plain(("broken", f"{type(error).__name__}: {error}"))
        os._exit(1)


class Desk:
    """The notebook at work. It is told one cell at a time, and of no check before the judge has its opinion."""

    def __init__(self, shell: CellShell, descriptors: FileDescriptors, report: Line):
        self.shell, self.descriptors, self.report = shell, descriptors, report
        self.running = False
        self.clone = 0
        signal.signal(signal.SIGINT, self._interrupt)

    def work(self) -> None:
        self.report.send_plain(("ready",))
        while (order := self.report.receive())[0] != END:
            if order[0] == SERVE:
                with closing(judge := self.report.taken_over(LARGEST)):
                    self._serve(judge)
                continue
            _, about, source, keep = order
            self._tell(("ran", about), *self._run(source, keep))
            if self.shell.left:
                os._exit(0)
        self.report.send_plain(("done",))
        os._exit(0)

    def _tell(self, about: tuple, outputs: list, *more: Any) -> None:
        """Report outputs; those that cannot be handed over are replaced by a sentence that says so."""
        try:
            self.report.send_plain((*about, outputs, *more))
        except (MemoryError, RecursionError, TypeError, AttributeError, ValueError) as error:
            said = {"ename": type(error).__name__, "evalue": "the outputs of this cell cannot be handed over"}
            self.report.send_plain((*about, [{"output_type": "error", "traceback": [said["evalue"]], **said}], *more))

    def _run(self, source: str, keep: bool = True) -> tuple[list, int | None]:
        outputs: list = []
        count = None
        with self._interruptible():
            outputs, count = self.shell.run(source, keep)
        self.descriptors.read_into(self.shell.tape)
        return outputs, count

    def _serve(self, judge: Line) -> None:
        """Do what the judge asks until it has seen enough, or is gone.

        From the first call on in a fork: no call that the judge makes leaves a trace in the notebook's own process.
        """
        clone = False
        try:
            while (request := judge.receive())[0] != "end":
                if request[0] == "call" and not clone and (child := _fork()) is not None:
                    if child:
                        self._wait_for(child)
                        return
                    clone = True
                    self.report.close()
                answered = False
                with self._interruptible():
                    judge.send_plain(
                        self._what(*request[1:]) if request[0] == "what" else self._call(judge, *request[1:])
                    )
                    answered = True
                if not answered:
                    break
        except Closed:
            pass
        if clone:
            os._exit(0)

    def _wait_for(self, clone: int) -> None:
        self.clone = clone
        os.waitpid(clone, 0)
        self.clone = 0

    def _what(self, name: str) -> tuple:
        if name not in self.shell.user_ns:
            return ("absent",)
        value = self.shell.user_ns[name]
        return (FUNCTION,) if callable(value) else _parts(value)

    def _call(self, judge: Line, name: str, blob: bytes, stand_ins: list[str]) -> tuple:
        function = self.shell.user_ns.get(name)
        arguments = Received(io.BytesIO(blob), partial(self._calling_back, judge)).load()
        with standing_in(function, {each: self._calling_back(judge, each) for each in stand_ins}):
            try:
                return _parts(function(*arguments[0], **arguments[1]))
            except (Exception, SystemExit) as error:
                return "error", type(error).__name__, str(error)[:10_000]

    def _calling_back(self, judge: Line, which: int | str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                judge.send_plain(("callback", which, encode([args, kwargs])))
            except Opaque as opaque:
                raise TypeError(f"cannot hand over a {opaque}") from None
            worked, value = judge.receive()
            if worked:
                return value
            raise value

        return call

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            self.running = True
            yield
        except KeyboardInterrupt:
            pass
        finally:
            self.running = False

    def _interrupt(self, *signalled: object) -> None:
        if self.clone:
            with suppress(ProcessLookupError):
                os.kill(self.clone, signal.SIGKILL)
        elif self.running:
            raise KeyboardInterrupt


@contextmanager
def standing_in(function: Any, names: dict[str, Any]) -> Iterator[None]:
    """Let these functions stand in for names that ``function`` looks up in its module."""
    namespace = getattr(function, "__globals__", {})
    saved = {name: namespace[name] for name in names if name in namespace}
    namespace.update(names)
    try:
        yield
    finally:
        for name in names:
            namespace.pop(name, None)
        namespace.update(saved)


def _fork() -> int | None:
    """A fork, if there may be one more process."""
    try:
        return os.fork()
    except OSError:
        return None


def _parts(value: Any) -> tuple:
    try:
        return "value", encode(value)
    except Opaque as opaque:
        return "opaque", str(opaque)


def _settle(job: Job) -> None:
    """Lay out the files and the environment; the working directory is the sandbox's own."""
    put_down(job.files)
    # Modules beside the notebook can be imported, and come after Python's own, as in a kernel.
    installed = [n for n, path in enumerate(sys.path) if path.endswith("site-packages")]
    sys.path.insert(installed[0] if installed else len(sys.path), "")
    os.environ.update(HOME="/tmp" if job.sandbox else os.getcwd(), PWD=os.getcwd(), NBGRADER_EXECUTION="autograde")
    os.environ.pop("TMPDIR", None)


def _let_go_of_all_but(*lines: Line) -> None:
    kept = sorted(line.end.fileno() for line in lines)
    for low, high in zip([2, *kept], [*kept, 4096], strict=True):
        os.closerange(low + 1, high)
