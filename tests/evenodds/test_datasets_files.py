"""Finding, downloading and verifying a publisher's file, against a web server on this machine."""

import gzip
import hashlib
import io
import logging
import socket
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenodds.datasets import fetch_adult, fetch_bank, fetch_compas, fetch_german, files
from evenodds.datasets.files import PublishedFile, read_published

CONTENT = b"age,income\n41,30\n" * 500


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    return archive.getvalue()


PLAIN = PublishedFile("toy/toy.csv", sha256(CONTENT), "test", "toy.csv")
IN_ARCHIVE = PublishedFile("toy/toy.csv", sha256(CONTENT), "test", "toy.zip", ("toy.csv",))
NESTED = PublishedFile("toy/toy.csv", sha256(CONTENT), "test", "outer.zip", ("inner.zip", "folder/toy.csv"))


KEPT = {"toy.csv": CONTENT, "toy.csv.gz": gzip.compress(CONTENT)}


class Publisher:
    """A web server that serves `pages`: bytes, or a function of the request's handler."""

    def __init__(self) -> None:
        self.pages: dict = {}
        self.asked: list[str] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                publisher.asked.append(self.path)
                page = publisher.pages.get(self.path)
                if callable(page):
                    page(self)
                elif page is None:
                    self.send_error(404)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(page)))
                    self.end_headers()
                    self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def publisher(monkeypatch):
    publisher = Publisher()
    thread = threading.Thread(target=publisher.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    for name in ("test", "UCI", "ProPublica"):
        monkeypatch.setitem(files.PUBLISHERS, name, publisher.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield publisher
    publisher.server.shutdown()
    publisher.server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_folders(monkeypatch, tmp_path):
    monkeypatch.delenv("EVENODDS_DATA", raising=False)
    monkeypatch.setenv("EVENODDS_HOME", str(tmp_path / "cache"))


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def read(file, home, download=True):
    (content,), place = read_published(file, data_home=home, download=download)
    return content, place


def place_in(folder, content=CONTENT, name="toy.csv"):
    (folder / "toy").mkdir(parents=True)
    (folder / "toy" / name).write_bytes(content)


def left_behind(home):
    return sorted(path.name for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize(("name", "content"), KEPT.items(), ids=KEPT)
def test_data_home_is_asked_first(publisher, home, tmp_path, monkeypatch, name, content):
    place_in(home, content, name)
    place_in(tmp_path / "shared")
    monkeypatch.setenv("EVENODDS_DATA", str(tmp_path / "shared"))
    assert read(PLAIN, home) == (CONTENT, "data_home")
    assert publisher.asked == []


@pytest.mark.parametrize(("name", "content"), KEPT.items(), ids=KEPT)
def test_evenodds_data_is_asked_second(publisher, home, tmp_path, monkeypatch, name, content):
    place_in(tmp_path / "shared", content, name)
    monkeypatch.setenv("EVENODDS_DATA", str(tmp_path / "shared"))
    assert read(PLAIN, home) == (CONTENT, "EVENODDS_DATA")
    assert publisher.asked == []
    assert not home.exists()


@pytest.mark.parametrize(
    ("file", "page"),
    [
        (PLAIN, CONTENT),
        (IN_ARCHIVE, zipped({"README": b"hello", "toy.csv": CONTENT})),
        (NESTED, zipped({"inner.zip": zipped({"folder/toy.csv": CONTENT})})),
    ],
    ids=["plain", "archive", "archive in an archive"],
)
def test_the_publisher_is_asked_once_and_the_file_is_kept(publisher, home, file, page):
    publisher.pages[f"/{file.address}"] = page
    assert read(file, home) == (CONTENT, "publisher")
    assert read(file, home) == (CONTENT, "data_home")
    assert publisher.asked == [f"/{file.address}"]
    assert left_behind(home) == ["toy.csv"]
    assert (home / "toy" / "toy.csv").read_bytes() == CONTENT


def test_files_of_one_archive_are_downloaded_together(publisher, home):
    other = PublishedFile("toy/other.csv", sha256(b"other"), "test", "toy.zip", ("other.csv",))
    publisher.pages["/toy.zip"] = zipped({"toy.csv": CONTENT, "other.csv": b"other"})
    contents, place = read_published(IN_ARCHIVE, other, data_home=home, download=True)
    assert (contents, place) == ([CONTENT, b"other"], "publisher")
    assert publisher.asked == ["/toy.zip"]


def test_the_farthest_place_is_reported(publisher, home):
    other = PublishedFile("toy/other.csv", sha256(b"other"), "test", "other.csv")
    publisher.pages["/other.csv"] = b"other"
    place_in(home)
    assert read_published(PLAIN, other, data_home=home, download=True)[1] == "publisher"


def test_a_download_says_so_in_one_line_without_a_path(publisher, home, capfd):
    publisher.pages["/toy.csv"] = CONTENT
    read(PLAIN, home)
    out, err = capfd.readouterr()
    assert out == "Downloaded toy from test, verified its sha256, and kept it for next time.\n"
    assert err == ""


def test_a_file_from_a_folder_is_reported_in_the_log_alone(home, capfd, caplog):
    place_in(home)
    with caplog.at_level(logging.INFO, logger="evenodds.datasets"):
        read(PLAIN, home)
    assert caplog.messages == ["toy/toy.csv: from data_home, sha256 verified"]
    out, _ = capfd.readouterr()
    assert out == ""


def test_default_data_home_is_the_named_folder_or_the_users_cache(publisher, monkeypatch, tmp_path):
    publisher.pages["/toy.csv"] = CONTENT
    read(PLAIN, None)
    assert (tmp_path / "cache" / "toy" / "toy.csv").exists()
    monkeypatch.delenv("EVENODDS_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert files.default_data_home() == tmp_path / "xdg" / "evenodds"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.default_data_home() == tmp_path / ".cache" / "evenodds"


def says_how_to_do_it_by_hand(message: str, file: PublishedFile) -> bool:
    return all(words in message for words in (file.url, file.sha256, file.path, "EVENODDS_DATA", "by hand"))


def test_download_false_never_asks_the_publisher(publisher, home):
    publisher.pages["/toy.csv"] = CONTENT
    with pytest.raises(FileNotFoundError, match="download=False") as error:
        read(PLAIN, home, download=False)
    assert says_how_to_do_it_by_hand(str(error.value), PLAIN)
    assert publisher.asked == []
    assert not home.exists()


@pytest.mark.parametrize("name", ["toy.csv", "toy.csv.gz"])
@pytest.mark.parametrize("place", ["data_home", "EVENODDS_DATA"])
def test_a_changed_file_in_a_folder_is_refused(home, tmp_path, monkeypatch, name, place):
    changed = CONTENT.replace(b"41", b"14", 1)
    folder = home if place == "data_home" else tmp_path / "shared"
    monkeypatch.setenv("EVENODDS_DATA", str(tmp_path / "shared"))
    place_in(folder, gzip.compress(changed) if name.endswith("gz") else changed, name)
    with pytest.raises(OSError, match=r"toy/toy\.csv") as error:
        read(PLAIN, home)
    for words in (name, sha256(CONTENT), sha256(changed)):
        assert words in str(error.value)


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(CONTENT)[:-20]], ids=["no gzip", "cut"])
def test_a_broken_gz_file_is_named(home, content):
    place_in(home, content, "toy.csv.gz")
    with pytest.raises(OSError, match=r"toy\.csv\.gz cannot be unpacked"):
        read(PLAIN, home)


def cut_short(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT[: len(CONTENT) // 2])


def cut_short_without_a_length(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(CONTENT[: len(CONTENT) // 2])


def hung_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


ARCHIVE = zipped({"toy.csv": CONTENT})


BAD_DOWNLOADS = {
    "changed byte": (PLAIN, CONTENT.replace(b"41", b"14", 1), "not the published file.*sha256 .* expected"),
    "empty": (PLAIN, b"", "not the published file"),
    "not there": (PLAIN, None, "could not be downloaded.*404"),
    "cut short": (PLAIN, cut_short, "could not be downloaded.*IncompleteRead"),
    "cut short without a length": (PLAIN, cut_short_without_a_length, "not the published file"),
    "hung up": (PLAIN, hung_up, "could not be downloaded"),
    "a web page": (IN_ARCHIVE, b"<html>We have moved</html>", r"cannot be unpacked.*toy\.csv.*not a zip"),
    "half an archive": (IN_ARCHIVE, ARCHIVE[: len(ARCHIVE) // 2], "cannot be unpacked"),
    "changed byte in an archive": (
        IN_ARCHIVE,
        ARCHIVE[:60] + b"\x00" * 8 + ARCHIVE[68:],
        "cannot be unpacked",
    ),
    "renamed in the archive": (
        IN_ARCHIVE,
        zipped({"renamed.csv": CONTENT}),
        r"cannot be unpacked.*toy\.csv",
    ),
    "other content in the archive": (IN_ARCHIVE, zipped({"toy.csv": CONTENT[1:]}), "not the published file"),
    "no archive in the archive": (
        NESTED,
        zipped({"inner.zip": b"nothing"}),
        r"cannot be unpacked.*folder/toy\.csv",
    ),
}


@pytest.mark.parametrize(("file", "page", "message"), BAD_DOWNLOADS.values(), ids=BAD_DOWNLOADS)
def test_a_bad_download_is_explained_and_leaves_nothing(publisher, home, file, page, message):
    publisher.pages[f"/{file.address}"] = page
    with pytest.raises(OSError, match=message) as error:
        read(file, home)
    assert "toy/toy.csv" in str(error.value)
    assert left_behind(home) == []

    publisher.pages[f"/{file.address}"] = {PLAIN: CONTENT, IN_ARCHIVE: ARCHIVE}.get(
        file, zipped({"inner.zip": zipped({"folder/toy.csv": CONTENT})})
    )
    assert read(file, home) == (CONTENT, "publisher")


def test_no_network_is_explained(monkeypatch, home):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        monkeypatch.setitem(files.PUBLISHERS, "test", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with pytest.raises(ConnectionError, match="could not be downloaded") as error:
            read(IN_ARCHIVE, home)
    assert says_how_to_do_it_by_hand(str(error.value), IN_ARCHIVE)
    assert "take toy.csv out of it" in str(error.value)
    assert left_behind(home) == []


def test_a_publisher_that_never_answers_is_given_up(publisher, monkeypatch, home):
    given_up = threading.Event()
    publisher.pages["/toy.csv"] = lambda handler: given_up.wait()
    monkeypatch.setattr(files, "TIMEOUT_SECONDS", 0.05)
    try:
        with pytest.raises(ConnectionError, match="timed out"):
            read(PLAIN, home)
    finally:
        given_up.set()


def test_an_interrupted_write_leaves_nothing(publisher, monkeypatch, home):
    publisher.pages["/toy.csv"] = CONTENT

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(PLAIN, home)
    assert left_behind(home) == []


@pytest.fixture(scope="module")
def published_pages(public_data) -> dict[str, bytes]:
    """The files, in archives such as UCI serves."""

    def content(path):
        plain, packed = public_data / path, public_data / f"{path}.gz"
        return plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())

    bank, additional = content("bank/bank-full.csv"), content("bank/bank-additional-full.csv")
    return {
        "/2/adult.zip": zipped({"adult.data": content("adult/adult.data"), "adult.test": content("adult/adult.test")}),
        "/222/bank+marketing.zip": zipped(
            {
                "bank.zip": zipped({"bank-full.csv": bank}),
                "bank-additional.zip": zipped({"bank-additional/bank-additional-full.csv": additional}),
            }
        ),
        "/144/statlog+german+credit+data.zip": zipped({"german.data": content("german/german.data")}),
        "/compas-scores-two-years.csv": content("compas/compas-scores-two-years.csv"),
        "/compas-scores-two-years-violent.csv": content("compas/compas-scores-two-years-violent.csv"),
    }


@pytest.mark.parametrize(
    ("fetch", "arguments", "n"),
    [
        (fetch_adult, {}, 48_842),
        (fetch_compas, {}, 7_214),
        (fetch_compas, {"violent": True}, 4_743),
        (fetch_bank, {}, 45_211),
        (fetch_bank, {"version": "additional"}, 41_188),
        (fetch_german, {}, 1_000),
    ],
)
def test_each_fetcher_downloads_once_from_what_its_publisher_serves(
    publisher, published_pages, home, fetch, arguments, n
):
    publisher.pages = published_pages
    first = fetch(data_home=home, **arguments)
    second = fetch(data_home=home, download=False, **arguments)
    assert len(first) == n
    assert (first.obtained_from, second.obtained_from) == ("publisher", "data_home")
    assert first.frame.equals(second.frame)
    assert len(publisher.asked) == 1


@pytest.mark.parametrize("fetch", [fetch_adult, fetch_compas, fetch_bank, fetch_german])
def test_each_fetcher_explains_a_missing_file(home, fetch):
    with pytest.raises(FileNotFoundError, match=r"EVENODDS_DATA.*not set"):
        fetch(data_home=home, download=False)
