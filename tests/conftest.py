"""Where tests find the public data sets, which are not part of this repository."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_configure() -> None:
    """Name the folder beside the repository in EVENODDS_DATA, unless the caller named one."""
    if not os.environ.get("EVENODDS_DATA") and _BESIDE_THE_REPOSITORY.is_dir():
        os.environ["EVENODDS_DATA"] = str(_BESIDE_THE_REPOSITORY)


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder with the public data sets; without it a test is skipped, except in CI, where it fails."""
    folder = Path(os.environ.get("EVENODDS_DATA") or "no folder named")
    if folder.is_dir():
        return folder
    reason = (
        "the public data sets are not on this machine: set EVENODDS_DATA to the folder that holds adult/ compas/ ..."
    )
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
