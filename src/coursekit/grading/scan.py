"""Read a submission's code for what no exercise needs.

What reaches into the checks themselves is for a human to read before the score counts; what is only unusual is pointed
out and costs nothing. Reading code cannot prove anything: the judge does not rely on it.
"""

import ast
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from coursekit.grading.job import Master
from coursekit.grading.lesson import parsed

UNUSUAL = {
    *("codecs", "dis", "io", "marshal", "multiprocessing", "os", "pathlib", "pickle", "pkgutil", "runpy", "shutil"),
    *("signal", "socket", "subprocess", "sys", "threading", "types", "unittest", "nbformat"),
    *("exec", "eval", "compile", "globals", "locals", "vars", "open", "breakpoint", "a shell command"),
}
REACHING = {
    *("builtins", "ctypes", "gc", "importlib", "inspect", "IPython", "coursekit", "nbgrader", "ast"),
    *("__import__", "setattr", "delattr", "get_ipython", "In", "Out", "_ih", "_oh", "_i", "_ii", "_iii"),
    *(
        "_getframe",
        "_current_frames",
        "setprofile",
        "settrace",
        "modules",
        "f_back",
        "f_globals",
        "f_locals",
        "f_builtins",
    ),
    *("tb_frame", "tb_next", "gi_frame", "cr_frame", "ag_frame", "user_ns", "a replaced attribute"),
}
HARMLESS = {
    "__name__",
    "__init__",
    "__main__",
    "__doc__",
    "__version__",
    "__len__",
    "__getitem__",
    "__repr__",
    "__str__",
}
HARMLESS_MODULES = {"IPython.display"}
MOST_CODE = 200_000  # characters; a parsed program takes hundreds of times its text's room
SHELL = ("!", "%%bash", "%%sh", "%%script", "%sx", "%system", "%run", "%load")


class Scan:
    """Reads submissions of one lesson, whose own code is the measure of what is usual."""

    def __init__(self, master: Master):
        self.own = {cell.source for cell in master.cells} | {exercise.stub for exercise in master.exercises}
        self.usual = {name for cell in master.cells for name in notable_names([cell.source])}
        self.tools = _tools(master)

    def __call__(self, notebook: NotebookNode) -> tuple[list[str], list[str]]:
        """Reasons for a human to read the submission, and remarks for one who wants to; one sentence each, or none."""
        written = [
            cell.source
            for cell in notebook.cells
            if cell.cell_type == "code"
            and cell.source not in self.own
            and not (is_grade(cell) and not is_solution(cell))
        ]
        if (size := sum(map(len, written))) > MOST_CODE:
            return [f"it holds {size // 1000:,} kB of code, too much to read"], list(dict.fromkeys(_tags(notebook)))
        names = list(dict.fromkeys(name for name in notable_names(written) if name not in self.usual))
        names += sorted(self._inside_the_checker(written))
        reaching = [name for name in names if _reaches(name) or "." in name]
        unusual = [name for name in names if name not in reaching]
        reasons = [f"its code uses {', '.join(reaching)}, which reaches beyond the exercises"] if reaching else []
        remarks = [f"its code uses {', '.join(unusual)}, which no exercise needs"] if unusual else []
        return reasons, remarks + list(dict.fromkeys(_tags(notebook)))

    def _inside_the_checker(self, written: list[str]) -> set[str]:
        """Modules that a submission imports from below one that the checks' own tools come from."""
        theirs = {
            name for source in written for part in parsed(source) for node in ast.walk(part) for name in _modules(node)
        }
        return {name for name in theirs if any(name.startswith(f"{tool}.") for tool in self.tools)}


def _tools(master: Master) -> set[str]:
    """The modules that the checks' own tools are imported from."""
    checks = [node for cell in master.cells if cell.check for part in parsed(cell.source) for node in ast.walk(part)]
    used = {node.id for node in checks if isinstance(node, ast.Name)}
    lesson = [node for cell in master.cells for part in parsed(cell.source) for node in ast.walk(part)]
    imports = [node for node in lesson if isinstance(node, ast.ImportFrom) and node.module]
    return {node.module or "" for node in imports if used & {alias.asname or alias.name for alias in node.names}}


def notable_names(sources: Iterable[str]) -> Iterator[str]:
    """The names in some cells' code that stand in one of the lists above, and special attributes."""
    sources = list(sources)
    statements = [statement for source in sources for statement in parsed(source)]
    nodes = [node for statement in statements for node in ast.walk(statement)]
    imported = {name for node in nodes for name in _imported(node)}
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    if any(line.lstrip().startswith(SHELL) for source in sources for line in source.split("\n")):
        yield "a shell command"
    for node in nodes:
        yield from (name for name in _named(node, bound) if name in UNUSUAL or _reaches(name))
        if any(_replaces(target, imported) for target in _targets(node)):
            yield "a replaced attribute"


def _modules(node: ast.AST) -> Iterator[str]:
    """The modules that an import statement may name, with their packages."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names if alias.name.islower()))


def _reaches(name: str) -> bool:
    special = name.startswith("__") and name.endswith("__") and name not in HARMLESS
    return name in REACHING or special


def _named(node: ast.AST, bound: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names if alias.name not in HARMLESS_MODULES)
    elif isinstance(node, ast.ImportFrom):
        yield "" if node.module in HARMLESS_MODULES else (node.module or "").partition(".")[0]
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Name):
        yield "" if node.id in bound else node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr if _reaches(node.attr) else ""
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value if _reaches(node.value) and node.value.startswith("__") else ""


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []


def _replaces(target: ast.expr, imported: set[str]) -> bool:
    """Whether an assignment writes an attribute of a module, of a class, or of something reached through another."""
    if not isinstance(target, ast.Attribute):
        return False
    inner = target.value
    if isinstance(inner, ast.Name):
        return inner.id in imported | {"np", "pd", "plt"} or inner.id[:1].isupper()
    return isinstance(inner, ast.Attribute)


def _tags(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if "skip-execution" in cell.metadata.get("tags", []):
            yield "a cell is tagged skip-execution; it was run all the same"
