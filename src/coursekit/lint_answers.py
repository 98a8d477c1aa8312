"""Lint what gives an exercise away: a cell beside it that defines its function or repeats its answer."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from coursekit.source import Cell, Lesson

SMALLEST_TELLING = 8


@dataclass(frozen=True)
class Answer:
    """A solution as others may not repeat it: its body, and what it returns if that is long enough to tell.

    ``own`` are the names of its arguments and variables, under whatever other names it would be the same answer.
    """

    name: str
    own: frozenset[str]
    body: list[ast.stmt]
    returned: list[ast.expr]

    @classmethod
    def of(cls, function: ast.FunctionDef) -> "Answer":
        parts = list(ast.walk(function))
        own = {part.arg for part in parts if isinstance(part, ast.arg)}
        own |= {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        returned = [part.value for part in parts if isinstance(part, ast.Return) and part.value]
        return cls(function.name, frozenset(own), _body(function), [told for told in returned if _tells(told)])

    def is_defined_by(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            return any(isinstance(target, ast.Name) and target.id == self.name for target in node.targets)
        return isinstance(node, ast.FunctionDef) and node.name == self.name

    def is_repeated_by(self, node: ast.AST) -> bool:
        if isinstance(node, ast.FunctionDef):
            return _same(self.body, _body(node), self.own)
        return any(_same(told, node, self.own) for told in self.returned)


def answers_stay_in_their_exercises(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """Ordinary cells that define an exercise's function, or hold its answer under whatever name."""
    answers = [
        Answer.of(node)
        for cell in lesson.of_kind("exercise")
        for node in _nodes(cell)
        if isinstance(node, ast.FunctionDef) and node.name == cell.name
    ]
    for cell in lesson.of_kind("code"):
        for node, answer in product(_nodes(cell), answers):
            line = cell.line + getattr(node, "lineno", 1) - 1
            if answer.is_defined_by(node):
                yield line, f'"{answer.name}" is an exercise; give this function another name'
            elif answer.is_repeated_by(node):
                yield line, f'this is the answer to exercise "{answer.name}"; call yours_or_ours in its place'


def _nodes(cell: Cell) -> list[ast.AST]:
    """Every part of a cell's code; none if it is no plain Python."""
    try:
        return list(ast.walk(ast.parse(cell.source)))
    except SyntaxError:
        return []


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body if ast.get_docstring(function) is None else function.body[1:]


def _tells(expression: ast.expr) -> bool:
    return sum(not isinstance(part, ast.expr_context) for part in ast.walk(expression)) >= SMALLEST_TELLING


def _same(answer: Any, given: Any, own: frozenset[str]) -> bool:
    """Whether two pieces of code are equal, if the answer's own names may be any, each always the same."""
    called: dict[str, str] = {}

    def same(a: Any, b: Any) -> bool:
        if type(a) is not type(b):
            return False
        if isinstance(a, list):
            return len(a) == len(b) and all(map(same, a, b))
        if not isinstance(a, ast.AST):
            return a == b
        if isinstance(a, ast.Name | ast.arg):
            mine, theirs = (node.id if isinstance(node, ast.Name) else node.arg for node in (a, b))
            return called.setdefault(mine, theirs) == theirs if mine in own else mine == theirs
        return all(same(getattr(a, field), getattr(b, field)) for field in a._fields)

    return same(answer, given) and len({*called.values()}) == len(called)
