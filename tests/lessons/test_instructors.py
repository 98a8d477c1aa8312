"""The instructor's guide does what it says: its commands run, in order, in a fresh copy of the course."""

import argparse
import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from coursekit.cli import _parser

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "course" / "INSTRUCTORS.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^(?:<!-- (not run: [^\n]+) -->\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(why, language, text) for why, language, text in BLOCK.findall(GUIDE)]
LESSON, COLLECTED = "00_start_here", "01_group_metrics"


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A course after all commands of the guide that need no other machine; what they said."""
    home = tmp_path_factory.mktemp("home")
    root = home / "even-odds"
    for folder in ("course", "lessons", "solutions"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("class", ".ipynb_checkpoints"))
    _download(home, root)
    script = "\n".join(
        ["set -euo pipefail", *(text for why, language, text in BLOCKS if language == "bash" and not why)]
    )
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EVENODDS_EX", "JUPYTER"))}
    run = subprocess.run(
        ["bash", "-x", "-c", script],
        cwd=root,
        env=environment | {"HOME": str(home), "PATH": programs},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    return root, run.stdout


def _download(home, root):
    """What an LMS would give: archives with the file names of the guide's tables."""
    names = re.findall(r"^\| `(.+\.ipynb)` \| `(.+)` \|$", GUIDE, re.MULTILINE)
    notebook = root / "lessons" / COLLECTED / f"{COLLECTED}.ipynb"
    (home / "Downloads").mkdir()
    for archive, moodle in (("submissions.zip", False), ("moodle.zip", True)):
        with zipfile.ZipFile(home / "Downloads" / archive, "w") as file:
            for name, _ in names:
                if ("/" in name) == moodle:
                    file.write(notebook, name)
            file.writestr("readme_1_2_notes.pdf", "no notebook")


def test_every_block_is_run_or_says_why_not():
    assert GUIDE.count("```") == 2 * len(BLOCKS)
    assert {language for _, language, _ in BLOCKS} == {"bash", "python"}
    for why, language, text in BLOCKS:
        assert language == "bash" or why, text
    assert sum(not why for why, _, _ in BLOCKS) > len(BLOCKS) / 2


def test_submissions_are_collected_in_all_the_ways_that_need_no_hub(term):
    root, _ = term
    submitted = root / "course" / "class" / "submitted"
    expected = {Path(filed) for _, filed in re.findall(r"^\| `(.+\.ipynb)` \| `(.+)` \|$", GUIDE, re.MULTILINE)}
    assert len(expected) == 5
    assert {path.relative_to(submitted) for path in submitted.rglob("*.ipynb")} == expected | {
        Path("ada", LESSON, f"{LESSON}.ipynb")
    }


def test_the_class_is_graded_and_has_feedback_and_grades(term):
    root, said = term
    klass = root / "course" / "class"
    assert re.search(rf"^{LESSON}: 1 submissions?, 1 graded, 0 need a human", said, re.MULTILINE)
    assert "not handed in: ben" in said
    assert (klass / "feedback" / "ada" / LESSON / f"{LESSON}.html").is_file()
    assert len(list((klass / "exchange" / "evenodds" / "feedback").iterdir())) == 1
    with open(klass / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {(row["student_id"], row["assignment"]): row["score"] for row in csv.DictReader(file)}
    assert rows["ada", LESSON] == "0.0"
    assert rows["ben", LESSON] == ""
    for name in ("canvas.csv", "moodle.csv", "similar.csv"):
        assert (klass / name).is_file()


def test_the_extension_is_granted(term):
    from coursekit.gradebook import class_config, open_gradebook

    with open_gradebook(class_config(term[0])) as gradebook:
        entry = gradebook.find_submission(LESSON, "ada")
        assert (entry.duedate - entry.assignment.duedate).days == 3


def test_every_verb_and_option_is_one_of_coursekit():
    lines = [line for _, _, text in BLOCKS for line in text.split("\n") if line.startswith("coursekit ")]
    assert len(lines) > 10
    for line in lines:
        _parser().parse_args(shlex.split(line, comments=True)[1:])
    inline = re.findall(r"`(--[a-z-]+)", GUIDE)
    known = {option for verb in _verbs().values() for action in verb._actions for option in action.option_strings}
    assert {*inline} - known <= {"--update"}, "an option of nbgrader collect"


def test_every_make_verb_is_in_the_makefile():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {*re.findall(r"\bmake ([a-z]+)\b", GUIDE)} - {"user"} <= {*targets}


def test_the_postgresql_line_names_a_driver_that_is_here():
    (url,) = re.findall(r'db_url = "(postgresql.*)"', GUIDE)
    assert create_engine(url).dialect.driver == "psycopg"


def test_the_limits_are_the_graders():
    from coursekit.grading.sandbox import Limits

    limits = Limits()
    text = " ".join(GUIDE.split())
    for says in (
        f"`--timeout` {limits.seconds:g} s",
        f"`--memory` {limits.megabytes} MB",
        f"{limits.processes} processes",
        f"{limits.scratch} MB of files",
        f"{limits.output} MB of output",
    ):
        assert says in text


def test_the_readme_has_every_verb():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(course/INSTRUCTORS.md)" in readme
    for verb in _verbs():
        assert f"| `coursekit {verb}" in readme


def _verbs():
    (verbs,) = [action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return verbs.choices
