"""Find lines of hidden tests in what student code shows, however they were escaped on the way.

Student code runs beside the hidden tests and can print them. What it prints as it stands, or as ``repr``, JSON, HTML
or a coloured listing, is found here. What it disguises (encodes, cuts in pieces, draws as a picture) is not.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from nbconvert.filters import strip_ansi

from coursekit.markers import HIDDEN, inside

SHORTEST = 12
TAG = re.compile(r"<[^<>]*>")
# What escaping and layout add: white space, characters without width, backslashes.
PADDING = re.compile("[\\s\\\\\u00ad\u200b-\u200f\u2060\ufeff]+")


def secrets(sources: Iterable[str], visible: str) -> set[str]:
    """The hidden lines of cells, in the form in which `quotes` looks for them.

    Short lines say nothing, and lines that stand in the visible text too are no secret.

    >>> cell = "### BEGIN HIDDEN TESTS\\nassert double(-3) == -6\\nx = 1\\n### END HIDDEN TESTS"
    >>> secrets([cell], visible="assert double(2) == 4")
    {'assertdouble(-3)==-6'}
    """
    seen = bare(visible)
    lines = {line for source in sources for line in inside(source, HIDDEN)}
    telling = [line for line in lines if len(bare(line)) >= SHORTEST and bare(line) not in seen]
    return {bare(form) for line in telling for form in (line, ascii(line)[1:-1], json.dumps(line)[1:-1])}


def quotes(shown: Any, secrets: Iterable[str]) -> bool:
    """Whether any text in an output holds one of the secrets.

    >>> quotes({"text/html": "<b>assert</b> double(&#45;3) == -6"}, {"assertdouble(-3)==-6"})
    True
    """
    text = "\n".join(_texts(shown))
    forms = [bare(text), bare(TAG.sub("", text))]
    return any(secret in form for secret in secrets for form in forms)


def bare(text: str) -> str:
    """The text without anything that escaping changes."""
    unescaped = html.unescape(html.unescape(strip_ansi(text)))
    return PADDING.sub("", unescaped).replace('"', "'")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(key)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
