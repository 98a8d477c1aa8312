"""`make publish` on small repositories of their own."""

import subprocess

import pytest

from coursekit.publish import NotPublishable, publish

LESSON = "lessons/01_rates/01_rates.ipynb"
FILES = {
    "LICENSE": "free",
    "README.md": "read me",
    "environment.yml": "name: evenodds",
    "images/lesson_01.png": "picture",
    "pyproject.toml": "[project]",
    "requirements.lock": "numpy==2.4.6",
    LESSON: "raise NotImplementedError",
    "src/evenodds/__init__.py": "",
    "src/coursekit/__init__.py": "",
    "solutions/01_rates/01_rates.ipynb": "### BEGIN SOLUTION",
    "course/jupyter_lab_config.py": "c = get_config()",
    "course/labconfig/default_setting_overrides.json": "{}",
    "course/01_rates/lesson.md": "### BEGIN HIDDEN TESTS",
    "course/01_rates/answers.py": "wrong = ...",
    "tests/test_rates.py": "assert True",
    "Makefile": "lab:",
}


def git(repository, *arguments):
    run = subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def write(repository, path, text):
    (repository / path).parent.mkdir(parents=True, exist_ok=True)
    (repository / path).write_text(text)


def commit(repository, message="more"):
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path):
    repository = tmp_path / "course"
    repository.mkdir()
    git(repository, "init", "--quiet")
    git(repository, "config", "user.name", "A Teacher")
    git(repository, "config", "user.email", "teacher@example.org")
    for path, text in FILES.items():
        write(repository, path, text)
    commit(repository)
    return repository


def published(repository):
    return set(git(repository, "ls-tree", "-r", "--name-only", "student").splitlines())


def test_students_get_the_lessons_and_the_library_and_no_answers(repository):
    publish(repository)
    assert published(repository) == {
        "LICENSE",
        "Makefile",
        "README.md",
        "course/jupyter_lab_config.py",
        "course/labconfig/default_setting_overrides.json",
        "environment.yml",
        "images/lesson_01.png",
        "pyproject.toml",
        "requirements.lock",
        LESSON,
        "src/evenodds/__init__.py",
    }


def test_the_working_tree_and_the_index_are_not_touched(repository):
    write(repository, "notes.txt", "staged")
    git(repository, "add", "notes.txt")
    write(repository, "tests/test_rates.py", "changed, not staged")
    before = git(repository, "status", "--porcelain"), git(repository, "symbolic-ref", "HEAD")
    publish(repository)
    assert (git(repository, "status", "--porcelain"), git(repository, "symbolic-ref", "HEAD")) == before


def test_the_same_commit_gives_the_same_branch_anywhere(repository, tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", repository, clone], check=True)
    assert publish(clone) == publish(repository)


def test_publishing_twice_adds_nothing(repository):
    first = publish(repository)
    write(repository, "course/01_rates/answers.py", "wrong = 2")
    commit(repository)
    assert publish(repository) == first


def test_a_new_lesson_follows_the_last_one_so_that_a_pull_is_enough(repository):
    first = publish(repository)
    write(repository, "lessons/02_next/02_next.ipynb", "raise NotImplementedError")
    commit(repository)
    second = publish(repository)
    assert git(repository, "rev-parse", f"{second}^") == first
    assert "lessons/02_next/02_next.ipynb" in published(repository)


def test_a_lesson_that_is_taken_back_leaves_the_branch(repository):
    write(repository, "lessons/02_next/02_next.ipynb", "raise NotImplementedError")
    commit(repository)
    publish(repository)
    (repository / "lessons/02_next/02_next.ipynb").unlink()
    commit(repository)
    publish(repository)
    assert "lessons/02_next/02_next.ipynb" not in published(repository)


@pytest.mark.parametrize("path", [LESSON, "course/01_rates/lesson.md", "lessons/02_new/02_new.ipynb"])
def test_uncommitted_work_is_refused_by_name(repository, path):
    write(repository, path, "changed")
    with pytest.raises(NotPublishable, match=path.rsplit("/", 1)[0]):
        publish(repository)
    assert git(repository, "branch", "--list", "student") == ""


@pytest.mark.parametrize("secret", ["### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS", "### BEGIN MARK SCHEME"])
def test_a_lesson_with_an_answer_in_it_is_refused(repository, secret):
    write(repository, LESSON, secret)
    commit(repository)
    with pytest.raises(NotPublishable, match=LESSON):
        publish(repository)


def test_a_missing_part_is_refused_by_name(repository):
    (repository / "environment.yml").unlink()
    commit(repository)
    with pytest.raises(NotPublishable, match=r"environment\.yml"):
        publish(repository)
