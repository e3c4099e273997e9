"""Claims about one cell resolved to one value, with the standing of every claim.

All claims equal: that value stands. Dates that contain one another agree and the most precise
stands. A column that describes the state of things follows the latest source. Anything else is a
conflict, which stops the build until a choice names the source to follow and says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.curate.records import Choice, Claimed, Record
from ceechina.errors import Problem, suggestion
from ceechina.model.tables import Column, Table

Bounds = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True)
class Judged:
    """A claim with its standing; `because` is the reason of the choice that made it stand."""

    claim: Claimed
    standing: str
    because: str | None = None


def field_path(table: Table, item: Sequence[str], column: str) -> str:
    """How people write a cell of a record: `column`, or `list/item/column` for a child row.

    Where a child row is nothing but its key, the item is the cell.
    """
    parts = [table.listed, *item] if item else []
    if not item or column not in table.key:
        parts.append(table[column].written)
    return "/".join(parts)


@dataclass(frozen=True)
class Cell:
    """A cell of a record with the claims on it."""

    table: Table
    item: tuple[str, ...]
    column: Column
    claims: list[Claimed]

    @property
    def path(self) -> str:
        """How people write the cell."""
        return field_path(self.table, self.item, self.column.name)

    @property
    def row_path(self) -> str:
        """How people write the item of the cell; the cell itself where it is of the core row."""
        return "/".join([self.table.listed, *self.item]) if self.item else self.path


def resolve(
    record: Record, tables: Mapping[str, Table], published: Callable[[str], Bounds]
) -> tuple[list[Judged], list[Problem]]:
    """Judge every claim of a record.

    Args:
        record: The record with its claims, in the order in which equal claims should be preferred.
        tables: The model.
        published: First and last day a source may have been published, by its id.

    Returns:
        Every claim with its standing, and problems: conflicts, choices that decide nothing.
    """
    cells = _cells(record, tables)
    displaced = {path for choice in record.choices for path in choice.over}
    problems = _unknown_items(record, cells)
    used: set[int] = set()
    judged: list[Judged] = []
    for cell in cells:
        if cell.row_path in displaced:
            judged.extend(Judged(claim, "rival") for claim in cell.claims)
            continue
        choice = _choice(record, cell)
        standings = _natural(cell.claims, cell.column, published)
        if choice is not None and (standings is None or (choice.over and _speaks(choice, cell))):
            used.add(id(choice))
            # a choice over other items leaves alone what the claims on its own item agree on
            standings = standings or _chosen(cell.claims, cell.column, choice, published)
            if standings is None:
                problems.append(_no_such_claim(choice, cell))
        elif standings is None:
            problems.append(_conflict(record, cell))
        because = choice.because if choice is not None and id(choice) in used and _speaks(choice, cell) else None
        judged.extend(
            Judged(claim, standing, because if standing == "chosen" else None)
            for claim, standing in zip(cell.claims, standings or (), strict=standings is not None)
        )
    problems += [_idle(choice, cells) for choice in record.choices if id(choice) not in used]
    return judged, problems


def _cells(record: Record, tables: Mapping[str, Table]) -> list[Cell]:
    """The cells a record's claims fill, in the order in which they are first claimed."""
    found: dict[tuple[str, tuple[str, ...], str], list[Claimed]] = {}
    for claim in record.claims:
        found.setdefault((claim.value_table, claim.item, claim.column), []).append(claim)
    return [Cell(tables[name], item, tables[name][column], claims) for (name, item, column), claims in found.items()]


def _choice(record: Record, cell: Cell) -> Choice | None:
    """The choice on a cell: one on the cell itself goes before one on its item."""
    fitting = [choice for field in (cell.path, cell.row_path) for choice in record.choices if choice.field == field]
    return fitting[0] if fitting else None


def _speaks(choice: Choice, cell: Cell) -> bool:
    return any(claim.quote.source_id == choice.source_id for claim in cell.claims)


def _unknown_items(record: Record, cells: Sequence[Cell]) -> list[Problem]:
    """Problems of choices over items that are not there, or over their own."""
    items = sorted({cell.row_path for cell in cells if cell.item})
    there = f"the items are {', '.join(items)}" if items else "the record has no items; remove `over`"
    return [
        choice.place.problem(
            "unknown-field",
            f"`over` names {path!r}, which is no other item of the same list",
            value=path,
            hint=there,
        )
        for choice in record.choices
        for path in choice.over
        if path not in items or path == choice.field or path.split("/")[0] != choice.field.split("/")[0]
    ]


