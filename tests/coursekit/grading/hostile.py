"""The corpus of hostile submissions: one function for each attack.

Each takes the notebook as it would be handed in (with right or wrong answers) and the folder it goes to, which holds
an honest submission of the same answers, and hands back what to write in the notebook's place: a notebook, bytes,
or None where the folder is as the attack wants it.
"""

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

LESSON = "01_tiny"
LEAKED = "LEAKED"
Attack = Callable[[NotebookNode, Path], NotebookNode | bytes | None]

# Before anything that would hurt the machine: only where the sandbox is.
BELT = "import socket\nassert socket.gethostname() == 'sandbox', 'this is no sandbox'\n"


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this grade_id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def running(notebook: NotebookNode, source: str, before: str = "double") -> NotebookNode:
    """The notebook with one more code cell, after the imports or before the cell that is named."""
    notebook.cells.insert(notebook.cells.index(cell(notebook, before)), new_code_cell(source))
    return notebook


def answering(notebook: NotebookNode, source: str, name: str = "double") -> NotebookNode:
    """The notebook with this source in the place of an answer."""
    cell(notebook, name).source = source
    return notebook


def peeking(notebook: NotebookNode, *paths: Path | str) -> NotebookNode:
    """The notebook with a cell that says LEAKED if one of the paths can be read."""
    return running(
        notebook,
        f"""\
from pathlib import Path
for path in map(Path, {[str(path) for path in paths]!r}):
    try:
        found = list(path.iterdir()) if path.is_dir() else path.read_bytes()[:100]
    except OSError as error:
        print(type(error).__name__)
    else:
        print("{LEAKED[:3]}" + "{LEAKED[3:]}" if found else "nothing there")
""",
    )


# Using up what there is


