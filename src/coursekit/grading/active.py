"""What a browser would not only show but act on: scripts, and markup that runs or fetches something.

Formgrader and feedback show a graded notebook as it stands, Formgrader with all rights of whoever is signed in. So what
is active in a submission is shown as text, and a person reads it.
"""

import html
import re

from nbformat import NotebookNode

from coursekit.grading.job import Outputs

_ELEMENT = re.compile(r"<\s*(script|iframe|frame|object|embed|applet|link|meta|base|form|input|button)\b", re.I)
_TAG = re.compile(r"<\s*[a-z!?/]", re.I)
_HANDLER = re.compile(r"""[\s/"'>]on[a-z]{3,}\s*=""", re.I)
_ADDRESS = re.compile(r"(javascript|vbscript):|data:(text/html|application|image/svg)|srcdoc=", re.I)
_BLANK = re.compile(r"[\s\x00-\x1f]+")
_SCRIPTS = ("application/javascript", "text/javascript")
_SHOWN = ("text/html", "text/markdown", "text/latex", "image/svg+xml")


def is_active(text: str) -> bool:
    """Whether a browser might act on this HTML or Markdown.

    >>> is_active("<b>6 > 5</b>"), is_active('<img src="x" onerror="alert(1)">'), is_active("[it](java&#115;cript:x)")
    (False, True, True)
    """
    plain = html.unescape(text)
    if _ELEMENT.search(plain) or _ADDRESS.search(_BLANK.sub("", plain)):
        return True
    return bool(_TAG.search(plain) and _HANDLER.search(plain))


def without_active(outputs: Outputs) -> tuple[Outputs, bool]:
    """The outputs with what is active in them as text, and whether there was any."""
    harmless = [_harmless(output) for output in outputs]
    return harmless, any(one is not other for one, other in zip(harmless, outputs, strict=True))


def _harmless(output: dict) -> dict:
    data = output.get("data", {})
    active = [mime for mime in data if mime in _SCRIPTS or (mime in _SHOWN and is_active(str(data[mime])))]
    if not active:
        return output
    kept = {mime: value for mime, value in data.items() if mime not in active}
    kept.setdefault("text/plain", "\n".join(str(data[mime]) for mime in active))
    return {**output, "data": kept}


def active_texts(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of text in which something is active."""
    return [cell for cell in notebook.cells if cell.cell_type != "code" and is_active(cell.source)]


def as_text(cell: NotebookNode) -> None:
    """Have a cell's text shown as it was typed."""
    if cell.cell_type == "raw":
        cell.source = html.escape(cell.source)
    else:
        cell.source = "\n".join(f"    {line}" for line in cell.source.split("\n"))
