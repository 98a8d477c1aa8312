"""From solutions to lessons with nbgrader's own GenerateAssignment, in a throw-away course."""

import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions

from coursekit.nbgrader_course import quiet_log, read_config

CLOSED = ("quiz-", "cards-")


class ClearAnswers(ClearSolutions):
    """nbgrader's ClearSolutions, except that quizzes and cards keep the student's lines alone.

    A stub that raises would stop "Run All" at every question that is still open; ``name = ""`` does not.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith(CLOSED):
            stub = "\n" + self.code_stub[resources["language"]]
            cell.source = cell.source.replace(stub, "")
        return cell, resources


def preprocessors() -> list[type]:
    """nbgrader's list for GenerateAssignment, with ClearAnswers in place of ClearSolutions.

    ``course/nbgrader_config.py`` sets ``c.GenerateAssignment.preprocessors`` to it, so that ``nbgrader
    generate_assignment`` and Formgrader release the same bytes as ``coursekit build``.
    """
    stock = GenerateAssignment.preprocessors.default_args[0]
    return [ClearAnswers if step is ClearSolutions else step for step in stock]


def release(lesson: str, root: Path, config_file: Path | None = None) -> None:
    """Write ``root/lessons/<lesson>`` from ``root/solutions/<lesson>``.

    Parameters
    ----------
    lesson : str
        The lesson's folder name, which is nbgrader's assignment name.
    root : Path
        A course root that holds ``solutions/``.
    config_file : Path, optional
        The course's ``nbgrader_config.py``; its options hold, except where the course lives.

    Raises
    ------
    FileExistsError
        If the lesson is there already: nbgrader would keep the old one and say nothing.
    RuntimeError
        If nbgrader cannot convert the notebook; with what it logged.
    """
    if (target := root / "lessons" / lesson).exists():
        raise FileExistsError(f"{target} exists; release into an empty course")
    with tempfile.TemporaryDirectory() as scratch:
        config = read_config(config_file)
        config.CourseDirectory.update(
            root=str(root),
            source_directory="solutions",
            release_directory="lessons",
            assignment_id=lesson,
            db_url=f"sqlite:///{scratch}/gradebook.db",
        )
        config.GenerateAssignment.preprocessors = preprocessors()
        log, messages = quiet_log()
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config, log=log), config=config, log=log)
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        try:
            with patch.dict(os.environ, PATH=programs):
                converter.start()
        except (Exception, SystemExit) as error:
            raise RuntimeError("\n".join([f"nbgrader cannot release {lesson}: {error}", *messages])) from error
