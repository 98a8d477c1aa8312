"""A lesson's whole mutation bank: the answers that answers.py registers, and those that the lesson itself implies."""

from coursekit.answers import Answer, load
from coursekit.closed import read_closed
from coursekit.markers import SOLUTION, STUB, without
from coursekit.problem import Problem
from coursekit.source import CLOSED, Cell, Lesson, SourceError

LEAST = {"wrong": 3, "right": 2}


def answers(lesson: Lesson) -> dict[str, list[Answer]]:
    """For every exercise, quiz and cards, in lesson order, the answers that its check must tell apart.

    First the ones that the lesson implies: the untouched "stub", an exercise's "solution", each option of a quiz, and
    cards with one or none misplaced; then those of answers.py. Quizzes and cards go by their cell's id, "quiz-name".
    """
    bank_file = lesson.path.with_name("answers.py")
    bank = load(bank_file) if bank_file.exists() else {}
    known = {
        name: implied + bank.pop(name, [])
        for cell in lesson.of_kind("exercise", *CLOSED)
        for name, implied in [_of_exercise(cell) if cell.kind == "exercise" else _of_closed(cell)]
    }
    if bank:
        name, strays = next(iter(bank.items()))
        raise SourceError(bank_file, strays[0].line, f'the lesson has no exercise "{name}"')
    return known


def too_few(lesson: Lesson) -> list[Problem]:
    """Exercises with less than three wrong or two right answers."""
    bank_file, known = lesson.path.with_name("answers.py"), answers(lesson)
    return [
        Problem(bank_file, 1, f'exercise "{cell.name}" has {count} {kind} answers; write at least {least}')
        for cell in lesson.of_kind("exercise")
        for kind, least in LEAST.items()
        if (count := sum(answer.kind == kind for answer in known[cell.name])) < least
    ]


def _of_exercise(cell: Cell) -> tuple[str, list[Answer]]:
    stub = without(cell.source, SOLUTION, STUB)
    return cell.name, [Answer(cell.name, "stub", stub), Answer(cell.name, "solution", cell.source)]


def _of_closed(cell: Cell) -> tuple[str, list[Answer]]:
    name = f"{cell.kind}-{cell.name}"
    return name, [Answer(name, *each) for each in read_closed(cell).answers()]
