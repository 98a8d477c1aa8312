"""Hand work back: each student's feedback, written so that one bad notebook stops nobody else's."""

import filecmp
import glob
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from coursekit import feedback
from coursekit.export import rows
from coursekit.gradebook import class_config, open_gradebook
from coursekit.nbgrader_course import quiet_log

MOST_SECONDS = 60  # a page takes one or two; a crooked text can take a Markdown reader hours


def write(lesson: str, root: Path, student: str | None = None, say: Callable[[str], None] = print) -> list[str]:
    """Write the feedback of everybody whose work was graded, or of one student, with nbgrader's GenerateFeedback.

    Feedback that is there already is replaced, since points and comments by hand may have come after it.

    Parameters
    ----------
    lesson : str
        The lesson's folder name, which is nbgrader's assignment name.
    root : Path
        The repository; ``course/nbgrader_config.py`` in it says where the class is.
    student : str, optional
        The one student to write for.
    say : callable
        Told, for each student, that it is done or why it could not be done.

    Returns
    -------
    list of str
        The students whose feedback could not be written; the others have theirs.

    Raises
    ------
    ValueError
        If there is no such student, or no graded work to write about.
    """
    config = class_config(root)
    folders = CourseDirectory(config=config)
    with open_gradebook(config) as gradebook:
        asked = [each.id for each in rows.students(gradebook, [student] if student else [])]
    graded = [each for each in asked if _folder(folders, folders.autograded_directory, each, lesson).is_dir()]
    if not graded:
        whose = f"work of {student}" if student else "work"
        where = _folder(folders, folders.autograded_directory, student or "*", lesson)
        raise ValueError(f"no graded {whose} in {where}; grade it first")
    failed = []
    for number, each in enumerate(graded, 1):
        problem = _write_one(lesson, each, config)
        say(f"{number:>{len(str(len(graded)))}}/{len(graded)} {each}{f': not written, {problem}' if problem else ''}")
        failed += [each] if problem else []
    return failed


def _write_one(lesson: str, student: str, config: Config) -> str:
    """What went wrong, if anything did."""
    config = deepcopy(config)
    config.CourseDirectory.update(assignment_id=lesson, student_id=glob.escape(student))
    config.GenerateFeedback.update(preprocessors=feedback.preprocessors(), force=True)
    log, messages = quiet_log()
    folders = CourseDirectory(config=config, log=log)
    try:
        with at_most(MOST_SECONDS):
            GenerateFeedback(coursedir=folders, config=config, log=log).start()
    except (Exception, SystemExit) as error:
        tracebacks = [message for message in messages if message.startswith("Traceback")]
        return tracebacks[-1].strip().rpartition("\n")[2] if tracebacks else str(error)
    _drop_what_code_wrote(folders, student, lesson)
    return ""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer; where there are no alarms, let it."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*alarm: object) -> None:
        raise TimeoutError(f"it took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _drop_what_code_wrote(folders: CourseDirectory, student: str, lesson: str) -> None:
    """Keep those files beside the feedback that were handed in or handed out.

    nbgrader copies all that lies beside the graded notebook, and what student code wrote there may hold hidden tests.
    """
    written = _folder(folders, folders.feedback_directory, student, lesson)
    handed_in = _folder(folders, folders.submitted_directory, student, lesson)
    handed_out = _folder(folders, folders.source_directory, ".", lesson)
    graded = _folder(folders, folders.autograded_directory, student, lesson)
    pages = {f"{notebook.stem}.html" for notebook in graded.glob("*.ipynb")}
    for file in [path for path in written.rglob("*") if path.is_file()]:
        name = file.relative_to(written)
        twins = [folder / name for folder in (handed_in, handed_out) if (folder / name).is_file()]
        if str(name) not in pages and not any(filecmp.cmp(file, twin, shallow=False) for twin in twins):
            file.unlink()


def _folder(folders: CourseDirectory, step: str, student: str, lesson: str) -> Path:
    return Path(folders.format_path(step, student, lesson))
