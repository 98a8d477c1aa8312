"""Grade a class: sanitise, execute in sandboxes, record with nbgrader; one submission never holds up another."""

import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from coursekit.course import DATA
from coursekit.grading import journal, sandbox
from coursekit.grading.classroom import Classroom, gradebook
from coursekit.grading.job import Executed, Job, Master
from coursekit.grading.journal import GRADED, HUMAN, Receipt
from coursekit.grading.lesson import code_cells, read_master
from coursekit.grading.pool import CannotStart, Pool, pool_here, pool_on
from coursekit.grading.record import Unreadable, record, sanitise
from coursekit.grading.report import Progress, table, write_csv
from coursekit.grading.sandbox import Limits
from coursekit.grading.scan import Scan
from coursekit.grading.submissions import Submission, look_at
from coursekit.grading.verdict import Verdict, weigh

AHEAD = 2


@dataclass(frozen=True)
class Options:
    """How to grade.

    Parameters
    ----------
    workers : int
        Submissions executed side by side on this machine.
    limits : Limits
        Of one submission.
    students : tuple of str
        Only these; everybody if empty.
    force : bool
        Also those that are graded already.
    scheduler : str
        Address of a Dask scheduler, whose workers execute the submissions; "" for this machine.
    sandboxed : bool
    """

    workers: int = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limits: Limits = field(default_factory=Limits)
    students: tuple[str, ...] = ()
    force: bool = False
    scheduler: str = ""
    sandboxed: bool = True

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError(f"{self.workers} workers can grade nothing; at least 1 is needed")


def grade(root: Path, lesson: str, options: Options, say: Callable[[str], None] = print) -> list[Receipt]:
    """Grade all submissions of a lesson that are not graded yet; what became of each, in the students' order.

    Parameters
    ----------
    root : Path
        The repository.
    lesson : str
        The lesson's folder name.
    options : Options
    say : callable
        Told the outcome, line by line.

    Raises
    ------
    ValueError
        If there is nothing to grade or no way to grade it safely.
    """
    began = time.monotonic()
    _warn_or_refuse(options)
    classroom = Classroom(root, lesson)
    submissions = _handed_in(classroom, options.students)
    master = read_master(classroom)
    receipts: dict[str, Receipt] = {}
    todo: list[Submission] = []
    for submission in submissions:
        known = None if options.force else _known(classroom, submission, master)
        if known:
            receipts[submission.student] = known
        else:
            todo.append(submission)
    skipped = len(receipts)
    if todo:
        run = Run(classroom, master, options, Progress(len(todo)))
        try:
            for receipt in run.all(todo):
                receipts[receipt.student] = receipt
        finally:
            run.progress.close()
    ordered = [receipts[submission.student] for submission in submissions]
    _conclude(classroom, ordered, say, time.monotonic() - began, skipped, whole=not options.students)
    return ordered


