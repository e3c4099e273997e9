"""What is given to be validated, found as files by table and format: a package, an archive of one, or files alone."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from ceechina.archives import DESCRIPTOR, is_archive, unpacked
from ceechina.errors import (
    LISTED,
    CeechinaError,
    PackageError,
    Problem,
    UnknownNameError,
    UnsupportedError,
    visible,
)
from ceechina.model.render import FORMATS, data_path
from ceechina.model.tables import Table
from ceechina.validate.descriptors import read_descriptor, resources_of
from ceechina.validate.file_rules import ABSENT, NOT_READ
from ceechina.validate.loose import Files, grouped, kind_of, known, named, parts, unread

# The most parts of one resource.
PARTS = 10_000

# An address or a drive, or a separator on Windows alone.
_NO_PATH = r"^[A-Za-z][A-Za-z0-9+.-]*:|\\"


@dataclass(frozen=True)
class Input:
    """What is given.

    Attributes:
        folder: Where it is; reports tell places relative to it.
        is_here: Whether it stays there, as what is unpacked does not.
        descriptor: The package's descriptor, with a list of `resources`; None for files without one.
        files: Files that are there, by table and format, none where a part is missing or must not be opened.
        problems: What was wrong or missing on the way.
    """

    folder: Path
    descriptor: Mapping[str, Any] | None
    files: Files
    problems: tuple[Problem, ...]
    is_here: bool = True

    def shown(self, path: Path) -> str:
        """A file's path as it is told in reports."""
        return path.relative_to(self.folder).as_posix()

    def resource(self, table: str, kind: str) -> Mapping[str, Any] | None:
        """What the descriptor says of a table's file, where there is a descriptor and it says anything."""
        resources = resources_of(self.descriptor) if self.descriptor else {}
        return resources.get(FORMATS[kind].resource.format(table))


@contextmanager
def opened(path: Path | str, tables: Mapping[str, Table], table: str = "") -> Iterator[Input]:
    """Whatever is at a path, for as long as the block lasts.

    Args:
        path: A package's folder, its datapackage.json or an archive of it; a folder of files named as tables, or of
            parts of one table; one CSV or Parquet file; or a glob pattern of such files.
        tables: The model.
        table: The table that files without a descriptor are of, where their names do not say.

    Raises:
        PackageError: There is nothing to validate, or it cannot be read.
        UnknownNameError: `table`, or without it the name of a file, is not that of a table.
        UnsupportedError: `table` is given of a package, which says itself what it holds.
    """
    given = Path(path)
    if table and table not in tables:
        raise UnknownNameError("table", table, list(tables))
    try:
        archived = is_archive(given) and given.is_file()
        found = None if archived else _found(given, tables, table)
    except CeechinaError:
        raise
    except (OSError, ValueError) as error:
        raise PackageError(f"{given} cannot be read: {error}") from error
    if found:
        yield found
        return
    if table:
        raise UnsupportedError(f"{given} is an archive: leave out {table!r}, or unpack it and give its folder")
    with unpacked(given) as folder:
        yield replace(_package(folder, tables), is_here=False)


def is_records(path: Path) -> bool:
    """Whether a folder holds records as people write them, rather than a package."""
    folders = ("sources", "projects", "agreements", "meetings", "memberships")
    try:
        return not (path / DESCRIPTOR).exists() and any(next((path / each).glob("*.yaml"), None) for each in folders)
    except OSError:
        # told where it is opened
        return False


def _refuse_table(path: Path, table: str) -> None:
    if table:
        raise UnsupportedError(f"{path} is a package, which says itself what its tables are: leave out {table!r}")


def _found(given: Path, tables: Mapping[str, Table], table: str) -> Input:
    folder = given.parent if given.name == DESCRIPTOR else given
    if (folder / DESCRIPTOR).is_file():
        _refuse_table(given, table)
        return _package(folder, tables)
    if is_records(given):
        raise PackageError(f"{given} holds records, not tables: `ceechina validate {given}` builds and checks them")
    if given.is_dir():
        return _folder(given, tables, table)
    if given.is_file():
        if kind_of(given) not in FORMATS:
            kinds = f".csv, .parquet, .zip, .tar.gz or {DESCRIPTOR}"
            raise PackageError(f"{given} is no {kinds}: save a table as CSV in UTF-8; of records give their folder")
        return _loose(given.parent, grouped([given], tables, table or known(given.stem, tables)), tables)
    matches = [Path(match) for match in glob.glob(str(given), recursive=True)]  # noqa: PTH207  # absolute ones too
    found = sorted(match for match in matches if kind_of(match) in FORMATS and match.is_file())
    if not found:
        raise PackageError(f"there is no package, and no file to validate, at {given}")
    folder = Path(os.path.commonpath([part.parent for part in found]))
    return _loose(folder, grouped(found, tables, table), tables)


