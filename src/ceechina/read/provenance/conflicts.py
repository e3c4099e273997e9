"""Where sources disagree: every disagreement, and the range of every number or date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.provenance.claims import AGREEING, Case, Cells, Claim, Row, cases, chosen
from ceechina.read.provenance.policy import COMPARABLE, extreme
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    import pyarrow as pa

    from ceechina.read.package import Package

SEPARATOR = "; "
CONFLICT_COLUMNS = (
    "record_table",
    "record_id",
    "field",
    "chosen",
    "chosen_sources",
    "rivals",
    "rival_sources",
    "instead",
    "because",
)


def conflicts(package: Package) -> pa.Table:
    """One row per field that sources disagree on, all columns texts; several values or sources are joined by `; `."""
    rows = [_conflict(cell) for cell in _cells(package) if any(claim.standing == "rival" for claim in cell.claims)]
    rows.sort(key=lambda row: (str(row["record_table"]), str(row["record_id"]), str(row["field"])))
    return _table(rows, dict.fromkeys(CONFLICT_COLUMNS, "string"))


def value_range(package: Package, info: TableInfo, field: str) -> pa.Table:
    """The range of a column, or of one field of the records of a core table; the errors are told by `Package.range`.

    Columns: `record_id`, `field`, the kind, currency and unit where the rows have them, `low`, `chosen` and `high`
    (numbers, or dates as EDTF texts), and the claim behind each of the three.
    """
    tables = {table.name: table for table in package.tables()}
    if "/" in field:
        asked = [cell for cell in _cells(package) if (cell.case.table, cell.claims[0].field) == (info.name, field)]
        if not asked:
            fields = {cell.claims[0].field for cell in _cells(package) if cell.case.table == info.name}
            raise UnknownNameError(f"field of {info.name}", field, sorted(fields))
        info, column = tables[asked[0].row[0]], asked[0].column
    else:
        column = field
        asked = [cell for cell in _cells(package) if (cell.row[0], cell.column) == (info.name, column)]
    if column not in info.names:
        raise UnknownNameError(f"column of {info.name}", column, info.names)
    if column not in info.measured:
        there = "; ".join(f"{table.name}: {', '.join(table.measured)}" for table in tables.values() if table.measured)
        raise UnsupportedError(f"{column} of {info.name} is no number or date that sources claim; these are: {there}")
    beside = [name for name in COMPARABLE if name in info.names and info.parent]
    rows = [{"record_id": cell.record_id, **_range(cell, beside)} for cell in asked if chosen(cell.claims)]
    rows.sort(key=lambda row: (row["record_id"], row["field"]))
    kind = "string" if column in info.dated else "double"
    types = {
        **dict.fromkeys(("record_id", "field", *beside), "string"),
        **dict.fromkeys(("low", "chosen", "high"), kind),
        **dict.fromkeys(("low_claim_id", "chosen_claim_id", "high_claim_id"), "string"),
    }
    return _table(rows, types)


@dataclass(frozen=True)
class _Cell:
    record_id: str
    case: Case
    row: Row
    column: str

    @property
    def cells(self) -> Cells:
        return self.case.rows[self.row]

    @property
    def claims(self) -> list[Claim]:
        return self.cells[self.column]


def _cells(package: Package) -> Iterator[_Cell]:
    for record_id, case in cases(package).items():
        for row, cells in case.rows.items():
            for column in cells:
                yield _Cell(record_id, case, row, column)


def _conflict(cell: _Cell) -> dict[str, str | None]:
    rivals = [claim for claim in cell.claims if claim.standing == "rival"]
    agreeing = [claim for claim in cell.claims if claim.standing in AGREEING]
    published = chosen(cell.claims)
    # a row that lost to another of its list is told with those that stand instead, and their reason
    instead = [claim for claim in _instead(cell) if claim.because] if published is None else []
    return {
        "record_table": cell.case.table,
        "record_id": cell.record_id,
        "field": cell.claims[0].field,
        "chosen": published.value if published else None,
        "chosen_sources": _joined(claim.source_id for claim in agreeing),
        "rivals": _joined(claim.value for claim in rivals),
        "rival_sources": _joined(claim.source_id for claim in rivals),
        "instead": _joined(claim.field for claim in instead),
        "because": _joined(claim.because for claim in (*agreeing, *instead) if claim.because),
    }


def _instead(cell: _Cell) -> list[Claim]:
    return [
        claim
        for contest in cell.case.contests
        if cell.row in contest.falls
        for row in contest.stands
        for of_cell in cell.case.rows[row].values()
        for claim in of_cell
    ]


def _range(cell: _Cell, beside: Sequence[str]) -> dict[str, Any]:
    published = chosen(cell.claims)
    ends = {
        "low": extreme(cell.cells, cell.column, "minimum")[0],
        "chosen": published,
        "high": extreme(cell.cells, cell.column, "maximum")[0],
    }
    told = {name: chosen(cell.cells.get(name, ())) for name in beside}
    return {
        "field": cell.claims[0].field,
        **{name: claim.value if claim else None for name, claim in told.items()},
        **{name: _value(claim) for name, claim in ends.items() if claim},
        **{f"{name}_claim_id": claim.claim_id for name, claim in ends.items() if claim},
    }


def _value(claim: Claim) -> str | float:
    return claim.value if claim.is_date else float(claim.value)


def _joined(texts: Iterable[str | None]) -> str | None:
    return SEPARATOR.join(dict.fromkeys(text for text in texts if text)) or None


def _table(rows: Sequence[dict[str, Any]], types: dict[str, str]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(
        list(rows), schema=pa.schema({name: pa.type_for_alias(kind) for name, kind in types.items()})
    )
