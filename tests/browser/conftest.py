"""Chromium, and a classroom with a running JupyterLab, for the stories in this folder."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from .lab import Lab
from .server import Classroom

ON_A_CLOSED_NETWORK = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        missing = "there is no Chromium on the path; on Debian: apt install chromium"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ON_A_CLOSED_NETWORK)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return Classroom.copy(tmp_path_factory.mktemp("classroom"))


@pytest.fixture(scope="module")
def server(classroom):
    with classroom.jupyterlab() as address:
        yield address


@pytest.fixture
def complaints():
    """What the browser's console called an error."""
    return []


@pytest.fixture
def lab(browser, server, complaints, request):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Lab(page, server, request.node.name)
    context.close()
