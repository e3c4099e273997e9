"""Policies: other ways to decide where sources disagree.

A policy decides the same disagreements anew, and nothing else: dates that contain one another still agree and the
finest stands. Where a policy has nothing to say of a cell, as where no source of its side speaks, the chosen value
stands.

- `chosen`: as published.
- `latest-source`, `earliest-source`: what the source published last, or first, says; where the dates of the sources
  do not tell which that is, the chosen value stands. `earliest-source` also goes back to the first state of things.
- `host-side`, `chinese-side`, `third-party`: what sources published in the region, in China, or elsewhere say.
- `minimum`, `maximum`: the smallest or largest number, the earliest or latest date. Numbers are only compared where
  their kind, currency and unit are the same; of anything but numbers and dates the chosen value stands.
- `only-uncontested`: a cell that sources disagree on is left empty; a row that then lacks a required value is left out.

Two more things follow from what the tables are. In a list, a row whose number (or date, where it has no number) is
decided otherwise brings what else its source says of it, so that no sum stands beside the currency or the qualifier
of another; required cells its source leaves open keep the chosen value, others are empty. And where a choice let one
row of a list stand over others, such as one lender over another, a policy for sources decides between these rows, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ceechina.read.provenance.claims import AGREEING, Case, Cells, Claim, Row, chosen, newest, oldest, settled
from ceechina.read.tables.dates import bounds
from ceechina.read.tables.descriptor import TableInfo

# the claims of a cell that a policy prefers; none where it has nothing to say
Prefer = Callable[[Sequence[Claim]], Sequence[Claim]]

BY_SOURCE: dict[str, Prefer] = {
    "chosen": lambda _: (),
    "latest-source": newest,
    "earliest-source": oldest,
    "host-side": lambda claims: [claim for claim in claims if claim.side == "host"],
    "chinese-side": lambda claims: [claim for claim in claims if claim.side == "chinese"],
    "third-party": lambda claims: [claim for claim in claims if claim.side == "third"],
}
EXTREMES = ("minimum", "maximum")
UNCONTESTED = "only-uncontested"
POLICIES = (*BY_SOURCE, *EXTREMES, UNCONTESTED)

# what must be the same for two numbers to be compared
COMPARABLE = ("kind", "currency", "unit")


def decide(case: Case, policy: str, tables: Mapping[str, TableInfo]) -> dict[Row, dict[str, str]]:
    """The values of a record as a policy decides: text by column, for each row that stands."""
    fallen: set[Row] = set()
    for contest in case.contests:
        if policy == UNCONTESTED:
            fallen |= {*contest.stands, *contest.falls}
        else:
            fallen |= set(
                contest.stands if _is_overturned(case, contest.stands, contest.falls, policy) else contest.falls
            )
    return {
        row: {column: claim.value for column, claim in _row(cells, policy, tables[row[0]]).items() if claim}
        for row, cells in case.rows.items()
        if row not in fallen
    }


def extreme(cells: Cells, column: str, policy: str) -> list[Claim]:
    """The claims of a cell with its smallest or largest value, among those that can be compared with the chosen one."""
    comparable = [claim for claim in cells[column] if claim.standing != "coarser" and _is_comparable(claim, cells)]
    if policy == "minimum":
        end = min((_low(claim) for claim in comparable), default=None)
        return [claim for claim in comparable if _low(claim) == end]
    end = max((_high(claim) for claim in comparable), default=None)
    return [claim for claim in comparable if _high(claim) == end]


def _is_overturned(case: Case, stands: Sequence[Row], falls: Sequence[Row], policy: str) -> bool:
    """Whether a policy for sources prefers the rows that fell to those that stand."""

    def claims(rows: Sequence[Row]) -> list[Claim]:
        return [claim for row in rows for cell in case.rows[row].values() for claim in cell]

    preferred = BY_SOURCE.get(policy, BY_SOURCE["chosen"])([*claims(stands), *claims(falls)])
    standing = {claim.claim_id for claim in claims(stands)}
    return bool(preferred) and not any(claim.claim_id in standing for claim in preferred)


def _row(cells: Cells, policy: str, info: TableInfo) -> dict[str, Claim | None]:
    """The claim that stands in each cell of a row."""
    if policy == UNCONTESTED:
        return {
            column: None if any(claim.standing == "rival" for claim in cell) else chosen(cell)
            for column, cell in cells.items()
        }
    found: dict[str, Claim | None] = {column: _winner(cells, column, policy, info) for column in cells}
    lead = found.get(_measure(info)) if info.parent else None
    if lead is None or lead.standing in AGREEING:
        return found
    for column, cell in cells.items():
        said = _beside(lead, cell)
        if said:
            found[column] = settled(said)
        else:
            found[column] = (chosen(cell) or settled(cell)) if info[column].required else None
    return found


def _winner(cells: Cells, column: str, policy: str, info: TableInfo) -> Claim:
    if policy in EXTREMES:
        prefer: Prefer = partial(_of_extreme, cells, column, policy, info)
    else:
        prefer = BY_SOURCE[policy]
    cell = cells[column]
    published, preferred = chosen(cell), prefer(cell)
    if published and (not preferred or any(claim.standing in AGREEING for claim in preferred)):
        return published
    return settled(preferred or cell)


def _of_extreme(cells: Cells, column: str, policy: str, info: TableInfo, _: Sequence[Claim]) -> Sequence[Claim]:
    return extreme(cells, column, policy) if column in info.measured else ()


def _measure(info: TableInfo) -> str:
    """The column a row of a list is about: its first number, or its first date; empty where it has neither."""
    found = info.measured
    return next((name for name in found if name not in info.dated), found[0] if found else "")


def _beside(claim: Claim, cell: Sequence[Claim]) -> list[Claim]:
    """What the passage of a claim says of another cell of its row; if nothing, what its source says."""
    passage = [other for other in cell if other.passage_id == claim.passage_id]
    return passage or [other for other in cell if other.source_id == claim.source_id]


def _is_comparable(claim: Claim, cells: Cells) -> bool:
    for column in COMPARABLE:
        said = _beside(claim, cells.get(column, ()))
        published = chosen(cells.get(column, ()))
        if said and published and published.value not in {other.value for other in said}:
            return False
    return True


def _low(claim: Claim) -> float | int:
    if not claim.is_date:
        return float(claim.value)
    return (bounds(claim.value)[0] or dt.date.min).toordinal()


def _high(claim: Claim) -> float | int:
    if not claim.is_date:
        return float(claim.value)
    return (bounds(claim.value)[1] or dt.date.max).toordinal()
