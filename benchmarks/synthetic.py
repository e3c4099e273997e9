"""Packages in our shape of any size: the published one, its records repeated under new ids.

    python benchmarks/synthetic.py FOLDER 1000000 csv

writes a package whose largest table, `claims`, has about that many rows; every rule holds in it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from ceechina.model.records import model
from ceechina.model.render import data_path, resource_description
from ceechina.model.tables import Column, Table
from ceechina.model.values import SHA256
from ceechina.validate.rules import literal, quoted

PUBLISHED = Path(__file__).resolve().parents[1] / "datapackage"
# what the records of every copy share
SHARED = ("countries", "sources")
# columns of free text that nothing refers to
WORDED = ("name", "summary", "first_words", "last_words", "note", "because")


def write_package(folder: Path, rows: int, kind: str) -> Path:
    """A package of one format with about `rows` claims.

    Args:
        folder: Where to write it; its parent must be there.
        rows: Rows of `claims`, rounded up to whole copies of the published package.
        kind: "csv" or "parquet".
    """
    tables = model()
    (folder / "data").mkdir(parents=True)
    resources = []
    with duckdb.connect() as connection:
        copies = -(-rows // _count(connection, PUBLISHED / "data" / "claims.parquet"))
        for table in tables.values():
            path = folder / data_path(table, kind)
            shape = "HEADER, DELIMITER ','" if kind == "csv" else "COMPRESSION zstd"
            connection.execute(
                f"COPY ({_copied(table, tables, copies)}) TO {literal(str(path))} (FORMAT {kind}, {shape})"
            )
            resources.append(_resource(table, kind, path, connection))
    head = json.loads((PUBLISHED / "datapackage.json").read_text(encoding="utf-8"))
    (folder / "datapackage.json").write_text(json.dumps(head | {"resources": resources}), encoding="utf-8")
    return folder


def _count(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    found = connection.execute(f"SELECT count(*) FROM read_parquet({literal(str(path))})").fetchall()
    return int(found[0][0])


def _resource(table: Table, kind: str, path: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = connection.execute(f"SELECT count(*) FROM {literal(str(path))}").fetchall()[0][0]
    size = "bytes" if kind == "csv" else "fileBytes"
    return resource_description(table, kind) | {
        "rows": rows, size: path.stat().st_size, "hash": f"sha256:{digest}"
    }  # fmt: skip


def _copied(table: Table, tables: Mapping[str, Table], copies: int) -> str:
    source = f"read_parquet({literal(str(PUBLISHED / data_path(table, 'parquet')))})"
    if table.name in SHARED:
        return f"SELECT * FROM {source}"
    cells = ", ".join(f"{_cell(table, column, tables)} AS {quoted(column.name)}" for column in table.columns)
    # copy after copy, so that equal cells do not stand in one run, which Parquet would make nothing of
    rows = f"(SELECT row_number() OVER () AS r, * FROM {source})"
    return f"SELECT {cells} FROM range({copies}) AS copies(n), {rows} AS t ORDER BY n, r"


def _cell(table: Table, column: Column, tables: Mapping[str, Table]) -> str:
    """A cell of the n-th copy: ids end on its number, names begin with it."""
    cell = f"t.{quoted(column.name)}"
    renamed = f"{cell} || '-' || n"
    if column.name in WORDED:
        # in words of its own: equal text in every copy would cost next to nothing
        return f"left(md5(n || {cell}), 6) || ' ' || {cell}"
    if column.scalar is SHA256:
        return f"sha256({cell} || n)"
    if table.name == "claims" and column.name in ("item", "claimed_value"):
        return _claim_cell(column.name, tables)
    if column.reference:
        return renamed if column.reference not in SHARED else cell
    own = column.name == table.key[0] or (table.name == "claims" and column.name == "record_id")
    return renamed if own else cell


def _claim_cell(name: str, tables: Mapping[str, Table]) -> str:
    """What a claim says of other records must be of the same copy."""
    listed, valued = [], []
    for table in tables.values():
        for column in table.claimed:
            if column.reference and column.reference not in SHARED:
                place = f"(t.value_table = {literal(table.name)} AND t.value_column = {literal(column.name)})"
                valued.append(place)
        if table.item_key and table.item_key[0].reference not in ("", *SHARED):
            listed.append(table.name)
    if name == "item":
        these = ", ".join(literal(each) for each in listed)
        return (
            f"CASE WHEN t.value_table IN ({these}) THEN split_part(t.item, '/', 1) || '-' || n || "
            "substr(t.item, length(split_part(t.item, '/', 1)) + 1) ELSE t.item END"
        )
    return f"CASE WHEN {' OR '.join(valued)} THEN t.claimed_value || '-' || n ELSE t.claimed_value END"


if __name__ == "__main__":
    write_package(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