def _natural(claims: list[Claimed], column: Column, published: Callable[[str], Bounds]) -> list[str] | None:
    """Standings where claims agree by themselves; None for a conflict."""
    best = claims[0]
    for claim in claims[1:]:
        if claim.value != best.value and _is_within(claim.value, best.value, column):
            best = claim
    standings = _standings(claims, claims.index(best), column, published)
    if "rival" not in standings:
        return standings
    if not column.latest:
        return None
    newest = next(
        (
            i
            for i, claim in enumerate(claims)
            if all(other.value == claim.value or _is_later(claim, other, published) for other in claims)
        ),
        None,
    )
    return None if newest is None else _standings(claims, newest, column, published)


def _chosen(
    claims: list[Claimed], column: Column, choice: Choice, published: Callable[[str], Bounds]
) -> list[str] | None:
    """Standings after a choice; None where the chosen source claims nothing here, or two things."""
    wanted = [
        i
        for i, claim in enumerate(claims)
        if claim.quote.source_id == choice.source_id and choice.quote in (None, claim.quote)
    ]
    if not wanted or len({claims[i].value for i in wanted}) > 1:
        return None
    return _standings(claims, wanted[0], column, published)


def _standings(claims: list[Claimed], best: int, column: Column, published: Callable[[str], Bounds]) -> list[str]:
    """How each claim stands to the one at `best`."""

    def standing(i: int, claim: Claimed) -> str:
        if i == best:
            return "chosen"
        if claim.value == claims[best].value:
            return "agrees"
        if _is_within(claims[best].value, claim.value, column):
            return "coarser"
        if column.latest and _is_later(claims[best], claim, published):
            return "earlier"
        return "rival"

    return [standing(i, claim) for i, claim in enumerate(claims)]


def _is_within(inner: Any, outer: Any, column: Column) -> bool:
    """Whether one date lies within another; False for anything but dates."""
    if not column.scalar.companions:
        return False
    first, last = _bounds(inner, column)
    outer_first, outer_last = _bounds(outer, column)
    if (first, last) == (outer_first, outer_last):
        # the same days: a plain date is finer than one qualified as about or uncertain
        return len(inner) < len(outer)
    starts = outer_first is None or (first is not None and first >= outer_first)
    ends = outer_last is None or (last is not None and last <= outer_last)
    return starts and ends


def _bounds(value: str, column: Column) -> Bounds:
    compute = {companion.suffix: companion.compute for companion in column.scalar.companions}
    return compute["earliest"](value), compute["latest"](value)


def _is_later(claim: Claimed, other: Claimed, published: Callable[[str], Bounds]) -> bool:
    """Whether a claim's source came out after the other's, whatever day their dates mean."""
    first, _ = published(claim.quote.source_id)
    _, last = published(other.quote.source_id)
    return first is not None and last is not None and first > last


def _conflict(record: Record, cell: Cell) -> Problem:
    seen: dict[Any, Claimed] = {}
    for claim in cell.claims:
        seen.setdefault(claim.value, claim)
    told = "; ".join(
        f"{claim.value!r} says {claim.quote.source_id} “{claim.quote}” ({claim.place})" for claim in seen.values()
    )
    return next(iter(seen.values())).place.problem(
        "unresolved-conflict",
        f"{record.record_id} {cell.path}: {told}",
        hint=f"add to choices: {{field: {cell.path}, source: <the one to follow>, because: <why>}}",
    )


def _no_such_claim(choice: Choice, cell: Cell) -> Problem:
    sources = sorted({claim.quote.source_id for claim in cell.claims})
    return choice.place.problem(
        "choice-without-claim",
        f"{cell.path}: {choice.source_id} does not claim one value here; claims are by {', '.join(sources)}",
        value=choice.source_id,
        hint="name one of these sources, and with `passage` the claim where it makes several",
    )


def _idle(choice: Choice, cells: Sequence[Cell]) -> Problem:
    """A choice that decides nothing: nothing is claimed there, or nothing is contested, or another decides it."""
    own = [cell for cell in cells if choice.field in (cell.path, cell.row_path)]
    if own and not any(_speaks(choice, cell) for cell in own):
        return _no_such_claim(choice, own[0])
    if own:
        told = f"there is nothing left for this choice to decide on {choice.field}"
        hint = "remove it: the claims do not contradict each other, or another choice decides them"
        return choice.place.problem("choice-not-needed", told, value=choice.field, hint=hint)
    paths = sorted({cell.path for cell in cells})
    told = f"nothing is claimed of {choice.field!r}; {suggestion(choice.field, paths)}"
    return choice.place.problem("unknown-field", told, value=choice.field)
