"""Grading on the workers of a Dask cluster leaves the rows that grading on one machine leaves."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coursekit.grading import journal
from coursekit.grading.journal import GRADED, Receipt

if os.environ.get("CI") == "true":
    import distributed
else:
    distributed = pytest.importorskip("distributed", reason="the cluster tests need dask.distributed")

KINDS = ("right", "wrong", "half", "empty", b"no notebook", "right", "half", "right")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A scheduler and two worker processes with one thread each, on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as started:
        yield started


@pytest.fixture(scope="module")
def here(new_course: Callable):
    """A class, not graded, and the same class graded on this machine."""
    course = new_course()
    for i, kind in enumerate(KINDS):
        course.hand_in(f"s{i}", kind)
    graded = course.copy(course.root.parent / "graded")
    graded.grade()
    return course, graded


def test_a_cluster_leaves_the_same_rows(here, cluster, tmp_path):
    course, graded = here[0].copy(tmp_path / "there"), here[1]
    done = course.run("grade", "01", "--scheduler", cluster.scheduler_address)
    assert done.returncode == 0, done.stderr
    assert course.rows() == graded.rows()


def test_a_worker_may_die_half_way(here, cluster, tmp_path, monkeypatch):
    course, graded = here[0].copy(tmp_path / "there"), here[1]
    processes = pids(cluster)
    write = journal.write
    killed: list[int] = []

    def killing(*about: Any) -> None:
        write(*about)
        if not killed:
            killed.append(processes[0])
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(journal, "write", killing)
    receipts: dict[str, Receipt] = course.grade(scheduler=cluster.scheduler_address)
    assert killed
    assert [receipt.student for receipt in receipts.values() if receipt.status != GRADED] == ["s4"]
    assert course.rows() == graded.rows()


def pids(cluster: Any) -> list[int]:
    with distributed.Client(cluster, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_scheduler_without_workers_is_named(here, tmp_path):
    course = here[0].copy(tmp_path / "there")
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        pytest.raises(ValueError, match="has no workers; start some with: dask worker tcp://127"),
    ):
        course.grade(scheduler=empty.scheduler_address)
    assert not list(course.klass.glob("autograded/*"))
