"""Archives that hold a data package, unpacked for a while: whatever is in one, nothing is written beside it."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ceechina.errors import PackageError, visible

DESCRIPTOR = "datapackage.json"

# The most members an archive may have; a release has two files a table, or some hundred parts of each.
MEMBERS = 10_000
# The most bytes it may unpack to.
SIZE = 8 * 2**30
# The most bytes it may unpack to for each of its own; tables of codes and dates reach fifty.
RATIO = 200

# An archive may unpack to so many bytes whatever its ratio, as a few repeated lines compress well.
_SMALL = 2**20
# The most bytes read at once: headers of a tar are read whole, however long they say they are.
_CHUNK = 2**16
# The most bytes of a zip's directory for each member: an entry of 46, its name and its times.
_ENTRY = 256
# The most characters of a member's name, its folders with it.
_NAME = 255

_NOT_PLAIN = "is a link, a device or sparse, expected a plain file"
# What the standard library raises on damaged archives.
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error)


@dataclass(frozen=True)
class Limits:
    """The most an archive may hold.

    Attributes:
        members: How many files and folders.
        size: How many bytes, unpacked.
        ratio: How many bytes unpacked for each byte of the archive, above one MiB.
    """

    members: int = MEMBERS
    size: int = SIZE
    ratio: int = RATIO

    def bytes_of(self, path: Path) -> int:
        """How many bytes an archive may unpack to."""
        return min(self.size, max(_SMALL, self.ratio * path.stat().st_size))


@dataclass(frozen=True)
class _Member:
    """A file or folder of an archive; `fault` says why it is refused unread."""

    name: str
    is_folder: bool
    fault: str
    opened: Callable[[], IO[bytes] | None]


def is_archive(path: Path) -> bool:
    """Whether a path is named as an archive that can be unpacked."""
    return path.name.lower().endswith((".zip", ".tar.gz", ".tgz"))


@contextmanager
def unpacked(path: Path, limits: Limits | None = None) -> Iterator[Path]:
    """The folder of the package in a `.zip`, `.tar.gz` or `.tgz`; it is gone when the block ends.

    Args:
        path: The archive; the package is at its root, or in the one folder there.
        limits: The most it may hold; raise them for a release that is larger.

    Raises:
        PackageError: It is damaged, has no package or more than one, exceeds the limits, or has a member that is not a
            plain file or folder with a name of its own below the archive's root.
    """
    limits = limits or Limits()
    listed = _zip_members if path.name.lower().endswith(".zip") else _tar_members
    with tempfile.TemporaryDirectory(prefix="ceechina-") as name:
        folder = Path(name)
        try:
            with closing(listed(path, limits)) as members:
                _write(members, folder, limits, limits.bytes_of(path))
        except _BROKEN as error:
            raise PackageError(f"{path} cannot be unpacked: {_told(error)}") from error
        yield _package_in(folder, path)


def _told(error: Exception) -> str:
    return visible(str(error) or type(error).__name__, 500)


def _package_in(folder: Path, path: Path) -> Path:
    """The root, or the one folder in it, that has a descriptor."""
    if (folder / DESCRIPTOR).is_file():
        return folder
    found = sorted(each.parent for each in folder.glob(f"*/{DESCRIPTOR}") if each.is_file())
    if not found:
        raise PackageError(f"{path} has no {DESCRIPTOR}, expected it at the root or in a folder there")
    if len(found) > 1:
        names = ", ".join(visible(each.name) for each in found[:3])
        raise PackageError(f"{path} has {len(found)} packages, expected one: {names}")
    return found[0]


def _write(members: Iterable[_Member], folder: Path, limits: Limits, size: int) -> None:
    """Write members below a folder; the bytes written are counted, not those the archive says there are."""
    taken: dict[str, tuple[str, bool]] = {}
    written = 0
    for number, member in enumerate(members, 1):
        if number > limits.members:
            raise PackageError(f"{visible(member.name)} is one too many, expected at most {limits.members:,} members")
        target = folder / _place(member, taken)
        (target if member.is_folder else target.parent).mkdir(parents=True, exist_ok=True)
        if member.is_folder:
            continue
        with target.open("xb") as file:
            for chunk in _chunks(member):
                written += len(chunk)
                if written > size:
                    raise PackageError(f"{visible(member.name)} {_too_much(size, limits)}")
                file.write(chunk)


def _too_much(size: int, limits: Limits) -> str:
    return (
        f"brings what is unpacked to more than {size:,} bytes, expected at most {limits.size:,}, "
        f"and {limits.ratio:,} for each byte of the archive"
    )


def _chunks(member: _Member) -> Iterator[bytes]:
    try:
        source = member.opened()
        if source is None:
            raise PackageError(_NOT_PLAIN)
        with source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except _BROKEN as error:
        raise PackageError(f"{visible(member.name)} cannot be read whole: {_told(error)}") from error


def _place(member: _Member, taken: dict[str, tuple[str, bool]]) -> PurePosixPath:
    """The path of a member below the archive's root.

    Args:
        member: The member.
        taken: Every path so far, by what all file systems tell it apart by: as spelt, and whether it is a folder.
    """
    path = PurePosixPath(member.name)
    if fault := member.fault or _fault(path, member):
        raise PackageError(f"{visible(member.name)} {fault}")
    folders = [(str(folder), True) for folder in reversed(path.parents)]
    for place in (*folders, (str(path), member.is_folder)):
        # Windows and macOS take names that differ in case, or in how an accent is written, for one
        folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", place[0]).casefold())
        if taken.setdefault(folded, place) is not place and (taken[folded] != place or not place[1]):
            over = visible(taken[folded][0])
            raise PackageError(f"{visible(member.name)} takes the place of {over}, expected each name once in any case")
    return path


def _fault(path: PurePosixPath, member: _Member) -> str:
    name = member.name
    # Windows takes `\` and `:` for separators and drops spaces and dots at the end, `..` among them
    if (
        len(name) > _NAME
        or path.is_absolute()
        or not (path.parts or member.is_folder)
        or any(letter in '\\:<>"|?*' or ord(letter) < ord(" ") for letter in name)
        or any(part != part.rstrip(". ") for part in path.parts)
    ):
        return "is no name of a file below the archive's root, expected one such as data/projects.csv"
    return ""


class _Directory(io.BufferedReader):
    """A zip as `zipfile` reads it: its directory at once, which may not be long."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(path.open("rb", buffering=0))
        self._members = limits.members

    def read(self, size: int | None = -1, /) -> bytes:
        most = max(_CHUNK, self._members * _ENTRY) + 1
        content = super().read(most if size is None or size < 0 else min(size, most))
        if len(content) == most:
            raise PackageError(f"its list of members is too long, expected at most {self._members:,} members")
        return content


