"""Derived columns of the core tables, computed from a record's own rows and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ceechina.read.provenance.claims import Claim
from ceechina.read.tables.dates import bounds
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    from ceechina.read.package import Package

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

SEPARATOR = "; "


class Context:
    """What derived columns need to know beyond their record: homes of actors, the region, the order of sums."""

    def __init__(self, package: Package) -> None:
        self.homes = {row["actor_id"]: row["country_id"] for row in package.arrow("actors").to_pylist()}
        self.region = {row["country_id"] for row in package.arrow("countries").to_pylist() if row["scope"] == "region"}
        self.kinds = package.describe("project_amounts")["kind"].codes

    def derived(self, core: TableInfo, row: Row, kids: Rows, claims: Sequence[Claim]) -> dict[str, Any]:
        """The derived columns of a record, as far as its table has them.

        Args:
            core: The table of the record.
            row: Its own row.
            kids: The rows of its lists, by table.
            claims: All claims of it.
        """
        found = _bookkeeping(claims) | {"country_ids": self._countries(core.name, row, kids)}
        for table, of_list in kids.items():
            if table.endswith("_amounts"):
                found |= self._headline(of_list)
            elif table.endswith("_events"):
                found |= _event_span(of_list)
        return {name: value for name, value in found.items() if name in core.names}

    def _countries(self, table: str, row: Row, kids: Rows) -> str | None:
        """Countries of the region a record names, joined; None where it names none."""
        named: set[str | None]
        match table:
            case "projects":
                named = {kid["country_id"] for kid in kids["project_countries"]}
            case "agreements":
                named = {self.homes.get(kid["actor_id"]) for kid in kids["agreement_parties"]}
            case "meetings":
                guests = kids["meeting_participants"]
                named = {kid["represents_country_id"] or self.homes.get(kid["actor_id"]) for kid in guests}
                named.add(row["country_id"])
            case _:
                named = {row.get("country_id")}
        return SEPARATOR.join(sorted(code for code in named if code in self.region and code)) or None

    def _headline(self, amounts: Sequence[Row]) -> dict[str, Any]:
        """The sum a project's row shows: first by the order of the kinds of amounts, then by its id."""
        first = min(amounts, key=lambda row: (self.kinds.index(row["kind"]), row["amount_id"]), default={})
        return {
            "headline_amount": first.get("value"),
            "headline_currency": first.get("currency"),
            "headline_kind": first.get("kind"),
        }


def _bookkeeping(claims: Sequence[Claim]) -> dict[str, Any]:
    """What a core row says of the claims behind it."""
    sources = sorted({claim.source_id for claim in claims})
    return {
        "source_ids": SEPARATOR.join(sources),
        "claim_count": len(claims),
        "source_count": len(sources),
        "is_contested": any(claim.standing == "rival" for claim in claims),
    }


def _event_span(events: Sequence[Row]) -> dict[str, Any]:
    """Dates of the earliest and the latest event that is not merely planned."""
    dates = [row["date"] for row in events if row["date"] and not row["is_planned"]]
    starts = [(first, text) for text in dates if (first := bounds(text)[0])]
    ends = [(last, text) for text in dates if (last := bounds(text)[1])]
    return {
        "first_event": min(starts)[1] if starts else None,
        "last_event": max(ends)[1] if ends else None,
    }
