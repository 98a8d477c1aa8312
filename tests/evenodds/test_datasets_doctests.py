"""The examples in the docstrings of `evenodds.datasets`."""

import doctest
import importlib
import pkgutil

import pytest

import evenodds.datasets

MODULES = [f"evenodds.datasets.{module.name}" for module in pkgutil.iter_modules(evenodds.datasets.__path__)]


@pytest.mark.usefixtures("public_data")
@pytest.mark.parametrize("module", MODULES)
def test_examples_come_out(module, monkeypatch, tmp_path):
    monkeypatch.setenv("EVENODDS_HOME", str(tmp_path))
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize("name", sorted(set(evenodds.datasets.__all__)))
def test_every_public_name_has_an_example(name):
    assert ">>>" in getattr(evenodds.datasets, name).__doc__
