"""Quotes of hidden tests are found however they are escaped, and nothing else is taken for one."""

import html
import json

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter, Terminal256Formatter
from pygments.lexers import PythonLexer

from coursekit.hidden import quotes, secrets

LINE = """assert double("é<&>'\\n") == 'x' and a < b > c, 'text "é" & more'"""
CELL = f"""\
assert double(2) == 4
### BEGIN HIDDEN TESTS
for number in values:
    {LINE}
x = double(1)
### END HIDDEN TESTS"""
SECRETS = secrets([CELL], visible="for number in values:\n    print(number)")

WAYS = {
    "as it is": str,
    "with other white space": lambda text: text.replace("\n    ", "\n\t").replace(" ", "  "),
    "without white space": lambda text: "".join(text.split()),
    "one word a line": lambda text: "\n".join(text.split()),
    "repr": repr,
    "repr of repr": lambda text: repr([repr(text)]),
    "ascii": ascii,
    "JSON": json.dumps,
    "HTML": html.escape,
    "HTML of HTML": lambda text: html.escape(html.escape(text)),
    "HTML of repr": lambda text: html.escape(repr(text)),
    "non-breaking spaces": lambda text: html.escape(text).replace(" ", "&nbsp;"),
    "zero-width spaces": "\u200b".join,
    "a listing in HTML": lambda text: highlight(text, PythonLexer(), HtmlFormatter()),
    "a listing in colour": lambda text: highlight(text, PythonLexer(), Terminal256Formatter()),
    "other quotes": lambda text: text.replace('"', "'"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_quote_is_found(way):
    assert quotes({"data": {"text/plain": f"before {WAYS[way](CELL)} after"}}, SECRETS)


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "text": LINE},
        {"output_type": "error", "ename": "E", "evalue": LINE, "traceback": []},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["", f"---> 3 {LINE}"]},
        {"data": {"application/json": {"deep": [{LINE: 1}]}}},
        {"data": {}, "metadata": {"image/png": {"alt": LINE}}},
    ],
)
def test_it_is_found_in_every_part_of_an_output(output):
    assert quotes(output, SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        "for number in values:",
        "x = double(1)",
        "assert double(2) == 4",
        'text "é" & more',
        "assert double(",
        "",
        CELL[:40],
    ],
)
def test_visible_and_short_lines_and_messages_are_no_quotes(text):
    assert not quotes({"text": text}, SECRETS)


def test_without_hidden_tests_nothing_is_a_quote():
    assert not quotes({"text": CELL}, secrets(["assert double(2) == 4"], visible=""))
