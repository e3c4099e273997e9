"""Tables computed anew from the claims: under another policy, or as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ceechina.read.provenance import derive
from ceechina.read.provenance.claims import Case, cases
from ceechina.read.provenance.policy import decide
from ceechina.read.tables.dates import bounds, precision
from ceechina.read.tables.descriptor import COMPANIONS, ColumnInfo, TableInfo

if TYPE_CHECKING:
    import pyarrow as pa

    from ceechina.read.package import Package

Record = dict[str, Any]


@lru_cache(maxsize=4)
def recomputed(package: Package, policy: str, as_of: dt.date | None) -> Mapping[str, pa.Table]:
    """Every table that rests on claims, as a policy and a day have it; the last few are kept.

    A row that lacks a required value is left out, and with a record its rows in the tables below it. Names and
    summaries are ours and stay; `claims` keep the standing they have among the claims known by then.
    """
    found = cases(package, as_of)
    tables = {info.name: info for info in package.tables()}
    context = derive.Context(package)
    rows: dict[str, list[Record]] = {info.name: [] for info in tables.values() if info.part in ("core", "child")}
    for core in package.core():
        children = [info for info in tables.values() if info.parent == core.name]
        for published in package.arrow(core.name).to_pylist():
            case = found.get(published[core.key[0]])
            if case is not None:
                row, kids = _record(published, case, core, children, policy, tables, context)
                if _is_complete(core, row):
                    rows[core.name].append(row)
                    for name, of_list in kids.items():
                        rows[name] += of_list
    made = {name: _arrow(package, tables[name], content) for name, content in rows.items()}
    return made if as_of is None else {**made, **_of_sources(package, found, as_of)}


def _record(
    published: Record,
    case: Case,
    core: TableInfo,
    children: Sequence[TableInfo],
    policy: str,
    tables: Mapping[str, TableInfo],
    context: derive.Context,
) -> tuple[Record, dict[str, list[Record]]]:
    """A record's own row and the rows of its lists."""
    decided = decide(case, policy, tables)
    record_id = published[core.key[0]]
    kids: dict[str, list[Record]] = {}
    for info in children:
        items = [(item.split("/"), values) for (table, item), values in decided.items() if table == info.name]
        made = [
            _row(info, dict(zip(info.key, (record_id, *item), strict=True)), values) for item, values in sorted(items)
        ]
        kids[info.name] = [row for row in made if _is_complete(info, row)]
    base = {column.name: None if column.origin == "claimed" else published[column.name] for column in core.columns}
    row = _row(core, base, decided.get((core.name, ""), {}))
    row.update(context.derived(core, row, kids, case.claims))
    return _with_companions(core, row), kids


def _row(info: TableInfo, base: Record, values: Mapping[str, str]) -> Record:
    parsed = {column: _parsed(text, info[column]) for column, text in values.items()}
    return _with_companions(info, {**dict.fromkeys(info.names), **base, **parsed})


def _parsed(text: str, column: ColumnInfo) -> Any:
    """The text of a claim as a value of its column."""
    match column.type:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return text == "true"
        case "date":
            return dt.date.fromisoformat(text)
    return text


def _with_companions(info: TableInfo, row: Record) -> Record:
    for column in info.dated:
        text = row[column]
        told = (*bounds(text), precision(text)) if text else (None, None, None)
        row.update({f"{column}_{name}": value for name, value in zip(COMPANIONS, told, strict=True)})
    return row


def _is_complete(info: TableInfo, row: Record) -> bool:
    return all(row[column.name] is not None for column in info.columns if column.required)


def _arrow(package: Package, info: TableInfo, rows: list[Record]) -> pa.Table:
    import pyarrow as pa

    rows.sort(key=lambda row: tuple(row[name] for name in info.key))
    return pa.Table.from_pylist(rows, schema=package.arrow(info.name).schema)


def _of_sources(package: Package, known: Mapping[str, Case], day: dt.date) -> dict[str, pa.Table]:
    """Claims as they stood on a day, and the tables that hold sources or tell of them, as far as published by then."""
    standing = {claim.claim_id: claim for case in known.values() for claim in case.claims}
    sources = {
        row["source_id"]
        for row in package.arrow("sources").to_pylist()
        if (row["published_latest"] or dt.date.max) <= day
    }
    found: dict[str, pa.Table] = {}
    for info in package.tables():
        if "source_id" in info.names:
            rows = [row for row in package.arrow(info.name).to_pylist() if row["source_id"] in sources]
            for row in rows if info.name == "claims" else ():
                claim = standing[row["claim_id"]]
                row.update(standing=claim.standing, because=claim.because)
            found[info.name] = _arrow(package, info, rows)
    return found
