"""What a release asks git: whether all is committed, which versions are tagged, and the files of a revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from ceechina.errors import PackageError


def uncommitted(root: Path) -> list[str]:
    """Paths in the folder that are changed, staged or not known to git; raise PackageError where it is no checkout."""
    listed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", ".")
    return [line[3:] for line in listed.decode().splitlines()]


def has_tag(root: Path, tag: str) -> bool:
    """Whether there is a tag of this name; raise PackageError where the folder is no checkout."""
    return _git(root, "tag", "--list", tag).decode().strip() == tag


def export(root: Path, revision: str, target: Path, *paths: str) -> None:
    """Write the files of a revision, or only those below some paths, into a folder.

    Raises:
        PackageError: The folder is no checkout, or the revision or a path is not there.
    """
    packed = _git(root, "archive", "--format=tar", revision, "--", *paths)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _git(root: Path, *words: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise PackageError("git is not installed; a release is made of a commit")
    # of a path with letters beyond ASCII git would print escapes
    command = [program, "-C", str(root), "-c", "core.quotePath=false", *words]
    # words go to git as they are, without a shell
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise PackageError(f"git {words[0]} in {root}: {told[0]}")
    return done.stdout
