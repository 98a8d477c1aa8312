"""A pytest plugin for nbval: solutions whose outputs come from data that are not here are skipped, and say so.

In CI nothing is skipped.
"""

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from coursekit.course import DATA, missing_data


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    for item in items:
        if item.path.suffix == ".ipynb" and not os.environ.get("CI") and (missing := missing_data(_needs(item.path))):
            item.add_marker(pytest.mark.skip(f"{', '.join(missing)} not in the folder that {DATA} names"))


@cache
def _needs(notebook: Path) -> tuple[str, ...]:
    return tuple(json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get("needs", ()))
