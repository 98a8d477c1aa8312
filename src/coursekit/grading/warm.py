"""The warm process: the lesson run once as it is handed out, then a fork for the judge's desk and for each bench.

Started as ``python -m coursekit.grading.warm SETUP JUDGE`` with the numbers of inherited sockets. What is forked from
here inherits its memory, so it never holds a secret: solutions and hidden tests go straight to the judge's desk, which
is forked before they are sent, and a submission goes to its bench.
"""

import contextlib
import gc
import os
import socket
import sys
from types import ModuleType

from coursekit.grading.bench import work
from coursekit.grading.job import laid_out
from coursekit.grading.judge import keep_a_desk, reap
from coursekit.grading.sandbox import die_with_parent
from coursekit.grading.shell import CellShell, silent
from coursekit.grading.wire import Closed, Line, pair


def main(setup: Line, judge: Line) -> None:
    die_with_parent()
    sys.path.pop(0)  # the folder that the grader was started in, put there by -m
    rehearsal, files, megabytes = setup.receive()
    shell = warm_shell(rehearsal, files, megabytes)
    ours, desk = pair()
    gc.collect()
    gc.freeze()
    if os.fork() == 0:
        _close(setup, ours)
        keep_a_desk(shell, judge, desk)
    _close(judge, desk)
    setup.send("ready")
    with contextlib.suppress(Closed):
        while True:
            client = setup.taken_over()
            reap()
            if os.fork() == 0:
                setup.close()
                work(shell, client, ours)
            client.close()
    # The desk leaves when the last bench has left.
    ours.close()
    reap(wait=True)
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
    main(*lines)
