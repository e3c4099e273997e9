"""Files and folders replaced whole: a kill at any moment leaves the old or the new, never a mix."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# renameat2(2) and renamex_np(2): exchange two names in one step
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its place when the block ends without an error.

    Leftovers of a run that was killed are cleared first, and where the old folder had been moved
    away but the new one not yet put in its place, the old one is put back.
    """
    target = target.absolute()
    staged_prefix, retired = f".{target.name}.new-", target.with_name(f".{target.name}.old")
    if retired.exists() and not target.exists():
        retired.rename(target)
    for leftover in [retired, *target.parent.glob(f"{staged_prefix}*")]:
        shutil.rmtree(leftover, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=staged_prefix, dir=target.parent))
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
            with path.open("rb") as file:
                os.fsync(file.fileno())
