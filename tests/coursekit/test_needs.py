"""A lesson that needs data: built where they are, left alone with a line where they are not, never left out in CI."""

import json
import os
import subprocess
import sys

import pytest

from coursekit.cli import main
from coursekit.source import read_lesson


@pytest.fixture
def hungry(built, monkeypatch):
    """The tiny course, built, and then given a lesson that needs the data set ``shoes``."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("EVENODDS_DATA", raising=False)
    source = built.root / "course" / "01_doubling" / "lesson.md"
    source.write_text("---\nneeds: shoes, hats\n---\n\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    return built


@pytest.fixture
def fed(hungry, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("data")
    for name in ("shoes", "hats"):
        (folder / name).mkdir()
    monkeypatch.setenv("EVENODDS_DATA", str(folder))
    return hungry


def solution(course):
    return course.root / "solutions" / "01_doubling" / "01_doubling.ipynb"


def build(course, *options):
    return main(["--root", str(course.root), "build", *options])


def test_needs_are_read_from_the_front_matter(hungry):
    lesson = read_lesson(hungry.root / "course" / "01_doubling" / "lesson.md")
    assert lesson.needs == ("shoes", "hats")
    assert lesson.cells[0].source.startswith("# ")


def test_without_the_data_a_lesson_is_left_as_it_is(hungry, capsys):
    before = solution(hungry).read_bytes()
    assert build(hungry) == 0
    assert build(hungry, "--check") == 0
    assert "01_doubling is left as it is: it needs shoes, hats" in capsys.readouterr().out
    assert solution(hungry).read_bytes() == before


def test_one_missing_data_set_is_enough_to_leave_it(fed, tmp_path_factory, monkeypatch, capsys):
    folder = tmp_path_factory.mktemp("half")
    (folder / "shoes").mkdir()
    monkeypatch.setenv("EVENODDS_DATA", str(folder))
    assert build(fed) == 0
    assert "it needs hats in" in capsys.readouterr().out


def test_with_the_data_it_is_built_and_its_solution_says_what_it_needs(fed):
    assert build(fed) == 0
    assert json.loads(solution(fed).read_text(encoding="utf-8"))["metadata"]["needs"] == ["shoes", "hats"]
    assert build(fed, "--check") == 0


def test_ci_leaves_no_lesson_out(hungry, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    assert build(hungry) == 2
    assert "CI leaves no lesson out" in capsys.readouterr().err


def nbval(course, **environment):
    plugins = ["-p", "coursekit.nbval_needs", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-q", "-rs", "--nbval-lax", "--nbval-current-env", solution(course)],
        cwd=course.root,
        env={name: value for name, value in os.environ.items() if name not in ("CI", "EVENODDS_DATA")} | environment,
        capture_output=True,
        text=True,
    ).stdout


def test_nbval_skips_it_with_the_reason_and_runs_it_where_the_data_are(fed, monkeypatch):
    assert build(fed) == 0
    without = nbval(fed)
    assert "skipped" in without
    assert "passed" not in without
    assert "shoes, hats not in the folder that EVENODDS_DATA names" in without
    assert "skipped" not in nbval(fed, EVENODDS_DATA=os.environ["EVENODDS_DATA"])
    assert "skipped" not in nbval(fed, CI="true")
