"""Packages as the command line names them: by place, by version, or by revision of the checkout they are part of."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ceechina.errors import PackageError

if TYPE_CHECKING:
    from ceechina.read.package import Package

FOLDER = "datapackage"


@contextmanager
def package_at(given: str) -> Iterator[Package]:
    """The package at a path or of a version, or else of a git revision of the checkout around the current folder.

    Raises:
        PackageError: It is none of these, or the revision has no package.
        UnknownNameError: There is no such version.
    """
    from ceechina.read.access.versions import is_version
    from ceechina.read.package import Package

    commit = None if is_version(given) or Path(given).exists() else _commit(given)
    if commit is None:
        yield Package(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = _git("-C", _git("rev-parse", "--show-toplevel").decode().strip(), "archive", commit, FOLDER)
        if not packed:
            raise PackageError(f"revision {given} has no folder {FOLDER}")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Package(Path(folder) / FOLDER)


def _commit(revision: str) -> str | None:
    """The commit a revision stands for; None where there is no checkout or no such revision."""
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return found.decode().strip() or None


def _git(*words: str) -> bytes:
    """What git prints; nothing where it is not there or refuses."""
    git = shutil.which("git")
    if git is None:
        return b""
    # words go to git as they are, without a shell, and a revision after --end-of-options
    return subprocess.run([git, *words], capture_output=True, check=False).stdout  # noqa: S603
