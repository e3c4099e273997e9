"""Derived columns of the core tables: computed from a record's own rows, never written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ceechina.curate.resolve import Judged
from ceechina.model.codes import AMOUNT_KIND
from ceechina.model.values import earliest, latest

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

SEPARATOR = "; "


def bookkeeping(judged: Sequence[Judged]) -> dict[str, Any]:
    """What a core row says of the claims behind it."""
    sources = sorted({judgement.claim.quote.source_id for judgement in judged})
    return {
        "source_ids": SEPARATOR.join(sources),
        "claim_count": len(judged),
        "source_count": len(sources),
        "is_contested": any(judgement.standing == "rival" for judgement in judged),
    }


def countries(table: str, row: Row, children: Rows, actors: Mapping[str, Row], region: frozenset[str]) -> str | None:
    """Countries of the region a record names, joined; None where it names none.

    A project names its countries; a membership its country; an agreement those of its parties; a
    meeting where it is held and whom its participants stand for.
    """
    found: Iterable[str | None]
    if table == "projects":
        found = [child["country_id"] for child in children["project_countries"]]
    elif table == "agreements":
        found = [_home(child["actor_id"], actors) for child in children["agreement_parties"]]
    elif table == "meetings":
        found = [row.get("country_id")]
        for child in children["meeting_participants"]:
            found.append(child.get("represents_country_id") or _home(child["actor_id"], actors))
    else:
        found = [row.get("country_id")]
    return SEPARATOR.join(sorted(region.intersection(found))) or None


def _home(actor: str, actors: Mapping[str, Row]) -> str | None:
    home: str | None = actors.get(actor, {}).get("country_id")
    return home


def headline(amounts: Sequence[Row]) -> dict[str, Any]:
    """The sum a project's row shows: first by the order of `amount_kind`, then by its id."""
    if not amounts:
        return {}
    first = min(amounts, key=lambda row: (AMOUNT_KIND.names.index(row["kind"]), row["amount_id"]))
    return {"headline_amount": first["value"], "headline_currency": first["currency"], "headline_kind": first["kind"]}


def event_span(events: Sequence[Row]) -> dict[str, Any]:
    """Dates of the earliest and the latest event that is not merely planned."""
    dates = [row["date"] for row in events if row.get("date") and not row["is_planned"]]
    starts = sorted((first, text) for text in dates if (first := earliest(text)))
    ends = sorted((last, text) for text in dates if (last := latest(text)))
    span: dict[str, Any] = {}
    if starts:
        span["first_event"] = starts[0][1]
    if ends:
        span["last_event"] = ends[-1][1]
    return span
