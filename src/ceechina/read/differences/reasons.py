"""Why values differ: the claims behind each change, and what these, or the records, give as its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ceechina.errors import PackageError
from ceechina.quoting import parquet
from ceechina.read.differences.parts import Change, ClaimChange, Reason, Retired, Verb
from ceechina.read.package import Package
from ceechina.read.tables.dates import is_within


@dataclass(frozen=True)
class _Claim:
    claim_id: str
    column: str
    value: str
    standing: str
    source_id: str
    because: str
    passage: str


# the claims of a row by table, record and item, and by their ids
Rows = Mapping[tuple[str, str, str], Mapping[str, _Claim]]


def retired_ids(a: Package, b: Package) -> tuple[Retired, ...]:
    """Ids that the second package has retired and the first has not."""
    known = {row["retired_id"] for row in _rows(a, "retired_ids")}
    return tuple(
        Retired(row["record_table"], row["retired_id"], row["successor_id"] or "", row["because"])
        for row in _rows(b, "retired_ids")
        if row["retired_id"] not in known
    )


def explained(changes: Iterable[Change], a: Package, b: Package, retired: Iterable[Retired]) -> tuple[Change, ...]:
    """Changes of records with the claims behind them and their reasons."""
    changes = list(changes)
    records = sorted({change.record[1] for change in changes if change.part in ("core", "child")})
    before, after = _claims(a, records), _claims(b, records)
    known = {row["change_id"] for row in _rows(a, "changes")}
    written = [row for row in _rows(b, "changes") if row["change_id"] not in known]
    gone = {(each.table, each.record_id): each for each in retired}
    dated = {(info.name, name) for info in b.tables() for name in info.dated}
    found = []
    for change in changes:
        was, now = _behind(change, before), _behind(change, after)
        told = _from_records(change, written) or _from_retired(change, gone)
        is_date = (change.table, change.column) in dated
        reason = told or (None if change.is_derived else _from_claims(change, was, now, is_date))
        found.append(replace(change, reason=reason, claims=_claim_changes(was, now)))
    return tuple(found)


def _rows(package: Package, table: str) -> list[dict[str, Any]]:
    """The rows of a table that older packages may not have."""
    names = [info.name for info in package.tables()]
    return package.arrow(table).to_pylist() if table in names else []


def _claims(package: Package, records: list[str]) -> Rows:
    """The claims of some records, with the words of their passages."""
    import duckdb

    names = {info.name for info in package.tables()}
    found: defaultdict[tuple[str, str, str], dict[str, _Claim]] = defaultdict(dict)
    if not records or not {"claims", "passages"} <= names:
        return found
    claims, passages = (parquet(package.file(name)) for name in ("claims", "passages"))
    sql = f"""
        SELECT value_table, record_id, coalesce(item, ''), claim_id, value_column, claimed_value, standing, c.source_id,
               coalesce(because, ''), concat_ws(' … ', first_words, last_words)
        FROM {claims} AS c LEFT JOIN {passages} AS p USING (passage_id)
        WHERE record_id IN (SELECT unnest(?)) ORDER BY claim_id"""
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(sql, [records]).fetchall()
    except duckdb.Error as error:
        raise PackageError(f"the claims of {package.folder} cannot be read: {error}") from error
    for table, record, item, *claim in rows:
        found[table, record, item][claim[0]] = _Claim(*claim)
    return found


def _behind(change: Change, claims: Rows) -> dict[str, _Claim]:
    """The claims on the cell or row that changed."""
    _, _, item = change.key.partition("/")
    of_row = claims.get((change.table, change.record[1], item), {})
    return {key: claim for key, claim in of_row.items() if change.column in ("", claim.column)}


def _claim_changes(was: Mapping[str, _Claim], now: Mapping[str, _Claim]) -> tuple[ClaimChange, ...]:
    def told(verb: Verb, claim: _Claim) -> ClaimChange:
        return ClaimChange(verb, claim.claim_id, claim.value, claim.standing, claim.source_id, claim.passage)

    added = [told("added", claim) for key, claim in now.items() if key not in was]
    removed = [told("removed", claim) for key, claim in was.items() if key not in now]
    changed = [
        told("changed", claim)
        for key, claim in now.items()
        if key in was and (claim.value, claim.standing) != (was[key].value, was[key].standing)
    ]
    return (*added, *removed, *changed)


def _from_records(change: Change, written: Iterable[Mapping[str, Any]]) -> Reason | None:
    """The reason people gave: for the cell, else for its item, else for its record."""
    if change.change == "added" or change.part in ("evidence", "history"):
        return None
    fitting = [
        row
        for row in written
        if (row["changed_table"], row["changed_id"]) == change.record
        and (row["changed_field"] is None or f"{change.field}/".startswith(f"{row['changed_field']}/"))
    ]
    nearest = max(fitting, key=lambda row: len(row["changed_field"] or ""), default=None)
    return Reason(nearest["kind"], nearest["because"]) if nearest else None


def _from_retired(change: Change, gone: Mapping[tuple[str, str], Retired]) -> Reason | None:
    """The reason a record was retired for; what was merged into another was wrong to be two."""
    retired = gone.get(change.record)
    if change.change != "removed" or change.part not in ("core", "child") or retired is None:
        return None
    return Reason("correction" if retired.successor_id else "retraction", retired.because)


def _from_claims(change: Change, was: Mapping[str, _Claim], now: Mapping[str, _Claim], is_date: bool) -> Reason | None:
    """What the claims on a cell or row tell of why it changed; None for what is new, and for evidence itself."""
    if change.part in ("evidence", "history") or change.change == "added":
        return None
    if change.change == "removed":
        # what is still claimed gave way to another row
        return Reason("re-decision" if now else "retraction")
    if change.old is None:
        return None
    if is_date and change.new is not None and is_within(change.new, change.old):
        return Reason("refinement")
    return _of_value(change, was, now)


def _of_value(change: Change, was: Mapping[str, _Claim], now: Mapping[str, _Claim]) -> Reason:
    chosen = next((claim for claim in now.values() if claim.standing == "chosen"), None)
    if chosen is None:
        return Reason("retraction" if change.new is None else "correction")
    if chosen.source_id not in {claim.source_id for claim in was.values()}:
        return Reason("new-source", chosen.because)
    if {key: claim.value for key, claim in was.items()} == {key: claim.value for key, claim in now.items()}:
        return Reason("re-decision", chosen.because)
    return Reason("correction")
