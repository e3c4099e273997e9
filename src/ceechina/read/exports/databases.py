"""SQLite and DuckDB: tables with keys, constraints and code lists, which every query can trust."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError
from ceechina.quoting import literal, quoted
from ceechina.read.exports.content import CODES, COLUMNS, Content
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    import pyarrow as pa

# types of Table Schema in each database; any other is text
SQLITE = {"boolean": "INTEGER", "integer": "INTEGER", "number": "REAL"}
DUCKDB = {"boolean": "BOOLEAN", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE"}


def write_sqlite(content: Content, path: Path) -> None:
    """A SQLite database: dates as ISO 8601 text, booleans as 0 and 1, all keys declared.

    Beside the tables are `_about`, `_columns` and a table for each code list, such as `_codes_event_kind`.

    Raises:
        PackageError: Rows break the keys or constraints that the descriptor declares.
    """
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            for info in content.tables:
                connection.execute(_created(content, info, SQLITE, foreign_keys=True))
                places = ", ".join("?" for _ in info.columns)
                connection.executemany(f"INSERT INTO {quoted(info.name)} VALUES ({places})", _rows(content.arrow(info)))
            for statement, rows in _documentation(content, SQLITE):
                connection.execute(statement)
                connection.executemany(*rows)
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise _damaged(content, error) from error
    if broken:
        raise _damaged(content, f"row {broken[1]} of {broken[0]} refers to a row that {broken[2]} has not")


def write_duckdb(content: Content, path: Path) -> None:
    """A DuckDB database: typed, with primary keys, constraints, and comments on tables and columns.

    References are told in the comments alone: DuckDB cannot fill a table that refers to itself.

    Raises:
        PackageError: Rows break the keys or constraints that the descriptor declares.
    """
    import duckdb

    try:
        with duckdb.connect() as connection:
            # small blocks: DuckDB takes at least one for every column
            connection.execute(f"ATTACH {literal(str(path))} AS exported (BLOCK_SIZE 16384)")
            connection.execute("USE exported")
            for info in content.tables:
                connection.execute(_created(content, info, DUCKDB, foreign_keys=False))
                connection.register("_rows", content.arrow(info))
                connection.execute(f"INSERT INTO {quoted(info.name)} SELECT * FROM _rows")
                connection.unregister("_rows")
                for comment in _comments(info):
                    connection.execute(comment)
            for statement, (insert, rows) in _documentation(content, DUCKDB):
                connection.execute(statement)
                connection.executemany(insert, rows)
    except duckdb.Error as error:
        raise _damaged(content, error) from error


def _damaged(content: Content, error: object) -> PackageError:
    folder = content.package.folder
    return PackageError(
        f"the package in {folder} breaks its own rules: {error}; `ceechina validate {folder}` says where"
    )


def _created(content: Content, info: TableInfo, types: Mapping[str, str], foreign_keys: bool) -> str:
    """The statement that makes a table with its keys and constraints."""
    lists = content.code_lists(info.name)
    lines = []
    for column in info.columns:
        parts = [quoted(column.name), types.get(column.type, "TEXT")]
        parts += ["NOT NULL"] if column.required else []
        allowed = ("0", "1") if column.type == "boolean" and types is SQLITE else map(literal, column.codes)
        check = ", ".join(allowed)
        parts += [f"CHECK ({quoted(column.name)} IN ({check}))"] if check else []
        target = column.reference or (f"_codes_{lists[column.name]}" if column.name in lists else "")
        parts += [f"REFERENCES {quoted(target)}"] if target and foreign_keys else []
        lines.append(" ".join(parts))
    lines.append(f"PRIMARY KEY ({', '.join(map(quoted, info.key))})")
    return f"CREATE TABLE {quoted(info.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _documentation(
    content: Content, types: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, Sequence[Sequence[Any]]]]]:
    """Statements that make and fill the tables that explain the others."""
    whole = types["integer"]
    yield _listing("_about", ("label", "value"), "label", content.about(), whole)
    yield _listing("_columns", COLUMNS, "table_name, column_name", content.columns(), whole)
    for name, codes in groupby(content.codes(), key=lambda code: code[0]):
        yield _listing(f"_codes_{name}", CODES[1:], "code", [code[1:] for code in codes], whole)


def _listing(
    name: str, columns: Sequence[str], key: str, rows: Sequence[Sequence[Any]], whole: str
) -> tuple[str, tuple[str, Sequence[Sequence[Any]]]]:
    typed = ", ".join(f"{column} {whole if column == 'position' else 'TEXT'}" for column in columns)
    places = ", ".join("?" for _ in columns)
    insert = f"INSERT INTO {quoted(name)} VALUES ({places})"
    return f"CREATE TABLE {quoted(name)} ({typed}, PRIMARY KEY ({key}))", (insert, rows)


def _comments(info: TableInfo) -> Iterator[str]:
    yield f"COMMENT ON TABLE {quoted(info.name)} IS {literal(info.description)}"
    for column in info.columns:
        told = f"{column.description} Refers to {column.reference}." if column.reference else column.description
        yield f"COMMENT ON COLUMN {quoted(info.name)}.{quoted(column.name)} IS {literal(told)}"


def _rows(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    """Rows with dates as text, as SQLite has no type for them."""
    import pyarrow as pa

    columns = (column.cast(pa.string()) if pa.types.is_date(column.type) else column for column in table.columns)
    return zip(*(column.to_pylist() for column in columns), strict=True)
