"""What stands behind a value: claims, rivals, passages, links, and the reason of a choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError, UnknownNameError
from ceechina.quoting import parquet, quoted
from ceechina.read.tables.query import unreadable

if TYPE_CHECKING:
    import duckdb

    from ceechina.read.package import Package

ELLIPSIS = " … "
NOT_PUBLISHED = "(not published)"

# Gives the rows of a table whose column has one of some values.
Rows = Callable[[str, str, list[str]], list[dict[str, Any]]]


@dataclass(frozen=True)
class ClaimShown:
    """One claim with what a reader needs to check it; `passage` is its first and last words."""

    value: str
    standing: str
    basis: str
    source_id: str
    source: str
    published: str
    passage: str
    link: str | None
    note: str | None
    because: str | None


@dataclass(frozen=True)
class FieldExplained:
    """A field with its published value, None where the claim lost to another item, and all its claims."""

    field: str
    value: str | None
    claims: tuple[ClaimShown, ...]


@dataclass(frozen=True)
class Explanation:
    """A record, its fields and the claims behind them; prints as a card, and shows as one in a notebook."""

    record_id: str
    table: str
    name: str
    summary: str | None
    version: str
    added_in: str
    changed_in: str
    fields: tuple[FieldExplained, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain mappings and lists."""
        return asdict(self)

    @property
    def since(self) -> str:
        """Since which version there is the record, and its values as they are."""
        return f"In ceechina {self.version}; added in {self.added_in}, last changed in {self.changed_in}."

    @property
    def passages(self) -> tuple[ClaimShown, ...]:
        """A claim on each passage, in the order of the card: many fields rest on one, and it is shown once."""
        first: dict[tuple[str, str], ClaimShown] = {}
        for field in self.fields:
            for claim in field.claims:
                first.setdefault((claim.source_id, claim.passage), claim)
        return tuple(first.values())

    def __str__(self) -> str:
        lines = [
            f"{self.name} ({self.table}: {self.record_id})",
            *([self.summary] if self.summary else ()),
            self.since,
            "",
        ]
        numbers = numbers_of(self.passages)
        for field in self.fields:
            lines.append(f"{field.field}: {field.value if field.value is not None else NOT_PUBLISHED}")
            for claim in field.claims:
                lines += _claim_lines(claim, numbers[claim.source_id, claim.passage])
        lines.append("")
        for number, claim in enumerate(self.passages, start=1):
            lines.append(f"[{number}] {claim.source} ({claim.published}): “{claim.passage}”")
            lines += [f"    {claim.link}"] if claim.link else []
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from ceechina.read.provenance.explain_html import as_html

        return as_html(self)


def numbers_of(passages: Sequence[ClaimShown]) -> dict[tuple[str, str], int]:
    """The number of each passage on the card."""
    return {(claim.source_id, claim.passage): number for number, claim in enumerate(passages, start=1)}


def _claim_lines(claim: ClaimShown, number: int) -> list[str]:
    basis = "" if claim.basis == "stated" else f", {claim.basis}"
    lines = [f"    {claim.standing}{basis}: {claim.value} [{number}]"]
    lines += [f"        note: {claim.note}"] if claim.note else []
    lines += [f"        because: {claim.because}"] if claim.because else []
    return lines


def explain(package: Package, record_id: str, field: str | None = None) -> Explanation:
    """Gather what stands behind a record.

    Args:
        package: Where the record is.
        record_id: A record of a core table.
        field: One field as `claims` names it, or a part of the path, such as "amounts/loan".

    Raises:
        UnknownNameError: There is no such record, or nothing is claimed of such a field.
        PackageError: A file of the package is missing or damaged.
    """
    import duckdb

    # a number is the id of no record, and is told so as any other word that is none
    record_id = str(record_id)
    with duckdb.connect() as connection:
        rows = partial(_rows, connection, package)
        table, record = _record(package, rows, record_id)
        try:
            return _explanation(package, rows, table, record, record_id, field)
        except (KeyError, TypeError) as error:
            told = f"the package in {package.folder} is damaged: its claims do not fit together ({error})"
            raise PackageError(told) from error


def _explanation(
    package: Package, rows: Rows, table: str, record: dict[str, Any], record_id: str, field: str | None
) -> Explanation:
    claims = rows("claims", "record_id", [record_id])
    passages = {row["passage_id"]: row for row in rows("passages", "passage_id", [row["passage_id"] for row in claims])}
    sources = {row["source_id"]: row for row in rows("sources", "source_id", [row["source_id"] for row in claims])}
    by_field: dict[str, list[dict[str, Any]]] = {}
    for claim in sorted(claims, key=lambda claim: ("/" in claim["field"], claim["field"])):
        by_field.setdefault(claim["field"], []).append(claim)
    wanted = [path for path in by_field if field is None or path == field or path.startswith(f"{field}/")]
    if not wanted:
        raise UnknownNameError(f"field of {record_id}", str(field), list(by_field))
    return Explanation(
        record_id,
        table,
        record.get("name") or record_id,
        record.get("summary"),
        package.version,
        record["added_in"],
        record["changed_in"],
        tuple(_field(path, by_field[path], passages, sources) for path in wanted),
    )


def _record(package: Package, rows: Rows, record_id: str) -> tuple[str, dict[str, Any]]:
    """The core table a record is in, and its row."""
    for info in package.core():
        found = rows(info.name, info.key[0], [record_id])
        if found:
            return info.name, found[0]
    # only now, to name the nearest, is every record looked at
    known = [key for info in package.core() for key in package.load(info.name, "arrow")[info.key[0]].to_pylist()]
    retired = rows("retired_ids", "retired_id", [record_id])
    if retired:
        successor = retired[0]["successor_id"]
        gone = f"{retired[0]['because']}" + (f"; see {successor}" if successor else "")
        raise UnknownNameError(f"record ({record_id} was retired: {gone})", record_id, known)
    raise UnknownNameError("record", record_id, known)


def _rows(
    connection: duckdb.DuckDBPyConnection, package: Package, table: str, column: str, values: list[str]
) -> list[dict[str, Any]]:
    """Rows of a table whose column has one of the values; of a large file only the parts that may hold them."""
    import duckdb

    path = package.file(table)
    wanted = sorted(set(values))
    if not wanted:
        return []
    try:
        found = connection.execute(
            # `IN` with single values skips the row groups that hold none of them; a list in one parameter would not
            f"SELECT * FROM {parquet(path)} WHERE {quoted(column)} IN ({', '.join('?' * len(wanted))})",
            wanted,
        )
        names = [description[0] for description in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error as error:
        raise unreadable(path, error) from error


def _field(
    path: str, claims: list[dict[str, Any]], passages: dict[str, dict[str, Any]], sources: dict[str, dict[str, Any]]
) -> FieldExplained:
    order = {standing: number for number, standing in enumerate(("chosen", "agrees", "coarser", "earlier", "rival"))}
    shown = tuple(
        ClaimShown(
            claim["claimed_value"],
            claim["standing"],
            claim["basis"],
            claim["source_id"],
            sources[claim["source_id"]]["title"],
            sources[claim["source_id"]]["published"],
            _words(passages[claim["passage_id"]]),
            passages[claim["passage_id"]]["link"],
            claim["note"],
            claim["because"],
        )
        for claim in sorted(claims, key=lambda claim: order.get(claim["standing"], len(order)))
    )
    value = next((claim.value for claim in shown if claim.standing == "chosen"), None)
    return FieldExplained(path, value, shown)


def _words(passage: dict[str, Any]) -> str:
    return ELLIPSIS.join(words for words in (passage["first_words"], passage["last_words"]) if words)
