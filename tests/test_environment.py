"""The road to a working machine: pins, conda and Binder, make's set-up, nbgrader's and JupyterLab's settings."""

import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from traitlets.config import PyFileConfigLoader

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
ENVIRONMENT = yaml.safe_load((REPOSITORY / "environment.yml").read_text())
PINS = dict(line.split("==") for line in (REPOSITORY / "requirements.lock").read_text().splitlines())


def declared_requirements():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    requirements = [Requirement(line) for group in groups for line in group]
    return [r for r in requirements if r.name != PROJECT["name"]]


def copy_of_the_top_level(folder):
    """What a build pack chooses by: the files beside README.md."""
    for path in REPOSITORY.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    return folder


@pytest.mark.parametrize("requirement", declared_requirements(), ids=str)
def test_every_declared_dependency_is_pinned_to_a_version_it_allows(requirement):
    pins = {canonicalize_name(name): version for name, version in PINS.items()}
    assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_the_lock_holds_names_and_versions_and_nothing_else():
    for name, version in PINS.items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name), name
        assert re.fullmatch(r"[0-9a-z.!]+", version), version


def test_what_runs_here_is_what_is_pinned():
    installed = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
    other = {name: (installed[name], pin) for name, pin in PINS.items() if installed.get(name, pin) != pin}
    assert other == {}


def test_conda_gets_our_package_with_the_course_under_our_pins():
    pip = next(entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))
    assert pip == ["-c requirements.lock", "-e .[course]"]


def test_conda_gets_a_python_that_the_package_supports():
    python = next(entry for entry in ENVIRONMENT["dependencies"] if str(entry).startswith("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python="))


def test_binder_builds_our_conda_environment(tmp_path):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=copy_of_the_top_level(tmp_path), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "Building conda environment for python=3.11" in run.stderr
    # The package is installed from the checkout, so the checkout must be there before the environment is solved.
    assert run.stdout.index("COPY --chown=0:0 src/ ${REPO_DIR}/") < run.stdout.index('--file "environment.yml"')


@pytest.mark.parametrize("folder", ["binder", ".binder"])
def test_no_folder_hides_the_environment_from_binder(folder):
    assert not (REPOSITORY / folder).exists()


def make(*arguments, folder):
    """Run make as from a shell, also when make itself runs these tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def fake_python(folder, version, *, has_venv):
    """A stand-in for python3 that answers make's two questions."""
    script = folder / "python3"
    script.write_text(
        "#!/bin/sh\n"
        f'case "$*" in -V) echo "Python {version}" ;;\n'
        f"*version_info*) exit {int(version < '3.11')} ;;\n"
        f"*ensurepip*) exit {int(not has_venv)} ;; esac\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


@pytest.mark.parametrize(
    ("version", "has_venv", "message"),
    [("3.10.4", True, "needs Python 3.11 or newer"), ("3.12.1", False, "apt install python3-venv")],
)
def test_make_says_what_is_missing_before_it_starts(tmp_path, version, has_venv, message):
    copy_of_the_top_level(tmp_path)
    python = fake_python(tmp_path, version, has_venv=has_venv)
    run = make("lab", f"PYTHON={python}", folder=tmp_path)
    assert run.returncode != 0
    assert message in run.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_help_names_every_verb():
    makefile = (REPOSITORY / "Makefile").read_text()
    verbs = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=REPOSITORY, capture_output=True, text=True
    ).stdout
    assert [line.split()[1] for line in shown.splitlines()] == verbs


@pytest.fixture
def course(tmp_path):
    """A copy of the course's settings, away from the checkout."""
    (tmp_path / "course").mkdir()
    for path in (REPOSITORY / "course").glob("*.py"):
        shutil.copy(path, tmp_path / "course")
    return tmp_path / "course"


def settings(file, folder):
    return PyFileConfigLoader(file, path=str(folder)).load_config()


def test_nbgrader_keeps_the_class_in_one_folder_that_git_ignores(course):
    folders = settings("nbgrader_config.py", course).CourseDirectory
    assert folders.root == str(course.parent)
    assert (folders.source_directory, folders.release_directory) == ("solutions", "lessons")
    for step in ["submitted", "autograded", "feedback"]:
        assert folders[f"{step}_directory"] == f"course/class/{step}"
    assert folders.db_url == f"sqlite:///{course}/class/gradebook.db"
    ignored = subprocess.run(["git", "check-ignore", "--quiet", "course/class/gradebook.db"], cwd=REPOSITORY)
    assert ignored.returncode == 0


def test_a_rehearsal_has_an_exchange_of_its_own(course, monkeypatch):
    monkeypatch.delenv("EVENODDS_EXCHANGE", raising=False)
    exchange = Path(settings("nbgrader_config.py", course).Exchange.root)
    assert exchange == course / "class" / "exchange"
    assert os.access(exchange, os.W_OK | os.X_OK)


def test_a_shared_exchange_is_named_by_the_environment_and_left_alone(course, monkeypatch, tmp_path):
    monkeypatch.setenv("EVENODDS_EXCHANGE", str(tmp_path / "shared"))
    assert settings("nbgrader_config.py", course).Exchange.root == str(tmp_path / "shared")
    assert not (tmp_path / "shared").exists()


def test_an_untouched_exercise_raises(course):
    stub = settings("nbgrader_config.py", course).ClearSolutions.code_stub["python"]
    with pytest.raises(NotImplementedError):
        exec(stub)


@pytest.mark.parametrize("from_course", [True, False], ids=["in course/", "by JUPYTER_CONFIG_PATH"])
def test_nbgrader_finds_the_course(course, tmp_path, from_course):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": "" if from_course else str(course),
        "HOME": str(elsewhere),
    }
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "list"],
        cwd=course if from_course else elsewhere,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "Released assignments" in run.stderr + run.stdout


def test_jupyterlab_opens_on_the_lessons_and_asks_no_other_server(course):
    lab = settings("jupyter_lab_config.py", course)
    assert lab.ServerApp.root_dir == str(course.parent)
    assert lab.LabApp.default_url == "/lab/tree/lessons"
    assert lab.LabApp.news_url is None
    assert lab.LabApp.check_for_updates_class == "jupyterlab.NeverCheckForUpdate"
