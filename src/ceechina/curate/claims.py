"""The claims and choices of a record file, taken out of its nodes along the columns of the model."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from typing import Any

from ceechina.curate.passages import Quote, parse_quote
from ceechina.curate.records import Choice, Claimed
from ceechina.curate.walk import Walker
from ceechina.curate.yaml_tree import Leaf, Mapping, Node, Place, Sequence
from ceechina.model.tables import Table, children

CLAIM_KEYS = ("source", "passage", "basis", "note")
CHOICE_KEYS = ("field", "source", "passage", "over", "because")

Values = AbstractMapping[str, tuple[Any, Place]]


@dataclass(frozen=True)
class Citation:
    """What a block of claims says of all its values: the passage, how it bears them, and a note."""

    node: Mapping
    quote: Quote
    basis: str
    note: str | None

    def values(self, table: Table, item: tuple[str, ...], values: Values, place: Place) -> Iterable[Claimed]:
        """Claims for the written values, and for defaults that go without saying beside them."""
        for column in table.claimed:
            if column.name in values:
                value, where = values[column.name]
            elif column.beside in values:
                value, where = column.default, place
            else:
                continue
            yield Claimed(table.name, item, column.name, value, self.quote, self.basis, self.note, where)


class ClaimReader:
    """Reads blocks of claims and choices; problems go to the walker."""

    def __init__(self, walk: Walker, tables: AbstractMapping[str, Table]) -> None:
        self.walk, self.tables = walk, tables

    def citations(self, mapping: Mapping) -> Iterable[Citation]:
        """The blocks of claims of a file."""
        columns = self.tables["claims"]
        for node in self.walk.items(mapping.entries.get("claims"), "a list of claims"):
            if (claim := self.walk.mapping(node)) is None:
                continue
            quote = self.quote(claim)
            basis = self.walk.text(claim, "basis", columns["basis"]) or "stated"
            note = self.walk.text(claim, "note", columns["note"])
            if basis == "inferred" and not note:
                self.walk.say(claim.place, "missing-note", "an inferred value needs a note that says how it was read")
            if not any(_says_something(node) for key, node in claim.entries.items() if key not in CLAIM_KEYS):
                self.walk.say(
                    claim.place, "empty-claim", "the passage is cited for no value", hint="name what it states"
                )
            if quote:
                yield Citation(claim, quote, basis, note)

    def record_values(self, table: Table, citation: Citation) -> Iterable[Claimed]:
        """The values of one block: columns of the core table, then items of its child tables."""
        claim = citation.node
        kids = children(self.tables, table.name)
        values = self.walk.fields(claim, table.claimed, extra=(*CLAIM_KEYS, *(kid.listed for kid in kids)))
        yield from citation.values(table, (), values, claim.place)
        for kid in kids:
            for item in self.walk.items(claim.entries.get(kid.listed), f"a list of {kid.listed}"):
                yield from self._item_values(kid, item, citation)

    def _item_values(self, table: Table, node: Node, citation: Citation) -> Iterable[Claimed]:
        """The values of one list item; text alone stands for an item that is all key."""
        only = table.claimed[0] if len(table.claimed) == 1 and len(table.item_key) == 1 else None
        if only and isinstance(node, Leaf):
            node = Mapping(node.place, {only.written: node}, {only.written: node.place})
        if (mapping := self.walk.mapping(node)) is None:
            return
        slug_key = table.slug_key
        values = self.walk.fields(mapping, table.claimed, extra=("id",) if slug_key else ())
        if slug_key:
            item: tuple[str, ...] = (self.walk.slug(mapping, slug_key),)
            if not mapping.entries.keys() - {"id"}:
                self.walk.say(mapping.place, "empty-item", "nothing is claimed of the item", hint="name what is stated")
        else:
            self.walk.require(mapping, table.item_key, values)
            item = tuple(str(values[column.name][0]) for column in table.item_key if column.name in values)
            if len(item) < len(table.item_key):
                return
            # the item's being there is one claim, told by the last part of its key
            for column in table.item_key[:-1]:
                del values[column.name]
        if all(item):
            yield from citation.values(table, item, values, mapping.place)

    def choices(self, mapping: Mapping) -> list[Choice]:
        """The decisions of a file."""
        columns = {"field": "field", "source": "source_id", "because": "because"}
        found = []
        for node in self.walk.items(mapping.entries.get("choices"), "a list of choices"):
            if (entry := self.walk.mapping(node)) is None:
                continue
            self.walk.unknown_keys(entry, CHOICE_KEYS)
            texts = {key: self.walk.text(entry, key, self.tables["claims"][name]) for key, name in columns.items()}
            for key in columns.keys() - entry.entries.keys():
                self.walk.say(entry.place, "missing-key", f"a choice needs {key!r}")
            over = [
                self.walk.value(leaf, self.tables["claims"]["field"], "over")
                for leaf in self.walk.items(entry.entries.get("over"), "a list of fields")
            ]
            quote = self.quote(entry) if "passage" in entry.entries else None
            if all(texts.values()) and all(over):
                told = {key: str(text) for key, text in texts.items()}
                choice = Choice(told["field"], told["source"], quote, tuple(over), told["because"], entry.place)
                found.append(choice)
        return found

    def quote(self, mapping: Mapping, source_id: str = "") -> Quote | None:
        """The passage of a claim, of a choice or of something left out."""
        columns = self.tables["passages"]
        for key in ("passage",) if source_id else ("source", "passage"):
            if key not in mapping.entries:
                self.walk.say(mapping.place, "missing-key", f"{key!r} is missing")
        source = source_id or self.walk.text(mapping, "source", columns["source_id"])
        written = self.walk.text(mapping, "passage", columns["first_words"])
        if source is None or written is None:
            return None
        try:
            return parse_quote(source, written)
        except ValueError as error:
            self.walk.say(mapping.entries["passage"].place, "passage-form", str(error), value=written)
            return None


def _says_something(node: Node) -> bool:
    return not isinstance(node, Sequence) or bool(node.items)
