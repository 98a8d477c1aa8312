"""The class's gradebook, found through the course's own ``nbgrader_config.py``."""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from traitlets.config import Config

from coursekit.nbgrader_course import read_config


def class_config(root: Path) -> Config:
    """What nbgrader would read in ``root/course``; the class lives under ``root`` unless it says otherwise."""
    config = read_config(root / "course" / "nbgrader_config.py")
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)
    return config


def open_gradebook(config: Config) -> Gradebook:
    """The gradebook of a class, to use in a ``with`` statement.

    Raises
    ------
    FileNotFoundError
        If there is none: nbgrader would make an empty one and find nobody in it.
    """
    folders = CourseDirectory(config=config)
    file = make_url(folders.db_url).database
    if folders.db_url.startswith("sqlite") and not (file and Path(file).is_file()):
        raise FileNotFoundError(f"no gradebook in {file}; grade a lesson first")
    return Gradebook(folders.db_url, folders.course_id)
