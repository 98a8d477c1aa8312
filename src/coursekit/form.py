"""The form of an answer: what is left of its code when names of its own, layout and comments are taken away."""

import ast
import itertools
import re
from collections.abc import Iterable, Iterator

from coursekit.grading.lesson import parsed

LONGEST_SOURCE = 50_000


def form(source: str, kept: Iterable[str] = ()) -> tuple[str, ...]:
    """The parts of an answer's syntax tree, in order, so that answers alike but for names and layout are equal.

    Names that the answer gives itself are numbered, except those that the exercise asks for, which are ``kept``. What
    Python cannot read is taken word by word.

    >>> form("def f(x):\\n    'Double.'\\n    return 2 * x  # twice", {"f"}) == form("def f(y): return 2*y", {"f"})
    True
    >>> form("def f(x): return 2 * x", {"f"}) == form("def f(x): return 3 * x", {"f"})
    False
    """
    statements = parsed(source) if len(source) <= LONGEST_SOURCE else []
    reading = _Reading()
    try:
        reading.scope(ast.Module(statements, []), frozenset(kept))
    except RecursionError:
        reading.parts.clear()
    if not statements or not reading.parts:
        return tuple(re.findall(r"\w+|[^\w\s]", re.sub(r"#.*", "", source)))
    return tuple(reading.parts)


_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_LEFT_OUT = {"ctx", "annotation", "returns", "type_comment", "type_ignores", "kind", "simple"}
_NAMES = {"id", "arg", "name", "asname"}


class _Reading:
    """A syntax tree, read into parts; each scope's own names get numbers when they first occur."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.scopes: list[dict[str, str]] = []
        self.numbers = itertools.count()

    def scope(self, node: ast.AST, kept: frozenset[str] = frozenset()) -> None:
        self.scopes.append(dict.fromkeys((name for name in _bound(node) if name not in kept), ""))
        self._fields(node)
        self.scopes.pop()

    def _node(self, node: ast.AST) -> None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring, or another text that does nothing
        if isinstance(node, ast.AnnAssign) and node.value:
            node = ast.Assign([node.target], node.value)
        self.parts.append(type(node).__name__)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.parts.append(self._known_as(node.name))
        if isinstance(node, _SCOPES):
            self.scope(node)
        else:
            self._fields(node)

    def _fields(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in _LEFT_OUT or (name == "name" and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))):
                continue
            if isinstance(value, list):
                for each in value:
                    self._value(name, each)
                self.parts.append(".")
            else:
                self._value(name, value)

    def _value(self, name: str, value: object) -> None:
        if isinstance(value, ast.AST):
            self._node(value)
        elif name in _NAMES and isinstance(value, str):
            self.parts.append(self._known_as(value))
        else:
            self.parts.append(repr(value))

    def _known_as(self, name: str) -> str:
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name] = scope[name] or f"name {next(self.numbers)}"
                return scope[name]
        return name


def _bound(scope: ast.AST) -> Iterator[str]:
    """The names that a scope gives: arguments, what it assigns, defines, imports or catches."""
    todo = [*ast.iter_child_nodes(scope)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(name := getattr(node, "name", None), str):
            yield name
        if not isinstance(node, _SCOPES):
            todo += ast.iter_child_nodes(node)
