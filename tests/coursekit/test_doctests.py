"""The examples in coursekit's docstrings."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["form", "hidden", "markers", "notebook", "quiz"])
def test_examples_hold(name):
    found = doctest.testmod(importlib.import_module(f"coursekit.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
