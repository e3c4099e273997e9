"""Records as people write them: claims, choices, passages left out, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ceechina.curate.passages import Quote
from ceechina.curate.yaml_tree import Place
from ceechina.errors import Problem
from ceechina.model.tables import Table

# Tables whose rows people write as a list in a file of their own, with the file's name.
EDITORIAL_FILES = {"countries": "countries", "actors": "actors", "retired_ids": "retired", "changes": "changes"}


@dataclass(frozen=True)
class Claimed:
    """One value that one passage states: the cell it fills and where it is written."""

    value_table: str
    item: tuple[str, ...]
    column: str
    value: Any
    quote: Quote
    basis: str
    note: str | None
    place: Place


@dataclass(frozen=True)
class Choice:
    """A decision between contradicting claims.

    `field` is `column`, `list/item/column` or `list/item`; `over` names list items that give way
    to the item in `field`; `quote` tells claims of one source apart.
    """

    field: str
    source_id: str
    quote: Quote | None
    over: tuple[str, ...]
    because: str
    place: Place


@dataclass
class Record:
    """A record of a core table as people write it."""

    table: Table
    record_id: str
    editorial: dict[str, Any]
    place: Place
    claims: list[Claimed] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class LeftOut:
    """A passage that was read and not coded."""

    quote: Quote
    reason: str
    note: str | None
    place: Place


@dataclass
class Records:
    """Everything in a records folder.

    `reference` holds the rows of the editorial tables by table name; `places` says where the row
    of a table with a key stands.
    """

    reference: dict[str, list[dict[str, Any]]]
    records: list[Record]
    left_out: list[LeftOut]
    places: dict[tuple[str, str], Place]
    problems: list[Problem]

    def quotes(self) -> dict[Quote, Place]:
        """Passages in use, each with the place that uses it first."""
        found: dict[Quote, Place] = {}
        for record in self.records:
            for claim in record.claims:
                found.setdefault(claim.quote, claim.place)
        for left in self.left_out:
            found.setdefault(left.quote, left.place)
        return found

    def ids(self, table: str) -> list[str]:
        """Keys of a table's rows."""
        return [key for name, key in self.places if name == table]
