"""The grader's shell runs cells as a real kernel does: the same outputs, the same counts."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute

from coursekit.execute import ENVIRONMENT
from coursekit.grading.shell import TRUNCATED, Tape

CELLS = {
    "value": "1 + 1",
    "silenced": "1 + 1;",
    "nothing": "x = 3",
    "empty": "",
    "blank": "  \n\n",
    "comment": "# nothing to see",
    "none": "None",
    "two statements": "1\n2",
    "last value": "_",
    "input history": "In[-2]",
    "output history": "sorted(Out)[:2]",
    "print": "print('a', 'b', sep='\\n')\nprint('no newline', end='')",
    "stderr": "import sys\nprint('to stderr', file=sys.stderr)",
    "surrogate": "print('\\ud800'.encode('utf-8', 'replace'))",
    "unicode": "print('☃ 𝔘 é')\n'數'",
    "not text": "import sys\nsys.stdout.write(b'bytes')",
    "shell": "!echo from the shell",
    "shell list": "lines = !printf 'one\\ntwo'\nlist(lines)",
    "shell fails": "!exit 3\n_exit_code",
    "bash": "%%bash\necho in bash",
    "descriptor": "import os\n_ = os.system('echo through the descriptor')",
    "child": "import subprocess\n_ = subprocess.run(['echo', 'a child'])",
    "capture": "%%capture caught\nprint('hidden')",
    "captured": "caught.stdout",
    "precision": "%precision 2",
    "with precision": "3.14159",
    "precision off": "%precision",
    "unknown magic": "%no_such_magic",
    "write a file": "%%writefile beside.py\nanswer = 42",
    "import it": "import beside\nbeside.answer",
    "run it": "%run beside.py\nanswer",
    "who": "%who_ls str",
    "help": "len?",
    "input": "input('?')",
    "getpass": "import getpass\ngetpass.getpass()",
    "await": "import asyncio\nawait asyncio.sleep(0, 'slept')",
    "async for": "async def three():\n    for i in range(3):\n        yield i\n[i async for i in three()]",
    "task": "task = asyncio.ensure_future(asyncio.sleep(0, 'later'))\nawait task",
    "table": "import pandas as pd\npd.DataFrame({'a': [1, None], 'é': ['x', 'y']})",
    "display": "display('shown', {'a': 1})\ndisplay()",
    "html": "from IPython.display import HTML, Markdown, clear_output, Latex, JSON\nHTML('<b>b</b>')",
    "markdown": "Markdown('*m*')",
    "clear": "print('gone')\nclear_output()\nprint('stays')",
    "clear later": "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "clear for nobody": "print('stays')\nclear_output(wait=True)",
    "update": "handle = display('before', display_id=True)\nhandle.update('after')",
    "own repr": "class Pretty:\n    def _repr_html_(self):\n        return '<i>p</i>'\n"
    "    def __repr__(self):\n        return 'p'\nPretty()",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "open figure": "figure, axes = plt.subplots()\naxes.bar(['a'], [1]);",
    "inline": "%matplotlib inline",
    "raise": "raise ValueError('¿qué?\\n☃')",
    "in a function": "def f():\n    return g()\n\ndef g():\n    return {}['key']\n\nf()",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('k') from error",
    "group": "raise ExceptionGroup('many', [ValueError(1), TypeError('two')])",
    "with a note": "error = ValueError('v')\nerror.add_note('a note')\nraise error",
    "assertion": "assert 1 == 2, 'not equal'",
    "syntax": "def f(:\n    pass",
    "indentation": "def f():\npass",
    "null": "a = '\\0'\nlen(a)",
    "system exit": "import sys\nsys.exit(3)",
    "exit with text": "raise SystemExit('text')",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "base exception": "class Base(BaseException):\n    pass\nraise Base('b')",
    "warning": "import warnings\nwarnings.warn('careful')",
    "same warning": "for _ in range(2):\n    warnings.warn('twice')",
    "numpy warning": "import numpy as np\nnp.array([1.0]) / 0",
    "log": "import logging\nlogging.warning('logged')",
    "thread": "import threading\nthread = threading.Thread(target=print, args=('from a thread',))\n"
    "thread.start()\nthread.join()",
    "thread dies": "thread = threading.Thread(target=lambda: print('dies'))\nthread.start()\nthread.join()",
    "name": "__name__, __doc__, f.__module__",
    "pickle": "import pickle\nclass Kept:\n    pass\ntype(pickle.loads(pickle.dumps(Kept()))).__name__",
    "main module": "import __main__\n__main__.x",
    "source": "def documented():\n    return 'source'\nimport inspect\nprint(inspect.getsource(documented))",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\nPoint(1)",
    "doctest": "import doctest\ndef one():\n    '''\n    >>> one()\n    2\n    '''\n    return 1\ndoctest.testmod()",
    "globals": "'x' in globals(), 'display' in globals(), 'get_ipython' in globals()",
    "redirect": "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as text:\n    print('kept')\n"
    "text.getvalue()",
    "flush": "print('flushed', flush=True)\nsys.stdout.flush()\nsys.stdout.isatty(), sys.stdout.encoding.lower()",
    "printing displayhook": "for i in range(3):\n    print(i)\ni",
    "after all": "x",
}
# What they say of themselves names the file of whatever refuses or fails.
OWN_WORDS = {"input", "getpass", "not text", "unknown magic"}

RUN = """
import json, os, sys
from coursekit.grading.shell import CellShell, take_over_streams
sources, told = json.load(sys.stdin), os.dup(1)
shell = CellShell.instance()
descriptors = take_over_streams(shell)
ran = []
for source in sources:
    outputs, count = shell.run(source)
    descriptors.read_into(shell.tape)
    ran.append((outputs, count))
