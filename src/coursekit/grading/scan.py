"""Read a submission's code for what no exercise needs: it is pointed out to a person, and costs nothing."""

import ast
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from coursekit.grading.job import Master
from coursekit.grading.lesson import parsed

MODULES = {
    *("builtins", "codecs", "ctypes", "dis", "gc", "imp", "importlib", "inspect", "io", "marshal", "multiprocessing"),
    *("nbformat", "nbgrader", "coursekit", "os", "pathlib", "pickle", "pkgutil", "runpy", "shutil", "signal", "socket"),
    *("subprocess", "sys", "threading", "types", "unittest", "IPython"),
}
CALLS = {"exec", "eval", "compile", "__import__", "globals", "setattr", "delattr", "open", "get_ipython", "breakpoint"}
SPECIAL = {"__name__", "__init__", "__main__", "__doc__", "__version__", "__len__", "__getitem__"}


def remarks(notebook: NotebookNode, master: Master) -> list[str]:
    """One sentence for everything unusual, or none."""
    found = list(dict.fromkeys(_tags(notebook)))
    own = {cell.source for cell in master.cells} | {exercise.stub for exercise in master.exercises}
    usual = {name for cell in master.cells for name in unusual_names(cell.source)}
    names: dict[str, None] = {}
    for cell in notebook.cells:
        locked = is_grade(cell) and not is_solution(cell)
        if cell.cell_type == "code" and not locked and cell.source not in own:
            names |= dict.fromkeys(name for name in unusual_names(cell.source) if name not in usual)
    if names:
        found.append(f"its code uses {', '.join(names)}, which no exercise needs")
    return found


def unusual_names(source: str) -> Iterator[str]:
    """Modules, built-in functions and special attributes that reach outside an exercise; shell commands as "!"."""
    if any(
        line.lstrip().startswith(("!", "%%bash", "%%sh", "%run", "%load", "%%script")) for line in source.split("\n")
    ):
        yield "a shell command"
    for statement in parsed(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
                yield str(node.module)
            elif isinstance(node, ast.Name) and node.id in CALLS:
                yield node.id
            elif isinstance(node, ast.Attribute) and _is_special(node.attr):
                yield node.attr
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_special(node.name):
                yield node.name
            elif isinstance(node, (ast.Assign, ast.AugAssign)) and any(map(_patches, _targets(node))):
                yield "assignment to an attribute"


def _tags(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if "skip-execution" in cell.metadata.get("tags", []):
            yield "a cell is tagged skip-execution; it was run all the same"


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in SPECIAL


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _patches(target: ast.expr) -> bool:
    """Whether an assignment writes an attribute of something that starts with a capital or has a dotted name."""
    if not isinstance(target, ast.Attribute):
        return False
    inner = target.value
    return isinstance(inner, ast.Attribute) or (isinstance(inner, ast.Name) and inner.id[:1].isupper())
