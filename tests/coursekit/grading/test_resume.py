"""The grader may be stopped at any moment: what it has done stands, and the next run does the rest.

Run as a program, this file is a process that has imported the grader and forks for each run that a test asks for.
"""

import csv
import ctypes
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import nbformat
import pytest
from nbconvert.writers import FilesWriter
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.engine.default import DefaultDialect

from coursekit.grading import grade as conductor
from coursekit.grading import journal, pool
from coursekit.grading.job import Executed, Job
from coursekit.grading.journal import GRADED, HUMAN, Receipt
from coursekit.grading.sandbox import Limits

TINY = "01_tiny"
ENDLESS = "while True:\n    pass"
BECOME_SUBREAPER = 36

POINTS: dict[str, tuple[Any, str]] = {
    "sanitise": (conductor, "sanitise"),
    "submit": (ThreadPoolExecutor, "submit"),
    "execute": (pool.Benches, "execute"),
    "wait": (conductor, "wait"),
    "weigh": (conductor, "weigh"),
    "begin": (journal, "begin"),
    "record": (conductor, "record"),
    "save the scores": (SaveAutoGrades, "preprocess"),
    "write a file": (FilesWriter, "write"),
    "commit": (DefaultDialect, "do_commit"),
    "receipt": (journal, "write"),
    "rename": (Path, "replace"),
    "release": (conductor.Run, "_release"),
}


def serve() -> None:
    """Answer each line ``{"root": …, "stop": [point, when, nth], …}`` with how a run of the grader ended, and whom it
    recorded; not before the last process that came of the run is gone."""
    ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1, 0, 0, 0)
    # Ignored where the tests run in the background, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        asked = json.loads(line)
        recorded, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(recorded)
            run(told=told, **asked)
        os.close(told)
        with open(recorded) as file:
            students = file.read().split()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with suppress(ChildProcessError):
            while True:
                os.wait()
        print(json.dumps({"status": status, "recorded": students}), flush=True)


