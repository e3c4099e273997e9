"""Record files in, records out: every key known, every value parsed, every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from pathlib import Path
from typing import Any

from ceechina.curate import yaml_tree
from ceechina.curate.passages import Quote, parse_quote
from ceechina.curate.records import Choice, Claimed, LeftOut, Record, Records
from ceechina.curate.walk import Walker
from ceechina.curate.yaml_tree import Leaf, Mapping, Node, Place
from ceechina.errors import PackageError, suggestion
from ceechina.model.tables import Table, children, core

CLAIM_KEYS = ("source", "passage", "basis", "note")
CHOICE_KEYS = ("field", "source", "passage", "over", "because")
LEFT_OUT_KEYS = ("passage", "reason", "note")


def read_records(root: Path, tables: AbstractMapping[str, Table]) -> Records:
    """Read a records folder whole.

    Args:
        root: The folder.
        tables: The model.

    Returns:
        What could be read, with all problems found.

    Raises:
        PackageError: The folder does not exist or holds no record.
    """
    if not root.is_dir():
        raise PackageError(f"no records folder at {root}; run this in a checkout, or name the folder with --records")
    reader = _Reader(root, tables)
    for name, stem in (("countries", "countries"), ("actors", "actors"), ("retired_ids", "retired")):
        reader.editorial_list(tables[name], root / f"{stem}.yaml")
    for path in sorted((root / "sources").glob("*.yaml")):
        reader.source(path)
    for table in core(tables):
        for path in sorted((root / table.name).glob("*.yaml")):
            reader.record_file(table, path)
    found = reader.found
    for table_name, key, place in reader.walk.references:
        if (table_name, key) not in found.places:
            near = suggestion(key, found.ids(table_name))
            reader.walk.say(place, "unknown-id", f"{key!r} is not in {table_name}; {near}", value=key)
    return found


class _Reader:
    """Walks trees of nodes along the columns of the model and collects what it finds."""

    def __init__(self, root: Path, tables: AbstractMapping[str, Table]) -> None:
        self.root, self.tables = root, tables
        self.walk = Walker()
        reference: dict[str, list[dict[str, Any]]] = {
            name: [] for name, table in tables.items() if _is_editorial(table)
        }
        self.found = Records(reference, [], [], {}, self.walk.problems)

    def tree(self, path: Path) -> Node | None:
        shown = f"{self.root.name}/{path.relative_to(self.root).as_posix()}"
        node, problems = yaml_tree.parse(path, shown)
        self.walk.problems.extend(problems)
        return node

    def editorial_list(self, table: Table, path: Path) -> None:
        """A file that lists the rows of an editorial table."""
        if not path.is_file():
            return
        for node in self.walk.items(self.tree(path), f"a list of {table.name}"):
            if (mapping := self.walk.mapping(node)) is not None:
                self.editorial_row(table, mapping, extra=())

    def source(self, path: Path) -> None:
        """A source with what was left out of it."""
        mapping = self.walk.mapping(self.tree(path))
        if mapping is None:
            return
        table = self.tables["sources"]
        row = self.editorial_row(table, mapping, extra=("left_out",), expected_id=path.stem)
        for node in self.walk.items(mapping.entries.get("left_out"), "a list of passages"):
            if (entry := self.walk.mapping(node)) is not None:
                self.left_out(entry, str(row.get("source_id", path.stem)))

    def record_file(self, table: Table, path: Path) -> None:
        """One record, or for a table that is `listed` all records of one body."""
        mapping = self.walk.mapping(self.tree(path))
        if mapping is None:
            return
        if table.listed:
            self.grouped_records(table, mapping, path.stem)
            return
        editorial = self.editorial_row(table, mapping, extra=("claims", "choices"), expected_id=path.stem)
        record = Record(table, str(editorial.get(table.key[0], path.stem)), editorial, mapping.place)
        self.found.records.append(record)
        for node, quote, basis, note in self.claims(mapping):
            record.claims.extend(self.claim_values(table, node, quote, basis, note))
        record.choices.extend(self.choices(mapping))
        if not record.claims:
            self.walk.say(
                mapping.place,
                "no-claim",
                f"{record.record_id} has no claim",
                hint="a record enters with its passage or not at all",
            )

    def grouped_records(self, table: Table, mapping: Mapping, stem: str) -> None:
        group = next(column for column in table.columns if column.origin == "editorial" and column.reference)
        head = self.walk.fields(mapping, [group], extra=("claims", "choices"))
        self.walk.require(mapping, [group], head)
        body = str(head.get(group.name, (stem, mapping.place))[0])
        if body != stem:
            self.walk.say(
                mapping.place, "id-not-file-name", f"the file is {stem}.yaml, the {group.written} {body!r}", value=body
            )
        by_id: dict[str, Record] = {}
        for node, quote, basis, note in self.claims(mapping):
            self.walk.unknown_keys(node, [*CLAIM_KEYS, table.listed])
            for item in self.walk.items(node.entries.get(table.listed), f"a list of {table.listed}"):
                if (entry := self.walk.mapping(item)) is None:
                    continue
                spell = self.walk.slug(entry, table[table.key[0]])
                record_id = f"{body}-{spell}"
                if record_id not in by_id:
                    by_id[record_id] = Record(
                        table, record_id, {table.key[0]: record_id, group.name: body}, entry.place
                    )
                    self.place_key(table, record_id, entry.place)
                values = self.walk.fields(entry, table.claimed, extra=("id",))
                by_id[record_id].claims.extend(_claimed(table, (), values, quote, basis, note, entry.place))
        for choice in self.choices(mapping):
            spell, _, rest = choice.field.partition("/")
            record = by_id.get(f"{body}-{spell}")
            if record is None:
                self.walk.say(choice.place, "unknown-field", f"no spell {spell!r} is claimed here", value=choice.field)
            else:
                record.choices.append(
                    Choice(rest, choice.source_id, choice.quote, choice.over, choice.because, choice.place)
                )
        self.found.records.extend(by_id.values())

    def editorial_row(
        self, table: Table, mapping: Mapping, extra: tuple[str, ...], expected_id: str = ""
    ) -> dict[str, Any]:
        """The columns people write for a row, checked and registered under the row's key."""
        key = table.key[0]
        columns = [column for column in table.columns if column.origin == "editorial" and column.name != key]
        values = self.walk.fields(mapping, columns, extra=("id", *extra))
        self.walk.require(mapping, columns, values)
        row = {name: value for name, (value, _) in values.items()}
        row[key] = self.walk.slug(mapping, table[key])
        if expected_id and row[key] and row[key] != expected_id:
            self.walk.say(
                mapping.place,
                "id-not-file-name",
                f"the file is {expected_id}.yaml, the id {row[key]!r}",
                value=row[key],
            )
        self.place_key(table, row[key], mapping.place)
        if table.name in self.found.reference:
            self.found.reference[table.name].append(row)
        return row

    def place_key(self, table: Table, key: str, place: Place) -> None:
        first = self.found.places.setdefault((table.name, key), place)
        if first is not place:
            self.walk.say(
                place,
                "duplicate-id",
                f"{key!r} is taken by {first}",
                value=key,
                hint="choose another id, or merge the two",
            )

    def claims(self, mapping: Mapping) -> Iterable[tuple[Mapping, Quote, str, str | None]]:
        """The claims of a file with their passage, basis and note."""
        for node in self.walk.items(mapping.entries.get("claims"), "a list of claims"):
            if (claim := self.walk.mapping(node)) is None:
                continue
            quote = self.quote(claim)
            basis = self.walk.text(claim, "basis", self.tables["claims"]["basis"]) or "stated"
            note = self.walk.text(claim, "note", self.tables["claims"]["note"])
            if basis == "inferred" and not note:
                self.walk.say(claim.place, "missing-note", "an inferred value needs a note that says how it was read")
            if quote:
                yield claim, quote, basis, note

    def claim_values(
        self, table: Table, claim: Mapping, quote: Quote, basis: str, note: str | None
    ) -> Iterable[Claimed]:
        """The values of one claim: columns of the core table, then items of its child tables."""
        kids = children(self.tables, table.name)
        values = self.walk.fields(claim, table.claimed, extra=(*CLAIM_KEYS, *(kid.listed for kid in kids)))
        yield from _claimed(table, (), values, quote, basis, note, claim.place)
        for kid in kids:
            for item in self.walk.items(claim.entries.get(kid.listed), f"a list of {kid.listed}"):
                yield from self.item_values(kid, item, quote, basis, note)

    def item_values(self, table: Table, node: Node, quote: Quote, basis: str, note: str | None) -> Iterable[Claimed]:
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
        else:
            self.walk.require(mapping, table.item_key, values)
            item = tuple(str(values[column.name][0]) for column in table.item_key if column.name in values)
            if len(item) < len(table.item_key):
                return
            # the item's being there is one claim, told by the last part of its key
            for column in table.item_key[:-1]:
                del values[column.name]
        if all(item):
            yield from _claimed(table, item, values, quote, basis, note, mapping.place)

    def choices(self, mapping: Mapping) -> list[Choice]:
        """The decisions of a file."""
        found = []
        for node in self.walk.items(mapping.entries.get("choices"), "a list of choices"):
            if (entry := self.walk.mapping(node)) is None:
                continue
            self.walk.unknown_keys(entry, CHOICE_KEYS)
            columns = {"field": "field", "source": "source_id", "because": "because"}
            texts = {key: self.walk.text(entry, key, self.tables["claims"][name]) for key, name in columns.items()}
            for key, text in texts.items():
                if text is None:
                    self.walk.say(entry.place, "missing-key", f"a choice needs {key!r}")
            over = tuple(
                leaf.text
                for leaf in self.walk.items(entry.entries.get("over"), "a list of fields")
                if isinstance(leaf, Leaf)
            )
            quote = self.quote(entry) if "passage" in entry.entries else None
            if all(texts.values()):
                found.append(
                    Choice(str(texts["field"]), str(texts["source"]), quote, over, str(texts["because"]), entry.place)
                )
        return found

    def left_out(self, entry: Mapping, source_id: str) -> None:
        """A passage that was read and not coded."""
        columns = self.tables["exclusions"]
        self.walk.unknown_keys(entry, LEFT_OUT_KEYS)
        if "reason" not in entry.entries:
            self.walk.say(entry.place, "missing-key", "a passage left out needs 'reason'")
        reason = self.walk.text(entry, "reason", columns["reason"])
        note = self.walk.text(entry, "note", columns["note"])
        quote = self.quote(entry, source_id)
        if quote and reason:
            self.found.left_out.append(LeftOut(quote, reason, note, entry.place))

    def quote(self, mapping: Mapping, source_id: str = "") -> Quote | None:
        """The passage of a claim, of a choice or of something left out."""
        source = source_id or self.walk.text(mapping, "source", self.tables["passages"]["source_id"])
        written = self.walk.text(mapping, "passage", self.tables["passages"]["first_words"])
        for key, text in (("source", source), ("passage", written)):
            if text is None and key not in mapping.entries:
                self.walk.say(mapping.place, "missing-key", f"{key!r} is missing")
        if source is None or written is None:
            return None
        try:
            return parse_quote(source, written)
        except ValueError as error:
            self.walk.say(mapping.entries["passage"].place, "passage-form", str(error), value=written)
            return None


def _claimed(
    table: Table,
    item: tuple[str, ...],
    values: dict[str, tuple[Any, Place]],
    quote: Quote,
    basis: str,
    note: str | None,
    place: Place,
) -> Iterable[Claimed]:
    """Claims for the written values, and for defaults that go without saying beside them."""
    for column in table.claimed:
        if column.name in values:
            value, where = values[column.name]
        elif column.beside in values:
            value, where = column.default, place
        else:
            continue
        yield Claimed(table.name, item, column.name, value, quote, basis, note, where)


def _is_editorial(table: Table) -> bool:
    """Whether people write the table's rows as they are."""
    return not table.parent and not table.is_core and table[table.key[0]].origin == "editorial"
