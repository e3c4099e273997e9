"""Files without a descriptor, known by their names, each as the file of a table or a part of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ceechina.errors import LISTED, Problem, UnknownNameError, suggestion, visible
from ceechina.model.render import FORMATS
from ceechina.model.tables import Table

# Files by the table and the format they are of.
Files = Mapping[tuple[str, str], tuple[Path, ...]]


def kind_of(path: Path) -> str:
    """The format that a file's name tells."""
    return path.suffix.lower().removeprefix(".")


def known(name: str, tables: Mapping[str, Table]) -> str:
    """The name of a table; raise UnknownNameError where none is called so."""
    if name not in tables:
        raise UnknownNameError("table", name, list(tables), "say with --table which table the file is of")
    return name


def grouped(paths: Iterable[Path], tables: Mapping[str, Table], table: str) -> Files:
    """Files by table: the one given, or that each is named by, itself or its folder above those such as `year=2020`."""
    files: dict[tuple[str, str], tuple[Path, ...]] = {}
    for path in paths:
        folder = next((name for name in reversed(path.absolute().parent.parts) if "=" not in name), "")
        name = table or (folder if path.stem not in tables and folder in tables else known(path.stem, tables))
        files[name, kind_of(path)] = (*files.get((name, kind_of(path)), ()), path)
    return files


def named(folder: Path, tables: Iterable[str]) -> dict[tuple[str, str], tuple[Path, ...]]:
    """Files of tables in a folder or its `data`: `projects.csv`, or parts in a folder `projects` or `projects.csv`."""
    here = places(folder)
    found = {
        (table, kind): tuple(
            part
            for place in here
            if (place.name == table and place.is_dir()) or (place.stem, kind_of(place)) == (table, kind)
            for part in parts(place, kind)
        )
        for table in tables
        for kind in FORMATS
    }
    return {key: parts for key, parts in found.items() if parts}


def places(folder: Path) -> list[Path]:
    """What is in a folder and in its `data`."""
    return [place for base in (folder, folder / "data") if base.is_dir() for place in sorted(base.iterdir())]


def unread(folder: Path, files: Files, tables: Sequence[str]) -> list[Problem]:
    """Warnings of files beside those that are read, whose names are no tables'."""
    read = {path for paths in files.values() for path in paths}
    beside = [place for place in places(folder) if place.is_file() and kind_of(place) in FORMATS and place not in read]
    told = [
        Problem(
            path=place.relative_to(folder).as_posix(),
            code="unread-file",
            message=f"nothing reads the file: {visible(place.stem)!r} is no table; {suggestion(place.stem, tables)}",
            hint="name it as its table, or give it by itself with --table",
            severity="warning",
        )
        for place in beside[:LISTED]
    ]
    if len(beside) > LISTED:
        more = f"nothing reads {len(beside) - LISTED:,} more files, whose names are no tables'"
        told.append(Problem(code="unread-file", message=more, severity="warning"))
    return told


def _beneath(folder: Path) -> Iterator[Path]:
    """The files in a folder and in those within it; raise OSError where one may not be read."""

    def refuse(error: OSError) -> None:
        raise error

    for parent, _, names in os.walk(folder, onerror=refuse) if folder.is_dir() else ():
        yield from (Path(parent, name) for name in names)


def parts(place: Path, kind: str) -> tuple[Path, ...]:
    """A file, or the files of a format in a folder and its subfolders; what engines hide begins with `_` or `.`."""
    if place.is_file():
        return (place,)
    found = (path for path in _beneath(place) if kind_of(path) == kind and path.is_file())
    hidden = ("_", ".")
    return tuple(
        sorted(path for path in found if not any(name.startswith(hidden) for name in path.relative_to(place).parts))
    )