@dataclass
class Run:
    """One run of the grader over the submissions that are to be done."""

    classroom: Classroom
    master: Master
    options: Options
    progress: Progress
    claims: dict[str, ExitStack] = field(default_factory=dict)
    scan: Scan = field(init=False)

    def __post_init__(self) -> None:
        self.scan = Scan(self.master)

    def all(self, todo: list[Submission]) -> Iterator[Receipt]:
        """Grade them, several at once; then, one by one, those that have to be run again or were in other hands."""
        again: list[Submission] = []
        taken: list[Submission] = []
        with self._pool(self.options.workers) as pool:
            yield from self._through(pool, todo, again, taken)
            # With nothing else running, what was only slow because the machine was busy gets its time.
            yield from self._through(replace(pool, width=1), again + taken)

    def _through(
        self,
        pool: Pool,
        todo: list[Submission],
        again: list[Submission] | None = None,
        taken: list[Submission] | None = None,
    ) -> Iterator[Receipt]:
        waiting = deque(todo)
        running: dict[Future[Executed], tuple[Submission, NotebookNode, Job]] = {}
        ahead = 1 if again is None else AHEAD * pool.width
        while waiting or running:
            while waiting and len(running) < ahead:
                submission = waiting.popleft()
                if not self._claim(submission, wait=taken is None):
                    taken.append(submission)  # type: ignore[union-attr]
                elif known := self._graded_meanwhile(submission):
                    yield self._release(known)
                else:
                    try:
                        notebook, job = self._prepare(submission)
                    except Exception as error:
                        yield self._for_a_human(submission, _said(error))
                    else:
                        running[pool.submit(job)] = submission, notebook, job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                submission, notebook, job = running.pop(future)
                executed = _result(future)
                try:
                    verdict = weigh(submission, notebook, job, executed, self.master)
                    if verdict.again and again is not None:
                        again.append(submission)
                    else:
                        yield self._record(submission, verdict, executed)
                except Exception as error:
                    yield self._for_a_human(submission, _said(error))

    def _claim(self, submission: Submission, wait: bool) -> bool:
        """Have the submission to oneself until its receipt is written; others may be grading, too."""
        if submission.student in self.claims:
            return True
        with ExitStack() as stack:
            if not stack.enter_context(journal.claimed(self.classroom.notes(submission.student), wait)):
                return False
            self.claims[submission.student] = stack.pop_all()
            return True

    def _graded_meanwhile(self, submission: Submission) -> Receipt | None:
        return None if self.options.force else _known(self.classroom, submission, self.master)

    def _release(self, receipt: Receipt) -> Receipt:
        self.claims.pop(receipt.student).close()
        self.progress.add(receipt)
        return receipt

    def _pool(self, workers: int) -> AbstractContextManager[Pool]:
        output = self.options.limits.output
        if self.options.scheduler:
            return pool_on(self.options.scheduler, self.master, output)
        return pool_here(self.master, workers, output)

    def _prepare(self, submission: Submission) -> tuple[NotebookNode, Job]:
        if submission.problem:
            raise Unreadable(submission.problem)
        notebook = sanitise(self.classroom, submission)
        submission.reasons, remarks = self.scan(notebook)
        when = submission.folder / "timestamp.txt"
        if when.exists() and not self.classroom.directory.get_existing_timestamp(str(submission.folder)):
            submission.reasons.append("its timestamp.txt cannot be read as a time, so it counts as handed in on time")
        submission.remarks = list(dict.fromkeys([*submission.remarks, *remarks]))
        work = self.classroom.folder("autograded", submission.student)
        data = [os.environ[DATA]] if os.environ.get(DATA) else []
        return notebook, Job(
            student=submission.student,
            cells=tuple(code_cells(notebook)),
            exercises=self.master.exercises,
            files=self.classroom.files_beside(submission.folder) | self.master.files,
            work=str(work),
            readable=sandbox.readable_here(self.master.packages, data),
            limits=self.options.limits,
            sandbox=self.options.sandboxed,
        )

    def _record(self, submission: Submission, verdict: Verdict, executed: Executed) -> Receipt:
        notes = self.classroom.notes(submission.student)
        version = _version(submission, self.master)
        journal.begin(notes)
        record(self.classroom, submission, verdict)
        status = HUMAN if verdict.reasons else GRADED
        receipt = Receipt(submission.student, version, status, verdict.reasons, verdict.remarks)
        receipt.open = sorted(verdict.open)
        receipt.seconds, receipt.cpu = executed.seconds, executed.cpu
        return self._done(notes, receipt)

    def _for_a_human(self, submission: Submission, reason: str) -> Receipt:
        """Leave in the gradebook that something was handed in, and no score."""
        notes = self.classroom.notes(submission.student)
        journal.begin(notes)
        try:
            _open_all_grades(self.classroom, submission)
        except Exception as error:
            reason += f"; and the gradebook could not be told: {type(error).__name__}: {error}"
        version = _version(submission, self.master)
        receipt = Receipt(
            submission.student, version, HUMAN, [reason, *submission.reasons], submission.remarks, recorded=False
        )
        return self._done(notes, receipt)

    def _done(self, notes: Path, receipt: Receipt) -> Receipt:
        journal.write(notes, receipt)
        return self._release(receipt)


