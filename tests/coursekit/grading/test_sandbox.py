"""What a process in the sandbox sees and may do, as root and as a plain user."""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.grading import sandbox
from coursekit.grading.sandbox import MEGABYTE, Limits, Room, enter, readable_here, why_not

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") and "CI" not in os.environ, reason="namespaces are Linux's"
)
WORK = "/srv/class/Zoë Å/01"


@pytest.fixture(params=["as this user", "in a user namespace"])
def inside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Run a function in a sandbox, in a fork, and return what it returned."""
    if request.param == "in a user namespace" and os.getuid() == 0:
        alone = sandbox._libc

        def without_root(function: str, *arguments: Any, what: str = "") -> None:
            if function == "unshare" and not arguments[0] & sandbox._NEW_USER:
                raise PermissionError("as for a plain user")
            alone(function, *arguments, what=what)

        monkeypatch.setattr(sandbox, "_libc", without_root)

    def run(function: Callable[[], Any], readable: tuple[str, ...] = (), **limits: Any) -> Any:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                enter(Room((*readable_here(), *readable), WORK), Limits(**limits))
                os.write(theirs, json.dumps(function()).encode())
            except BaseException as error:
                os.write(theirs, json.dumps(f"{type(error).__name__}: {error}").encode())
            os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        with os.fdopen(ours, "rb") as pipe:
            return json.loads(pipe.read())

    return run


def refused(path: str) -> bool:
    try:
        Path(path).write_text("here")
    except OSError:
        return True
    return False


def test_this_machine_can():
    assert why_not() == ""


def test_it_may_write_into_its_scratch_folder_and_nowhere_else(inside):
    def work() -> list:
        places = ["here", "/tmp/here", "/dev/shm/here", "/here", "/usr/here", "/scratch/here", "/srv/here", "../here"]
        return [os.getcwd(), [refused(place) for place in places]]

    assert inside(work) == [WORK, [False, False, False, True, True, True, True, True]]


def test_it_sees_no_file_that_it_was_not_given(inside, tmp_path):
    secret, given = tmp_path / "secret", tmp_path / "given"
    secret.mkdir()
    given.mkdir()
    (secret / "gradebook.db").write_text("x")
    (given / "adult.csv").write_text("y")

    def work() -> list:
        here = [Path(path).exists() for path in (secret / "gradebook.db", "/etc/passwd", "/home", given / "adult.csv")]
        return [*here, refused(str(given / "new"))]

    assert inside(work, (str(given),)) == [False, False, False, True, True]


@pytest.mark.parametrize("link", ["above", "at the end"])
def test_a_folder_reached_through_a_link_is_there(inside, tmp_path, link):
    (tmp_path / "real" / "data").mkdir(parents=True)
    (tmp_path / "real" / "data" / "adult.csv").write_text("y")
    path = tmp_path / "link"
    path.symlink_to(tmp_path / "real" / ("data" if link == "at the end" else ""))
    path = path if link == "at the end" else path / "data"
    assert inside(lambda: (path / "adult.csv").read_text(), (str(path),)) == "y"


def test_it_has_no_network_no_other_process_and_no_rights(inside):
    def work() -> list:
        with socket.socket() as one:
            unreachable = one.connect_ex(("127.0.0.1", 80)) != 0
        processes = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
        status = Path("/proc/self/status").read_text()
        rights = [
            line.split()[1] for line in status.splitlines() if line.startswith(("CapEff", "CapPrm", "NoNewPrivs"))
        ]
        return [unreachable, os.getpid(), processes, rights]

    assert inside(work) == [True, 2, [1, 2], ["0" * 16, "0" * 16, "1"]]


def test_memory_and_files_are_limited(inside):
    def work() -> list:
        try:
            too_much = len(bytearray(300 * MEGABYTE))
        except MemoryError:
            too_much = 0
        try:
            Path("big").write_bytes(bytes(3 * MEGABYTE))
        except OSError as error:
            return [too_much, error.errno != 0]
        return [too_much, False]

    assert inside(work, megabytes=200, scratch=2) == [0, True]


@pytest.mark.parametrize(("name", "given"), [("seconds", 0), ("megabytes", 1), ("processes", 0), ("output", 0)])
def test_limits_that_leave_no_room_are_refused(name, given):
    with pytest.raises(ValueError, match=f"{given} {name}"):
        Limits(**{name: given})
