"""Every example in a docstring of the library runs and says what it shows.

The examples of `evenodds.datasets` need public files and are run beside the tests that read those.
"""

import doctest
import importlib
import pkgutil

import pytest

import evenodds

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(evenodds.__path__, "evenodds.")
    if not module.name.startswith("evenodds.datasets")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
