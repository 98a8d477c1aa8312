"""nbgrader's own autograder, before and after the step that this package does in its place."""

import logging
from collections.abc import Callable

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveAutoGrades

from coursekit.grading.active import active_texts, as_text
from coursekit.grading.classroom import Classroom, one_transaction, schemas_checked_once
from coursekit.grading.submissions import Submission
from coursekit.grading.verdict import Verdict
from coursekit.nbgrader_course import quiet_log


class Unreadable(Exception):
    """nbgrader cannot make anything of a submission."""


def sanitise(classroom: Classroom, submission: Submission) -> NotebookNode:
    """The submission as nbgrader would execute it: outputs cleared, checks restored from the gradebook.

    Raises
    ------
    Unreadable
        With nbgrader's reason.
    """
    log, messages = quiet_log()
    converter = classroom.autograde(submission.student, log)
    exporter = NotebookExporter(config=converter.config, log=log)
    for step in converter.sanitize_preprocessors:
        exporter.register_preprocessor(step)
    about = {
        "student": submission.student,
        "assignment": classroom.lesson,
        "notebook": classroom.lesson,
        "db_url": classroom.url,
    }
    try:
        with one_transaction(classroom.url), schemas_checked_once():
            text, _ = exporter.from_filename(str(submission.notebook), resources={"nbgrader": about})
        return nbformat.reads(text, as_version=4)
    except (Exception, SystemExit) as error:
        raise Unreadable(_reason(error, messages)) from error


def record(classroom: Classroom, submission: Submission, verdict: Verdict) -> None:
    """Have nbgrader grade the submission from the outputs that its cells gave.

    All or nothing: when the process is killed in here, the gradebook is as it was before.

    Raises
    ------
    Unreadable
        With nbgrader's reason, if it cannot.
    """
    log, messages = quiet_log()
    converter = classroom.autograde(submission.student, log)
    converter.autograde_preprocessors = list(_steps(converter, verdict))
    try:
        with one_transaction(classroom.url), schemas_checked_once():
            converter.start()
    except (Exception, SystemExit) as error:
        raise Unreadable(_reason(error, messages)) from error


def _steps(converter: Autograde, verdict: Verdict) -> list[type | Callable]:
    steps: list[type | Callable] = []
    for step in converter.autograde_preprocessors:
        steps.append(_replay(verdict, converter.log) if step is Execute else step)
        if step is SaveAutoGrades:
            steps.append(_flag(verdict))
    return steps


def _replay(verdict: Verdict, log: logging.Logger) -> Callable:
    """In place of nbgrader's Execute: put in the outputs that the cells gave in the sandbox."""

    def replay(notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            source, outputs, count = verdict.cells.get(index, (None, [], None))
            if source != cell.source:
                raise RuntimeError(f"cell {index} is not the one that was run; was the submission changed meanwhile?")
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
            cell.execution_count = count
        for cell in active_texts(notebook):
            as_text(cell)
        # They tell of widgets of another run.
        notebook.metadata.pop("widgets", None)
        notebook.metadata["language_info"] = {"name": "python"}
        return notebook, resources

    return replay


def _flag(verdict: Verdict) -> Callable:
    """After nbgrader saved the scores: mark what a person has to look at, and leave open what cannot be scored."""

    def flag(notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            for name in verdict.to_read | verdict.open:
                grade = gradebook.find_grade(name, about["notebook"], about["assignment"], about["student"])
                grade.needs_manual_grade = True
                if name in verdict.open:
                    grade.auto_score = None
            gradebook.db.commit()
        return notebook, resources

    return flag


def _reason(error: BaseException, messages: list[str]) -> str:
    """The most telling line of what nbgrader said."""
    told = [message for message in messages if "see the the above" not in message]
    lines = [line for message in told for line in message.strip().splitlines()[-1:]]
    telling = [line for line in lines if "Error" in line] or (lines if isinstance(error, SystemExit) else [])
    return telling[-1] if telling else f"{type(error).__name__}: {error}".strip().splitlines()[0]
