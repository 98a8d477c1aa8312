"""Questions with a closed answer, multiple choice and sorting, behind one face."""

from typing import Protocol

from coursekit.cards import read_cards
from coursekit.quiz import read_question
from coursekit.source import Cell


class Closed(Protocol):
    """What notebooks and trials need to know of such a question."""

    def asked(self) -> str:
        """The question, for everyone to read (Markdown)."""

    def solution(self) -> str:
        """The answer cell with the right answer in a solution region."""

    def check(self, points: float) -> str:
        """The check cell."""

    def answers(self) -> list[tuple[str, str, str]]:
        """What the check must tell apart: "stub", "right" or "wrong", the answer cell, what it must be told."""


def read_closed(cell: Cell) -> Closed:
    """The question that a quiz or cards region asks.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if cell.kind == "cards":
        return read_cards(cell.name, cell.source, cell.choices)
    return read_question(cell.name, cell.source)
