"""Who has how many points for what: the one place that says what counts as graded. ``None`` is not graded, not 0."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.api import Assignment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import selectinload


@dataclass(frozen=True)
class Work:
    """What one student has in one lesson: points for each exercise, their sum, what lateness costs, what is left."""

    timestamp: datetime | None = None
    scores: dict[str, float] = field(default_factory=dict)
    raw: float | None = None
    penalty: float | None = None
    total: float | None = None


NOTHING = Work()


@dataclass(frozen=True)
class Lesson:
    """A lesson's exercises with their points, and everybody's work by student."""

    name: str
    duedate: datetime | None
    exercises: dict[str, float]
    works: dict[str, Work]

    @property
    def points(self) -> float:
        return sum(self.exercises.values(), 0.0)

    def work(self, student: Student) -> Work:
        return self.works.get(student.id, NOTHING)

    def columns(self) -> list["Column"]:
        """One for each exercise, and one for the lesson, which has the late penalty taken off."""
        exercises = [Column(self, f"{self.name} {name}", points, name) for name, points in self.exercises.items()]
        return [*exercises, Column(self, self.name, self.points)]


@dataclass(frozen=True)
class Column:
    """What an LMS keeps a grade for: an exercise of a lesson, or all of it."""

    lesson: Lesson
    title: str
    points: float
    exercise: str | None = None

    def score(self, student: Student) -> float | None:
        work = self.lesson.work(student)
        return work.total if self.exercise is None else work.scores.get(self.exercise)


def students(gradebook: Gradebook, wanted: Collection[str] = ()) -> list[Student]:
    """The wanted students, or all.

    Raises
    ------
    ValueError
        If the gradebook has no such student.
    """
    known = {student.id: student for student in gradebook.students}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"no student {', '.join(unknown)} in the gradebook, which has {len(known)}")
    return [student for name, student in known.items() if not wanted or name in wanted]


def lessons(gradebook: Gradebook, wanted: Collection[str] = (), *, provisional: bool = False) -> list[Lesson]:
    """The wanted lessons, or all.

    Parameters
    ----------
    gradebook : Gradebook
    wanted : collection of str
        nbgrader's assignment names.
    provisional : bool
        Whether a lesson of which only a part is graded has the sum of that part as its total, or none.

    Raises
    ------
    ValueError
        If the gradebook has no such lesson.
    """
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"no lesson {', '.join(unknown)} in the gradebook, which has {', '.join(known) or 'none'}")
    chosen = [assignment for name, assignment in known.items() if not wanted or name in wanted]
    return [_lesson(gradebook, assignment, provisional) for assignment in chosen]


def _lesson(gradebook: Gradebook, assignment: Assignment, provisional: bool) -> Lesson:
    several = len(assignment.notebooks) > 1
    cells = {
        cell.id: (f"{notebook.name} {cell.name}" if several else cell.name, cell.max_score)
        for notebook in assignment.notebooks
        for cell in [*notebook.grade_cells, *notebook.task_cells]
    }
    names = {cell: name for cell, (name, _) in cells.items()}
    submissions = (
        gradebook.db.query(SubmittedAssignment)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .options(selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades))
    )
    works = {handed_in.student_id: _work(handed_in, names, provisional) for handed_in in submissions}
    return Lesson(assignment.name, assignment.duedate, dict(cells.values()), works)


def _work(handed_in: SubmittedAssignment, names: dict[str, str], provisional: bool) -> Work:
    grades = [grade for notebook in handed_in.notebooks for grade in notebook.grades if _is_graded(grade)]
    scores = {names[grade.cell_id]: grade.score for grade in grades}
    if not scores or (len(scores) < len(names) and not provisional):
        return Work(handed_in.timestamp, scores)
    raw = sum(scores.values(), 0.0)
    penalty = sum((notebook.late_submission_penalty or 0.0 for notebook in handed_in.notebooks), 0.0)
    return Work(handed_in.timestamp, scores, raw, penalty, max(0.0, raw - penalty))


def _is_graded(grade: Grade) -> bool:
    return grade.auto_score is not None or grade.manual_score is not None
