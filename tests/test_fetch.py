"""Fetching archives of releases, from a real server that is slow, breaks off, lies, is missing or sends elsewhere."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ceechina.errors import CeechinaError, PackageError, UnsupportedError
from ceechina.read.access import fetch
from ceechina.read.access.fetch import archive_of
from ceechina.read.access.versions import Release

# no archive: what is fetched is not opened here
CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
RELEASE = Release("1.0.0", "ceechina-1.0.0-parquet.zip", len(CONTENT), SHA256, content="")
PLACE = f"/1.0.0/{RELEASE.archive}"

Answer = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, content: bytes = CONTENT, length: int | None = None) -> None:
    """Answer with content; of the length said, or else as long as the connection stands."""
    handler.send_response(200)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(content)


def redirect(handler: BaseHTTPRequestHandler, to: str) -> None:
    handler.send_response(302)
    handler.send_header("Location", to)
    handler.end_headers()


def fail(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.send_error(status)


class Server:
    """A server on loopback that answers each request by the next of its answers, the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer] = [partial(send, length=len(CONTENT))]
        self.asked: list[str] = []
        self.ended = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # theirs
                """Tests are silent."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def silent(self, handler: BaseHTTPRequestHandler) -> None:
        """Begin, and then say nothing more."""
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        handler.wfile.write(CONTENT[:1000])
        handler.wfile.flush()
        self.ended.wait(10)

    def slow(self, handler: BaseHTTPRequestHandler) -> None:
        """Send all of it, in pieces with pauses."""
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        for start in range(0, len(CONTENT), len(CONTENT) // 8):
            handler.wfile.write(CONTENT[start : start + len(CONTENT) // 8])
            handler.wfile.flush()
            self.ended.wait(0.1)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CEECHINA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CEECHINA_RELEASES", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    # pauses between attempts
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return tmp_path / "cache"


@pytest.fixture
def server(cache: Path) -> Iterator[Server]:
    with (served := Server()).http as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield served
        served.ended.set()
        http.shutdown()
        thread.join()


def held(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def refused(address: str) -> str:
    with pytest.raises(PackageError) as caught:
        archive_of(RELEASE, address)
    return str(caught.value)


def test_an_archive_is_downloaded_once_and_then_taken_from_the_cache(server: Server, cache: Path) -> None:
    path = archive_of(RELEASE, f"{server.address}/")
    assert path.read_bytes() == CONTENT
    assert archive_of(RELEASE, server.address) == path == cache / RELEASE.archive
    assert server.asked == [PLACE]
    assert held(cache) == [RELEASE.archive]


def test_what_is_in_the_cache_needs_no_address(cache: Path) -> None:
    cache.mkdir()
    (cache / RELEASE.archive).write_bytes(CONTENT)
    assert archive_of(RELEASE, "") == cache / RELEASE.archive


def test_a_damaged_file_in_the_cache_is_fetched_again(server: Server, cache: Path) -> None:
    cache.mkdir()
    (cache / RELEASE.archive).write_bytes(CONTENT[:-1])
    assert archive_of(RELEASE, server.address).read_bytes() == CONTENT


def test_the_environment_names_another_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEECHINA_RELEASES", f"{server.address}/mirror")
    archive_of(RELEASE, "http://127.0.0.1:9/never-asked")
    assert server.asked == [f"/mirror{PLACE}"]


def test_a_slow_server_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SILENCE", 0.5)
    server.answers = [server.slow]
    assert archive_of(RELEASE, server.address).read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_a_server_that_falls_silent_is_given_up(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SILENCE", 0.2)
    server.answers = [server.silent]
    told = refused(server.address)
    assert "timed out" in told.lower()
    assert "try again later" in told
    assert len(server.asked) == 1 + fetch.RETRIES
    assert held(cache) == []


BROKEN = {
    "length said": partial(send, content=CONTENT[: len(CONTENT) // 2], length=len(CONTENT)),
    "no length said": partial(send, content=CONTENT[: len(CONTENT) // 2]),
    "server error": partial(fail, status=503),
    "too many requests": partial(fail, status=429),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_what_breaks_off_is_begun_again(server: Server, cache: Path, answer: Answer) -> None:
    server.answers = [answer, partial(send, length=len(CONTENT))]
    assert archive_of(RELEASE, server.address).read_bytes() == CONTENT
    assert server.asked == [PLACE, PLACE]
    assert held(cache) == [RELEASE.archive]


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_what_keeps_breaking_off_is_told_and_nothing_kept(server: Server, cache: Path, answer: Answer) -> None:
    server.answers = [answer]
    assert PLACE in refused(server.address)
    assert len(server.asked) == 1 + fetch.RETRIES
    assert held(cache) == []


def test_wrong_bytes_are_refused_and_nothing_kept(server: Server, cache: Path) -> None:
    server.answers = [partial(send, content=CONTENT[::-1], length=len(CONTENT))]
    told = refused(server.address)
    assert "is not the archive that was released as 1.0.0" in told
    assert RELEASE.sha256 in told
    assert held(cache) == []


@pytest.mark.parametrize("length", [None, 2 * len(CONTENT)])
def test_more_bytes_than_the_archive_has_are_not_taken(server: Server, cache: Path, length: int | None) -> None:
    server.answers = [partial(send, content=CONTENT * 2, length=length)]
    assert "more than the 512,000 bytes" in refused(server.address)
    assert len(server.asked) == 1
    assert held(cache) == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_archive_that_is_not_there_is_asked_for_once(server: Server, cache: Path, status: int) -> None:
    server.answers = [partial(fail, status=status)]
    told = refused(server.address)
    assert str(status) in told
    assert "by hand" in told
    assert len(server.asked) == 1
    assert held(cache) == []


def test_a_redirect_is_followed(server: Server) -> None:
    server.answers = [partial(redirect, to=f"{server.address}/elsewhere"), partial(send, length=len(CONTENT))]
    assert archive_of(RELEASE, server.address).read_bytes() == CONTENT
    assert server.asked == [PLACE, "/elsewhere"]


def test_redirects_without_end_are_given_up(server: Server, cache: Path) -> None:
    server.answers = [partial(redirect, to=PLACE)]
    assert "redirects" in refused(server.address)
    assert held(cache) == []


@pytest.mark.parametrize("scheme", ["file", "ftp", "data", "gopher"])
def test_a_redirect_leads_to_no_file_and_no_other_protocol(
    server: Server, cache: Path, tmp_path: Path, scheme: str
) -> None:
    (tmp_path / "right.zip").write_bytes(CONTENT)
    server.answers = [partial(redirect, to=f"{scheme}://{(tmp_path / 'right.zip').as_posix()}")]
    assert "cannot be fetched" in refused(server.address)
    assert len(server.asked) == 1
    assert held(cache) == []


def test_offline_it_is_said_what_to_do(cache: Path) -> None:
    gone = Server()
    gone.http.server_close()
    told = refused(gone.address)
    for part in (gone.address, RELEASE.archive, "by hand", "CEECHINA_RELEASES"):
        assert part in told
    assert held(cache) == []


def test_without_an_address_it_is_said_what_to_do(cache: Path) -> None:
    told = refused("")
    for part in ("1.0.0 is not at hand", RELEASE.archive, "by hand", "CEECHINA_RELEASES"):
        assert part in told


@pytest.mark.parametrize("place", [PLACE[1:], RELEASE.archive])
@pytest.mark.parametrize("as_address", [str, Path.as_uri], ids=["folder", "file address"])
def test_an_archive_in_a_folder_is_used_where_it_lies(
    cache: Path, tmp_path: Path, place: str, as_address: Callable[[Path], str]
) -> None:
    path = tmp_path / "with a space" / place
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    assert archive_of(RELEASE, as_address(tmp_path / "with a space")) == path
    assert held(cache) == []


def test_a_wrong_or_missing_archive_in_a_folder_is_told(cache: Path, tmp_path: Path) -> None:
    assert f"has no {RELEASE.archive}" in refused(str(tmp_path))
    (tmp_path / RELEASE.archive).write_bytes(CONTENT[1:])
    assert "is not the archive that was released" in refused(str(tmp_path))


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "s3://bucket", "file://127.0.0.1/folder", "javascript:alert"])
def test_other_addresses_are_refused(cache: Path, address: str) -> None:
    with pytest.raises(UnsupportedError, match="expected"):
        archive_of(RELEASE, address)


@pytest.mark.parametrize("address", ["http://", "http://[", "https://a b", "http:///x"])
def test_an_address_that_is_none_is_told(cache: Path, address: str) -> None:
    with pytest.raises(CeechinaError):
        archive_of(RELEASE, address)


def test_a_cache_that_cannot_be_written_is_told(server: Server, cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    assert "CEECHINA_CACHE" in refused(server.address)


def test_two_processes_may_download_at_once(server: Server, cache: Path) -> None:
    server.answers = [server.slow]
    code = (
        "from ceechina.read.access import fetch, versions\n"
        f"path = fetch.archive_of(versions.{RELEASE!r}, {server.address!r})\n"
        "print(len(path.read_bytes()))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [run.communicate()[0].strip() for run in runs] == [str(len(CONTENT))] * 2
    assert [run.returncode for run in runs] == [0, 0]
    assert server.asked == [PLACE, PLACE]
    assert held(cache) == [RELEASE.archive]


def test_by_default_archives_are_kept_where_the_system_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CEECHINA_CACHE", raising=False)
    assert "ceechina" in fetch.cache_folder().parts