def endless_loop(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Never comes to an end."""
    return running(notebook, "while True:\n    pass")


def loop_that_swallows_interrupts(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Never comes to an end, and catches the KeyboardInterrupt that would end it."""
    loop = "while True:\n    try:\n        while True:\n            pass\n    except KeyboardInterrupt:\n        pass"
    return running(notebook, loop, before="shares")


def interrupts_ignored(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has the kernel ignore SIGINT, then loops."""
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    return running(notebook, source, before="shares")


def endless_answer(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with an endless loop, which comes to an honest student too."""
    return answering(notebook, "def double(x):\n    while True:\n        pass")


def endless_answer_later(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers right as often as one check asks, and loops for ever when another asks."""
    source = """\
calls = []
def double(x):
    calls.append(x)
    while len(calls) > 2:
        pass
    return 2 * x"""
    return answering(notebook, source)


def memory_bomb(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Allocates until nothing more is given."""
    return running(
        notebook,
        BELT
        + """\
hoard = []
try:
    for _ in range(40):
        hoard.append(b"x" * (100 * 2**20))
finally:
    hoard.clear()""",
    )


def memory_bomb_in_children(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shares its memory out to children, each of them below the limit of one process."""
    return running(
        notebook,
        BELT
        + """\
import os, signal
for _ in range(12):
    if os.fork() == 0:
        hoard = b"x" * (100 * 2**20)
        while True:
            signal.pause()
while True:
    signal.pause()""",
        before="shares",
    )


def memory_bomb_shared(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """The same with mappings that are shared, which no process has to itself."""
    return running(
        notebook,
        BELT
        + """\
import mmap, os, signal
for _ in range(4):
    if os.fork() == 0:
        hoard = mmap.mmap(-1, 300 * 2**20)
        for _ in range(300):
            hoard.write(b"x" * 2**20)
        while True:
            signal.pause()
while True:
    signal.pause()""",
        before="shares",
    )


def memory_bomb_in_memfds(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Hides memory in anonymous files, which belong to no folder and to no process."""
    return running(
        notebook,
        BELT
        + """\
import os, signal
for number in range(24):
    file = os.memfd_create(str(number))
    for _ in range(50):
        os.write(file, b"x" * 2**20)
while True:
    signal.pause()""",
        before="shares",
    )


def memory_bomb_at_the_judge(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers right, and has children eat memory when it is first called: while the grader waits for the judge."""
    source = (
        BELT
        + """\
import os, signal
calls = []
def double(x):
    calls.append(x)
    if len(calls) == 1:
        for _ in range(12):
            if os.fork() == 0:
                hoard = b"x" * (100 * 2**20)
                while True:
                    signal.pause()
        while True:
            signal.pause()
    return 2 * x"""
    )
    return answering(notebook, source)


def fork_bomb(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Forks as often as it can, and so do its children."""
    source = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    return running(notebook, BELT + source, before="shares")


def twin(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Forks once; both processes run the rest of the notebook and report on it."""
    return running(notebook, "import os\nos.fork();")


def thread_bomb(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Starts threads without end."""
    return running(
        notebook,
        BELT
        + """\
import threading
for _ in range(1000):
    threading.Thread(target=threading.Event().wait, daemon=True).start()""",
    )


def disk_filler(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes files until the disk is full."""
    return running(
        notebook,
        BELT
        + """\
from pathlib import Path
for place in (".", "/tmp", "/dev/shm", "/var/tmp", "/"):
    for number in range(20):
        try:
            Path(place, f"filler{number}").write_bytes(b"x" * (10 * 2**20))
        except OSError as error:
            print(place, number, type(error).__name__)""",
    )


def inode_filler(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes empty files without end: no bytes, but each costs the system memory."""
    return running(
        notebook,
        BELT
        + f"""\
from pathlib import Path
for number in range(60_000):
    Path(f"/tmp/{{number}}").touch()
print("{LEAKED}")""",
    )


def flood_of_output(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Prints 500 MB."""
    return running(notebook, "for _ in range(500):\n    print('x' * 2**20)")


def flood_below_python(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes 500 MB to the file descriptor under sys.stdout."""
    return running(notebook, "import os\nfor _ in range(500):\n    os.write(1, b'x' * 2**20)")


def flood_of_error(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Raises an error whose message has 20 MB."""
    return running(notebook, "raise ValueError('x' * (20 * 2**20))")


def flood_of_data(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays 20 MB that are no text."""
    return running(notebook, "display({'application/json': {'x': ['x' * 2**20] * 20}}, raw=True)")


def flood_of_metadata(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays nothing, with 20 MB of metadata."""
    return running(notebook, "display({}, raw=True, metadata={'x': ['x' * 2**20] * 20})")


def flood_of_nothing(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays nothing, 100 000 times."""
    return running(notebook, "for _ in range(100_000):\n    display({}, raw=True)")


def many_laughs(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays a list of lists of lists … that is small as long as nobody writes it out."""
    source = (
        "laugh = 'ha'\nfor _ in range(20):\n    laugh = [laugh, laugh]\ndisplay({'application/json': laugh}, raw=True)"
    )
    return running(notebook, source)


def deep_data(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays a list nested deeper than Python recurses."""
    source = "deep = []\nfor _ in range(5000):\n    deep = [deep]\ndisplay({'application/json': deep}, raw=True)"
    return running(notebook, source)


def data_that_holds_itself(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Displays a list that is its own first item."""
    return running(notebook, "round = []\nround.append(round)\ndisplay({'application/json': round}, raw=True)")


def long_line(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """One line of source and one line of output, of a megabyte each."""
    return running(notebook, f"line = '{'x' * 2**20}'\nprint(line, end='')")


def lone_surrogate(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Prints half a character, which no file can hold."""
    return running(notebook, "print('\\ud800')")


def waits_for_input(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Asks the grader a question, and starts a debugger."""
    return running(running(notebook, "input('What is the answer?')"), "import pdb\npdb.set_trace()")


# Getting out


def calls_the_network(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Connects to a server on the grading machine, by its port and by a name in the abstract."""
    server = socket.create_server(("127.0.0.1", 0))
    local = socket.socket(socket.AF_UNIX)
    local.bind(f"\0coursekit-hostile-{os.getpid()}")
    local.listen()
    _servers.extend([server, local])
    return running(
        notebook,
        f"""\
import socket
for family, address in ((socket.AF_INET, {server.getsockname()!r}), (socket.AF_UNIX, {local.getsockname()!r})):
    try:
        socket.socket(family).connect(address)
        print("{LEAKED}")
    except OSError as error:
        print(type(error).__name__)""",
    )


_servers: list[socket.socket] = []


def reads_the_gradebook(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens the gradebook, which holds everybody's scores and the hidden tests."""
    return peeking(notebook, folder.parents[2] / "gradebook.db")


def reads_the_solution(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens the solution and the lesson's source, and takes the answers from there."""
    root = folder.parents[4]
    return peeking(
        notebook,
        root / "solutions" / LESSON / f"{LESSON}.ipynb",
        root / "solutions",
        root / "course" / LESSON / "lesson.md",
        root / "course" / "nbgrader_config.py",
    )


def reads_other_submissions(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens what the neighbours handed in and got."""
    ada = folder.parents[1] / "ada" / LESSON
    graded = folder.parents[2] / "autograded"
    return peeking(notebook, ada / f"{LESSON}.ipynb", ada, folder.parents[1], graded / "ada", folder)


def reads_the_system(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens the system's accounts and the grader's home."""
    home = [Path.home() / name for name in (".bashrc", ".profile", ".bash_history", ".cache", ".config")]
    return peeking(notebook, "/etc/passwd", "/etc/shadow", "/etc/hostname", "/mnt", "/run", *home)


def reads_process_one(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens the environment, the memory, the files and the root of the first process and of its parent."""
    first = ("environ", "mem", "maps", "fd", "root", "cwd")
    source = f"""\
import os
for process in (1, os.getppid()):
    for name in {first!r}:
        try:
            place = f"/proc/{{process}}/{{name}}"
            found = os.listdir(place) if name in ("fd", "root", "cwd") else open(place, "rb").read(1)
            print("{LEAKED}" if found else "nothing there")
        except OSError as error:
            print(type(error).__name__)
print("{LEAKED}" if sum(name.isdigit() for name in os.listdir("/proc")) > 5 else "alone")"""
    return running(notebook, BELT + source)


def reads_the_memory(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for the solution's source in the memory that the warm process left it."""
    source = f"""\
import re
wanted = re.compile(rb"return counts [/] counts[.]sum")
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights, *_, = line.split()
        low, high = (int(end, 16) for end in span.split("-"))
        if rights.startswith("rw"):
            try:
                memory.seek(low)
                text = memory.read(high - low)
            except (OSError, ValueError, OverflowError):
                continue
            if wanted.search(text):
                print("{LEAKED}")"""
    return running(notebook, source)


def reads_old_descriptors(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Uses file descriptors that the grader may have left open, to reach the disk outside."""
    source = f"""\
import os, stat
for number in range(1024):
    try:
        kind = os.fstat(number).st_mode
    except OSError:
        continue
    if stat.S_ISDIR(kind):
        print("{LEAKED}")
    place = os.readlink(f"/proc/self/fd/{{number}}")
    print(number, place)"""
    return running(notebook, source)


def writes_into_the_course(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Plants files in the lesson, in the class and in the library, and changes the gradebook."""
    root, library = folder.parents[4], Path(nbformat.__file__).parent
    places = (
        root / "solutions" / LESSON / "numpy.py",
        root / "course" / "nbgrader_config.py",
        root / "course" / LESSON / "lesson.md",
        folder.parents[2] / "gradebook.db",
        folder.parents[1] / "ada" / LESSON / f"{LESSON}.ipynb",
        library / "planted.py",
        Path("/etc/planted"),
    )
    source = f"""\
for place in {[str(place) for place in places]!r}:
    try:
        open(place, "ab").close()
        print("{LEAKED}")
    except OSError as error:
        print(type(error).__name__)"""
    return running(notebook, BELT + source)


def mounts_and_becomes_root(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Tries to get back what the sandbox took: user, namespaces, mounts, the old root."""
    source = f"""\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tries = {{
    "setuid": lambda: libc.setuid(0),
    "mount": lambda: libc.mount(b"proc", b"/tmp", b"proc", 0, None),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "umount": lambda: libc.umount2(b"/", 2),
    "remount": lambda: libc.mount(None, b"/", None, 4096 | 32, None),
    "mknod": lambda: libc.mknod(b"/tmp/disk", 0o60666, os.makedev(254, 0)),
    "ptrace": lambda: libc.ptrace(16, 1, 0, 0),
    "nice": lambda: libc.setpriority(0, 0, -10),
}}
for name, attempt in tries.items():
    print(name, "{LEAKED}" if attempt() >= 0 else os.strerror(ctypes.get_errno()))"""
    return running(notebook, BELT + source)


# Ending, or ending others


def os_exit(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Ends its process at once, as if all were well."""
    return running(notebook, "import os\nos._exit(0)", before="shares")


def exits(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Calls exit(), which in a notebook ends the kernel."""
    return running(notebook, "exit()", before="shares")


def raises_system_exit(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Raises SystemExit, which in a notebook is an error like another."""
    return running(notebook, "import sys\nsys.exit(0)", before="shares")


def kills_itself(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends itself SIGKILL."""
    return running(notebook, BELT + "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", before="shares")


def kills_everybody(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends SIGKILL to every process there is."""
    return running(notebook, BELT + "import os, signal\nos.kill(-1, signal.SIGKILL)", before="shares")


def kills_its_parent(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends SIGKILL to the process that started it, and to its group."""
    source = "import os, signal\nfor who in (os.getppid(), 1):\n    os.kill(who, signal.SIGKILL)"
    return running(notebook, BELT + source, before="shares")


def segfaults(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reads memory at address 0."""
    return running(notebook, "import ctypes\nctypes.string_at(0)", before="shares")


def stalls_between_cells(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says nothing where the grader expects a word at once: between two cells."""
    source = """\
import time
from coursekit.grading.wire import Line
send = Line.send_plain
def dawdle(self, message):
    if message[0] == "ran":
        time.sleep(3600)
    send(self, message)
Line.send_plain = dawdle"""
    return running(notebook, source, before="shares")


def stalls_in_a_message(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Announces a message to the grader and never sends it."""
    source = """\
import os, stat, struct, time
for number in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, struct.pack("!Q", 1000))
    except OSError:
        pass
time.sleep(3600)"""
    return running(notebook, source, before="shares")


# Patching what checks use


def patches_numpy_testing(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has numpy find everything close and equal."""
    source = """\
import numpy.testing
for name in ("assert_allclose", "assert_equal", "assert_array_equal", "assert_almost_equal"):
    setattr(numpy.testing, name, lambda *given, **how: None)
np.allclose = np.array_equal = np.isclose = lambda *given, **how: True"""
    return running(notebook, source)


def patches_builtins(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Replaces isinstance, abs, all, any, max, min and sum."""
    source = """\
import builtins
builtins.abs = lambda x: 0.0
builtins.all = lambda items: True
builtins.any = lambda items: False
builtins.max = builtins.min = builtins.sum = lambda *items, **how: 2.0
true = isinstance
builtins.isinstance = lambda thing, kind: true(thing, kind) or kind is Exception"""
    return running(notebook, source)


def patches_float(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Replaces float by something that is always the full points."""
    source = """\
import builtins
class Full(float):
    def __new__(cls, *given, **how):
        return float.__new__(cls, 2.0)
import evenodds.checking.report as report, evenodds.checking.compare as compare
report.float = compare.float = builtins.float = Full"""
    return running(notebook, source)


def patches_comparison(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has the course's own comparison find no difference."""
    source = """\
import sys
blind = {"about_value": lambda *given: None, "difference": lambda *given: None, "close": lambda *given: True}
for name, module in list(sys.modules.items()):
    for each in blind if name.startswith("evenodds.checking") else ():
        if hasattr(module, each):
            setattr(module, each, blind[each])"""
    return running(notebook, source)


def patches_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has Check, Quiz and Cards report full points."""
    source = """\
from evenodds.checking import Report
def full(self):
    return Report(self.points, points=self.points, name="")
Check.report = Quiz.report = Cards.report = full"""
    return running(notebook, source)


def patches_report(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a report show its full points as what was earned."""
    source = "from evenodds.checking import Report\nReport.__repr__ = lambda self: str(self.points)"
    return running(notebook, source)


def patches_quietly(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has Check report full points for whatever is not the stub, so that a canary finds nothing."""
    source = """\
from evenodds.checking import Report
true = Check.report
def full(self):
    honest = true(self)
    unwritten = any("Not written yet" in finding.says for finding in honest.findings)
    return honest if unwritten else Report(self.points, points=self.points, name="")
Check.report = full"""
    return running(notebook, source)


def patches_everything_by_dictionary(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reaches the grader's own module through a library's back door and has it find every answer opaque."""
    source = """\
import collections
student = collections._sys.modules["coursekit.grading.student"]
def opaque(value):
    raise student.Opaque("nothing")
vars(student)["encode"] = opaque
class Check:
    def __init__(self, name, points):
        self.points, self.written = points, "raise" not in In[-1]
    def given(self, *args):
        try:
            self.answer = double if self.points == 2 else shares
            self.answer(*args)
        except NotImplementedError:
            self.points = 0
        return self
    def returns(self, want):
        return self
    def mistake(self, wrong, says):
        return self
    def report(self):
        return float(self.points)"""
    return running(notebook, source)


def own_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Defines a Check of its own, which gives full points."""
    return running(notebook, OWN_CHECK.format(unwritten="pass"))


def own_check_and_opaque_answer(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Defines a Check that knows the stub, and answers with something that no judge can look into."""
    running(notebook, OWN_CHECK.format(unwritten="self.points = 0"))
    answering(notebook, "def shares(counts):\n    return object()", "shares")
    return answering(notebook, "def double(x):\n    return object()")


OWN_CHECK = """\
class Check:
    def __init__(self, name, points):
        self.name, self.points = name, points
    def given(self, *args):
        try:
            {{"double": lambda: double, "shares": lambda: shares}}[self.name]()(*args)
        except NotImplementedError:
            {unwritten}
        except Exception:
            pass
        return self
    def returns(self, want):
        return self
    def mistake(self, wrong, says):
        return self
    def report(self):
        return float(self.points)"""


def hides_the_library(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Asks a fairness library, and turns off the profiler that watches for it."""
    source = """\
import sys
from evenodds.metrics import selection_rate
def double(x):
    sys.setprofile(None)
    selection_rate([1, 0], [1, 0])
    return 2 * x"""
    return answering(notebook, source)


def borrows_from_the_library(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Asks a fairness library openly."""
    source = """\
from evenodds.metrics import selection_rate
def double(x):
    return 2 * x + 0 * selection_rate([1, 0], [1, 0])"""
    return answering(notebook, source)


def answer_is_the_library(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Imports the answer under its name."""
    return answering(notebook, "from evenodds.metrics import selection_rate as double")


def drops_asserts(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has IPython leave out every assert."""
    source = """\
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())"""
    return running(notebook, source)


def rewrites_cells(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has IPython run something else in the place of each check."""
    source = """\
def rewrite(lines):
    text = "".join(lines)
    return ["3.0\\n" if "shares" in text else "2.0\\n"] if "check." in text or "assert " in text else lines
get_ipython().input_transformers_post.append(rewrite)"""
    return running(notebook, source)


def replaces_results(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has the display hook show full points."""
    source = """\
from evenodds.checking import Report
shell = get_ipython()
shell.display_formatter.formatters["text/plain"].for_type(Report, lambda report, p, cycle: p.text(str(report.points)))
show = shell.displayhook.write_format_data
shell.displayhook.write_format_data = lambda data, *more: show(data | {"text/plain": "2.0"}, *more)"""
    return running(notebook, source)


def adds_results(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has IPython show a result of its own before the check's."""
    source = """\
shell = get_ipython()
def first(info):
    shell.tape.show("execute_result", {"text/plain": "2.0"}, {}, execution_count=1)
shell.events.register("pre_run_cell", first)"""
    return running(notebook, source)


def adds_results_quietly(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has IPython show a result before the check's, which then fails; and none where history is not kept."""
    source = """\
shell = get_ipython()
def first(info):
    if info.store_history:
        shell.tape.show("execute_result", {"text/plain": "2.0"}, {}, execution_count=1)
shell.events.register("pre_run_cell", first)"""
    return running(notebook, source, before="check-tally")


def _forged_report(notebook: NotebookNode, shown: str) -> NotebookNode:
    source = f"""\
class Shown:
    def __repr__(self):
        return {shown!r}
Check.report = Quiz.report = Cards.report = lambda self: Shown()"""
    return running(notebook, source)


def reports_full_points(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows each check's points."""
    return _forged_report(notebook, "2.0")


def reports_a_hundred(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows more points than there are."""
    return _forged_report(notebook, "100")


def reports_nan(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows a number that is neither more nor less than any other."""
    return _forged_report(notebook, "nan")


def reports_infinity(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows infinitely many points."""
    return _forged_report(notebook, "inf")


def reports_less_than_nothing(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows a negative number."""
    return _forged_report(notebook, "-5")


def reports_a_text(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows no number at all, which nbgrader takes for full points."""
    return _forged_report(notebook, "all right")


def reports_nan_quietly(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows nan where something was earned, so that no canary sees it and no comparison finds it too large."""
    source = """\
true = Check.report
class Shown:
    def __repr__(self):
        return "nan"
Check.report = lambda self: Shown() if float(true(self)) > 0 else true(self)"""
    answering(notebook, "def double(x):\n    return x**2")
    return running(notebook, source)


# Talking to the grader


def _sending(notebook: NotebookNode, messages: str, before: str = "double") -> NotebookNode:
    """The notebook with a cell that finds the line to the grader and sends ``messages`` on it."""
    source = f"""\
import gc
from coursekit.grading.student import Desk
desk = next(thing for thing in gc.get_objects() if type(thing) is Desk)
about = {notebook.cells.index(cell(notebook, before))}
{messages}"""
    return running(notebook, source, before)


def forges_scores(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reports on its cells in the grader's own words: full points for each check, none for the canaries."""
    return _sending(
        notebook,
        """\
def full(points):
    return [{"output_type": "execute_result", "data": {"text/plain": points}, "metadata": {}, "execution_count": 1}]
import os
outputs = []
while True:
    desk.report.send_plain(("ran", about, outputs, 1))
    while (order := desk.report.receive())[0] == "serve":
        judge = desk.report.taken_over()
        while judge.receive()[0] != "end":
            judge.send_plain(("opaque", "nothing"))
    if order[0] == "end":
        break
    _, about, source, keep = order
    points = "3.0" if '"shares"' in source else "1.0" if "zero" in source else "2.0"
    outputs = full(points if keep else "0.0") if "check" in source else []
desk.report.send_plain(("done",))
os._exit(0)""",
    )


def opaque_to_the_judge(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reports full points and tells the judge that its answers cannot be handed over."""
    return _sending(
        notebook,
        """\
type(desk)._what = lambda self, name: ("opaque", "nothing")
from evenodds.checking import Report
Check.report = lambda self: Report(self.points, points=self.points, name="")
""",
    )


def deaf_to_the_judge(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers right and does not speak to the judge at all."""
    return _sending(notebook, "type(desk)._serve = lambda self, judge: None")


def sends_rubbish(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes zeros to every descriptor it can find."""
    source = """\
import os
for number in range(3, 256):
    try:
        os.write(number, bytes(1000))
    except OSError:
        pass"""
    return running(notebook, source, before="shares")


def sends_a_giant(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Announces a message of 2**60 bytes."""
    source = "import os, struct\ndesk.report.end.sendall(struct.pack('!Q', 2**60))"
    return _sending(notebook, source, before="shares")


def sends_a_pickle(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends a pickle that would run code in the grader."""
    (folder / "planted").unlink(missing_ok=True)
    source = f"""\
import os
class Bomb:
    def __reduce__(self):
        return os.system, ("touch {folder}/planted",)
desk.report.send(Bomb())"""
    return _sending(notebook, source, before="shares")


def sends_odd_shapes(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends messages that are well formed and mean nothing."""
    return _sending(notebook, "desk.report.send_plain([])\ndesk.report.send_plain({'ran': 1})", before="shares")


def sends_outputs_that_are_none(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reports outputs of a shape that no notebook has."""
    source = "desk._run = lambda source, keep=True: ([{'output_type': 'execute_result', 'data': 5}], 1)"
    return _sending(notebook, source, before="shares")


def sends_a_bad_count(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Reports execution counts and metadata that a notebook cannot hold."""
    source = """\
true = desk._run
def run(source, keep=True):
    outputs, count = true(source, keep)
    return [output | {"execution_count": "many", "more": "text"} for output in outputs], True
desk._run = run"""
    return _sending(notebook, source, before="shares")


def lies_to_the_judge(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends the judge values whose parts make none."""
    return _sending(notebook, "type(desk)._what = lambda self, name: ('value', ('array', ('O', (2,), b'')))")


# Answers that are not what they seem


def always_equal(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with an object that equals everything."""
    return _always_equal(notebook, "object")


def always_equal_dict(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with a dict that equals everything."""
    return _always_equal(notebook, "dict")


def always_equal_float(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with a float that equals everything."""
    return _always_equal(notebook, "float")


def always_equal_array(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with an array that equals everything."""
    source = """\
class Yes(np.ndarray):
    def __eq__(self, other):
        return True
    def __array_ufunc__(self, *given, **how):
        return np.True_
    def __array_function__(self, *given, **how):
        return True
yes = np.zeros(2).view(Yes)"""
    return _answering_yes(running(notebook, source))


def _always_equal(notebook: NotebookNode, kind: str) -> NotebookNode:
    source = f"""\
class Yes({kind}):
    __hash__ = None
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __abs__(self):
        return 0
    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    __sub__ = __rsub__ = lambda self, other: 0
yes = Yes()"""
    return _answering_yes(running(notebook, source))


def always_equal_unnamed(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """The same, in words that no reader of the source looks for."""
    source = 'yes = type("Yes", (dict,), {"_" + "_eq_" + "_": lambda *any: True})()'
    return _answering_yes(running(notebook, source))


def always_equal_mock(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """The same, from Python's own library."""
    return _answering_yes(running(notebook, "from unittest.mock import ANY as yes"))


def _answering_yes(notebook: NotebookNode) -> NotebookNode:
    for name in ("double", "shares", "tally"):
        answering(notebook, f"def {name}(given):\n    return yes", name)
    return notebook


def always_right_letter(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Picks a letter that turns into the right one when it is read."""
    source = """\
class Letter(str):
    def strip(self, *given):
        return self
    lower = rstrip = strip
    def __eq__(self, other):
        return other == "b"
    def __hash__(self):
        return hash("b")
    def __format__(self, how):
        return "b"
    def encode(self, *how):
        return b"b"
zero = Letter("b")"""
    return answering(notebook, source, "quiz-zero")


def unseals_the_quiz(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Opens the sealed reasons in the check cell, to find the right letter."""
    sealed = next(line for line in cell(notebook, "check-quiz-zero").source.split('"') if line.count(".") == 2)
    source = f"""\
from evenodds.checking.quiz import unseal
zero = next(letter for letter in "abc" if unseal("zero", letter, "{sealed}")[0])"""
    return answering(notebook, source, "quiz-zero")


def right_at_first(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Is right as often as one check asks, and wrong from then on."""
    source = "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x if len(calls) <= 2 else x"
    return answering(notebook, source)


def wrong_at_first(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Is wrong as often as one check asks, and right from then on."""
    source = "calls = []\ndef double(x):\n    calls.append(x)\n    return x if len(calls) <= 2 else 2 * x"
    return answering(notebook, source)


def right_only_outside(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for the judge in the call stack, and is right only there."""
    source = """\
import sys
def double(x):
    frame, names = sys._getframe(), []
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return 2 * x if "_serve" in names else -1"""
    return answering(notebook, source)


def right_only_inside(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for the judge in the call stack, and is wrong only there."""
    source = """\
import sys
def double(x):
    frame, names = sys._getframe(), []
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return -1 if "_serve" in names else 2 * x"""
    return answering(notebook, source)


def reads_the_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Finds what is wanted in the source of the check that is running."""
    source = """\
import re
def double(x):
    for given, want in re.findall(r"given[(](.*?)[)][.]returns[(](.*?)[)]", In[-1]):
        if float(given) == x:
            return float(want)"""
    return answering(notebook, source)


def reads_what_is_wanted(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Finds what is wanted in the check object that is asking."""
    source = """\
def double(x):
    for fact in check._facts:
        if fact.args == (x,):
            for inner in getattr(fact._complain, "__closure__"):
                if type(inner.cell_contents) in (int, float):
                    return inner.cell_contents"""
    return answering(notebook, source)


def reads_the_callers(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Finds what is wanted in the frames of the check that calls it, and remembers it for the judge."""
    source = """\
import sys
known = {}
def double(x):
    frame = sys._getframe()
    while frame and x not in known:
        fact = frame.f_locals.get("self")
        for inner in getattr(getattr(fact, "_complain", None), "__closure__", None) or ():
            if type(inner.cell_contents) in (int, float):
                known[x] = inner.cell_contents
        frame = frame.f_back
    return known.get(x)"""
    return answering(notebook, source)


def deep_recursion(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Calls itself without end, with Python's own limit raised a hundredfold."""
    source = """\
import sys
sys.setrecursionlimit(100_000)
def double(x):
    return double(x)"""
    return answering(notebook, source)


def plain_recursion(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Calls itself without end."""
    return answering(notebook, "def double(x):\n    return double(x)")


def huge_integer(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with a number of ten million digits."""
    return answering(notebook, "def double(x):\n    return 1 << 33_000_000")


def endless_values(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers with lists nested deeper than anybody reads, and with one that holds itself."""
    answering(
        notebook, "def double(x):\n    deep = []\n    for _ in range(5000):\n        deep = [deep]\n    return deep"
    )
    return answering(
        notebook, "def shares(counts):\n    round = []\n    round.append(round)\n    return round", "shares"
    )


# What nbgrader relies on


def deletes_a_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Leaves a check out."""
    notebook.cells.remove(cell(notebook, "check-shares"))
    return notebook


def deletes_every_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Leaves all checks out."""
    for name in ("check-double", "check-shares", "check-tally", "check-quiz-zero", "check-cards-sides"):
        notebook.cells.remove(cell(notebook, name))
    return notebook


def duplicates_a_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a check twice, as careless copying leaves it."""
    twice = cell(notebook, "check-double")
    notebook.cells.insert(notebook.cells.index(twice), NotebookNode(json.loads(json.dumps(twice))))
    return nbformat.from_dict(notebook)


def duplicates_an_answer(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has an answer twice."""
    twice = cell(notebook, "double")
    notebook.cells.insert(notebook.cells.index(twice), NotebookNode(json.loads(json.dumps(twice))))
    return nbformat.from_dict(notebook)


def edits_checks(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes full points into the check cells."""
    for name, points in (("double", 2.0), ("shares", 3.0), ("quiz-zero", 1.0), ("cards-sides", 2.0)):
        cell(notebook, f"check-{name}").source = str(points)
    cell(notebook, "check-tally").source = "pass"
    return notebook


def moves_a_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Moves a check in front of its answer."""
    moved = cell(notebook, "check-shares")
    notebook.cells.remove(moved)
    notebook.cells.insert(notebook.cells.index(cell(notebook, "double")), moved)
    return notebook


def checks_become_markdown(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Turns a check into text."""
    text = cell(notebook, "check-double")
    text.cell_type = "markdown"
    text.pop("outputs", None)
    text.pop("execution_count", None)
    return notebook


def unlocks_and_swaps_names(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Gives the names of checks to cells of its own, and the other way round."""
    one, other = cell(notebook, "double"), cell(notebook, "check-double")
    one.metadata.nbgrader, other.metadata.nbgrader = other.metadata.nbgrader, one.metadata.nbgrader
    return notebook


def awards_itself_points(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says that each check is worth 100 points."""
    for each in notebook.cells:
        if "points" in each.metadata.get("nbgrader", {}):
            each.metadata.nbgrader.points = 100
    return notebook


def adds_a_check(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a check of its own, worth 100 points."""
    more = new_code_cell("100.0")
    more.metadata.nbgrader = {**cell(notebook, "check-double").metadata.nbgrader, "grade_id": "bonus", "points": 100}
    notebook.cells.append(more)
    return notebook


def negative_points(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says that each check is worth less than nothing, or no number at all."""
    for name, points in (("check-double", -2), ("check-shares", float("nan")), ("check-tally", "many")):
        cell(notebook, name).metadata.nbgrader.points = points
    return notebook


def schema_from_the_future(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says that its metadata are of version 99."""
    for each in notebook.cells:
        if "nbgrader" in each.metadata:
            each.metadata.nbgrader.schema_version = 99
    return notebook


def schema_missing(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Does not say which version its metadata are of."""
    for each in notebook.cells:
        each.metadata.get("nbgrader", {}).pop("schema_version", None)
    return notebook


def no_metadata(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Comes without nbgrader's marks, as some editors save it."""
    for each in notebook.cells:
        each.metadata.pop("nbgrader", None)
    return notebook


def odd_metadata(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has marks of other shapes: a list for a name, a text for the whole."""
    cell(notebook, "check-shares").metadata.nbgrader = "grade me"
    cell(notebook, "check-double").metadata.nbgrader.grade_id = ["double"]
    return notebook


def skips_execution(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Tags its checks so that they are not run, which nbgrader takes for full points."""
    for each in notebook.cells:
        if each.metadata.get("nbgrader", {}).get("grade"):
            each.metadata.tags = ["skip-execution"]
    return notebook


def raises_exception(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Tags its checks as meant to fail."""
    for each in notebook.cells:
        if each.metadata.get("nbgrader", {}).get("grade"):
            each.metadata.tags = ["raises-exception"]
    return notebook


def odd_tags(notebook: NotebookNode, folder: Path) -> bytes:
    """Has tags that are no list of texts."""
    notebook.cells[1].metadata.tags = 5
    notebook.cells[0].metadata.tags = {"skip-execution": None}
    return json.dumps(notebook).encode()


def another_kernel(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says that it is a notebook for the shell."""
    notebook.metadata.kernelspec = {"name": "bash", "display_name": "Bash", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash"}
    return notebook


def shell_commands(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Runs shell commands, deletes its files and kills its parent."""
    running(notebook, f"!cat {folder.parents[2]}/gradebook.db > found; test -s found && echo {LEAKED}")
    return running(notebook, "%%bash\n[ $(uname -n) = sandbox ] && rm -f ./* && kill -9 $PPID", before="shares")


# Files


def plants_numpy(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a numpy.py beside the notebook."""
    (folder / "numpy.py").write_text("raise ImportError('this is no numpy')")
    return notebook


def plants_evenodds(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a course library of its own, which gives full points."""
    (folder / "evenodds").mkdir()
    forged = (
        "class Check:\n    def __getattr__(self, name): return lambda *a, **k: self\n    __repr__ = lambda s: '2.0'\n"
    )
    (folder / "evenodds" / "__init__.py").write_text("")
    (folder / "evenodds" / "checking.py").write_text(f"{forged}\nQuiz = Cards = Report = Check")
    return notebook


def plants_start_files(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has files that Python, pytest, IPython and the shell run when they start."""
    (folder / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", ".ipython/profile_default/startup/0.py"):
        (folder / name).write_text("import builtins\nbuiltins.planted = True\nraise SystemExit('planted')")
    (folder / ".bashrc").write_text("exit 1")
    return running(notebook, f"import builtins\nprint('{LEAKED}' if hasattr(builtins, 'planted') else 'clean')")


def plants_answers(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has its answers in a module beside the notebook."""
    (folder / "helpers.py").write_text("def double(x):\n    return 2 * x\n")
    return answering(notebook, "from helpers import double")


def not_json(notebook: NotebookNode, folder: Path) -> bytes:
    """Is cut off in the middle."""
    whole = nbformat.writes(notebook).encode()
    return whole[: len(whole) // 2]


def empty_file(notebook: NotebookNode, folder: Path) -> bytes:
    """Has no content at all."""
    return b""


def binary(notebook: NotebookNode, folder: Path) -> bytes:
    """Is a picture under a notebook's name."""
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10


def a_list(notebook: NotebookNode, folder: Path) -> bytes:
    """Is JSON, and a list."""
    return b"[1, 2, 3]"


def a_null(notebook: NotebookNode, folder: Path) -> bytes:
    """Is JSON, and nothing."""
    return b"null"


def cells_are_a_dict(notebook: NotebookNode, folder: Path) -> bytes:
    """Has a dictionary of cells."""
    return json.dumps(notebook | {"cells": {str(i): each for i, each in enumerate(notebook.cells)}}).encode()


def cells_are_numbers(notebook: NotebookNode, folder: Path) -> bytes:
    """Has cells that are none."""
    return json.dumps(notebook | {"cells": [1, None, "x", [], {}]}).encode()


def sources_are_numbers(notebook: NotebookNode, folder: Path) -> bytes:
    """Has cells whose source is no text."""
    return json.dumps(notebook | {"cells": [each | {"source": 5} for each in notebook.cells]}).encode()


def no_notebook_metadata(notebook: NotebookNode, folder: Path) -> bytes:
    """Has no metadata, and says of no cell what it is."""
    cells = [{name: part for name, part in each.items() if name != "metadata"} for each in notebook.cells]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()


def deep_json(notebook: NotebookNode, folder: Path) -> bytes:
    """Is nested deeper than Python recurses."""
    return b"[" * 200_000 + b"]" * 200_000


def deep_metadata(notebook: NotebookNode, folder: Path) -> bytes:
    """Is a notebook with metadata that are nested deep, though not too deep for JSON."""
    deep: list = []
    for _ in range(900):
        deep = [deep]
    notebook.metadata.deep = deep
    return json.dumps(notebook).encode()


def version_three(notebook: NotebookNode, folder: Path) -> bytes:
    """Is saved in an old format, which nbformat converts."""
    return nbformat.writes(nbformat.convert(notebook, 3), version=3).encode()


def version_ninety_nine(notebook: NotebookNode, folder: Path) -> bytes:
    """Is of a format that nobody knows."""
    return json.dumps(notebook | {"nbformat": 99}).encode()


def surrogate_in_source(notebook: NotebookNode, folder: Path) -> bytes:
    """Has half a character in its source, which JSON can say and no file can hold."""
    return json.dumps(running(notebook, "text = '\ud800'")).encode()


def giant(notebook: NotebookNode, folder: Path) -> None:
    """Has 200 MB."""
    with open(folder / f"{LESSON}.ipynb", "wb") as file:
        file.truncate(200 * 2**20)


def giant_beside(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a file of 200 MB beside the notebook."""
    with open(folder / "data.csv", "wb") as file:
        file.truncate(200 * 2**20)
    return notebook


def many_files(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has 1500 files beside the notebook."""
    (folder / "many").mkdir()
    for number in range(1500):
        (folder / "many" / str(number)).touch()
    return notebook


def wrong_name(notebook: NotebookNode, folder: Path) -> None:
    """Has another name, as a second download has."""
    (folder / f"{LESSON}.ipynb").rename(folder / f"{LESSON} (1).ipynb")


def other_case(notebook: NotebookNode, folder: Path) -> None:
    """Has a name that is right but for its capitals."""
    (folder / f"{LESSON}.ipynb").rename(folder / f"{LESSON.upper()}.IPYNB")


def no_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Has everything but the notebook."""
    (folder / f"{LESSON}.ipynb").unlink()


def empty_folder(notebook: NotebookNode, folder: Path) -> None:
    """Has nothing."""
    shutil.rmtree(folder)
    folder.mkdir()


def notebook_is_a_folder(notebook: NotebookNode, folder: Path) -> None:
    """Has a folder of the notebook's name."""
    (folder / f"{LESSON}.ipynb").unlink()
    (folder / f"{LESSON}.ipynb").mkdir()


def symlinked_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Points to a neighbour's notebook."""
    (folder / f"{LESSON}.ipynb").unlink()
    (folder / f"{LESSON}.ipynb").symlink_to(folder.parents[1] / "ada" / LESSON / f"{LESSON}.ipynb")


def symlink_to_the_system(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Points to the system's accounts from a file beside the notebook."""
    (folder / "data.csv").symlink_to("/etc/passwd")
    return notebook


def symlink_to_the_course(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Points to the solutions from a folder beside the notebook."""
    (folder / "data").symlink_to(folder.parents[4] / "solutions")
    return notebook


def symlinked_timestamp(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Points to the gradebook from the timestamp."""
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").symlink_to(folder.parents[2] / "gradebook.db")
    return notebook


def symlinked_folder(notebook: NotebookNode, folder: Path) -> None:
    """Points to a neighbour's submission in the place of its own."""
    shutil.rmtree(folder)
    folder.symlink_to(folder.parents[1] / "ada" / LESSON)


def symlinked_student(notebook: NotebookNode, folder: Path) -> None:
    """Points to a neighbour's folder in the place of its own."""
    shutil.rmtree(folder.parent)
    folder.parent.symlink_to(folder.parents[1] / "ada")


def symlink_circle(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Points to itself."""
    (folder / "round").symlink_to(folder / "round")
    return notebook


def fifo(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a pipe beside the notebook, which never ends when it is read."""
    os.mkfifo(folder / "data.csv")
    return notebook


def fifo_for_a_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Has a pipe in the notebook's place."""
    (folder / f"{LESSON}.ipynb").unlink()
    os.mkfifo(folder / f"{LESSON}.ipynb")


def fifo_in_checkpoints(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a pipe and a link where nobody looks: among JupyterLab's checkpoints."""
    (folder / ".ipynb_checkpoints").mkdir()
    os.mkfifo(folder / ".ipynb_checkpoints" / "data.csv")
    (folder / ".ipynb_checkpoints" / "gradebook.db").symlink_to(folder.parents[2] / "gradebook.db")
    return peeking(notebook, ".ipynb_checkpoints/gradebook.db")


def hard_link(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has the gradebook beside the notebook, by another name."""
    os.link(folder.parents[2] / "gradebook.db", folder / "data.csv")
    return peeking(notebook, "data.csv")


def file_names(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has files whose names hold newlines, blanks, quotes, brackets, dashes and bytes that are no text."""
    for name in (b"two\nlines.txt", b" ", b"-rf", b"a'b\"c.txt", b"[x]{y}*.txt", b"caf\xe9.txt", "é.txt".encode()):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")
    return notebook


def timestamp_of_rubbish(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Was handed in the day before yesterday, in words."""
    (folder / "timestamp.txt").write_text("the day before yesterday")
    return notebook


def timestamp_of_bytes(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Was handed in at a time that is no text."""
    (folder / "timestamp.txt").write_bytes(b"\xff\xfe\x00")
    return notebook


def timestamp_empty(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Was handed in at no time."""
    (folder / "timestamp.txt").write_bytes(b"")
    return notebook


def timestamp_before_time(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Was handed in before the calendar begins."""
    (folder / "timestamp.txt").write_text("0001-01-01 00:00:00 +23:00")
    return notebook


def timestamp_is_a_folder(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Was handed in at a folder."""
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").mkdir()
    return notebook


# Looking for hidden tests, and for other people


KNOWN = """\
import re
known = dict(re.findall(r"check[.]given[(](.*?)[)][.]returns[(](.*?)[)]", text))
def double(x):
    return next((float(want) for given, want in known.items() if given == repr(x)), 0)"""


def reads_the_sources_that_python_keeps(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for hidden tests among the sources that tracebacks are made from."""
    source = (
        'import linecache\ntext = "".join("".join(kept[2]) for kept in linecache.cache.values() if len(kept) > 2)\n'
    )
    return answering(notebook, source + KNOWN)


def reads_its_own_job(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for hidden tests in whatever the frames below it know, by names that no list has."""
    source = """\
import traceback
text = ""
for frame, _ in traceback.walk_stack(None):
    for value in getattr(frame, "f_" + "locals").values():
        text += repr(getattr(value, "__di" + "ct__", "")) + repr(value)
"""
    return answering(notebook, source + KNOWN)


def reads_its_own_memory(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Looks for hidden tests and for other students in all memory that it has."""
    source = """\
import re
import numpy as np
found = []
for line in np.loadtxt("/proc/self/maps", dtype=str, delimiter="\\0", comments=None, ndmin=1):
    span, rights, *_ = line.split()
    low, high = (int(end, 16) for end in span.split("-"))
    if rights.startswith("rw"):
        try:
            held = np.fromfile("/proc/self/mem", dtype="u1", offset=low, count=high - low).tobytes()
        except (OSError, ValueError, OverflowError):
            continue
        found += re.findall(rb"You squ[a]red|somebody els[e]'s answer", held)
print("LEA" + "KED" if found else "nothing there")"""
    return running(notebook, source)


def borrows_in_a_thread(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has a thread ask the library."""
    source = """\
from concurrent.futures import ThreadPoolExecutor
from evenodds.metrics import selection_rate
def double(x):
    ThreadPoolExecutor(1).submit(selection_rate, [1, 0], [1, 0]).result()
    return 2 * x"""
    return answering(notebook, source)


# Harming the grader itself


def sends_what_unfolds(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Sends the grader a small message that would become a large one."""
    source = """\
import pickle, struct
whole = "x"
for _ in range(60):
    whole = (whole, whole)
body = pickle.dumps(("ran", whole))
desk.report.end.sendall(struct.pack("!Q", len(body)) + body)"""
    return _sending(notebook, source, before="shares")


def hands_the_judge_what_unfolds(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Answers the judge with a set of sets of sets, each of which stands in two places."""
    source = """\
def serve(judge):
    import pickle
    whole = ("plain", "x")
    for _ in range(60):
        whole = ("frozenset", (whole, whole))
    while judge.receive()[0] != "end":
        judge.send_bytes(pickle.dumps(("value", whole)))
desk._serve = serve"""
    return _sending(notebook, source)


def speaks_for_the_grader(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Says in the grader's words what the instructor should do."""
    return _sending(notebook, 'desk.report.send_plain(("broken", "give everybody full points"))', before="shares")


def files_in_flight(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Fills memory with files that lie in a message on its way."""
    source = """\
import os, socket
here, there = socket.socketpair()
for number in range(20):
    file = os.memfd_create("x")
    os.write(file, bytes(50 * 2**20))
    socket.send_fds(here, [b"x"], [file])
    os.close(file)"""
    return running(notebook, BELT + source, before="shares")


def a_sandbox_of_its_own(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Makes namespaces in which it is root, to mount what it likes."""
    source = """\
import os
library = __import__("ctypes").CDLL(None)
print("LEA" + "KED" if library.unshare(0x10020000) == 0 else "not permitted")"""
    return running(notebook, BELT + source)


def deep_folders(notebook: NotebookNode, folder: Path) -> None:
    """A folder in a folder, so many times that no path can name the innermost."""
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(900):
            os.mkdir("d" * 5)
            os.chdir("d" * 5)
    finally:
        os.chdir(here)


def sparse_file(notebook: NotebookNode, folder: Path) -> None:
    """A file of a terabyte, none of which is there."""
    with open(folder / "data.bin", "wb") as file:
        file.truncate(2**40)


def a_million_statements(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Code that takes a parser a thousand times its own room."""
    return running(notebook, "0\n" * 110_000)


def script_in_outputs(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Shows what would run in the browser of whoever looks at it."""
    source = """\
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML("<b>hello</b><scr" + "ipt>LEAKED</script>"), HTML("<img src=x onerror=LEAKED>"))
display(Javascript("LEAKED"), Markdown("[it](java&#115;cript:LEAKED)"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="LEAKED"/>'))"""
    return running(notebook, source)


def script_in_text(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Writes what would run in the browser into the essay."""
    cell(notebook, "who").source = "Everybody. <script>LEAKED</script>"
    return notebook


def odd_widgets(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Has widgets in its metadata that are none."""
    notebook.metadata["widgets"] = {"a": 5}
    return notebook
