"""Files and folders replaced whole: a kill at any moment leaves the old or the new, never a mix."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from ceechina.errors import PackageError

# renameat2(2) and renamex_np(2): exchange two names in one step
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


# a folder left by a run that was killed; a younger one may be another run's at work
LEFTOVER_SECONDS = 3600


@contextmanager
def replacing(target: Path, made: frozenset[str]) -> Iterator[Path]:
    """A new folder beside `target` that takes its place when the block ends without an error.

    Leftovers of a run that was killed are cleared first, and where the old folder had been moved
    away but the new one not yet put in its place, the old one is put back.

    Args:
        target: The folder to be replaced, or made.
        made: Names of what is made in such a folder; one that holds anything else is never touched.

    Raises:
        PackageError: Something else is at `target`, or it cannot be a folder.
    """
    target, retired = _prepared(target, made)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    staged.chmod(0o755)
    try:
        yield staged
        _flush(staged)
        if not target.exists():
            staged.rename(target)
        elif not _exchange(staged, target):
            target.rename(retired)
            staged.rename(target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        if target.exists():
            shutil.rmtree(retired, ignore_errors=True)


def _prepared(target: Path, made: frozenset[str]) -> tuple[Path, Path]:
    """The folder meant and the name its old state may be kept under, leftovers put right or cleared."""
    try:
        target = target.resolve()
    except (OSError, RuntimeError) as error:
        raise PackageError(f"{target} is no place for a folder: {error}") from error
    if not target.name:
        raise PackageError(f"{target} is not a folder to be replaced; name another")
    retired = target.with_name(f".{target.name}.old")
    for place in (target, retired):
        if place.exists() and not _is_ours(place, made):
            raise PackageError(f"{place} holds something else and is not replaced; name another folder, or remove it")
    if retired.exists() and not target.exists():
        retired.rename(target)
    for leftover in [retired, *target.parent.glob(f".{escape(target.name)}.new-*")]:
        is_old = leftover == retired or time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS
        if is_old and _is_ours(leftover, made):
            shutil.rmtree(leftover, ignore_errors=True)
    return target, retired


def _is_ours(folder: Path, made: frozenset[str]) -> bool:
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= made


def write_text(path: Path, text: str) -> None:
    """Replace one file whole, with LF and UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can; False where it cannot."""
    if os.name != "posix":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        return bool(libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(first, second, _RENAME_SWAP) == 0)
    return False


def _flush(folder: Path) -> None:
    """Have the files on disk before their names change."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())
