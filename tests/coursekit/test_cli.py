"""The command line: what it prints, and its exit codes."""

import subprocess
import sys

import pytest

from coursekit.cli import main


def coursekit(course, *arguments):
    return main(["--root", str(course.root), *arguments])


def test_build_then_check_is_well(course, capsys):
    assert coursekit(course, "build") == 0
    assert "1 lesson, 4 stale files, built anew" in capsys.readouterr().out
    assert coursekit(course, "build", "--check") == 0
    assert coursekit(course, "check") == 0
    rows = [line.split() for line in capsys.readouterr().out.split("\n")]
    assert ["double", "3", "1/1", "2/2", "3/3", "1/1"] in rows
    assert ["quiz-eo-or-eopp", "2", "-", "1/1", "2/2", "1/1"] in rows


def test_stale_files_are_listed_with_what_differs(built, capsys):
    built.change("double a number.", "double any number.")
    assert coursekit(built, "build", "--check", "01") == 1
    said = capsys.readouterr().out
    assert "lessons/01_doubling/01_doubling.ipynb: differs" in said
    assert "double any number." in said
    assert "2 stale files" in said


def test_faults_are_listed_with_what_the_feedback_said(built, capsys):
    built.change("**Points:** 7", "**Points:** 8")
    built.change('"you halved"', '"you doubled"', "answers.py")
    assert coursekit(built, "check", "01_doubling") == 1
    said = capsys.readouterr().out
    assert "course/01_doubling/lesson.md:3: **Points:** says 8, the tasks add up to 7" in said
    assert 'double: the wrong answer (line 14) is not told "you doubled"' in said
    assert "    Got 1.0. You halved." in said
    assert "2 faults" in said


def test_a_lesson_that_fails_stops_the_build(course, capsys):
    course.change("rng.integers(0, 10, 3)", "1 / 0")
    assert coursekit(course, "build") == 1
    assert capsys.readouterr().err.startswith(f"course/01_doubling/lesson.md:{course.line('1 / 0')}: cell ")


@pytest.mark.parametrize(
    ("old", "new"),
    [("check.report()\n```", "check.report()"), ("- [x] b.", "- [ ] b."), ('check="double"', 'check="d"')],
)
def test_check_survives_a_lesson_that_cannot_be_read(built, capsys, old, new):
    built.change(old, new)
    assert coursekit(built, "check") == 1
    assert "course/01_doubling/lesson.md:" in capsys.readouterr().out


def test_the_demo_rehearses_lesson_01_in_a_folder_that_git_ignores(built, capsys, monkeypatch):
    from coursekit import rehearsal

    asked = []
    monkeypatch.setattr(rehearsal, "rehearse", lambda *given: asked.append(given) or [])
    monkeypatch.setattr(rehearsal, "table", lambda results: ["the table"])
    assert coursekit(built, "demo") == 0
    ((lesson, root, scratch),) = asked
    assert (lesson.name, root, scratch) == ("01_doubling", built.root, built.root / "build" / "demo" / "01_doubling")
    assert "the table\n" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["build", "99"], ["check", "no_such_lesson"]])
def test_a_lesson_that_is_not_there_is_said(course, capsys, arguments):
    assert coursekit(course, *arguments) == 2
    assert "there are: 01_doubling" in capsys.readouterr().err


def test_a_folder_without_a_course_is_said(tmp_path, capsys):
    assert main(["--root", str(tmp_path), "build"]) == 2
    assert "no course/ in" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["build"], ["check"], ["demo"], ["feedback"], ["export"]])
def test_help_is_there(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--help"])
    assert end.value.code == 0
    assert "usage: coursekit" in capsys.readouterr().out


def test_coursekit_never_imports_evenodds():
    names = "build cli examine execute export feedback glossary handback late lint_built release trial"
    code = f"import sys, {', '.join('coursekit.' + name for name in names.split())}; print('evenodds' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