def _warn_or_refuse(options: Options) -> None:
    """See to it that student code runs outside a sandbox only if that was asked for."""
    if not options.sandboxed:
        print(
            "NO SANDBOX: student code runs with your rights; it can read and change all that you can.", file=sys.stderr
        )
    elif not options.scheduler and (why := sandbox.why_not()):
        raise ValueError(
            f"cannot sandbox student code: {why}. Grade on a Linux machine that allows namespaces or, if you trust "
            "every submission, say --no-sandbox"
        )


def _handed_in(classroom: Classroom, students: tuple[str, ...]) -> list[Submission]:
    """Every student's folder for the lesson, by name; only those of ``students`` if any are named."""
    root = classroom.submitted_root()
    found = (
        sorted(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
        if root.is_dir()
        else []
    )
    if unknown := sorted({*students} - {*found}):
        raise ValueError(f"no submission of {', '.join(unknown)} in {root}; there are: {', '.join(found) or 'none'}")
    chosen = [student for student in found if not students or student in students]
    folders = [(student, classroom.folder("submitted", student)) for student in chosen]
    submissions = [look_at(student, folder, classroom.lesson) for student, folder in folders if folder.is_dir()]
    if not submissions:
        raise ValueError(f"nobody has handed in {classroom.lesson}: no {root}/STUDENT/{classroom.lesson}")
    return submissions


def _known(classroom: Classroom, submission: Submission, master: Master) -> Receipt | None:
    """The receipt of a submission that needs nothing more; also for one that nbgrader itself has graded."""
    notes = classroom.notes(submission.student)
    receipt = journal.read(notes)
    if receipt:
        return (
            receipt if receipt.version == _version(submission, master) and not journal.was_interrupted(notes) else None
        )
    graded = classroom.folder("autograded", submission.student)
    if journal.was_interrupted(notes) or not (graded / f"{classroom.lesson}.ipynb").exists():
        return None
    handed_in, before = map(classroom.directory.get_existing_timestamp, map(str, (submission.folder, graded)))
    newer = handed_in is not None and before is not None and handed_in > before
    return None if newer else Receipt(submission.student, "", GRADED, remarks=["graded before, by nbgrader itself"])


def _version(submission: Submission, master: Master) -> str:
    return f"{submission.digest[:32]}-{master.digest[:32]}"


def _result(future: Future[Executed]) -> Executed:
    try:
        return future.result()
    except CannotStart:
        raise
    except Exception as error:
        return Executed(ended=f"the grader could not run it: {type(error).__name__}: {error}")


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, Unreadable) else f"{type(error).__name__}: {error}"


def _open_all_grades(classroom: Classroom, submission: Submission) -> None:
    with gradebook(classroom.url, classroom.directory.course_id) as opened:
        opened.update_or_create_student(submission.student)
        stamp = classroom.directory.get_existing_timestamp(str(submission.folder))
        about = {"timestamp": stamp} if stamp else {}
        entered = opened.update_or_create_submission(classroom.lesson, submission.student, **about)
        for notebook in entered.notebooks:
            for given in notebook.grades:
                given.auto_score, given.needs_manual_grade = None, True
        opened.db.commit()
    shutil.rmtree(classroom.folder("autograded", submission.student), ignore_errors=True)


def _conclude(
    classroom: Classroom, receipts: list[Receipt], say: Callable[[str], None], seconds: float, skipped: int, whole: bool
) -> None:
    with gradebook(classroom.url, classroom.directory.course_id) as opened:
        roster = {student.id for student in opened.students}
        entered = opened.assignment_submissions(classroom.lesson)
        scores = {each.student.id: (each.score, each.max_score) for each in entered}
    missing = sorted(roster - {receipt.student for receipt in receipts}) if whole else []
    for line in table(classroom.lesson, receipts, seconds, skipped, missing):
        say(line)
    path = classroom.submitted_root().parent / "grading" / f"{classroom.lesson}.csv"
    write_csv(path, receipts, scores)
    say(f"also in {path}")
