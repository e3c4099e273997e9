"""The rows of two packages compared by key, in DuckDB: only rows that differ come to Python."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError
from ceechina.quoting import parquet, quoted
from ceechina.read.differences.parts import Change, Part, Verb
from ceechina.read.package import Package
from ceechina.read.tables.descriptor import COMPANIONS, TableInfo

if TYPE_CHECKING:
    import duckdb

# columns of core tables that count and date what is told elsewhere
BOOKKEEPING = ("claim_count", "source_count", "source_ids", "is_contested", "added_in", "changed_in")
HISTORY = ("retired_ids", "changes")


@dataclass(frozen=True)
class _Row:
    """A row by its key as it stands in either package; None where it is not there."""

    key: tuple[Any, ...]
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def row_changes(a: Package, b: Package) -> list[Change]:
    """Rows added and removed, and cells changed, of all tables in both packages that have the same key.

    Raises:
        PackageError: A table's file is missing or is not what its descriptor says.
    """
    import duckdb

    theirs = {info.name: info for info in b.tables()}
    found: list[Change] = []
    # what does not fit into memory goes where such things go, not into the current folder
    with duckdb.connect(config={"temp_directory": tempfile.gettempdir()}) as connection:
        for before in a.tables():
            after = theirs.get(before.name)
            if after is None or after.key != before.key:
                continue
            old, new = a.file(before.name), b.file(before.name)
            try:
                rows = list(_differing(connection, parquet(old), parquet(new), before, after))
            except duckdb.Error as error:
                told = f"{old} and {new} cannot be compared: {error}"
                raise PackageError(told) from error
            for row in rows:
                found += _told(row, before, after, _listed(b, before.name))
    return _without_followers(found)


def _differing(
    connection: duckdb.DuckDBPyConnection, old: str, new: str, before: TableInfo, after: TableInfo
) -> Iterator[_Row]:
    common = [name for name in before.names if name in after.names and name not in before.key]
    compared = [name for name in common if not (before.part == "core" and name in BOOKKEEPING)]
    differs = [
        f"CAST(a.{quoted(name)} AS VARCHAR) IS DISTINCT FROM CAST(b.{quoted(name)} AS VARCHAR)"
        if before[name].type != after[name].type
        else f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}"
        for name in compared
    ]
    key = ", ".join(quoted(name) for name in before.key)
    columns = [f"a.{quoted(name)}" for name in before.names] + [f"b.{quoted(name)}" for name in after.names]
    sql = f"""
        SELECT {key}, a.is_there, b.is_there, {", ".join(columns)}
        FROM (SELECT *, true AS is_there FROM {old}) AS a
        FULL JOIN (SELECT *, true AS is_there FROM {new}) AS b USING ({key})
        WHERE a.is_there IS NULL OR b.is_there IS NULL OR {" OR ".join(differs) or "false"}
        ORDER BY {key}"""
    for row in connection.execute(sql).fetchall():
        at = len(before.key)
        cells = [value.isoformat() if isinstance(value, dt.date) else value for value in row]
        was, now = cells[at + 2 : at + 2 + len(before.names)], cells[at + 2 + len(before.names) :]
        yield _Row(
            tuple(row[:at]),
            dict(zip(before.names, was, strict=True)) if row[at] else None,
            dict(zip(after.names, now, strict=True)) if row[at + 1] else None,
        )


def _listed(package: Package, table: str) -> str:
    """What a record file calls the list that a child table is written as."""
    return next(
        (str(res["listed"]) for res in package.descriptor["resources"] if res["table"] == table and "listed" in res), ""
    )


def _told(row: _Row, before: TableInfo, after: TableInfo, listed: str) -> Iterator[Change]:
    """The row as changes: itself where only one package has it, else each cell that differs."""
    item = "/".join([listed, *map(str, row.key[1:])]) if before.parent else ""

    def change(verb: Verb, column: str, old: Any, new: Any, is_derived: bool = False) -> Change:
        info = before if row.new is None else after
        field = _field(info, item, column) if column else item
        key = "/".join(map(str, row.key))
        owner = _owner(info, row)
        return Change(verb, info.name, _part(info), owner, key, field, column, old, new, is_derived)

    if row.old is None or row.new is None:
        info, content = (after, row.new) if row.old is None else (before, row.old)
        cells = _cells(info, content or {})
        yield change("added", "", None, cells) if row.old is None else change("removed", "", cells, None)
        return
    for name in after.names:
        if name not in row.old or name in before.key or (before.part == "core" and name in BOOKKEEPING):
            continue
        old, new = row.old[name], row.new[name]
        is_same = old == new if before[name].type == after[name].type else str(old) == str(new)
        if not is_same:
            yield change("changed", name, old, new, after[name].origin == "derived")


def _part(info: TableInfo) -> Part:
    match info.part:
        case "core":
            return "core"
        case "child":
            return "child"
    if info.name in HISTORY:
        return "history"
    # a key that nobody wrote is that of a passage, or of what is said of one
    return "evidence" if info[info.key[0]].origin == "derived" else "reference"


def _owner(info: TableInfo, row: _Row) -> tuple[str, str]:
    """Table and key of the record a row belongs to: its own where it belongs to no other."""
    content = row.new or row.old or {}
    if info.name == "claims":
        return content["record_table"], content["record_id"]
    return (info.parent or info.name), str(row.key[0])


def _field(info: TableInfo, item: str, column: str) -> str:
    """A cell as a record file names it."""
    written = column.removesuffix("_id") if info[column].reference else column
    return f"{item}/{written}" if item else written


def _cells(info: TableInfo, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says by itself: neither its key nor what follows from other cells."""
    return {
        name: value
        for name, value in content.items()
        if value is not None
        and name not in info.key
        and not (info.part in ("core", "child") and info[name].origin == "derived")
    }


def _without_followers(changes: list[Change]) -> list[Change]:
    """Changes without those that follow from others: bounds of a date, and what is derived from a changed record."""
    moved = {change.record for change in changes if change.part in ("core", "child") and not change.is_derived}
    cells = {(change.table, change.key, change.column) for change in changes}

    def follows(change: Change) -> bool:
        base, _, suffix = change.column.rpartition("_")
        is_bound = suffix in COMPANIONS and (change.table, change.key, base) in cells
        return is_bound or (change.is_derived and change.part in ("core", "child") and change.record in moved)

    return [change for change in changes if not follows(change)]
