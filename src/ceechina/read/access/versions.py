"""Versions of the dataset: every release by its number, checked against the list that ships with ceechina."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from ceechina.errors import PackageError, UnknownNameError
from ceechina.read.access.folders import DESCRIPTOR, bundled_folder, folder_of, releases_file, releases_folder
from ceechina.read.exports.cite import content_sha256
from ceechina.read.tables.descriptor import read_descriptor

# what is taken for a version, not for a path; a folder of such a name is opened as ./1.0.0
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)+")
# of the archives of a release, the one that can be read
_ARCHIVE = "-parquet.zip"


@dataclass(frozen=True)
class Release:
    """A version that was published.

    Attributes:
        version: Its number, such as "1.0.0".
        archive: File name of its archive of Parquet files.
        size: Bytes of that archive.
        sha256: Checksum of that archive, 64 hexadecimal digits.
        content: Checksum of the data in whatever format, as `ceechina.read.exports.cite.content_sha256` makes it.
    """

    version: str
    archive: str
    size: int
    sha256: str
    content: str


def located(given: str | os.PathLike[str]) -> Path:
    """The folder of a package, by its version, or by where it lies.

    Args:
        given: A version such as "1.0.0", or a path: a folder, its datapackage.json or an archive of it.

    Raises:
        UnknownNameError: There is no such version.
        PackageError: There is no package, or it cannot be fetched.
    """
    return _folder_of_version(given) if is_version(given) else folder_of(Path(given))


def is_version(given: str | os.PathLike[str]) -> TypeGuard[str]:
    """Whether a version is named, not a path."""
    return isinstance(given, str) and _VERSION.fullmatch(given) is not None


def releases() -> dict[str, Release]:
    """The releases made so far by their versions, oldest first; raise PackageError where their list is damaged."""
    path = releases_file()
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["releases"] if path.is_file() else []
        return {each["version"]: _release(each) for each in listed}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise PackageError(f"{path} cannot be read as a list of releases: {error!r}; install ceechina again") from error


def _release(entry: dict[str, Any]) -> Release:
    name = f"ceechina-{entry['version']}{_ARCHIVE}"
    archive = entry["archives"][name]
    return Release(entry["version"], name, int(archive["bytes"]), archive["sha256"], entry["content"])


def _folder_of_version(version: str) -> Path:
    """The bundled package if it is that version, else the one in the archive of that release.

    In a checkout the records may have changed since: then the bundled package bears the number, but is not the release.
    """
    made, ours = releases(), read_descriptor(bundled_folder() / DESCRIPTOR)
    if version == ours["version"] and (version not in made or made[version].content == content_sha256(ours)):
        return bundled_folder()
    if version not in made:
        known = list(dict.fromkeys([*made, str(ours["version"])]))
        raise UnknownNameError(f"version among {', '.join(known)}", version, known)
    from ceechina.read.access.fetch import archive_of

    kept = releases_folder()
    published = str(kept) if kept.is_dir() else str(ours.get("releases", ""))
    return folder_of(archive_of(made[version], published))
