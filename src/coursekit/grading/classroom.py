"""The course as nbgrader's configuration describes it, and nbgrader's own converters set up for one submission."""

import functools
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, DeduplicateIds, NbGraderPreprocessor
from nbgrader.utils import find_all_files
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SAWarning
from traitlets import TraitError
from traitlets.config import Config

from coursekit.gradebook import class_config
from coursekit.nbgrader_course import quiet_log

# As nbgrader writes them. It reads more, and not as it is meant: "+0200" as 200 seconds, "Friday" as this week's.
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( UTC)?")


class Folders(CourseDirectory):
    """nbgrader's, except that a time of handing in that nbgrader would not have written is none."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        try:
            if not _TIME.fullmatch((Path(dest_path) / "timestamp.txt").read_text(encoding="utf-8").strip()):
                return None
            return super().get_existing_timestamp(dest_path)
        except (Exception, SystemExit):
            return None


@dataclass
class Classroom:
    """Where one lesson's submissions, grades and master copies are.

    Parameters
    ----------
    root : Path
        The repository.
    lesson : str
        The lesson's folder name, nbgrader's assignment.
    """

    root: Path
    lesson: str
    config: Config = field(init=False)
    directory: CourseDirectory = field(init=False)

    def __post_init__(self) -> None:
        self.config = class_config(self.root)
        self.config.CourseDirectory.assignment_id = self.lesson
        # Otherwise nbconvert validates the notebook after every one of nbgrader's steps.
        self.config.Exporter.optimistic_validation = True
        self.directory = Folders(config=self.config)
        try:
            AssignLatePenalties(config=self.config).init_plugin()
        except TraitError as error:
            raise ValueError(f"the late policy in nbgrader_config.py cannot be used: {error}") from error

    @property
    def url(self) -> str:
        return self.directory.db_url

    def folder(self, step: str, student: str = ".") -> Path:
        """The lesson's folder at a step: "source", "submitted", "autograded"."""
        return Path(self.directory.format_path(getattr(self.directory, f"{step}_directory"), student, self.lesson))

    def submitted_root(self) -> Path:
        return Path(self.directory.root, self.directory.submitted_directory)

    def notes(self, student: str) -> Path:
        """Where the grader keeps what it needs to go on after it was stopped."""
        return self.submitted_root().parent / "grading" / "notes" / student / self.lesson

    def files_beside(self, folder: Path) -> dict[str, bytes]:
        """What nbgrader takes along from a folder besides notebooks, by relative path."""
        paths = map(Path, find_all_files(str(folder), [*self.directory.ignore, "*.ipynb"]))
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}

    def autograde(self, student: str, log: logging.Logger) -> Autograde:
        """Stock nbgrader's converter for one student's submission, made to overwrite what an earlier run left."""
        config = Config(self.config.copy())
        converter = Autograde(coursedir=Folders(config=config, log=log), config=config, log=log)
        converter.force = True
        # nbgrader would look for the folder by a pattern, twice; a student's name may be one.
        folder = str(self.folder("submitted", student))
        converter.assignments = {folder: [os.path.join(folder, f"{self.lesson}.ipynb")]}
        converter.init_notebooks = lambda: None
        converter.sanitize_preprocessors = sanitising_steps(converter)
        return converter

    def register(self) -> None:
        """Enter the lesson's cells in the gradebook, as ``nbgrader generate_assignment`` does.

        Raises
        ------
        RuntimeError
            If nbgrader cannot convert the notebook; with what it logged.
        """
        config = Config(self.config.copy())
        config.CourseDirectory.release_directory = str(self.submitted_root().parent / "release")
        log, messages = quiet_log()
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config, log=log), config=config, log=log)
        converter.force = True
        try:
            with programs_on_path():
                converter.start()
        except (Exception, SystemExit) as error:
            raise RuntimeError("\n".join([f"nbgrader cannot release {self.lesson}: {error}", *messages])) from error


class ForgetDuplicates(NbGraderPreprocessor):
    """Let a copy of a cell be an ordinary cell: nbgrader empties its mark, and then stops at the empty mark."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
        return cell, resources


def sanitising_steps(converter: Autograde) -> list[type]:
    """nbgrader's own, and ForgetDuplicates after the one that makes it necessary."""
    steps = converter.sanitize_preprocessors
    return [each for step in steps for each in ([step, ForgetDuplicates] if step is DeduplicateIds else [step])]


@contextmanager
def one_transaction(url: str) -> Iterator[None]:
    """Let all that nbgrader writes to its gradebook in here take effect together, or not at all.

    nbgrader opens the gradebook nine times and commits about forty times for one submission. In here every
    ``Gradebook(…)`` shares one connection, whose transaction ends with the block.
    """
    engine = _engine(url)
    with engine.connect() as connection, connection.begin():
        connection.dispose = lambda: None  # type: ignore[attr-defined]
        with patch("nbgrader.api.create_engine", lambda *about, **how: connection), warnings.catch_warnings():
            # nbgrader builds submissions in an order that SQLAlchemy has doubts about.
            warnings.simplefilter("ignore", SAWarning)
            yield


@contextmanager
def schemas_checked_once() -> Iterator[None]:
    """Let nbgrader hold cells against its schema for metadata, without holding that against the schema for schemas.

    It does so a hundred times a submission, which was a fifth of what grading one costs this process.
    """
    with patch("nbgrader.nbgraderformat.common.jsonschema", SimpleNamespace(validate=_validate)):
        yield


def _validate(metadata: dict, schema: dict) -> None:
    if error := best_match(_validator(json.dumps(schema)).iter_errors(metadata)):
        raise error


@functools.cache
def _validator(schema: str) -> Validator:
    kind = validator_for(json.loads(schema))
    kind.check_schema(json.loads(schema))
    return kind(json.loads(schema))


@contextmanager
def gradebook(url: str, course: str) -> Iterator[Gradebook]:
    with programs_on_path(), Gradebook(url, course) as opened:
        yield opened


def _engine(url: str) -> Engine:
    if url not in _engines:
        wait = {"timeout": 60} if url.startswith("sqlite") else {}
        _engines[url] = create_engine(url, connect_args=wait)
    return _engines[url]


_engines: dict[str, Engine] = {}


@contextmanager
def programs_on_path() -> Iterator[None]:
    """nbgrader finds alembic by name, beside the Python that runs it."""
    with patch.dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"):
        yield
