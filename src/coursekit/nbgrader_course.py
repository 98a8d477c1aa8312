"""What every use of nbgrader's own classes starts with: the course's options, and a log that can be asked."""

import logging
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader


def read_config(file: Path | None) -> Config:
    """The options in an ``nbgrader_config.py``; none if there is no such file."""
    if file is None or not file.exists():
        return Config()
    return PyFileConfigLoader(file.name, path=str(file.parent)).load_config()


def quiet_log() -> tuple[logging.Logger, list[str]]:
    """A log that prints nothing, and the list that its warnings and errors go to."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.Logger("nbgrader", logging.WARNING)
    log.addHandler(handler)
    return log, messages
