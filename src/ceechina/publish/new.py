"""The start of a record: a file with the keys of its table, ready to be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ceechina.curate.passages import FEWEST_WORDS
from ceechina.curate.read import read_records
from ceechina.curate.records import Records
from ceechina.errors import PackageError, TakenError, UnknownNameError, UnsupportedError
from ceechina.model.records import model
from ceechina.model.tables import Column, Table, children, core
from ceechina.model.values import MOST_WORDS

HEAD = (
    f"# A passage, `first words … last words`, {FEWEST_WORDS} to {MOST_WORDS} each, states every value beside it.",
    "# Take the # off the keys it has values for; in the end delete the other comments.",
)


def new_record(kind: str, record_id: str, records: Path) -> Path:
    """Write the skeleton of a record; return its path.

    Args:
        kind: A core table in the singular: project, agreement, meeting or membership.
        record_id: Slug of the record; for a membership that of the body, whose spells share a file.
        records: Folder of record files.

    Raises:
        UnknownNameError: There is no such kind.
        UnsupportedError: The id is no slug.
        TakenError: The id is in use or retired, or the file exists.
        PackageError: There is no records folder.
    """
    tables = model()
    kinds = {table.key[0].removesuffix("_id"): table for table in core(tables)}
    if kind not in kinds:
        raise UnknownNameError("kind of record", kind, list(kinds))
    table = kinds[kind]
    try:
        table[table.key[0]].parse(record_id)
    except ValueError as error:
        raise UnsupportedError(str(error)) from error
    path = records / table.name / f"{record_id}.yaml"
    found = _found(records, tables)
    if found and not table.group:
        _refuse_taken(record_id, found, tables)
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(skeleton(table, tables, record_id))
    except FileExistsError as error:
        raise TakenError(f"{path} exists; add your claims to it, or choose another id") from error
    return path


def _found(records: Path, tables: Mapping[str, Table]) -> Records | None:
    """What the folder holds; None where this will be its first record."""
    try:
        return read_records(records, tables)
    except PackageError:
        if records.is_dir():
            return None
        raise


def _refuse_taken(record_id: str, found: Records, tables: Mapping[str, Table]) -> None:
    """Claims name records of all core tables alike, so these share their ids, and a retired one never comes back."""
    for table in core(tables):
        if place := found.places.get((table.name, record_id)):
            raise TakenError(f"{record_id!r} is taken by {place}; add your claims there, or choose another id")
    if place := found.places.get(("retired_ids", record_id)):
        raise TakenError(f"{record_id!r} is retired by {place}; choose another id")


def skeleton(table: Table, tables: Mapping[str, Table], record_id: str) -> str:
    """The text of a record file: keys that must be written, and the others behind a `#`, each with its meaning."""
    lines = [f"# yaml-language-server: $schema=../../schema/records/{table.name}.json", *HEAD]
    if table.group:
        lines.append(f"{table[table.group].written}: {record_id}")
    else:
        lines.append(f"id: {record_id}")
        editorial = [column for column in table.columns if column.origin == "editorial" and column.name != table.key[0]]
        lines += [_key(column, column.required) for column in editorial]
    first, *rest = _claim(table, tables)
    lines += ["claims:", f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _claim(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """The lines of one block of claims."""
    claims = tables["claims"]
    yield _key(claims["source_id"], needed=True)
    yield f"passage:  # {tables['passages'].description}"
    # by silence a value is stated, and what is stated needs no note
    yield from (_key(claims[name], needed=False) for name in ("basis", "note"))
    if table.group:
        yield from _items(table)
        return
    yield from (_key(column, column.required) for column in table.claimed)
    for child in children(tables, table.name):
        yield from (f"# {line}" for line in _items(child))


def _key(column: Column, needed: bool) -> str:
    codes = f" See schema/codes/{column.codes.name}.csv." if column.codes else ""
    return f"{'' if needed else '# '}{column.written}:  # {column.description}{codes}"


def _items(table: Table) -> Iterator[str]:
    """A list with one item to fill in."""
    yield f"{table.listed}:  # {table.description}"
    slug = ["id"] if table.slug_key or table.group else []
    needed = [column for column in table.claimed if column.required and column.default is None]
    others = [column for column in table.claimed if column not in needed]
    also = f"  # also {_names(others)}" if others else ""
    yield f"  - {{{', '.join(f'{key}: ' for key in [*slug, *(column.written for column in needed)])}}}{also}"


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(column.written for column in columns)
