"""The archives of a release: the package in one format each, the same bytes wherever they are made."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ceechina.model.render import FORMATS, as_json
from ceechina.publish.citation import NAME
from ceechina.publish.metadata import metadata_files

SUMS = "SHA256SUMS"
# what an archive has from the root of the checkout, the terms of use and how to cite
ROOT_FILES = ("LICENSE-DATA", "CITATION.cff")
# metadata that describe the files of one format alone
FORMAT_OF = {"csv-metadata.json": "csv", "croissant.json": "parquet"}
# the earliest a zip can tell
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def archive_name(version: str, kind: str) -> str:
    """The name of a version's archive in a format."""
    return f"{NAME}-{version}-{kind}.zip"


def write_archives(root: Path, version: str, target: Path) -> dict[str, dict[str, Any]]:
    """Write the archive of each format; return `bytes` and `sha256` by archive.

    Args:
        root: A checkout, with its package in `datapackage/`.
        version: The version of the package.
        target: The folder for the archives.
    """
    made = {}
    for kind in FORMATS:
        path = target / archive_name(version, kind)
        members = _members(root, kind)
        members[SUMS] = sums(members).encode()
        write_zip(path, {f"{NAME}-{version}/{name}": content for name, content in members.items()})
        made[path.name] = {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes())}
    return made


def _members(root: Path, kind: str) -> dict[str, bytes]:
    """The files of an archive by name: those of one format, and descriptions that name no others."""
    package = root / "datapackage"
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [each for each in descriptor["resources"] if each["format"] == kind]
    described = {"datapackage.json": descriptor, **metadata_files(descriptor)}
    texts = {name: as_json(content) for name, content in described.items() if FORMAT_OF.get(name, kind) == kind}
    data = [resource["path"] for resource in descriptor["resources"]]
    return {
        **{name: text.encode() for name, text in texts.items()},
        **{name: (package / name).read_bytes() for name in ("README.md", *data)},
        **{name: (root / name).read_bytes() for name in ROOT_FILES},
    }


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip: members sorted, with one time and one mode, and stored.

    Nothing is compressed: what zlib makes of the same bytes differs from one zlib to the next, and Parquet files are
    compressed already.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            # else it is that of the system at hand
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)


def sums(files: Mapping[str, bytes]) -> str:
    """The text of a SHA256SUMS file, as `sha256sum --check` reads it."""
    return "".join(f"{sha256(content)}  {name}\n" for name, content in sorted(files.items()))


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