def run(root: str, told: int, stop: list | None = None, interrupt: str = "", **options: Any) -> None:
    """One run of the grader, stopped at the nth call of a point, before or after it; does not return."""
    try:
        os.setpgrp()
        record = conductor.record

        def recording(classroom: Any, submission: Any, verdict: Any) -> None:
            os.write(told, f"{submission.student}\n".encode())
            record(classroom, submission, verdict)

        conductor.record = recording
        if stop:
            stopping_at(*stop, interrupt)
        limits = Limits(seconds=options.pop("seconds", 60))
        conductor.grade(Path(root), TINY, conductor.Options(workers=2, limits=limits, **options), say=lambda line: None)
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def stopping_at(point: str, when: str, nth: int, interrupt: str) -> None:
    """Have the nth call of a point kill this process, or interrupt "it" or, as a terminal does, its "group"."""
    where, name = POINTS[point]
    original = getattr(where, name)
    calls, lock = 0, Lock()

    def stopping(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            now = calls == nth
        if now and when == "before":
            end()
        result = original(*args, **kwargs)
        if now and when == "after":
            end()
        return result

    def end() -> None:
        if interrupt == "group":
            os.killpg(0, signal.SIGINT)
        else:
            os.kill(os.getpid(), signal.SIGINT if interrupt else signal.SIGKILL)

    setattr(where, name, stopping)


class Runs:
    """Runs of the grader in processes of their own."""

    def __init__(self, server: subprocess.Popen):
        self.server = server

    def __call__(self, course, **asked: Any) -> dict[str, Any]:
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps({"root": str(course.root), **asked}) + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        yield Runs(server)


@pytest.fixture
def recorded(monkeypatch) -> list[str]:
    """Students whom the grader recorded in this process, in order."""
    students: list[str] = []
    record = conductor.record

    def recording(classroom: Any, submission: Any, verdict: Any) -> None:
        students.append(submission.student)
        record(classroom, submission, verdict)

    monkeypatch.setattr(conductor, "record", recording)
    return students


def done(course) -> set[str]:
    """Students with a receipt that holds."""
    folders = [path.parent for path in course.klass.glob(f"grading/notes/*/{TINY}/receipt.json")]
    return {folder.parent.name for folder in folders if journal.read(folder) and not journal.was_interrupted(folder)}


def a_class(course, size: int) -> None:
    """Right, wrong, half and empty submissions, and some that cannot be read."""
    kinds = ("right", "wrong", "half", "empty", b"no notebook")
    for i in range(size):
        course.hand_in(f"s{i:02}", kinds[i % len(kinds)])


@pytest.fixture(scope="module")
def uninterrupted(new_course: Callable):
    """A class, and the same class graded in one go."""
    course = new_course()
    a_class(course, 16)
    graded = course.copy(course.root.parent / "graded")
    graded.grade()
    return course, graded


def same_as(course, graded) -> None:
    """The gradebooks, the autograded notebooks and the receipts agree."""
    assert course.rows() == graded.rows()
    for kind in ("autograded/*/*/*.ipynb", "grading/notes/*/*/receipt.json"):
        paths = sorted(path.relative_to(graded.klass) for path in graded.klass.glob(kind))
        assert sorted(path.relative_to(course.klass) for path in course.klass.glob(kind)) == paths
        for path in paths:
            assert told(course.klass / path) == told(graded.klass / path)


def told(path: Path) -> Any:
    if path.suffix == ".json":
        receipt = json.loads(path.read_text())
        return {name: value for name, value in receipt.items() if name not in ("seconds", "cpu")}
    outputs = [cell.get("outputs", []) for cell in nbformat.read(path, as_version=4).cells]
    return [[(output.output_type, output.get("ename")) for output in some] for some in outputs]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_again_and_again_nobody_is_lost_and_nobody_graded_twice(runs, uninterrupted, tmp_path, when):
    untouched, graded = uninterrupted
    course = untouched.copy(tmp_path / "killed")
    for i, point in enumerate(POINTS):
        before = done(course)
        ended = runs(course, stop=[point, when, 1 + i % 2])
        assert ended["status"] == -signal.SIGKILL, f"{when} {point}"
        assert before <= done(course), f"receipts lost {when} {point}"
        assert not before & {*ended["recorded"]}, f"graded twice {when} {point}"
    before = done(course)
    ended = runs(course)
    assert ended["status"] == 0
    assert not before & {*ended["recorded"]}
    assert runs(course) == {"status": 0, "recorded": []}
    same_as(course, graded)


def test_killed_while_everybody_is_graded_anew_scores_by_hand_survive(runs, tiny_course):
    for student in ("ada", "ben", "carla"):
        tiny_course.hand_in(student, "half")
    tiny_course.grade()
    by_hand(tiny_course, "ada", 2.0)
    by_hand(tiny_course, "ben", 1.5)
    for point in ("save the scores", "write a file", "commit", "receipt"):
        assert runs(tiny_course, force=True, stop=[point, "after", 2])["status"] == -signal.SIGKILL
        assert (score(tiny_course, "ada"), score(tiny_course, "ben")) == (2.0, 1.5)
    assert runs(tiny_course)["status"] == 0
    assert (score(tiny_course, "ada"), score(tiny_course, "ben")) == (2.0, 1.5)
    assert done(tiny_course) == {"ada", "ben", "carla"}


@pytest.mark.parametrize(("point", "whom"), [("submit", "it"), ("wait", "group"), ("commit", "it"), ("wait", "it")])
def test_ctrl_c_leaves_no_process_and_a_class_to_go_on_with(runs, uninterrupted, tmp_path, point, whom):
    untouched, graded = uninterrupted
    course = untouched.copy(tmp_path / "interrupted")
    whole = course.submitted("s00") / f"{TINY}.ipynb"
    right = whole.read_bytes()
    course.hand_in("s00", course.answered(double=ENDLESS))
    # The endless submission has all the time there is: the run ends only if Ctrl-C does not wait for it.
    ended = runs(course, stop=[point, "before", 3], interrupt=whom, seconds=1e6)
    assert ended["status"] == 130
    assert "s00" not in ended["recorded"]
    whole.write_bytes(right)
    before = done(course)
    ended = runs(course)
    assert ended["status"] == 0
    assert not before & {*ended["recorded"]}
    same_as(course, graded)


def by_hand(course, student: str, points: float) -> None:
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("who", TINY, TINY, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("who", TINY, TINY, student).manual_comment = "Read by a person."
        gradebook.db.commit()


def score(course, student: str) -> float | None:
    with course.gradebook() as gradebook:
        assert gradebook.find_comment("who", TINY, TINY, student).manual_comment == "Read by a person."
    return course.scores(student)["who"][1]


def test_a_second_run_changes_nothing(tiny_course, recorded):
    a_class(tiny_course, 5)
    tiny_course.grade()
    by_hand(tiny_course, "s00", 2.0)
    rows, files = tiny_course.rows(), stamps(tiny_course)
    recorded.clear()
    tiny_course.grade()
    assert recorded == []
    assert (tiny_course.rows(), stamps(tiny_course)) == (rows, files)
    assert "(0 done now" in tiny_course.said[0]


def stamps(course) -> dict[Path, int]:
    paths = [*course.klass.glob("autograded/**/*"), *course.klass.glob("grading/notes/*/*/receipt.json")]
    return {path: path.stat().st_mtime_ns for path in paths}


def test_a_changed_submission_is_graded_again_and_no_other(tiny_course, recorded):
    for student in ("ada", "ben"):
        tiny_course.hand_in(student, "half")
    tiny_course.grade()
    by_hand(tiny_course, "ada", 1.0)
    before = tiny_course.rows({"ben"})
    recorded.clear()
    tiny_course.hand_in("ada", "right")
    tiny_course.grade()
    assert recorded == ["ada"]
    assert tiny_course.scores("ada")["check-tally"] == (2.0, None, False)
    assert tiny_course.scores("ada")["who"] == (None, 1.0, True)
    assert tiny_course.rows({"ben"}) == before


def test_a_file_beside_the_notebook_counts_as_a_change(tiny_course, recorded):
    tiny_course.hand_in("ada", "right", {"data.csv": "1"})
    tiny_course.grade()
    tiny_course.hand_in("ada", "right", {"data.csv": "2"})
    tiny_course.grade()
    assert recorded == ["ada", "ada"]


def test_a_mended_check_grades_everybody_again(tiny_course, recorded):
    solution = tiny_course.root / "solutions" / TINY / f"{TINY}.ipynb"
    right = solution.read_text()
    mistaken = right.replace('assert tally([]) == {}, \\"nothing to count\\"', "assert tally([]) is None")
    assert mistaken != right
    solution.write_text(mistaken)
    for student in ("ada", "ben"):
        tiny_course.hand_in(student, "right")
    tiny_course.grade()
    assert tiny_course.scores("ada")["check-tally"][0] == 0
    by_hand(tiny_course, "ben", 2.0)
    recorded.clear()
    solution.write_text(right)
    tiny_course.grade()
    assert sorted(recorded) == ["ada", "ben"]
    assert [tiny_course.scores(student)["check-tally"][0] for student in ("ada", "ben")] == [2.0, 2.0]
    assert score(tiny_course, "ben") == 2.0


def test_force_and_student(tiny_course, recorded):
    a_class(tiny_course, 4)
    assert [*tiny_course.grade(students=("s01", "s02"))] == ["s01", "s02"]
    assert sorted(recorded) == ["s01", "s02"]
    tiny_course.grade()
    assert sorted(recorded) == ["s00", "s01", "s02", "s03"]
    rows = tiny_course.rows()
    recorded.clear()
    tiny_course.grade(force=True, students=("s03",))
    assert recorded == ["s03"]
    recorded.clear()
    tiny_course.grade(force=True)
    assert sorted(recorded) == ["s00", "s01", "s02", "s03"]
    assert tiny_course.rows() == rows


def test_unknown_students_are_named(tiny_course):
    tiny_course.hand_in("ada")
    with pytest.raises(ValueError, match="no submission of zoe"):
        tiny_course.grade(students=("ada", "zoe"))


def test_what_is_slow_beside_others_is_run_again_alone_before_it_is_recorded(tiny_course, recorded, monkeypatch):
    """The first time, the machine seems to be too busy for two of the class."""
    began: list[str] = []
    alone: list[bool] = []
    at_work: set[str] = set()
    lock = Lock()
    execute = pool.Benches.execute

    def busy(self: pool.Benches, job: Job) -> Executed:
        with lock:
            first = job.student not in began
            began.append(job.student)
            at_work.add(job.student)
            if not first:
                alone.append(at_work == {job.student})
        try:
            executed = execute(self, job)
        finally:
            with lock:
                at_work.remove(job.student)
        if first and job.student == "s00":
            return replace(executed, late=[job.cells[1].index])
        if first and job.student == "s02":
            return Executed(ended="it took too long")
        return executed

    monkeypatch.setattr(pool.Benches, "execute", busy)
    for student in ("s00", "s01", "s02", "s03", "s04"):
        tiny_course.hand_in(student, "right")
    receipts = tiny_course.grade()
    assert sorted(began[:5]) == ["s00", "s01", "s02", "s03", "s04"]
    assert sorted(began[5:]) == ["s00", "s02"]
    assert alone == [True, True]
    assert sorted(recorded) == ["s00", "s01", "s02", "s03", "s04"]
    assert {receipt.status for receipt in receipts.values()} == {GRADED}
    assert tiny_course.scores("s00") == tiny_course.scores("s01") == tiny_course.scores("s02")


@pytest.fixture(scope="module")
def stopped(new_course: Callable):
    """A class in which some submissions end themselves or never end."""
    course = new_course()
    right = "def double(x):\n    return 2 * x\n"
    course.hand_in("right", "right")
    course.hand_in("dead", course.answered(shares="import os\nos._exit(0)"))
    course.hand_in("killed", course.answered(double="import os, signal\nos.kill(0, signal.SIGKILL)"))
    course.hand_in("endless", course.answered(tally=ENDLESS))
    course.hand_in("stubborn", course.answered(double=f"{right}\nwhile True:\n    try:\n        {STUBBORN}"))
    course.hand_in("unreadable", b"{")
    receipts = course.grade(students=("endless", "stubborn"), limits=Limits(seconds=1)) | course.grade()
    return course, receipts


STUBBORN = "while True: pass\n    except BaseException:\n        pass"
STOPPED = ("dead", "killed", "endless", "stubborn", "unreadable")


@pytest.mark.parametrize("student", STOPPED)
def test_who_was_stopped_needs_a_human(stopped, student):
    course, receipts = stopped
    receipt: Receipt = receipts[student]
    assert receipt.status == HUMAN
    assert receipt.reasons
    told = course.said[course.said.index("needs a human:") :]
    assert any(line.split()[0] == student and receipt.reasons[0] in line for line in told)
    with open(course.klass / "grading" / f"{TINY}.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["student"] == student)
    assert (row["status"], row["reasons"]) == (HUMAN, "; ".join(receipt.reasons))
    assert row["score"] not in ("0", "0.0")


@pytest.mark.parametrize("student", STOPPED)
def test_what_did_not_run_is_open_and_not_zero(stopped, student):
    course, _ = stopped
    scores = course.scores(student)
    open_checks = {
        "dead": {"check-shares", "check-tally", "check-quiz-zero", "check-cards-sides"},
        "endless": {"check-tally"},
        "stubborn": {"check-double"},
    }.get(student, {name for name in scores if name.startswith("check-")})
    for name in open_checks:
        assert scores[name][2], f"{name} of {student} needs no reading: {scores[name]}"
    if student not in ("endless", "stubborn"):
        assert {scores[name][0] for name in open_checks} == {None}
    if student == "dead":
        assert scores["check-double"] == (2.0, None, False)


@pytest.mark.parametrize("form", ["canvas", "moodle", "nbgrader"])
def test_no_export_has_a_plain_zero_for_who_was_stopped(stopped, form):
    course, _ = stopped
    path = course.klass / f"{form}.csv"
    done = course.run("export", "--to", str(path), "--format", form)
    assert done.returncode == 0, done.stderr
    with open(path, newline="") as file:
        lines = list(csv.reader(file))
    zeros = {cell for line in lines for cell in line if {*STOPPED} & {*line} and cell in ("0", "0.0", "0.00")}
    assert not zeros
    assert any("right" in line for line in lines)


if __name__ == "__main__":
    serve()