with open(told, "w") as file:
    json.dump(ran, file)
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a kernel made of each cell, and what the shell did."""
    theirs, ours = (tmp_path_factory.mktemp(name) for name in ("kernel", "shell"))
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # with it, a kernel leaves out what programs write to its descriptors
        Execute().preprocess(notebook, {"metadata": {"path": str(theirs)}})
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps([*CELLS.values()]),
        capture_output=True,
        text=True,
        cwd=ours,
        env=os.environ | ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    kernel = {name: (cell.outputs, cell.execution_count) for name, cell in zip(CELLS, notebook.cells, strict=True)}
    return kernel, dict(zip(CELLS, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_gives_what_a_kernel_gives(ran, name):
    (theirs, count), (ours, our_count) = (each[name] for each in ran)
    words = name not in OWN_WORDS
    assert list(shown(ours, words)) == list(shown(theirs, words))
    assert our_count == count


def shown(outputs: list[dict], words: bool) -> Iterator[tuple]:
    """Outputs without what differs between two runs; what stands between two other outputs in a stream as one text."""
    streams = {"stdout": "", "stderr": ""}
    for output in [*outputs, None]:
        if output and output["output_type"] == "stream":
            streams[output["name"]] += output["text"]
            continue
        yield from ((name, plain(text)) for name, text in streams.items() if text)
        streams = dict.fromkeys(streams, "")
        if output and output["output_type"] == "error":
            frames = plain("\n".join(output["traceback"])).split("\n\n") if words else []
            evalue = plain(output["evalue"]) if words else ""
            yield output["ename"], evalue, [part for part in frames if not part.startswith("File ")]
        elif output:
            data = {mime: plain(str(value)) if "image" not in mime else "" for mime, value in output["data"].items()}
            yield output["output_type"], data, output["metadata"], output.get("execution_count")


def plain(text: str) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    return re.sub(r"\S*ipykernel_\d+/|\b\d{6,}\.py", "CELL", text)


def test_what_is_too_long_is_cut_and_the_rest_of_the_cell_dropped():
    tape = Tape(megabytes=1)
    tape.stream("stdout", "a" * 2**19)
    tape.stream("stderr", "b" * 2**20)
    tape.stream("stdout", "c")
    told = [(output["name"], output["text"]) for output in tape.outputs]
    assert told == [("stdout", "a" * 2**19), ("stderr", TRUNCATED.format(1))]
    tape.start()
    tape.stream("stdout", "the next cell")
    assert [output["text"] for output in tape.outputs] == ["the next cell"]


def test_exit_ends_the_notebook_with_the_cell():
    program = (
        "from coursekit.grading.shell import CellShell\nshell = CellShell.instance()\nassert not shell.left\n"
        "shell.run('quit()')\nassert shell.left"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
