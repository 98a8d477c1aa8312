"""What would act in a browser is found, however it is spelled, and what students write honestly is left alone."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

from coursekit.grading.active import active_texts, as_text, is_active, without_active
from evenodds import datasets, plots, tradeoffs
from evenodds.checking import Check

ACTIVE = [
    "<script>x</script>",
    "< SCRIPT src=//x>",
    "<img src=x onerror=alert(1)>",
    '<img alt=">" src=x OnError = "x">',
    "<svg/onload=x>",
    "<details open ontoggle=x>",
    "<a href='java&#115;cript:x'>it</a>",
    "<a href='java\nscript:x'>it</a>",
    "[it](javascript:x)",
    "<iframe src=x>",
    "<object data=x>",
    "<meta http-equiv=refresh content=0>",
    "<form action=x><input></form>",
    "&lt;script&gt;",
]
HARMLESS = [
    "The gap is < 0.1 once = is read as a sign, and 6 > 5.",
    "only = 3 and **bold**, `x = 1`, <b>bold</b>, one = 1",
    "A person's description: on paper.",
    "$$a < b$$ and <br/> online",
]


@pytest.mark.parametrize("text", ACTIVE)
def test_active_text_is_found_and_shown_as_text(text):
    assert is_active(text)
    notebook = new_notebook(cells=[new_markdown_cell(f"One.\n{text}"), new_raw_cell(text), new_markdown_cell("Two.")])
    found = active_texts(notebook)
    assert found == notebook.cells[:2]
    for cell in found:
        as_text(cell)
    assert all(line.startswith("    ") for line in found[0].source.split("\n"))
    assert "<" not in found[1].source
    nbformat.validate(notebook)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text):
    assert not is_active(text)


def test_an_active_output_keeps_its_text_and_loses_the_rest():
    shown = {"text/plain": "2.0", "text/html": "<b onclick=x>2</b>", "image/png": "AA=="}
    outputs = [
        {"output_type": "execute_result", "data": shown, "metadata": {}, "execution_count": 1},
        {"output_type": "display_data", "data": {"application/javascript": "x"}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": "<script>"},
    ]
    harmless, acted = without_active(outputs)
    assert acted
    assert harmless[0]["data"] == {"text/plain": "2.0", "image/png": "AA=="}
    assert harmless[1]["data"] == {"text/plain": "x"}
    assert harmless[2] is outputs[2]


def test_what_the_lessons_show_is_harmless():
    data = datasets.make_hiring(200)
    table = tradeoffs.before_after(data.y, data.y, data.y, sensitive_features=data.sensitive["disability"])
    check = Check("no_such_answer", points=1)
    shown = [table._repr_html_(), plots.before_after(table)._repr_html_(), check.report()._repr_html_()]
    assert not any(map(is_active, shown))
