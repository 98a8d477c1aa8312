"""Where submissions are executed: benches on this machine, or on the workers of a Dask cluster."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from coursekit.course import DATA
from coursekit.execute import ENVIRONMENT
from coursekit.grading.job import Executed, Job, Master
from coursekit.grading.wire import Closed, pair

KEPT = ("PATH", "LANG", "LC_ALL", "TZ", DATA, "PYTHONPATH", "VIRTUAL_ENV", "HOME", "MPLCONFIGDIR")


class CannotStart(RuntimeError):
    """Nothing can be executed here."""


class Benches:
    """One warm process that forks a bench for each submission; any number of threads may execute at once."""

    def __init__(self, master: Master, megabytes: float = 2):
        self.master, self.megabytes = master, megabytes
        self.lock, self.at_work, self.closed = threading.Lock(), 0, False
        self._start()

    def _start(self) -> None:
        self.setup, theirs = pair()
        self.judge, desk = pair()
        numbers = [line.end.fileno() for line in (theirs, desk)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coursekit.grading.warm", *map(str, numbers)],
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT if name in os.environ} | ENVIRONMENT,
        )
        theirs.close()
        desk.close()
        self.setup.send((self.master.as_handed_out(), self.master.files, self.megabytes))
        self.judge.send(self.master)
        self.warm = False

    def execute(self, job: Job) -> Executed:
        """Execute one submission."""
        client, theirs = pair()
        with self.lock:
            self.at_work += 1
        try:
            with self.lock:
                self._wait_until_warm()
                self.setup.hand_over(theirs)
            client.send(job)
            return client.receive()
        except Closed:
            return Executed(ended="the grader's own process for it ended (is there enough memory?)")
        finally:
            with self.lock:
                self.at_work -= 1
            client.close()

    def _wait_until_warm(self) -> None:
        if self.warm and self.process.poll() is not None and not self.closed:
            self._hang_up()
            self._start()
        if not self.warm:
            try:
                self.setup.receive()
            except Closed:
                raise CannotStart("the warm process ended before it was ready; what it said stands above") from None
            self.warm = True

    def __enter__(self) -> "Benches":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the processes end by themselves, if none is at work; else end them."""
        self.closed = True
        if self.at_work:
            self.process.kill()
        self._hang_up()
        self.process.wait()

    def _hang_up(self) -> None:
        self.setup.close()
        self.judge.close()


@dataclass(frozen=True)
class Pool:
    """Something that executes jobs: where to submit them, and how many it works on at once."""

    submit: Callable[[Job], "Future[Executed]"]
    width: int


@contextmanager
def pool_here(master: Master, workers: int, megabytes: float = 2) -> Iterator[Pool]:
    """Benches on this machine, each waited for by a thread."""
    threads = ThreadPoolExecutor(workers)
    try:
        with Benches(master, megabytes) as benches:
            yield Pool(lambda job: threads.submit(benches.execute, job), workers)
    finally:
        threads.shutdown(cancel_futures=True)


@contextmanager
def pool_on(scheduler: str, master: Master, megabytes: float = 2) -> Iterator[Pool]:
    """The workers of the Dask cluster at this address; each keeps a warm process of its own."""
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        width = sum(client.nthreads().values())
        if not width:
            raise ValueError(
                f"the scheduler at {scheduler} has no workers; start some with: dask worker {scheduler} --nthreads 1"
            )
        executor = client.get_executor(pure=False)
        yield Pool(lambda job: executor.submit(execute_on_this_worker, master, megabytes, job), width)


def execute_on_this_worker(master: Master, megabytes: float, job: Job) -> Executed:
    """Execute a job with a bench that this process starts once for each lesson."""
    with _starting:
        if master.digest not in _benches:
            _benches[master.digest] = Benches(master, megabytes)
    return _benches[master.digest].execute(job)


_benches: dict[str, Benches] = {}
_starting = threading.Lock()
