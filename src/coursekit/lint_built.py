"""Lint built notebooks: figures that can be heard, no stderr, and no solution text in what a student opens."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.lint_text import ALT
from coursekit.markers import HIDDEN, SCHEME, SOLUTION, inside
from coursekit.notebook import lay_out
from coursekit.problem import Problem
from coursekit.source import Lesson, SourceError

TRIVIAL = re.compile(r"(import|from|def|class|if|for|while|return \w+$)\b|[#@<\"']")
SHORTEST = 20

_IMG = re.compile(r"<img\b[^>]*>")
_SVG = re.compile(r"<svg\b(?![^>]*\baria-(?:label|hidden))(?!.*?<title)", re.DOTALL)


def lint_built(lesson: Lesson, root: Path) -> list[Problem]:
    """Every fault of ``solutions/NN`` and ``lessons/NN``, at the line of lesson.md that it comes from."""
    notebooks = [root / kind / lesson.name / f"{lesson.name}.ipynb" for kind in ("solutions", "lessons")]
    if missing := [path for path in notebooks if not path.exists()]:
        return [Problem(lesson.path, 1, f"{missing[0].relative_to(root)} is not built; run coursekit build")]
    try:
        lines = {place.node.id: place.line for place in lay_out(lesson)}
    except SourceError:
        return []
    solution, released = (nbformat.read(path, as_version=4) for path in notebooks)
    found = [(lines.get(cell.id, 1), what) for cell in solution.cells for what in _outputs(cell)]
    found += [*_stubs(lesson, released), *_given_away(lesson, released)]
    return sorted({Problem(lesson.path, line, what) for line, what in found})


def _outputs(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            yield f'cell "{cell.id}" writes to stderr; quiet it or mend its cause'
        if not _can_be_heard(output):
            yield f'cell "{cell.id}" shows a figure without alt text; show it as HTML with <img alt="…">'


def _can_be_heard(output: NotebookNode) -> bool:
    data, metadata = output.get("data", {}), output.get("metadata", {})
    if html := data.get("text/html", ""):
        return all(ALT.search(image) for image in _IMG.findall(html)) and not _SVG.search(html)
    return all(metadata.get("alt") or metadata.get(kind, {}).get("alt") for kind in data if kind.startswith("image/"))


def _stubs(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[int, str]]:
    sources = {cell.id: cell.source for cell in released.cells}
    for cell in lesson.of_kind("exercise"):
        if "raise NotImplementedError" not in sources.get(cell.name, ""):
            yield cell.line, f'exercise "{cell.name}" is released without a stub that raises NotImplementedError'


def _given_away(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[int, str]]:
    """Lines of solutions, hidden tests and mark schemes that stand in the released lesson too."""
    shown = {line.strip() for cell in released.cells for line in cell.source.split("\n")}
    for cell in lesson.cells:
        secret = {line for region in (SOLUTION, HIDDEN, SCHEME) for line in inside(cell.source, region)}
        for number, line in cell.lines():
            if line in secret and (text := line.strip()) in shown and _tells(text):
                yield number, f'"{text}" is part of an answer and stands in the released lesson'


def _tells(text: str) -> bool:
    return len(text) >= SHORTEST and not TRIVIAL.match(text)
