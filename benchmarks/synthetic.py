"""Packages in our shape of any size: the published one, its records repeated under new ids.

    python benchmarks/synthetic.py FOLDER 1000000 csv [planted | bad]

writes a package whose largest table, `claims`, has about that many rows. Every rule holds in it; or twenty errors are
planted, with their places in `planted.json` beside the folder; or every cell is bad (CSV alone).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from planted import Edit, copy_of, plants

from ceechina.model.records import model
from ceechina.model.render import data_path, resource_description
from ceechina.model.tables import Column, Table
from ceechina.model.values import SHA256
from ceechina.quoting import literal, quoted

PUBLISHED = Path(__file__).resolve().parents[1] / "datapackage"
# what the records of every copy share
SHARED = ("countries", "sources")
# columns of free text that nothing refers to
WORDED = ("name", "summary", "first_words", "last_words", "note", "because")
# what ids of the n-th copy begin with
COPY = "'c' || n || '-'"


# Edits of rows, each with the number of the copy it is made in.
Edits = Sequence[tuple[int, Edit]]


def write_package(folder: Path, rows: int, kind: str, state: str = "good") -> Path:
    """A package of one format with about `rows` claims.

    Args:
        folder: Where to write it; its parent must be there.
        rows: Rows of `claims`, rounded up to whole copies of the published package.
        kind: "csv" or "parquet".
        state: "good", "planted" or "bad".
    """
    tables = model()
    (folder / "data").mkdir(parents=True)
    resources = []
    with duckdb.connect() as connection:
        copies = -(-rows // _count(connection, PUBLISHED / "data" / "claims.parquet"))
        edits = _planted(folder, kind, copies, connection) if state == "planted" else []
        for table in tables.values():
            path = folder / data_path(table, kind)
            shape = "HEADER, DELIMITER ','" if kind == "csv" else "COMPRESSION zstd"
            here = [(copy, edit) for copy, edit in edits if edit.table == table.name]
            copied = _copied(table, tables, copies, here, is_text=kind == "csv")
            query = _spoilt(table, copies) if state == "bad" else copied
            connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT {kind}, {shape})")
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


def _planted(folder: Path, kind: str, copies: int, connection: duckdb.DuckDBPyConnection) -> Edits:
    """The edits that plant errors; the rows where each may be told are written beside the package."""
    found = plants(kind)
    places, edits = {}, []
    for number, plant in enumerate(found):
        copy, (name, where) = copy_of(number, len(found), copies), plant.place
        source = _published(name)
        of_copy = copy * connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
        rows = connection.execute(f"SELECT r FROM {source} WHERE {where}").fetchall()
        if not rows:
            raise SystemExit(f"{plant.name!r} cannot be planted: the published {name} has no row where {where}")
        places[plant.name] = [(name, of_copy + row) for (row,) in rows]
        edits += [(copy, edit) for edit in plant.edits]
    (folder.parent / "planted.json").write_text(json.dumps(places), encoding="utf-8")
    return edits


def _published(name: str) -> str:
    """The rows of a published table, numbered."""
    path = PUBLISHED / data_path(model()[name], "parquet")
    return f"(SELECT row_number() OVER () AS r, * FROM read_parquet({literal(str(path))}))"


def _copied(table: Table, tables: Mapping[str, Table], copies: int, edits: Edits, *, is_text: bool) -> str:
    if table.name in SHARED:
        return f"SELECT * EXCLUDE r FROM {_published(table.name)}"
    cells = ", ".join(
        f"{_edited(column, _cell(table, column, tables), edits, is_text=is_text)} AS {quoted(column.name)}"
        for column in table.columns
    )
    lost = " OR ".join(f"(n = {copy} AND {edit.where})" for copy, edit in edits if not edit.cells)
    # copy after copy, so that equal cells do not stand in one run, which Parquet would make nothing of
    return (
        f"SELECT {cells} FROM range({copies}) AS copies(n), {_published(table.name)} AS t "
        f"WHERE NOT ({lost or 'false'}) ORDER BY n, r"
    )


def _edited(column: Column, cell: str, edits: Edits, *, is_text: bool) -> str:
    shape = "CAST({} AS VARCHAR)" if is_text else "{}"
    cases = " ".join(
        f"WHEN n = {copy} AND {edit.where} THEN {shape.format(edit.cells[column.name])}"
        for copy, edit in edits
        if column.name in edit.cells
    )
    return f"CASE {cases} ELSE {shape.format(cell)} END" if cases else cell


def _spoilt(table: Table, copies: int) -> str:
    """As many rows, of which no cell is good and none like another."""
    cells = ", ".join(f"'? ' || n || '-' || r || ' ' AS {quoted(column.name)}" for column in table.columns)
    return f"SELECT {cells} FROM range({copies}) AS copies(n), {_published(table.name)} AS t ORDER BY n, r"


def _cell(table: Table, column: Column, tables: Mapping[str, Table]) -> str:
    """A cell of the n-th copy: ids begin with its number."""
    cell = f"t.{quoted(column.name)}"
    renamed = f"{COPY} || {cell}"
    if column.name in WORDED:
        # with a word of its own: equal text in every copy would cost next to nothing
        return rf"regexp_replace({cell}, '[\p{{L}}\p{{N}}]+', left(md5(n || {cell}), 14))"
    if "passage_id" in (column.name, column.reference and column.target) or column.name == "exclusion_id":
        return _passage("t.passage_id")
    if column.scalar is SHA256:
        # the id of a passage ends with the first digits
        return f"right({_passage('t.passage_id')}, 8) || substr(sha256({cell} || n), 9)"
    if table.name == "claims" and column.name in OF_CLAIMS:
        return OF_CLAIMS[column.name](tables)
    if column.reference:
        return renamed if column.reference not in SHARED else cell
    own = column.name == table.key[0] or (table.name == "claims" and column.name == "record_id")
    return renamed if own else cell


def _claim_id(tables: Mapping[str, Table]) -> str:
    item = f"coalesce({_item(tables)}, '')"
    place = f"concat_ws('|', t.value_table, {item}, t.value_column, {_passage('t.passage_id')})"
    return f"{COPY} || t.record_id || '-' || left(sha256({place}), 8)"


def _field(tables: Mapping[str, Table]) -> str:
    listed = "split_part(t.field, '/', 1) || '/'"
    rest = f"substr(t.field, length({listed}) + length(t.item) + 1)"
    return f"CASE WHEN t.item IS NULL THEN t.field ELSE {listed} || {_item(tables)} || {rest} END"


def _passage(cell: str) -> str:
    """The id of a passage in the n-th copy: of its source and eight digits that no other passage has."""
    passages = _published("passages")
    found = f"SELECT p.source_id || '-' || printf('%08x', n * 10000 + p.r) FROM {passages} AS p"
    return f"({found} WHERE p.passage_id = {cell})"


def _item(tables: Mapping[str, Table]) -> str:
    """What a claim says of other records must be of the same copy."""
    these = ", ".join(
        literal(table.name)
        for table in tables.values()
        if table.item_key and table.item_key[0].reference not in ("", *SHARED)
    )
    return f"CASE WHEN t.value_table IN ({these}) THEN {COPY} || t.item ELSE t.item END"


def _claimed_value(tables: Mapping[str, Table]) -> str:
    places = (
        f"(t.value_table = {literal(table.name)} AND t.value_column = {literal(column.name)})"
        for table in tables.values()
        for column in table.claimed
        if column.reference and column.reference not in SHARED
    )
    return f"CASE WHEN {' OR '.join(places)} THEN {COPY} || t.claimed_value ELSE t.claimed_value END"


# Cells of a claim in the n-th copy, by column.
OF_CLAIMS = {"claim_id": _claim_id, "field": _field, "item": _item, "claimed_value": _claimed_value}


if __name__ == "__main__":
    write_package(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
