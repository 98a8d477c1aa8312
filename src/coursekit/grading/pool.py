"""Where submissions are executed: benches on this machine, or on the workers of a Dask cluster."""

import os
import queue
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
from coursekit.grading.wire import Closed, Line, pair

KEPT = ("PATH", "LANG", "LC_ALL", "TZ", DATA, "PYTHONPATH", "VIRTUAL_ENV", "HOME", "MPLCONFIGDIR")


class CannotStart(RuntimeError):
    """Nothing can be executed here."""


class Benches:
    """One warm process and some benches that it forked, each executing one submission at a time."""

    def __init__(self, master: Master, count: int, megabytes: float = 2, judged: bool = True):
        self.master, self.megabytes, self.judged = master, megabytes, judged
        setup, theirs = pair()
        judge, desk = pair()
        pairs = [pair() for _ in range(count)]
        inherited = [theirs, desk, *(other for _, other in pairs)]
        numbers = [line.end.fileno() for line in inherited]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coursekit.grading.warm", *map(str, numbers)],
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT if name in os.environ} | ENVIRONMENT,
        )
        for line in inherited:
            line.close()
        self.setup = setup
        exercises = master.exercises if judged else ()
        setup.send((master.as_handed_out(), master.files, exercises, megabytes))
        judge.send(master)
        self.judge = judge
        self.closed = False
        self.warm, self.warming = False, threading.Lock()
        self.others: list[Benches] = []
        self.free: queue.SimpleQueue[Line] = queue.SimpleQueue()
        self.benches = [ours for ours, _ in pairs]
        for bench in self.benches:
            self.free.put(bench)

    def execute(self, job: Job) -> Executed:
        """Execute one submission at the next free bench."""
        self._wait_until_warm()
        bench = self.free.get()
        try:
            bench.send(job)
            return bench.receive()
        except Closed:
            bench.close()
            if not self.closed:
                self.benches.remove(bench)
                bench = self._replacement()
            return Executed(ended="the grader's own process for it ended (is there enough memory?)")
        finally:
            self.free.put(bench)

    def _wait_until_warm(self) -> None:
        with self.warming:
            if not self.warm:
                try:
                    self.setup.receive()
                except Closed:
                    raise CannotStart("the warm process ended before it was ready; what it said stands above") from None
                self.warm = True

    def _replacement(self) -> Line:
        other = Benches(self.master, 1, self.megabytes, self.judged)
        self.others.append(other)
        self.benches.append(other.free.get())
        return self.benches[-1]

    def __enter__(self) -> "Benches":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the processes end by themselves, if none is at work; else end them."""
        self.closed = True
        idle = self.free.qsize() == len(self.benches)
        for line in (self.setup, self.judge, *self.benches):
            line.close()
        if not idle:
            self.process.kill()
        self.process.wait()
        for other in self.others:
            other.close()


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
        with Benches(master, workers, megabytes) as benches:
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
            _benches[master.digest] = Benches(master, 1, megabytes)
    return _benches[master.digest].execute(job)


_benches: dict[str, Benches] = {}
_starting = threading.Lock()
