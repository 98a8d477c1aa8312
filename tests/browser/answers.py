"""What the students of these stories type: the lesson's own solution, and a wrong answer from its answers.py."""

from pathlib import Path

import nbformat

from coursekit.answers import Answer, load

from .server import REPOSITORY

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


def notebook_of(folder: Path, lesson: str) -> Path:
    return folder / lesson / f"{lesson}.ipynb"


def exercises(lesson: str) -> list[str]:
    notebook = nbformat.read(notebook_of(REPOSITORY / "lessons", lesson), as_version=4)
    checks = [cell.id for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    return [check.removeprefix("check-").removeprefix("quiz-") for check in checks]


def solution(lesson: str, exercise: str) -> str:
    notebook = nbformat.read(notebook_of(REPOSITORY / "solutions", lesson), as_version=4)
    source = next(cell.source for cell in notebook.cells if cell.id == exercise)
    return "\n".join(line for line in source.splitlines() if line.strip() not in MARKERS)


def wrong_answer(lesson: str, exercise: str) -> Answer:
    answers = load(REPOSITORY / "course" / lesson / "answers.py")[exercise]
    return next(answer for answer in answers if answer.kind == "wrong")


def points(lesson: str, exercise: str) -> float:
    notebook = nbformat.read(notebook_of(REPOSITORY / "solutions", lesson), as_version=4)
    return next(cell.metadata.nbgrader.points for cell in notebook.cells if cell.id == f"check-{exercise}")


def hand_in(notebook: Path, lesson: str, **essays: str) -> None:
    """Do the whole lesson in a notebook file: every exercise right, and essays in the student's words."""
    student = nbformat.read(notebook, as_version=4)
    solved = nbformat.read(notebook_of(REPOSITORY / "solutions", lesson), as_version=4)
    answers = {cell.id: cell.source for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("solution")}
    for cell in student.cells:
        if cell.id in answers:
            cell.source = essays.get(cell.id, answers[cell.id])
    nbformat.write(student, notebook)
