"""Run a notebook's cells as a kernel would, in this process: no sockets, the same outputs."""

import base64
import contextlib
import io
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from typing import Any, cast

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList
from traitlets import Type
from traitlets.config import Config

UNSEEN = "ERROR: An error occurred while showtraceback was disabled"  # nbgrader's words
MOST_OUTPUTS = 1000
LONGEST_MESSAGE = 10_000
TRUNCATED = "\n... Output left out: more than {} MB in one cell ...\n"

Output = dict[str, Any]


class Tape:
    """The outputs of the cell that is running, up to a number of bytes."""

    def __init__(self, megabytes: float):
        self.megabytes = megabytes
        self.start()

    def start(self) -> None:
        self.outputs: list[Output] = []
        self._named: dict[str, list[Output]] = {}
        self._left = int(self.megabytes * 2**20)
        self._clear_first = False

    def stream(self, name: str, text: str) -> None:
        if not text or not self._fits(len(text), name):
            return
        if self._clear_first:
            self.clear()
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._add({"output_type": "stream", "name": name, "text": text})

    def show(self, kind: str, data: dict, metadata: dict, display_id: str | None = None, **more: Any) -> None:
        data = {mime: _text(value) for mime, value in data.items()}
        if self._fits(size([data, metadata], self._left), "stdout"):
            output = {"output_type": kind, "data": data, "metadata": metadata, **more}
            self._add(output)
            if display_id:
                self._named.setdefault(display_id, []).append(output)

    def update(self, display_id: str | None, data: dict, metadata: dict) -> None:
        """Change what this cell has shown under a name."""
        data = {mime: _text(value) for mime, value in data.items()}
        if self._fits(size([data, metadata], self._left), "stdout"):
            for output in self._named.get(display_id or "", []):
                output.update(data=data, metadata=metadata)

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        output = {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": traceback}
        if size(output, self._left) > self._left:
            output |= {"evalue": evalue[:LONGEST_MESSAGE], "traceback": [f"{ename}: {evalue[:LONGEST_MESSAGE]}"]}
        self._add(output)

    def clear(self, wait: bool = False) -> None:
        self._clear_first = wait
        if not wait:
            self.outputs.clear()

    def _add(self, output: Output) -> None:
        if self._clear_first:
            self.clear()
        self.outputs.append(output)

    def _fits(self, bytes_more: int, stream: str) -> bool:
        if self._left < 0:
            return False
        self._left -= bytes_more if len(self.outputs) < MOST_OUTPUTS else self._left + 1
        if self._left < 0:
            self._add({"output_type": "stream", "name": stream, "text": TRUNCATED.format(self.megabytes)})
        return self._left >= 0


def size(value: Any, most: int, depth: int = 0) -> int:
    """About how many characters a value takes when written out; stops counting above ``most`` or fifty levels deep."""
    if isinstance(value, (str, bytes)):
        return len(value) + 2
    if isinstance(value, (list, tuple, dict)):
        if depth > 50:
            return most + 1
        total = 2
        for part in (*value.keys(), *value.values()) if isinstance(value, dict) else value:
            total += size(part, most - total, depth + 1) + 1
            if total > most:
                break
        return total
    return 8


class CellShell(InteractiveShell):
    """IPython's shell with a kernel's manners: outputs go to a tape, nothing is asked, nothing is kept on disk."""

    class _Hook(DisplayHook):
        def start_displayhook(self) -> None: ...

        def write_output_prompt(self) -> None: ...

        def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
            shell = cast(CellShell, self.shell)
            shell.tape.show("execute_result", format_dict, md_dict or {}, execution_count=self.prompt_count)

        def finish_displayhook(self) -> None: ...

    class _Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *where: Any, **how: Any) -> None:
            name = (how.get("transient") or {}).get("display_id")
            if how.get("update"):
                self.shell.tape.update(name, data, metadata or {})
            else:
                self.shell.tape.show("display_data", data, metadata or {}, display_id=name)

        def clear_output(self, wait: bool = False) -> None:
            self.shell.tape.clear(wait)

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    # Names cells as a kernel does; tracebacks of others look and cost otherwise.
    compiler_class = Type(XCachingCompiler)

    def __init__(self, megabytes: float = 2):
        self.tape = Tape(megabytes)
        self.left = False
        # History would be kept on disk, by a thread of its own.
        config = Config(HistoryManager={"enabled": False, "hist_file": ":memory:"})
        super().__init__(user_module=types.ModuleType("__main__"), colors="neutral", autoindent=False, config=config)
        self.set_hook("show_in_pager", lambda *page, **how: None, 0)

    def system(self, cmd: str) -> None:
        """What a line that begins with ! does; IPython would want a terminal for it."""
        done = self._command(cmd)
        self.tape.stream("stdout", done.stdout.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = done.returncode

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | LSString:
        text = self._command(cmd, depth).stdout.decode("utf-8", "replace")
        return SList(text.splitlines()) if split else LSString(text)

    def _command(self, cmd: str, depth: int = 0) -> subprocess.CompletedProcess[bytes]:
        command = self.var_expand(cmd, depth=depth + 2)
        return subprocess.run(
            command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def enable_gui(self, gui: str | None = None) -> None: ...

    def ask_exit(self) -> None:
        """What ``exit`` and ``quit`` call: in a notebook, the kernel ends with the cell."""
        self.left = True

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.tape.error(etype.__name__, str(evalue), stb)

    def run(self, source: str, keep: bool = True) -> tuple[list[Output], int | None]:
        """Run one cell; its outputs and execution count. An empty cell is not run, as in nbclient."""
        if not source.strip():
            return [], None
        self.tape.start()
        result = self.run_cell(source, store_history=keep)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(_is_error(output, type(error).__name__) for output in self.tape.outputs):
            self.tape.error(
                type(error).__name__, str(error), ["ERROR: An error occurred while showtraceback was disabled"]
            )
        count = self.execution_count - 1 if keep else None
        return self.tape.outputs, count


class Stream(io.TextIOBase):
    """A standard stream that writes to the tape."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, tape: Tape, number: int):
        self.name, self._tape, self._number = name, tape, number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._tape.stream(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number


class FileDescriptors:
    """What subprocesses and C code write to descriptors 1 and 2, kept in files in memory and read after each cell."""

    def __init__(self) -> None:
        self._files = {}
        for number, name in ((1, "stdout"), (2, "stderr")):
            file = os.memfd_create(name) if hasattr(os, "memfd_create") else _unnamed_file()
            os.dup2(file, number)
            self._files[name] = file
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def read_into(self, tape: Tape) -> None:
        for name, file in self._files.items():
            if size := os.lseek(file, 0, os.SEEK_CUR):
                text = os.pread(file, min(size, int(tape.megabytes * 2**20)), 0).decode("utf-8", "replace")
                os.ftruncate(file, 0)
                os.lseek(file, 0, os.SEEK_SET)
                tape.stream(name, text)


@contextlib.contextmanager
def silent(tape: Tape) -> Iterator[None]:
    """Let Python code write to the tape, and nothing to the terminal."""
    out, err = (Stream(name, tape, number) for number, name in ((1, "stdout"), (2, "stderr")))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


def take_over_streams(shell: CellShell) -> FileDescriptors:
    """Send everything this process writes to the shell's tape; nothing can be read from its input."""
    descriptors = FileDescriptors()
    sys.stdout, sys.stderr = (Stream(name, shell.tape, n) for n, name in ((1, "stdout"), (2, "stderr")))
    _refuse_input()
    return descriptors


def _refuse_input() -> None:
    import builtins
    import getpass

    def refuse(*prompt: object, **how: object) -> str:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    asks: list[tuple[Any, str]] = [(builtins, "input"), (getpass, "getpass")]
    for module, name in asks:
        setattr(module, name, refuse)


def _is_error(output: Output, name: str) -> bool:
    return output["output_type"] == "error" and output["ename"] == name


def _text(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _unnamed_file() -> int:
    import tempfile

    return os.dup(tempfile.TemporaryFile().fileno())
