"""One text, written as Markdown or as an HTML page that can be read without colour and without eyes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evenodds.plots import Picture

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0}caption{text-align:left;font-weight:bold;padding:.3em 0}"
    "th,td{border:1px solid #767676;padding:.25em .6em;text-align:left}td{font-variant-numeric:tabular-nums}"
    "figure{margin:1em 0}"
)


@dataclass(frozen=True)
class Table:
    """A caption that says what is in the table, the columns' names, and rows whose first cell names the row."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Facts:
    """Named answers, one after the other."""

    answers: dict[str, str]


@dataclass(frozen=True)
class Section:
    """A heading, or none, and what stands below it: paragraphs (str), lists (list), facts, tables and pictures."""

    heading: str
    blocks: Sequence[str | list[str] | Facts | Table | Picture]


@dataclass(frozen=True)
class Document:
    """A title and sections; shows itself in a notebook."""

    title: str
    sections: Sequence[Section]

    def to_markdown(self) -> str:
        """Return the text as Markdown; pictures are told by their alt text."""
        parts = [f"# {_md(self.title)}"]
        for section in self.sections:
            parts += [f"## {_md(section.heading)}"] if section.heading else []
            parts += [_block_md(block) for block in section.blocks]
        return "\n\n".join(parts) + "\n"

    def to_html(self) -> str:
        """Return the text as one page of HTML that loads nothing else."""
        parts = [f"<h1>{escape(self.title)}</h1>"]
        for section in self.sections:
            parts += [f"<h2>{escape(section.heading)}</h2>"] if section.heading else []
            parts += [_block_html(block) for block in section.blocks]
        body = "\n".join(parts)
        return (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(self.title)}</title>\n'
            f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
        )

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _md(text: str) -> str:
    """Keep what people typed from being read as Markdown's or HTML's own signs."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", flat)


def _block_md(block: str | list[str] | Facts | Table | Picture) -> str:
    match block:
        case str():
            return _md(block)
        case list():
            return "\n".join(f"- {_md(entry)}" for entry in block)
        case Facts():
            return "\n".join(f"- **{_md(name)}:** {_md(answer)}" for name, answer in block.answers.items())
        case Picture():
            return f"*Figure: {_md(block.alt)}*"
        case Table():
            lines = [block.header, ["---"] * len(block.header), *block.rows]
            cells = [[cell if cell == "---" else _md(cell) for cell in line] for line in lines]
            return f"**{_md(block.caption)}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _block_html(block: str | list[str] | Facts | Table | Picture) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case list():
            return "<ul>" + "".join(f"<li>{escape(entry)}</li>" for entry in block) + "</ul>"
        case Facts():
            pairs = (f"<dt>{escape(name)}</dt><dd>{escape(answer)}</dd>" for name, answer in block.answers.items())
            return "<dl>" + "".join(pairs) + "</dl>"
        case Picture():
            return block._repr_html_()
        case Table():
            head = "".join(f'<th scope="col">{escape(name)}</th>' for name in block.header)
            rows = "\n".join(
                f'<tr><th scope="row">{escape(first)}</th>'
                + "".join(f"<td>{_unbroken(escape(c))}</td>" for c in rest)
                + "</tr>"
                for first, *rest in block.rows
            )
            return f"<table>\n<caption>{escape(block.caption)}</caption>\n<tr>{head}</tr>\n{rows}\n</table>"


def _unbroken(cell: str) -> str:
    """Keep an interval, and a number of people, on one line."""
    return re.sub(r"\[[^]]*\]|\(n [^)]*\)", lambda part: part[0].replace(" ", "&nbsp;"), cell)
