"""A classroom in a temporary folder: a copy of the course, an exchange, and one JupyterLab server per person."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "even-odds"
SECONDS_TO_START = 120


@dataclass
class Classroom:
    """`root` looks like the repository to nbgrader; `home` keeps Jupyter's files away from the user's own."""

    root: Path
    home: Path

    @classmethod
    def copy(cls, folder: Path) -> "Classroom":
        classroom = cls(folder / "even-odds", folder / "home")
        for part in ["course", "solutions", "lessons"]:
            shutil.copytree(REPOSITORY / part, classroom.root / part, ignore=shutil.ignore_patterns("class"))
        (folder / "exchange").mkdir()
        classroom.home.mkdir()
        return classroom

    @property
    def environment(self) -> dict[str, str]:
        foreign = ("JUPYTER", "XDG", "IPYTHON", "MPL")
        own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return own | {
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_CONFIG_PATH": str(self.root / "course"),
            "EVENODDS_EXCHANGE": str(self.root.parent / "exchange"),
        }

    @property
    def fetched(self) -> Path:
        """Where Assignment List puts what a student fetches."""
        return self.root / "course" / "class" / "fetched"

    @property
    def inbox(self) -> Path:
        """Where submissions wait to be collected."""
        return self.root.parent / "exchange" / "evenodds" / "inbound"

    def nbgrader(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        course = self.root / "course"
        run = subprocess.run(command, cwd=course, env=self.environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr

    def release(self, lesson: str) -> None:
        self.nbgrader("generate_assignment", lesson, "--force")
        self.nbgrader("release_assignment", lesson)

    @contextmanager
    def jupyterlab(self):
        """The address of a running server, with its token."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
        options += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
        log = self.home / "server.log"
        with log.open("w") as stream:
            command = [sys.executable, "-m", "jupyter", "lab", *options]
            server = subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=stream, stderr=stream)
            try:
                wait_for_answer(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", server, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait()


def wait_for_answer(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(SECONDS_TO_START):
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except (urllib.error.URLError, OSError):
            try:
                server.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"JupyterLab ended before it answered:\n{log.read_text()}") from None
    raise AssertionError(f"JupyterLab did not answer within {SECONDS_TO_START} s:\n{log.read_text()}")
