"""Lay a lesson out as a plain nbgrader notebook: metadata of schema 3, and cell ids that every build repeats."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.closed import read_closed
from coursekit.markers import SCHEME, SOLUTION, inside, without
from coursekit.source import CLOSED, HEADING, Cell, Lesson, SourceError

KERNEL = "python3"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": KERNEL},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
LONGEST = 40
ANSWER = {"grade": False, "solution": True, "locked": False}
CHECK = {"grade": True, "solution": False, "locked": True}
ESSAY = {"grade": True, "solution": True, "locked": False}
# A check is run, not read: its report says what was tried. JupyterLab opens the fold on a click.
FOLDED = {"jupyter": {"source_hidden": True}}


@dataclass
class Placed:
    """A notebook cell and the line of lesson.md that it begins at."""

    node: NotebookNode
    line: int


@dataclass
class _Ids:
    """Ids for cells that have none of their own: their section's slug, what they are, and a number within it."""

    taken: set[str]
    section: str = "top"
    counts: dict[str, int] = field(default_factory=dict)

    def heading(self, title: str) -> str:
        self.section = self._free(slug(title))
        return self.section

    def within(self, kind: str) -> str:
        return self._free(f"{self.section}-{kind}")

    def _free(self, wanted: str) -> str:
        while True:
            self.counts[wanted] = count = self.counts.get(wanted, 0) + 1
            found = wanted if count == 1 else f"{wanted}-{count}"
            if found not in self.taken:
                self.taken.add(found)
                return found


def slug(title: str) -> str:
    """A heading as an id.

    >>> slug("### Exercise 2: Wie groß? (3 points)"), slug("多言語")
    ('exercise-2-wie-gro', 'section')
    """
    text = re.sub(r"^#+ |\(\d+(\.\d+)? points?\)", "", title)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    return (words if len(words) <= LONGEST else words[: LONGEST + 1].rpartition("-")[0]) or "section"


def lay_out(lesson: Lesson) -> list[Placed]:
    """The lesson's cells as notebook cells, solutions and hidden tests in place.

    Raises
    ------
    SourceError
        If two cells claim the same id or a question cannot be read.
    """
    ids = _Ids(_claimed(lesson))
    return [placed for cell in lesson.cells for placed in _place(lesson, cell, ids)]


def assemble(placed: list[Placed]) -> NotebookNode:
    notebook = new_notebook(metadata=METADATA, cells=[place.node for place in placed])
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def own_ids(cell: Cell) -> list[str]:
    """The notebook ids that a named source cell becomes."""
    return {
        "code": [cell.name] if cell.name else [],
        "exercise": [cell.name],
        "check": [f"check-{cell.name}"],
        "essay": [cell.name],
        **{kind: [f"{part}{kind}-{cell.name}" for part in ("question-", "", "check-")] for kind in CLOSED},
    }.get(cell.kind, [])


def _claimed(lesson: Lesson) -> set[str]:
    claimed: dict[str, Cell] = {}
    for cell in lesson.cells:
        for one in own_ids(cell):
            other = claimed.setdefault(one, cell)
            if other is not cell:
                what = f'id "{one}" is already taken in line {other.line}; rename one'
                raise SourceError(lesson.path, cell.line, what)
    return set(claimed)


def _place(lesson: Lesson, cell: Cell, ids: _Ids) -> Iterator[Placed]:
    tags = {"tags": list(cell.tags)} if cell.tags else {}
    match cell.kind:
        case "prose":
            title = HEADING.match(cell.source.split("\n")[0])
            name = ids.heading(title[2]) if title else ids.within("text")
            yield _markdown(cell, name, cell.source)
        case "code":
            yield _code(cell, cell.name or ids.within("code"), cell.source, tags)
        case "exercise":
            yield _code(cell, cell.name, cell.source, tags | _nbgrader(cell.name, ANSWER))
        case "check":
            name = f"check-{cell.name}"
            yield _code(cell, name, cell.source, tags | FOLDED | _nbgrader(name, CHECK, cell.points))
        case "essay":
            if question := _question(cell.source):
                yield _markdown(cell, f"question-{cell.name}", question)
            yield _markdown(cell, cell.name, _model_answer(cell.source), _nbgrader(cell.name, ESSAY, cell.points))
        case "quiz" | "cards":
            yield from _place_closed(lesson, cell)


def _place_closed(lesson: Lesson, cell: Cell) -> Iterator[Placed]:
    try:
        question = read_closed(cell)
    except ValueError as error:
        raise SourceError(lesson.path, cell.line, f'{cell.kind} "{cell.name}": {error}') from None
    asked, answer, check = own_ids(cell)
    assert cell.points is not None
    yield _markdown(cell, asked, question.asked())
    yield _code(cell, answer, question.solution(), _nbgrader(answer, ANSWER))
    yield _code(cell, check, question.check(cell.points), FOLDED | _nbgrader(check, CHECK, cell.points))


def _question(source: str) -> str:
    return without(without(source, SOLUTION), SCHEME).strip()


def _model_answer(source: str) -> str:
    """Model answer, then mark scheme, in one solution region, so that stock nbgrader takes both out."""
    scheme = inside(source, SCHEME)
    answer = inside(without(source, SCHEME), SOLUTION)
    marked = [f"<!-- BEGIN {SCHEME} -->", *scheme, f"<!-- END {SCHEME} -->"] if scheme else []
    return "\n".join([f"<!-- BEGIN {SOLUTION} -->", *answer, *marked, f"<!-- END {SOLUTION} -->"])


def _nbgrader(name: str, role: dict[str, bool], points: float | None = None) -> dict:
    marks = {} if points is None else {"points": points}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, "task": False, **role, **marks}}


def _markdown(cell: Cell, name: str, source: str, metadata: dict | None = None) -> Placed:
    return Placed(new_markdown_cell(source, id=name, metadata=metadata or {}), cell.line)


def _code(cell: Cell, name: str, source: str, metadata: dict) -> Placed:
    return Placed(new_code_cell(source, id=name, metadata=metadata), cell.line)
