"""Archives of releases: kept in a cache, fetched where they are missing, and never used with a wrong checksum."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ceechina.errors import PackageError, UnsupportedError

if TYPE_CHECKING:
    from requests.exceptions import HTTPError

    from ceechina.read.access.versions import Release

# where archives are fetched from, and where they are kept, other than by default
ADDRESS, CACHE = "CEECHINA_RELEASES", "CEECHINA_CACHE"

# Seconds a server may keep silent, before it answers and while it sends.
SILENCE = 30.0
# How often a transfer that broke off is begun again.
RETRIES = 2

_CHUNK = 2**16
# answers of a server that may be another the next time: too slow, too many requests, or its own fault
_PASSING = {408, 429, *range(500, 600)}
# one letter is a drive of Windows
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


def archive_of(release: Release, published: str) -> Path:
    """The archive of a release, its checksum as listed: in the cache, at an address of files, or downloaded.

    Args:
        release: What is wanted.
        published: The release address, used unless the environment variable CEECHINA_RELEASES names another: a folder
            or an address of scheme file, http or https; empty where there is none. Archives lie there as
            `<version>/<archive>`; in a folder also side by side.

    Raises:
        PackageError: It is nowhere, cannot be fetched, or is not the file that was released.
        UnsupportedError: The address has another scheme.
    """
    kept = cache_folder() / release.archive
    if _is(kept, release):
        return kept
    address = os.environ.get(ADDRESS) or published
    if not address:
        raise PackageError(
            f"version {release.version} is not at hand and no release address is known; {_by_hand(release)}"
        )
    scheme = found[1].lower() if (found := _SCHEME.match(address)) else ""
    match scheme:
        case "http" | "https":
            return _downloaded(release, address.rstrip("/"))
        case "file":
            return _in_folder(release, _folder_at(address))
        case "":
            return _in_folder(release, Path(address))
    raise UnsupportedError(f"archives cannot be fetched from {address}; expected a folder, file:, http: or https:")


def cache_folder() -> Path:
    """Where archives are kept: the folder that CEECHINA_CACHE names, else one in the user's cache."""
    if given := os.environ.get(CACHE):
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("ceechina", appauthor=False)


def _is(path: Path, release: Release) -> bool:
    """Whether a file is the archive that was released."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == release.sha256


def _by_hand(release: Release) -> str:
    return (
        f"download {release.archive} by hand and put it into a folder that {ADDRESS} names, or give the path of the "
        "file in place of the version"
    )


def _folder_at(address: str) -> Path:
    """The folder of a file: address."""
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost"):
        raise UnsupportedError(f"{address} is on another machine; expected file:///folder")
    return Path(url2pathname(parts.path))


def _in_folder(release: Release, folder: Path) -> Path:
    places = (folder / release.version / release.archive, folder / release.archive)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise PackageError(f"{folder} has no {release.archive}, there or in {release.version}; {_by_hand(release)}")
    if not _is(path, release):
        raise PackageError(f"{path} {_forged(release)}")
    return path


def _forged(release: Release) -> str:
    return (
        f"is not the archive that was released as {release.version}: its SHA-256 is not {release.sha256}. It was not "
        "used; take it again from where ceechina is published, and tell its maintainers if that does not help"
    )


def _downloaded(release: Release, address: str) -> Path:
    """The archive, downloaded into the cache: written beside and moved there whole, so that others may do the same."""
    from pooch import Pooch  # type: ignore[import-untyped]  # ships no types
    from requests.exceptions import RequestException

    url = f"{address}/{release.version}/{release.archive}"
    keeper = Pooch(
        path=cache_folder(),
        base_url=f"{address}/{release.version}/",
        registry={release.archive: f"sha256:{release.sha256}"},
        retry_if_failed=RETRIES,
    )
    try:
        with _progress(release) as advance:
            return Path(keeper.fetch(release.archive, downloader=_downloader(release, advance)))
    except PackageError:
        raise
    except RequestException as error:
        raise PackageError(f"{url} cannot be fetched: {error}; try again later, or {_by_hand(release)}") from error
    except ValueError as error:
        raise PackageError(f"{url} {_forged(release)}") from error
    except OSError as error:
        raise PackageError(f"{url} cannot be kept: {error}; name a folder to keep it in by {CACHE}") from error


def _downloader(release: Release, advance: Callable[[int], None]) -> Callable[[str, str, Any], None]:
    """A downloader for pooch, which begins again after errors of transfer and after no other."""
    from requests import exceptions

    def fetch(url: str, path: str, _keeper: Any) -> None:
        try:
            _transfer(url, path, release, advance)
        except (exceptions.ConnectionError, exceptions.Timeout, exceptions.ChunkedEncodingError):
            raise
        except (exceptions.RequestException, ValueError) as error:
            if isinstance(error, exceptions.HTTPError) and _passing(error):
                raise
            raise PackageError(f"{url} cannot be fetched: {error}; {_by_hand(release)}") from error

    return fetch


def _passing(error: HTTPError) -> bool:
    """Whether another attempt may get another answer."""
    return error.response is not None and error.response.status_code in _PASSING


def _transfer(url: str, path: str, release: Release, advance: Callable[[int], None]) -> None:
    """Write what a server sends to a file: as many bytes as the archive has and no more, whatever it sends."""
    import requests

    # redirects are followed to http and https alone: `requests` knows nothing else
    with requests.get(url, stream=True, timeout=SILENCE) as answer, Path(path).open("wb") as file:
        answer.raise_for_status()
        for chunk in answer.iter_content(_CHUNK):
            if file.tell() + len(chunk) > release.size:
                raise PackageError(f"{url} has more than the {release.size:,} bytes of the archive; nothing was kept")
            file.write(chunk)
            advance(file.tell())


@contextmanager
def _progress(release: Release) -> Iterator[Callable[[int], None]]:
    """Told how many bytes there are so far, shows it; on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(release.archive, total=release.size)
        yield lambda written: bar.update(task, completed=written)
