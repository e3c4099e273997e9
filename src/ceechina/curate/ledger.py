"""The ledger: every core record ever released, so that it is known when each was added and when it last changed.

`records/released.csv` is written by a release and read by every build. The hash of a record's content is the SHA-256
of a list in JSON (UTF-8, no white space, keys sorted) with an entry `[table, cells]` for its core row, for each of
its child rows and for each of its claims, sorted. Cells are the texts that CSV has, by column, empty ones left out:
of the core row and the child rows those claimed or editorial, of a claim those in `CLAIM_CELLS`. What is derived is
not hashed, nor what is empty, so a column that is added to the model changes no record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ceechina.curate.csv_rows import read_rows, render_rows
from ceechina.curate.records import Records
from ceechina.errors import Problem, suggestion
from ceechina.model.tables import Table, children, core
from ceechina.model.values import canonical

RELEASED = "released.csv"
REMEDY = "take it again from the last release; only `ceechina release` writes it"
# Problems of a record file after which nothing is known of what it holds.
UNREAD = ("unreadable", "not-utf-8", "not-yaml", "empty-file")
CLAIM_CELLS = (
    "value_table",
    "item",
    "value_column",
    "claimed_value",
    "source_id",
    "passage_id",
    "basis",
    "standing",
    "note",
    "because",
)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
# a core table and the key of one of its records
RecordKey = tuple[str, str]


@dataclass(frozen=True)
class Released:
    """A core record as it was last released."""

    table: str
    record_id: str
    added_in: str
    changed_in: str
    content_sha256: str


Ledger = dict[RecordKey, Released]


def read_ledger(records: Path) -> Ledger:
    """The ledger of a records folder, empty where nothing is released; raise ProblemsError where it cannot be read."""
    return {(row.table, row.record_id): row for row in read_rows(records, RELEASED, Released, REMEDY)}


def render_ledger(ledger: Ledger) -> str:
    """The contents of the ledger's file, sorted by table and record."""
    return render_rows(Released, [row for _, row in sorted(ledger.items())])


def stamp(rows: Rows, ledger: Ledger, tables: Mapping[str, Table], version: str) -> dict[str, list[dict[str, Any]]]:
    """Rows with the versions in which each core record was added and last changed.

    Args:
        rows: Rows by table.
        ledger: What is released.
        tables: The model.
        version: The data version being built.
    """
    stamps: dict[RecordKey, dict[str, str]] = {}
    for record, content in content_hashes(rows, tables).items():
        known = ledger.get(record)
        is_same = known is not None and known.content_sha256 == content
        stamps[record] = {
            "added_in": known.added_in if known else version,
            "changed_in": known.changed_in if known and is_same else version,
        }
    return {
        name: [{**row, **stamps.get((name, row[tables[name].key[0]]), {})} for row in content]
        for name, content in rows.items()
    }


def updated(rows: Rows, ledger: Ledger, tables: Mapping[str, Table]) -> Ledger:
    """The ledger once these rows, stamped, are released; records that went stay in it."""
    hashes = content_hashes(rows, tables)
    fresh = {
        (table.name, row[table.key[0]]): (row["added_in"], row["changed_in"])
        for table in core(tables)
        for row in rows[table.name]
    }
    return ledger | {key: Released(*key, *versions, hashes[key]) for key, versions in fresh.items()}


def content_hashes(rows: Rows, tables: Mapping[str, Table]) -> dict[RecordKey, str]:
    """SHA-256 of the content of every core record; the module's docstring defines it."""
    parts: dict[RecordKey, list[Any]] = {}
    for table in core(tables):
        for each in (table, *children(tables, table.name)):
            names = [column.name for column in each.columns if column.origin != "derived"]
            for row in rows[each.name]:
                parts.setdefault((table.name, row[table.key[0]]), []).append([each.name, _cells(row, names)])
    for row in rows["claims"]:
        parts.setdefault((row["record_table"], row["record_id"]), []).append(["claims", _cells(row, CLAIM_CELLS)])
    return {record: _sha256(content) for record, content in parts.items()}


def _cells(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    return {name: canonical(row[name]) for name in names if row[name] is not None}


def _sha256(content: list[Any]) -> str:
    entries = sorted(_json(entry) for entry in content)
    return hashlib.sha256(f"[{','.join(entries)}]".encode()).hexdigest()


def _json(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def history_problems(records: Records, ledger: Ledger, version: str) -> list[Problem]:
    """What is wrong between the records, what was released of them, and the reasons given for changes.

    Args:
        records: What people wrote.
        ledger: What is released.
        version: The data version being built.
    """
    return [*_lost(records, ledger), *_baseless(records, ledger, version)]


def _lost(records: Records, ledger: Ledger) -> Iterator[Problem]:
    """Released records that are neither there nor retired."""
    retired = {(row.get("record_table"), row["retired_id"]) for row in records.reference["retired_ids"]}
    unread = [PurePosixPath(problem.path) for problem in records.problems if problem.code in UNREAD]
    # the first line is the header
    for line, (table, record_id) in enumerate(ledger, start=2):
        # a file that cannot be read may have it, and that is told
        hidden = any(path.parent.name == table and f"{record_id}-".startswith(f"{path.stem}-") for path in unread)
        if not hidden and (table, record_id) not in records.places and (table, record_id) not in retired:
            yield Problem(
                path=f"records/{RELEASED}",
                line=line,
                table=table,
                key=record_id,
                code="released-not-retired",
                message=f"{record_id!r} of {table} was released and is no longer there",
                hint="list it in records/retired.yaml with its successor, if any, and the reason",
            )


def _baseless(records: Records, ledger: Ledger, version: str) -> Iterator[Problem]:
    """Reasons for changes of records that never were, or of a version that is yet to come."""
    retired = {(row.get("record_table"), row["retired_id"]) for row in records.reference["retired_ids"]}
    there = {*records.places, *ledger, *retired}
    for row in records.reference["changes"]:
        place = records.places["changes", row["change_id"]]
        # what a row lacks is told where rows are checked
        table, record_id, of = row.get("changed_table"), row.get("changed_id"), row.get("version")
        if table and record_id and (table, record_id) not in there:
            near = suggestion(record_id, [key for name, key in there if name == table])
            yield place.problem("unknown-id", f"{record_id!r} is and was not in {table}; {near}", value=record_id)
        if of and _numbers(of) > _numbers(version):
            told = f"the change is of version {of}, and {version} is being built"
            yield place.problem("future-change", told, value=of, hint="correct one of the two")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
