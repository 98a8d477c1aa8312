"""The warm process: the lesson run once as it is handed out, then one fork for the judge's desk and for each bench.

Started as ``python -m coursekit.grading.warm SETUP JUDGE BENCH…`` with the numbers of inherited sockets. It never holds
the solutions: they go straight to the judge's desk, which is forked before they are sent.
"""

import contextlib
import gc
import os
import socket
import sys
from types import ModuleType

from coursekit.grading.bench import work
from coursekit.grading.job import laid_out
from coursekit.grading.judge import keep_a_desk
from coursekit.grading.sandbox import die_with_parent
from coursekit.grading.shell import CellShell, silent
from coursekit.grading.wire import Closed, Line, pair


def main(setup: Line, judge: Line, benches: list[Line]) -> None:
    die_with_parent()
    sys.path.pop(0)  # the folder that the grader was started in, put there by -m
    rehearsal, files, exercises, megabytes = setup.receive()
    shell = warm_shell(rehearsal, files, megabytes)
    ours, theirs = zip(*(pair() for _ in benches), strict=True)
    gc.collect()
    gc.freeze()
    if os.fork() == 0:
        _close(setup, *benches, *ours)
        keep_a_desk(shell, judge, list(theirs))
    _close(judge, *theirs)
    for bench, desk in zip(benches, ours, strict=True):
        if os.fork() == 0:
            _close(setup, *(line for line in (*benches, *ours) if line not in (bench, desk)))
            work(shell, exercises, bench, desk)
    _close(*benches, *ours)
    setup.send("ready")
    with contextlib.suppress(Closed):
        setup.receive()
    # The benches leave when the client hangs up, and the desk after them.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    os._exit(0)


def warm_shell(rehearsal: list[str], files: dict[str, bytes], megabytes: float) -> CellShell:
    """A shell as new, in a process that has run the lesson once as it is handed out, and so has imported it all."""
    CellShell.clear_instance()
    shell = CellShell.instance(megabytes=megabytes)
    with laid_out(files), silent(shell.tape):
        for source in rehearsal:
            shell.run(source)
    shell.reset(new_session=True)
    shell.execution_count = 1
    shell.left = False
    for module in list(sys.modules.values()):
        # A warning is shown once; it was not shown to the student yet.
        if isinstance(module, ModuleType):
            vars(module).pop("__warningregistry__", None)
    return shell


def _close(*lines: Line) -> None:
    for line in lines:
        line.close()


if __name__ == "__main__":
    lines = [Line(socket.socket(fileno=int(number))) for number in sys.argv[1:]]
    main(lines[0], lines[1], lines[2:])