def _folder(folder: Path, tables: Mapping[str, Table], table: str) -> Input:
    """A folder without a descriptor: files of many tables by their names, or parts of one."""
    files = {} if table else named(folder, tables)
    if files:
        told = f"there is no {DESCRIPTOR}: files are known by their names, and whether they changed is not checked"
        hint = "where the files are of a package, give the folder that has it"
        head = Problem(code="no-descriptor", message=told, hint=hint, severity="warning")
        return _loose(folder, files, tables, head, *unread(folder, files, list(tables)))
    name = table or folder.resolve().name
    files = {(name, kind): found for kind in FORMATS if (found := parts(folder, kind))} if name in tables else {}
    if not files:
        raise PackageError(
            f"there is no package at {folder}: it has no {DESCRIPTOR}, nor files named as tables, such as projects.csv"
        )
    return _loose(folder, files, tables)


def _loose(folder: Path, files: Files, tables: Iterable[str], *problems: Problem) -> Input:
    """Files without a descriptor; tables of which there is none are told in one warning."""
    here = {name for name, _ in files}
    absent = ", ".join(name for name in tables if name not in here)
    if absent:
        told = f"there is no file of {absent}: what needs them is not checked"
        problems = (*problems, Problem(code=ABSENT, message=told, severity="warning"))
    return Input(folder, None, files, problems)


def _package(folder: Path, tables: Mapping[str, Table]) -> Input:
    descriptor, problems = read_descriptor(folder / DESCRIPTOR)
    resources = resources_of(descriptor)
    files = {}
    expected = {form.resource.format(name): (name, kind) for kind, form in FORMATS.items() for name in tables}
    if not any(resource in resources for resource in expected):
        listed = visible(", ".join(resources)) or "nothing"
        raise PackageError(f"the package in {folder} has no table of ceechina: its descriptor lists {listed}")
    # a package may be of one format alone: then nothing of the other is missed
    kinds = {kind for resource, (_, kind) in expected.items() if resource in resources}
    absent = []
    for resource, (name, kind) in expected.items():
        if kind not in kinds:
            continue
        if resource not in resources:
            absent.append(resource)
            continue
        paths, more = _resource_files(folder, resources[resource], tables[name], kind)
        problems += more
        if paths:
            files[name, kind] = paths
    if absent:
        told = f"the package has no {', '.join(absent)}: what needs them is not checked"
        problems.append(Problem(path=DESCRIPTOR, code=ABSENT, message=told, severity="warning"))
    unknown = [visible(name) for name in resources if name not in expected]
    if unknown:
        more_ = f" and {len(unknown) - LISTED} more" if len(unknown) > LISTED else ""
        told = f"no table of the model has the resource {', '.join(unknown[:LISTED])}{more_}: it is not checked"
        problems.append(Problem(path=DESCRIPTOR, code="unknown-resource", message=told, severity="warning"))
    return Input(folder, descriptor, files, tuple(problems))


def _resource_files(
    folder: Path, resource: Mapping[str, Any], table: Table, kind: str
) -> tuple[tuple[Path, ...], list[Problem]]:
    """The files of a resource, all its parts; and which of them are not there or must not be opened."""
    stated, expected = resource.get("path"), data_path(table, kind)
    parts: Sequence[Any] = stated if isinstance(stated, list) else [stated]
    problem = partial(Problem, path=DESCRIPTOR, table=table.name, field="path")
    if not 0 < len(parts) <= PARTS:
        return (), [problem(code="description", message=f"there are {len(parts):,} parts, expected 1 to {PARTS:,}")]
    problems = []
    for part in parts:
        if (no_place := _no_place(folder, part)) is not None:
            told = f"the path {visible(repr(part))} is not opened, expected one within the package{no_place}"
            problems.append(problem(code="unsafe-path", message=told, hint=f"put the file at {expected}"))
            continue
        about = partial(Problem, path=visible(part), table=table.name)
        try:
            if not stat.S_ISREG((folder / part).stat().st_mode):
                problems.append(about(code="missing-file", message="there is no file, but something else"))
        except FileNotFoundError:
            problems.append(about(code="missing-file", message="the file is not there"))
        except OSError as error:
            told = f"the file cannot be read: {error.strerror}"
            problems.append(about(code="unreadable", message=told, hint=NOT_READ))
    paths = tuple(folder / part for part in parts) if not problems else ()
    # the package's readers know but one place; parts are for validation alone
    if isinstance(stated, str) and stated != expected and all(each.code == "missing-file" for each in problems):
        told = f"the path of {resource['name']} is {visible(repr(stated))}"
        problems.append(problem(code="description", message=told, hint=f"expected {expected!r}"))
    return paths, problems


def _no_place(folder: Path, part: Any) -> str | None:
    """What more there is to say of a path that leads out of a package; None for one that does not.

    Neither an address nor a drive is a path within it, and links are followed.
    """
    if not isinstance(part, str) or not part.isprintable() or re.search(_NO_PATH, part):
        return ""
    path = PurePosixPath(part)
    if path.is_absolute() or not path.parts or ".." in path.parts:
        return ""
    try:
        place = (folder / path).resolve()
    except (OSError, RuntimeError):
        # links that lead to each other lead nowhere: told where the file is looked for
        return None
    return None if place.is_relative_to(folder.resolve()) else f": a link leads to {visible(str(place))}"