def _zip_members(path: Path, limits: Limits) -> Generator[_Member, None, None]:
    with _Directory(path, limits) as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            # the name before anything was made of it: cut at a NUL, or its separators changed
            name = info.orig_filename
            yield _Member(name, name.endswith("/"), _zip_fault(info), lambda info=info: archive.open(info))  # type: ignore[misc]


def _zip_fault(info: zipfile.ZipInfo) -> str:
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _NOT_PLAIN
    if info.flag_bits & 1:
        return "is encrypted, expected to be readable by all"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"is compressed by method {info.compress_type}, expected deflate or none"
    return ""


class _Stream(gzip.GzipFile):
    """A tar as `tarfile` reads it: onwards alone, little at once, and not for ever."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(path, "rb")
        self._size, self._limits = limits.bytes_of(path), limits
        # what was read last
        self.block = b""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _CHUNK:
            raise PackageError(f"a header has more than {_CHUNK:,} bytes")
        self.block = super().read(size)
        self._check(self.tell())
        return self.block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        # from elsewhere than the start nothing is sought: it is how a file tells where it stands
        if whence == io.SEEK_SET:
            if offset < self.tell():
                raise PackageError("a header leads backwards")
            self._check(offset)
        return super().seek(offset, whence)

    def _check(self, position: int) -> None:
        if position > self._size:
            raise PackageError(f"it {_too_much(self._size, self._limits)}")


def _tar_members(path: Path, limits: Limits) -> Generator[_Member, None, None]:
    with _Stream(path, limits) as file, tarfile.open(fileobj=file, mode="r:") as archive:
        while (info := archive.next()) is not None:
            # each has a copy of every header that is global
            archive.members = []  # type: ignore[attr-defined]  # the types leave it out
            plain = info.isdir() or (info.isreg() and not info.issparse())
            fault = "" if plain else _NOT_PLAIN
            yield _Member(info.name, info.isdir(), fault, lambda info=info: archive.extractfile(info))  # type: ignore[misc]
        # `tarfile` takes a damaged header for the end, and gzip's checksum comes last
        rest = file.block
        while not rest.strip(b"\0") and rest:
            rest = file.read(_CHUNK)
        if rest:
            raise PackageError("it is damaged: what follows the last member is no member")
