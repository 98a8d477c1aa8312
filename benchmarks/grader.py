"""``coursekit grade`` beside stock ``nbgrader autograde``: the same submissions, the same scores first, then the time.

Run with ``python benchmarks/grader.py`` (or ``make bench``). ``python benchmarks/grader.py 1000`` grades that many with
coursekit alone. Submissions are made from the lesson's own bank of right and wrong answers. Prints Markdown.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from coursekit import rehearsal
from coursekit.source import read_lesson
from coursekit.trial import answers

REPOSITORY = Path(__file__).resolve().parent.parent
LESSON = "01_group_metrics"
CLASS, AGAIN = 40, 0.7


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time and of all processors, and the most memory that was in use at once, in megabytes."""

    wall: float
    cpu: float
    memory: float


def make_class(folder: Path, students: int) -> None:
    """A course with one lesson, and submissions of it: each exercise right for most, wrong or missing for some."""
    lesson = read_lesson(REPOSITORY / "course" / LESSON / "lesson.md")
    rehearsal._set_up(LESSON, REPOSITORY, folder)
    (folder / "course" / LESSON).mkdir()
    shutil.copy(lesson.path, folder / "course" / LESSON)
    rehearsal._nbgrader(folder, "generate_assignment", LESSON)
    released = folder / "lessons" / LESSON / f"{LESSON}.ipynb"
    bank, draw = answers(lesson), random.Random(0)

    def choose(_: object) -> dict[str, str]:
        right = {
            name: [answer for answer in known if answer.kind in ("right", "solution")] for name, known in bank.items()
        }
        return {
            name: draw.choice(right[name] if draw.random() < AGAIN else known).source
            for name, known in bank.items()
            if draw.random() < 0.97
        }

    for number in range(students):
        student = rehearsal.Student(f"student{number:04}", ("A", "B"), "", choose)
        rehearsal._hand_in(student, LESSON, released, bank, folder)


def timed(command: list[str], folder: Path) -> Cost:
    """Run a command to its end; its children's processor time counts, since they are waited for."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = Peak(process.pid)
    process.wait()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, peak.close() / 2**20)


class Peak:
    """The most memory that a process and all below it had of their own, looked at every half second."""

    def __init__(self, process: int):
        self.process, self.most, self.over = process, 0, threading.Event()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()

    def _look(self) -> None:
        while not self.over.wait(0.5):
            self.most = max(self.most, _memory(self.process))

    def close(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most


def _memory(process: int) -> int:
    """Proportional set size: memory that forks share is counted once."""
    total, todo = 0, [process]
    while todo:
        one = todo.pop()
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
            todo += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    return total


def scores(folder: Path) -> dict[tuple[str, str], tuple]:
    """Every grade in the gradebook."""
    with Gradebook(f"sqlite:///{folder / 'course' / 'class' / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(LESSON)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def main(students: int, alone: bool) -> None:
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        ours, stock = Path(scratch, "ours"), Path(scratch, "stock")
        make_class(ours, students)
        coursekit = [str(Path(sys.executable).with_name("coursekit")), "--root", str(ours), "grade", LESSON]
        print("| grader | submissions | wall | per minute | CPU per submission | memory at most |")
        print("| --- | --- | --- | --- | --- | --- |")
        if not alone:
            shutil.copytree(ours, stock)
            theirs = timed([sys.executable, "-m", "nbgrader", "autograde", LESSON], stock / "course")
            row("nbgrader autograde", students, theirs)
        mine = timed(coursekit, ours)
        row("coursekit grade", students, mine)
        if not alone:
            one, other = scores(stock), scores(ours)
            assert one == other, "the scores differ"
            print(f"\nAll {len(one)} grades are equal.", end=" ")
            print(f"Wall {theirs.wall / mine.wall:.1f} ×, CPU {theirs.cpu / mine.cpu:.1f} ×.")


def row(name: str, students: int, cost: Cost) -> None:
    per_minute, cpu = 60 * students / cost.wall, cost.cpu / students
    print(
        f"| {name} | {students} | {cost.wall:.1f} s | {per_minute:.0f} | {cpu:.2f} s | {cost.memory:.0f} MB |",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLASS, alone=len(sys.argv) > 1)
