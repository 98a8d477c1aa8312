"""A gradebook in PostgreSQL holds the rows that one in SQLite holds; two graders may write to it at once."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from coursekit.grading.classroom import Classroom

KINDS = ("right", "wrong", "half", "empty", b"no notebook")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own, without the database's name; it listens on a Unix socket."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        reason = "no PostgreSQL server in /usr/lib/postgresql; on Debian and Ubuntu: apt install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="coursekit-"))  # a socket's path has at most 107 characters
    # initdb and postgres refuse to run as root.
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "nobody", "nogroup")

    def run(program: str, *arguments: str) -> None:
        command = [*user, str(binaries[-1] / program), "-D", str(folder / "data"), *arguments]
        with open(folder / "log", "ab") as log:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        assert done.returncode == 0, (folder / "log").read_text()

    try:
        run("initdb", "--username=grader", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        run("pg_ctl", "--wait", "--options", options, "start")
        try:
            yield f"postgresql+psycopg://grader@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "--wait", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    name = f"class_{abs(hash(request.node.nodeid))}"
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.format(name)


def moved_to(course, url: str) -> None:
    """Have the course keep its gradebook at a URL, in place of the file."""
    due = course.rows()["assignment"][0]["duedate"]
    course.configure(f"c.CourseDirectory.db_url = {url!r}")
    Classroom(course.root, course.lesson).register()
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(course.lesson, duedate=due)


def test_the_rows_are_those_of_sqlite(new_course: Callable, database: str, tmp_path: Path):
    course = new_course()
    for i, kind in enumerate(KINDS):
        course.hand_in(f"s{i}", kind)
    course.hand_in("late", "right", timestamp="2026-02-02 09:00:00 UTC")
    there = course.copy(tmp_path / "there")
    moved_to(there, database)
    course.grade()
    there.grade()
    assert plain(there.rows()) == plain(course.rows())
    there.hand_in("s0", "half")
    course.hand_in("s0", "half")
    assert [there.grade(), course.grade()][0]["s0"].status == "graded"
    assert plain(there.rows()) == plain(course.rows())


def test_two_graders_write_at_once(new_course: Callable, database: str):
    course = new_course()
    for i in range(12):
        course.hand_in(f"s{i:02}", KINDS[i % len(KINDS)])
    moved_to(course, database)
    halves = [[f"s{i:02}" for i in range(first, 12, 2)] for first in (0, 1)]
    program = "import sys; from coursekit.cli import main; sys.exit(main())"
    graders = [
        subprocess.Popen(
            [sys.executable, "-c", program, "--root", str(course.root), "grade", "01", "--workers", "1"]
            + [f"--student={student}" for student in half],
            stderr=subprocess.PIPE,
            text=True,
        )
        for half in halves
    ]
    for grader in graders:
        said = grader.communicate()[1]
        assert grader.returncode == 0, said
    together = plain(course.rows())
    course.grade(force=True)
    assert {row["notebook_id"]["assignment_id"]["student_id"]["id"] for row in together["grade"]} == {
        *halves[0],
        *halves[1],
    }
    assert together == plain(course.rows())


def plain(rows: dict) -> dict:
    """Rows with the values that PostgreSQL and SQLite write differently written alike, in one order."""

    def same(value):
        if isinstance(value, dict):
            return {column: same(inner) for column, inner in value.items()}
        if isinstance(value, bool):
            return int(value)
        if hasattr(value, "isoformat"):
            return f"{value.isoformat(' ', 'microseconds')}"
        return value

    return {table: sorted(map(same, found), key=repr) for table, found in rows.items()}
