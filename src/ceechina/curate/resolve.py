"""Claims about one cell resolved to one value, with the standing of every claim.

All claims equal: that value stands. Dates that contain one another agree and the most precise
stands. A column that describes the state of things follows the latest source. Anything else is a
conflict, which stops the build until a choice names the source to follow and says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.curate.records import Choice, Claimed, Record
from ceechina.errors import Problem
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


def resolve(
    record: Record,
    tables: dict[str, Table],
    published: Callable[[str], Bounds],
) -> tuple[list[Judged], list[Problem]]:
    """Judge every claim of a record.

    Args:
        record: The record with its claims, in the order in which equal claims should be preferred.
        tables: The model.
        published: First and last day a source may have been published, by its id.

    Returns:
        Every claim with its standing, and problems: conflicts, choices that decide nothing.
    """
    cells: dict[tuple[str, tuple[str, ...], str], list[Claimed]] = {}
    for claim in record.claims:
        cells.setdefault((claim.value_table, claim.item, claim.column), []).append(claim)
    displaced = {path: choice for choice in record.choices for path in choice.over}
    used: set[int] = set()
    judged: list[Judged] = []
    problems: list[Problem] = []
    for (table_name, item, column_name), claims in cells.items():
        table = tables[table_name]
        path = field_path(table, item, column_name)
        row_path = "/".join([table.listed, *item]) if item else path
        if row_path in displaced:
            judged.extend(Judged(claim, "rival") for claim in claims)
            continue
        # a choice on the field itself goes before one on its item
        choice = next(
            (choice for place in (path, row_path) for choice in record.choices if choice.field == place), None
        )
        column = table[column_name]
        standings = _natural(claims, column, published)
        because = None
        speaks = choice is not None and any(claim.quote.source_id == choice.source_id for claim in claims)
        if choice is not None and (standings is None or (choice.over and speaks)):
            used.add(id(choice))
            because = choice.because
            standings = _chosen(claims, column, choice, published)
            if standings is None:
                problems.append(_no_such_claim(choice, path, claims))
        elif standings is None:
            problems.append(_conflict(record, path, claims))
        judged.extend(
            Judged(claim, standing, because if standing == "chosen" else None)
            for claim, standing in zip(claims, standings or (), strict=standings is not None)
        )
    items = {"/".join([tables[name].listed, *item]) for name, item, _ in cells if item}
    problems += [
        choice.place.problem(
            "unknown-field",
            f"`over` names {path!r}, which is no other item",
            value=path,
            hint=f"the items are {', '.join(sorted(items))}",
        )
        for choice in record.choices
        for path in choice.over
        if path not in items - {choice.field}
    ]
    problems += [_idle(choice, cells, tables) for choice in record.choices if id(choice) not in used]
    return judged, problems


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


def _conflict(record: Record, path: str, claims: list[Claimed]) -> Problem:
    seen: dict[Any, Claimed] = {}
    for claim in claims:
        seen.setdefault(claim.value, claim)
    told = "; ".join(
        f"{claim.value!r} says {claim.quote.source_id} “{claim.quote}” ({claim.place})" for claim in seen.values()
    )
    return next(iter(seen.values())).place.problem(
        "unresolved-conflict",
        f"{record.record_id} {path}: {told}",
        hint=f"add to choices: {{field: {path}, source: <the one to follow>, because: <why>}}",
    )


def _no_such_claim(choice: Choice, path: str, claims: list[Claimed]) -> Problem:
    sources = sorted({claim.quote.source_id for claim in claims})
    return choice.place.problem(
        "choice-without-claim",
        f"{path}: {choice.source_id} does not claim one value here; claims are by {', '.join(sources)}",
        value=choice.source_id,
        hint="name one of these sources, and with `passage` the claim where it makes several",
    )


def _idle(
    choice: Choice, cells: dict[tuple[str, tuple[str, ...], str], list[Claimed]], tables: dict[str, Table]
) -> Problem:
    paths = sorted({field_path(tables[table], item, column) for table, item, column in cells})
    if choice.field in paths or any(path.startswith(f"{choice.field}/") for path in paths):
        return choice.place.problem(
            "choice-not-needed",
            f"the claims on {choice.field} do not contradict each other",
            value=choice.field,
            hint="remove the choice",
        )
    return choice.place.problem(
        "unknown-field",
        f"nothing is claimed of {choice.field!r}; the record's fields are {', '.join(paths)}",
        value=choice.field,
    )
