"""The claims of a record as decisions meet them: by cell, with their standing, as far as known by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ceechina.read.tables.dates import is_within

if TYPE_CHECKING:
    from ceechina.read.package import Package

# standings of a claim that the published value does not contradict
AGREEING = frozenset({"chosen", "agrees", "coarser"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with what a decision on it asks for.

    `value` is the text claimed, `rank` how firmly it is (0 for stated), `first` and `last` the days
    its source may have been published on.
    """

    claim_id: str
    field: str
    column: str
    value: str
    source_id: str
    passage_id: str
    standing: str
    because: str | None
    rank: int
    side: str
    first: dt.date
    last: dt.date
    is_date: bool
    is_state: bool


# a row by its table and item; the item of a record's own row is empty
Row = tuple[str, str]
Cells = dict[str, list[Claim]]


@dataclass(frozen=True)
class Contest:
    """Rows of one list of a record that a choice set against each other."""

    stands: tuple[Row, ...]
    falls: tuple[Row, ...]


@dataclass(frozen=True)
class Case:
    """All claims of a record of a core table, by row and column, and the contests between its rows."""

    table: str
    rows: dict[Row, Cells]
    contests: tuple[Contest, ...]

    @property
    def claims(self) -> list[Claim]:
        """The claims, in no order that means anything."""
        return [claim for cells in self.rows.values() for cell in cells.values() for claim in cell]


def cases(package: Package, as_of: dt.date | None = None) -> dict[str, Case]:
    """What is claimed of every record.

    Args:
        package: Where the claims are.
        as_of: Only claims of sources published by this day, judged as if there were no others.

    Returns:
        Cases by record; without the records that no source had spoken of by then.
    """
    found: dict[tuple[str, str], dict[Row, Cells]] = {}
    for record, row, claim in _claims(package):
        found.setdefault(record, {}).setdefault(row, {}).setdefault(claim.column, []).append(claim)
    every = {record_id: Case(table, rows, _contests(rows)) for (record_id, table), rows in found.items()}
    if as_of is None:
        return every
    known = {record_id: _known(case, as_of) for record_id, case in every.items()}
    return {record_id: case for record_id, case in known.items() if case.rows}


def settled(claims: Sequence[Claim]) -> Claim:
    """The claim that stands where nobody has chosen: of the latest source, or a finer date within its own."""
    best = min(newest(claims), key=_order)
    for claim in sorted(claims, key=_order):
        if claim.is_date and is_within(claim.value, best.value):
            best = claim
    return best


def newest(claims: Sequence[Claim]) -> list[Claim]:
    """Claims of the latest source; of several where their dates do not tell which is later."""
    return [claim for claim in claims if not any(other.first > claim.last for other in claims)]


def oldest(claims: Sequence[Claim]) -> list[Claim]:
    """Claims of the earliest source; of several where their dates do not tell which is earlier."""
    return [claim for claim in claims if not any(other.last < claim.first for other in claims)]


def chosen(claims: Sequence[Claim]) -> Claim | None:
    """The claim whose value is published; None where the row of the cell lost to another."""
    return next((claim for claim in claims if claim.standing == "chosen"), None)


def _order(claim: Claim) -> tuple[int, dt.date, str, str]:
    return claim.rank, claim.first, claim.source_id, claim.claim_id


def _claims(package: Package) -> list[tuple[tuple[str, str], Row, Claim]]:
    sources = {row["source_id"]: row for row in package.arrow("sources").to_pylist()}
    published = package.arrow("claims").to_pylist()
    ranks = {code: rank for rank, code in enumerate(package.describe("claims")["basis"].codes)}
    dated = {(info.name, column) for info in package.tables() for column in info.dated}
    # a column some claim of which is `earlier` tells the state of things: a later source follows, not contradicts
    states = {(row["value_table"], row["value_column"]) for row in published if row["standing"] == "earlier"}
    return [
        (
            (row["record_id"], row["record_table"]),
            (row["value_table"], row["item"] or ""),
            Claim(
                claim_id=row["claim_id"],
                field=row["field"],
                column=row["value_column"],
                value=row["claimed_value"],
                source_id=row["source_id"],
                passage_id=row["passage_id"],
                standing=row["standing"],
                because=row["because"],
                rank=ranks[row["basis"]],
                side=sources[row["source_id"]]["side"],
                first=sources[row["source_id"]]["published_earliest"] or dt.date.min,
                last=sources[row["source_id"]]["published_latest"] or dt.date.max,
                is_date=(row["value_table"], row["value_column"]) in dated,
                is_state=(row["value_table"], row["value_column"]) in states,
            ),
        )
        for row in published
    ]


def _contests(rows: dict[Row, Cells]) -> tuple[Contest, ...]:
    """Rows without any chosen claim, against those a choice let stand instead.

    The claims of these carry its reason. Which of several it was is told by what their keys end with,
    such as a role, where one ends alike.
    """
    reasoned = [row for row, cells in rows.items() if any(claim.because for cell in cells.values() for claim in cell)]
    grouped: dict[tuple[Row, ...], list[Row]] = {}
    for row, cells in rows.items():
        if not any(chosen(cell) for cell in cells.values()):
            same = [other for other in reasoned if other[0] == row[0]]
            alike = [other for other in same if other[1].split("/")[-1] == row[1].split("/")[-1]]
            grouped.setdefault(tuple(alike or same), []).append(row)
    return tuple(Contest(stands, tuple(falls)) for stands, falls in grouped.items())


def _known(case: Case, day: dt.date) -> Case:
    """A case as it was on a day: later claims taken out, the others judged again."""
    kept: dict[Row, Cells] = {}
    for row, cells in case.rows.items():
        left = {column: [claim for claim in cell if claim.last <= day] for column, cell in cells.items()}
        left = {column: cell for column, cell in left.items() if cell}
        if left:
            kept[row] = left
    contests = tuple(
        Contest(tuple(row for row in contest.stands if row in kept), tuple(row for row in contest.falls if row in kept))
        for contest in case.contests
    )
    contests = tuple(contest for contest in contests if contest.stands and contest.falls)
    lost = {row for contest in contests for row in contest.falls}
    won = {row for contest in contests for row in contest.stands}
    judged = {
        row: cells if row in lost else {column: _judged(cell, row in won) for column, cell in cells.items()}
        for row, cells in kept.items()
    }
    return Case(case.table, judged, contests)


def _judged(cell: list[Claim], has_won: bool) -> list[Claim]:
    """The claims of a cell with their standing; as published as long as the published value is among them.

    The reason of a choice goes with what it chose over: rivals in the cell, or rows that its row has won against.
    """
    if chosen(cell):
        is_decided = has_won or any(claim.standing == "rival" for claim in cell)
        return cell if is_decided else [replace(claim, because=None) for claim in cell]
    agreeing = [claim for claim in cell if claim.standing == "agrees"]
    best = min(agreeing, key=_order) if agreeing else settled(cell)
    return [replace(claim, standing=_standing(claim, best), because=None) for claim in cell]


def _standing(claim: Claim, best: Claim) -> str:
    if claim is best:
        return "chosen"
    if claim.value == best.value:
        return "agrees"
    if claim.is_date and is_within(best.value, claim.value):
        return "coarser"
    return "earlier" if claim.is_state and best.first > claim.last else "rival"
