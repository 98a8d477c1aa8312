"""The lesson as the gradebook and the solution notebook have it: what to check, and what a right answer is."""

import ast
import hashlib
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.utils import is_grade, is_solution

from coursekit.grading.classroom import Classroom, gradebook
from coursekit.grading.job import CodeCell, Exercise, Master


def read_master(classroom: Classroom) -> Master:
    """The lesson's solution, entered in the gradebook first if that does not have it or has another version.

    Raises
    ------
    ValueError
        If there is no solution notebook, or it is not in Python.
    """
    path = classroom.folder("source") / f"{classroom.lesson}.ipynb"
    if not path.is_file():
        raise ValueError(f"no {path}; build it with: coursekit build {classroom.lesson}")
    notebook = nbformat.read(path, as_version=4)
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise ValueError(f"{path} is a {language} notebook; this grader runs Python")
    known = _in_gradebook(classroom)
    if any(known.get(name) != source for name, source in _checks(notebook)):
        classroom.register()
        known = _in_gradebook(classroom)
    cells = tuple(code_cells(notebook))
    exercises = tuple(_exercises(notebook, known))
    files = classroom.files_beside(path.parent)
    told = repr((cells, exercises, sorted(files.items())))
    return Master(cells, exercises, files, _packages(cells), hashlib.sha256(told.encode()).hexdigest())


def code_cells(notebook: NotebookNode) -> Iterator[CodeCell]:
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            check = cell.metadata.nbgrader["grade_id"] if is_grade(cell) and not is_solution(cell) else ""
            yield CodeCell(index, cell.source, check, is_solution(cell))


def _in_gradebook(classroom: Classroom) -> dict[str, str]:
    """The sources of the lesson's cells by their names, as students were handed them, hidden tests in."""
    with gradebook(classroom.url, classroom.directory.course_id) as opened:
        try:
            cells = opened.find_notebook(classroom.lesson, classroom.lesson).source_cells
        except MissingEntry:
            return {}
        return {cell.name: cell.source for cell in cells}


def _checks(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            yield cell.metadata.nbgrader["grade_id"], cell.source


def _exercises(notebook: NotebookNode, known: dict[str, str]) -> Iterator[Exercise]:
    """Every check with the answers that stand between it and the check before."""
    names: list[str] = []
    stubs: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if is_solution(cell):
            names += defined_names(cell.source)
            stubs.append(known.get(cell.metadata.nbgrader["grade_id"], ""))
        elif is_grade(cell) and stubs:
            yield Exercise(cell.metadata.nbgrader["grade_id"], cell.source, tuple(names), "\n".join(stubs))
            names, stubs = [], []


def defined_names(source: str) -> list[str]:
    """The names that a cell defines or assigns at its top level."""
    names: list[str] = []
    for statement in parsed(source):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(statement.name)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names += [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return names


def parsed(source: str) -> list[ast.stmt]:
    """A cell's statements, magics left out; none if it does not parse."""
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _packages(cells: tuple[CodeCell, ...]) -> tuple[str, ...]:
    found = set()
    for cell in cells:
        for statement in parsed(cell.source):
            for node in ast.walk(statement):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return tuple(sorted(found))
