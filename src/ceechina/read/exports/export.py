"""Exporting a package to the files other programs work with."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ceechina.errors import PackageError, UnsupportedError, suggestion
from ceechina.read.exports.content import Content
from ceechina.read.exports.databases import write_duckdb, write_sqlite
from ceechina.read.exports.geojson import write_geojson
from ceechina.read.exports.stata import write_stata
from ceechina.read.exports.xlsx import write_xlsx
from ceechina.read.package import Package

FORMATS: Mapping[str, Callable[[Content, Path], None]] = {
    "xlsx": write_xlsx,
    "sqlite": write_sqlite,
    "dta": write_stata,
    "geojson": write_geojson,
    "duckdb": write_duckdb,
}
# other endings that tell a format; a .zip holds what Stata cannot hold in one file
ENDINGS = {"db": "sqlite", "sqlite3": "sqlite", "zip": "dta"}


def export(package: Package, path: str | os.PathLike[str], to: str | None = None, policy: str = "chosen") -> Path:
    """Write a package to one file of another format; the file appears whole or not at all.

    Args:
        package: What to export.
        path: The file to write or replace.
        to: "xlsx" (needs `ceechina[export]`), "sqlite", "duckdb", "dta" (a .zip of all tables, or one table where
            the file is named for it, as `projects.dta`) or "geojson" (projects, without coordinates); by
            default what the path ends in.
        policy: How disagreements are decided, as `Package.load` takes it.

    Returns:
        The path.

    Raises:
        UnsupportedError: There is no such format, or it cannot hold the content.
        UnknownNameError: There is no such policy, or a .dta file is named for no table.
        PackageError: The package is damaged, or the file cannot be written there.
    """
    target = Path(path)
    given = target.suffix.removeprefix(".").lower() if to is None else to
    name = given if given in FORMATS or to is not None else ENDINGS.get(given, given)
    if name not in FORMATS:
        told = f"to={to!r} is" if to is not None else f"{target.name!r} ends in"
        raise UnsupportedError(f"{told} no format of export; {suggestion(name, list(FORMATS))}")
    with _replaced(target) as staged:
        try:
            FORMATS[name](Content(package, policy), staged)
        except (KeyError, TypeError, AttributeError) as error:
            raise PackageError(f"the package in {package.folder} lacks what {name} takes: {error!r}") from error
    return target


@contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    """A path to write to, in a folder of its own beside the target, that replaces it in the end."""
    if target.exists() and not target.is_file():
        raise PackageError(f"{target} is not a file and is not replaced; name another")
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise PackageError(f"nothing can be written in {target.parent}: {error.strerror}") from error
    try:
        yield folder / target.name
        (folder / target.name).replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
