"""Grades as a CSV file, for a spreadsheet, Canvas or Moodle.

Each format is a plugin of ``nbgrader export --exporter=coursekit.export.CanvasCsv --to FILE`` and a ``--format`` of
``coursekit export``. In all of them an empty cell means "not graded", names cannot break a row, and no text is run
as a formula.
"""

import csv
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Gradebook, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Bool

from coursekit.export import rows
from coursekit.export.rows import Column, Lesson

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Line = list[Any]


class Grades(ExportPlugin):
    """What the formats share: which lessons and students, and what is safe to write."""

    provisional = Bool(False, help="Whether a lesson that is graded in part has a total.").tag(config=True)
    totals = Bool(False, help="Whether lessons have their total alone, without their exercises.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        students = rows.students(gradebook, [str(chosen) for chosen in self.student])
        lessons = rows.lessons(gradebook, [str(chosen) for chosen in self.assignment], provisional=self.provisional)
        lines = [[_cell(value) for value in line] for line in self.lines(lessons, students)]
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(lines)

    def lines(self, lessons: list[Lesson], students: list[Student]) -> Iterator[Line]:
        """The header and everything below it."""
        raise NotImplementedError

    def columns(self, lessons: list[Lesson]) -> list[Column]:
        return [
            column for lesson in lessons for column in lesson.columns() if column.exercise is None or not self.totals
        ]


class GradesCsv(Grades):
    """nbgrader's columns, one row for each lesson and student; totals only."""

    def lines(self, lessons: list[Lesson], students: list[Student]) -> Iterator[Line]:
        yield list(COLUMNS)
        for lesson in lessons:
            for student in students:
                work = lesson.work(student)
                yield [
                    *(lesson.name, lesson.duedate, work.timestamp),
                    *(student.id, student.last_name, student.first_name, student.email),
                    *(work.raw, work.penalty, work.total, lesson.points),
                ]


class CanvasCsv(Grades):
    """What Canvas' Gradebook imports: five columns that identify the student, then assignments.

    Canvas finds a student by its own ID, which the gradebook may hold as ``lms_user_id``, else by the login, which is
    nbgrader's student id. A column's title is the assignment's; a number in parentheses after it would be taken for an
    assignment's ID, so points stand in their own row.
    """

    def lines(self, lessons: list[Lesson], students: list[Student]) -> Iterator[Line]:
        columns = self.columns(lessons)
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(column.title for column in columns)]
        yield ["Points Possible", None, None, None, None, *(column.points for column in columns)]
        for student in students:
            scores = (column.score(student) for column in columns)
            yield [_name(student), student.lms_user_id, None, student.id, None, *scores]


class MoodleCsv(Grades):
    """What Moodle's grade import reads: map one of the first columns to the user and the others to grade items.

    The ID number is the gradebook's ``lms_user_id``, or nbgrader's student id where there is none.
    """

    def lines(self, lessons: list[Lesson], students: list[Student]) -> Iterator[Line]:
        columns = self.columns(lessons)
        yield ["First name", "Last name", "ID number", "Email address", *(column.title for column in columns)]
        for student in students:
            number = student.lms_user_id or student.id
            scores = (column.score(student) for column in columns)
            yield [student.first_name, student.last_name, number, student.email, *scores]


FORMATS: dict[str, type[Grades]] = {"nbgrader": GradesCsv, "canvas": CanvasCsv, "moodle": MoodleCsv}


def _name(student: Student) -> str:
    return ", ".join(name for name in (student.last_name, student.first_name) if name) or student.id


def _cell(value: Any) -> str:
    """The value as text; a leading quote keeps a spreadsheet from running a name as a formula."""
    if isinstance(value, float):
        return str(round(value, 10))
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
