"""Executing a lesson: errors at their line, and nothing kept that the next run would not repeat."""

import pytest

from coursekit.execute import execute
from coursekit.notebook import lay_out
from coursekit.source import SourceError, read_lesson

LESSON = """\
# A lesson

```python id="fine"
print("fine")
```

```python id="bad"
{code}
```
"""


@pytest.fixture
def run(tmp_path):
    def run(code):
        path = tmp_path / "lesson.md"
        path.write_text(LESSON.format(code=code))
        lesson = read_lesson(path)
        return execute(lesson, lay_out(lesson), tmp_path)

    return run


@pytest.mark.parametrize(
    ("code", "line", "says"),
    [
        ("1\nraise KeyError('group')", 9, "fails: KeyError: 'group'"),
        ("def f():\n    return 1 / 0\n\nf()", 11, "fails: ZeroDivisionError(.|\n)*return 1 / 0"),
        ("if True\n    1", 8, "fails: SyntaxError"),
        ("import sys\nprint('loud', file=sys.stderr)", 8, "writes to stderr: loud"),
        ("import warnings\nwarnings.warn('too few')", 8, "writes to stderr: .*UserWarning: too few"),
        ("object()", 8, "shows a memory address"),
        ("import os\nos.getcwd()", 8, "shows a path of this machine"),
        ("print('/home/somebody/data.csv')", 8, "shows a path of this machine"),
        ("import ipywidgets\nipywidgets.IntSlider()", 8, 'shows a widget.*tags="explorer"'),
        ("import os\nos._exit(1)", 8, "fails: DeadKernelError"),
    ],
)
def test_a_cell_that_fails_or_would_not_repeat_is_named_with_its_line(run, code, line, says):
    with pytest.raises(SourceError, match=f'cell "bad" {says}') as error:
        run(code)
    assert error.value.line == line


def test_addresses_of_the_web_and_pictures_are_no_paths_of_this_machine(run):
    found = run(
        "from IPython.display import HTML\n"
        "print('https://example.org/home/someone')\n"
        'HTML(\'<img alt="dot" src="data:image/gif;base64,R0lGODlh/tmp/AAA/home/x==">\')'
    )
    assert len(found.notebook.cells[2].outputs) == 2


def test_a_run_is_seeded_and_draws_figures_in_the_notebook(run):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nhash('a')"
    first, second = run(code), run(code)
    assert "image/png" in first.notebook.cells[2].outputs[0].data
    assert first.notebook == second.notebook


def test_streams_are_joined(run):
    found = run("import sys\nfor n in range(3):\n    print(n)\n    sys.stdout.flush()")
    assert [output.text for output in found.notebook.cells[2].outputs] == ["0\n1\n2\n"]
