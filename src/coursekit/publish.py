"""The `student` branch: what students and Binder need, and nothing that gives an answer away.

The branch is written with git's plumbing from the last commit, so neither the working tree nor the index is
touched, and the same commit always gives the same branch.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BRANCH = "refs/heads/student"
PUBLISHED = (
    "LICENSE",
    "Makefile",
    "README.md",
    "course/jupyter_lab_config.py",
    "course/labconfig",
    "environment.yml",
    "images",
    "lessons",
    "pyproject.toml",
    "requirements.lock",
    "src/evenodds",
)
SOURCES = ("course", "solutions")
SECRETS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")


class NotPublishable(Exception):
    """The repository is in a state that students should not see."""


def git(repository: Path, *arguments: str, **environment: str) -> str:
    """The output of a git command, without the last newline.

    Raises
    ------
    subprocess.CalledProcessError
        When git refuses.
    """
    run = subprocess.run(
        ["git", *arguments],
        cwd=repository,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout.rstrip("\n")


def publish(repository: Path) -> str:
    """Point the local branch `student` at the lessons of the last commit, and return the branch's commit.

    Raises
    ------
    NotPublishable
        When something that would be published, or that lessons are built from, is not committed; when a published
        path is missing; or when a lesson still holds a solution or a hidden test.
    """
    refuse_uncommitted(repository)
    tree = published_tree(repository)
    refuse_secrets(repository, tree)
    parent = resolve(repository, BRANCH)
    if parent and git(repository, "rev-parse", f"{parent}^{{tree}}") == tree:
        return parent
    commit = commit_of(repository, tree, parent)
    git(repository, "update-ref", BRANCH, commit)
    return commit


def refuse_uncommitted(repository: Path) -> None:
    changed = git(repository, "status", "--porcelain", "--", *PUBLISHED, *SOURCES)
    if changed:
        raise NotPublishable(f"Commit these first; students get what is committed:\n{changed}")


def published_tree(repository: Path) -> str:
    """The tree with the published paths of the last commit."""
    missing = [path for path in PUBLISHED if not git(repository, "ls-tree", "HEAD", "--", path)]
    if missing:
        raise NotPublishable(f"The last commit has no {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(repository, "read-tree", "HEAD", **index)
        others = [f":(exclude){path}" for path in PUBLISHED]
        git(repository, "rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", ".", *others, **index)
        return git(repository, "write-tree", **index)


def refuse_secrets(repository: Path, tree: str) -> None:
    patterns = [argument for secret in SECRETS for argument in ("-e", secret)]
    found = subprocess.run(
        ["git", "grep", "--name-only", "--fixed-strings", *patterns, tree, "--", "lessons"],
        cwd=repository,
        capture_output=True,
        text=True,
    ).stdout
    if found:
        raise NotPublishable(f"These lessons still hold answers or hidden tests:\n{found.replace(f'{tree}:', '')}")


def resolve(repository: Path, name: str) -> str:
    """The commit that a name stands for, or nothing."""
    return git(repository, "for-each-ref", "--format=%(objectname)", name)


def commit_of(repository: Path, tree: str, parent: str) -> str:
    """A commit that carries the author and the dates of the one it comes from."""
    name, email, date = git(repository, "log", "-1", "--format=%an%n%ae%n%aI").splitlines()
    identity = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", name), ("EMAIL", email), ("DATE", date))
    }
    message = f"Lessons as of {git(repository, 'rev-parse', '--short=12', 'HEAD')}"
    parents = ["-p", parent] if parent else []
    return git(repository, "commit-tree", tree, *parents, "-m", message, **identity)


def main() -> int:
    repository = Path(git(Path.cwd(), "rev-parse", "--show-toplevel"))
    try:
        commit = publish(repository)
    except NotPublishable as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"The branch `student` is at {commit[:12]}. To publish it: git push origin student")
    return 0


if __name__ == "__main__":
    sys.exit(main())
