"""Where packages lie: the one place that knows in which forms a package comes."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from ceechina.errors import PackageError

DESCRIPTOR = "datapackage.json"

# archives unpacked so far: tables are read when they are asked for, so what they lie in stays as long as the process
_UNPACKED = ExitStack()
atexit.register(_UNPACKED.close)


def folder_of(given: Path) -> Path:
    """The folder of a package, given by it, by its datapackage.json or by its archive.

    An archive is unpacked into a temporary folder that is gone when the process ends.

    Raises:
        PackageError: There is no package, or an archive is damaged or holds what it should not.
    """
    if given.is_file() and given.name != DESCRIPTOR:
        return _folder_in(given)
    folder = given.parent if given.name == DESCRIPTOR else given
    if not (folder / DESCRIPTOR).is_file():
        told = f"it has no {DESCRIPTOR}" if folder.exists() else "there is nothing of that name"
        raise PackageError(f"no data package at {given}: {told}")
    return folder


def _folder_in(given: Path) -> Path:
    from ceechina.archives import is_archive

    if not is_archive(given):
        raise PackageError(f"no data package at {given}: expected a folder, its {DESCRIPTOR} or a .zip of it")
    found = given.stat()
    return _unpacked(given.resolve(), found.st_mtime_ns, found.st_size)


@cache
def _unpacked(archive: Path, _changed: int, _size: int) -> Path:
    """The folder of the package in an archive, unpacked once for each state of the file."""
    from ceechina.archives import unpacked

    return _UNPACKED.enter_context(unpacked(archive))


def bundled_folder() -> Path:
    """The folder of the package that ships with ceechina."""
    return _shipped("datapackage")


def releases_file() -> Path:
    """The list of releases that ships with ceechina."""
    return _shipped("releases.json")


def releases_folder() -> Path:
    """Where a checkout keeps the files of each release; they do not ship with ceechina."""
    return _shipped("releases")


def _shipped(name: str) -> Path:
    """What ships with ceechina: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve().parents[2]
    inside, checkout = here / name, here.parents[1] / name
    return inside if inside.exists() else checkout
