"""Get a publisher's file: from a folder, or by downloading it once. Its content is checked by sha256 every time."""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger("evenodds.datasets")

PUBLISHERS = {
    "UCI": "https://archive.ics.uci.edu/static/public",
    "ProPublica": "https://raw.githubusercontent.com/propublica/compas-analysis/master",
}
TIMEOUT_SECONDS = 30.0
PLACES = ("data_home", "EVENODDS_DATA", "publisher")


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher serves it.

    `path` is where it lies below a data folder, plain or with ``.gz``; `address` is its place below the publisher's
    base address. If that is a zip archive, `members` lead to the file, through an archive in the archive if need be.
    """

    path: str
    sha256: str
    publisher: str
    address: str
    members: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The full address to download."""
        return f"{PUBLISHERS[self.publisher]}/{self.address}"


def read_published(
    *files: PublishedFile, data_home: str | os.PathLike[str] | None, download: bool
) -> tuple[list[bytes], str]:
    """The verified contents of the files, and the farthest place that one of them came from.

    Places are asked in this order: `data_home`, the folder named by ``EVENODDS_DATA``, the publisher.

    Raises
    ------
    FileNotFoundError
        If a file is in neither folder and `download` is False.
    ConnectionError
        If the publisher cannot be reached or does not send the file.
    OSError
        If a file's content is not what was published.
    """
    home = default_data_home() if data_home is None else Path(data_home).expanduser()
    contents, places = [], []
    archives: dict[str, bytes] = {}
    for file in files:
        content, place = _from_folders(file, home)
        if content is None:
            if not download:
                raise FileNotFoundError(f"{file.path} was not found, and download=False. {_by_hand(file, home)}")
            content, place = _from_publisher(file, home, archives), "publisher"
        logger.info("%s: from %s, sha256 verified", file.path, place)
        contents.append(content)
        places.append(place)
    if archives:
        data = files[0].path.partition("/")[0]
        print(f"Downloaded {data} from {files[0].publisher}, verified its sha256, and kept it for next time.")
    return contents, max(places, key=PLACES.index)


def default_data_home() -> Path:
    """Where downloads are kept: the folder named by ``EVENODDS_HOME``, else the user's cache folder."""
    if home := os.environ.get("EVENODDS_HOME"):
        return Path(home).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "evenodds"


def _from_folders(file: PublishedFile, home: Path) -> tuple[bytes | None, str]:
    folders = {"data_home": home}
    if named := os.environ.get("EVENODDS_DATA"):
        folders["EVENODDS_DATA"] = Path(named).expanduser()
    for place, folder in folders.items():
        plain = folder / file.path
        zipped = folder / f"{file.path}.gz"
        if plain.is_file():
            return _verified(plain.read_bytes(), file, str(plain)), place
        if zipped.is_file():
            try:
                content = gzip.decompress(zipped.read_bytes())
            except (OSError, EOFError, zlib.error) as error:
                raise OSError(f"{zipped} cannot be unpacked ({error}); replace or delete it.") from None
            return _verified(content, file, str(zipped)), place
    return None, ""


def _from_publisher(file: PublishedFile, home: Path, archives: dict[str, bytes]) -> bytes:
    target = home / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.url not in archives:
        archives[file.url] = _download(file, home)
    content = _verified(_unpack(archives[file.url], file), file, file.url)
    _write_atomically(target, content)
    return content


def _download(file: PublishedFile, home: Path) -> bytes:
    from http.client import HTTPException
    from urllib.request import urlopen

    try:
        with urlopen(file.url, timeout=TIMEOUT_SECONDS) as response:
            return response.read()
    except (OSError, HTTPException) as error:
        raise ConnectionError(
            f"{file.path} could not be downloaded from {file.url} ({error}). {_by_hand(file, home)}"
        ) from error


def _unpack(content: bytes, file: PublishedFile) -> bytes:
    from zipfile import ZipFile

    for member in file.members:
        try:
            with ZipFile(io.BytesIO(content)) as archive:
                content = archive.read(member)
        except Exception as error:  # a damaged archive can fail in any of a dozen ways
            raise OSError(
                f"{file.path} cannot be unpacked from what {file.url} sent, at {member} ({error}); try again later."
            ) from error
    return content


def _verified(content: bytes, file: PublishedFile, origin: str) -> bytes:
    got = hashlib.sha256(content).hexdigest()
    if got != file.sha256:
        raise OSError(
            f"{file.path}, read from {origin}, is not the published file: its content has sha256 {got}, "
            f"expected {file.sha256}. Replace it by the publisher's copy, or delete it to have it downloaded."
        )
    return content


def _write_atomically(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(content)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _by_hand(file: PublishedFile, home: Path) -> str:
    """How to put the file in place without a download."""
    unpacked = f", take {' > '.join(file.members)} out of it" if file.members else ""
    return (
        f"To do it by hand: download {file.url} on any machine{unpacked}, check that its sha256 is {file.sha256}, and "
        f"save it as {home / file.path}, or as {file.path} in a folder that the environment variable EVENODDS_DATA "
        f"names (now {os.environ.get('EVENODDS_DATA') or 'not set'})."
    )
