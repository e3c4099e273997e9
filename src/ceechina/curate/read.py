"""Record files in, records out: every file read, every key known, every problem with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ceechina.curate import yaml_tree
from ceechina.curate.claims import CLAIM_KEYS, ClaimReader
from ceechina.curate.records import EDITORIAL_FILES, Choice, LeftOut, Record, Records
from ceechina.curate.walk import Walker
from ceechina.curate.yaml_tree import Mapping, Node, Place
from ceechina.errors import PackageError, suggestion
from ceechina.model.tables import Table, core

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
    for name, stem in EDITORIAL_FILES.items():
        reader.editorial_list(tables[name], root / f"{stem}.yaml")
    for path in _files(root / "sources"):
        reader.source(path)
    for table in core(tables):
        for path in _files(root / table.name):
            reader.record_file(table, path)
    reader.check_files()
    if not reader.found.records and not reader.walk.problems:
        raise PackageError(f"{root} holds no record; records are in {', '.join(t.name for t in core(tables))}/*.yaml")
    reader.check_ids()
    return reader.found


def _files(folder: Path) -> list[Path]:
    # editors keep locks and copies of open files under names that begin with a dot
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))


class _Reader:
    """Walks the trees of the files and collects what it finds."""

    def __init__(self, root: Path, tables: AbstractMapping[str, Table]) -> None:
        self.root, self.tables = root, tables
        self.walk = Walker()
        self.claims = ClaimReader(self.walk, tables)
        self.read: set[Path] = set()
        reference: dict[str, list[dict[str, Any]]] = {name: [] for name in (*EDITORIAL_FILES, "sources")}
        self.found = Records(reference, [], [], {}, self.walk.problems)

    def tree(self, path: Path) -> Node | None:
        self.read.add(path)
        node, problems = yaml_tree.parse(path, self.shown(path))
        self.walk.problems.extend(problems)
        return node

    def shown(self, path: Path) -> str:
        return f"{self.root.resolve().name}/{path.relative_to(self.root).as_posix()}"

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
        row = self.editorial_row(self.tables["sources"], mapping, extra=("left_out",), stem=path.stem)
        for node in self.walk.items(mapping.entries.get("left_out"), "a list of passages"):
            if (entry := self.walk.mapping(node)) is not None:
                self.left_out(entry, row["source_id"])

    def record_file(self, table: Table, path: Path) -> None:
        """One record, or for a table that is `listed` all records of one body."""
        mapping = self.walk.mapping(self.tree(path))
        if mapping is None:
            return
        before = len(self.found.records)
        if table.group:
            self.grouped_records(table, mapping, path.stem)
        else:
            editorial = self.editorial_row(table, mapping, extra=("claims", "choices"), stem=path.stem)
            record = Record(table, editorial[table.key[0]], editorial, mapping.place)
            self.found.records.append(record)
            for citation in self.claims.citations(mapping):
                record.claims.extend(self.claims.record_values(table, citation))
            record.choices.extend(self.claims.choices(mapping))
        if not any(record.claims for record in self.found.records[before:]):
            hint = "a record enters with its passage or not at all"
            self.walk.say(mapping.place, "no-claim", f"{path.stem} has no claim", hint=hint)

    def grouped_records(self, table: Table, mapping: Mapping, stem: str) -> None:
        """All records of a body, from one file."""
        group = table[table.group]
        head = self.walk.fields(mapping, [group], extra=("claims", "choices"))
        self.walk.require(mapping, [group], head)
        body = str(head.get(group.name, (stem, mapping.place))[0])
        self.check_stem(mapping, body, stem)
        by_id: dict[str, Record] = {}
        for citation in self.claims.citations(mapping):
            self.walk.unknown_keys(citation.node, [*CLAIM_KEYS, table.listed])
            for item in self.walk.items(citation.node.entries.get(table.listed), f"a list of {table.listed}"):
                if (entry := self.walk.mapping(item)) is None:
                    continue
                record_id = f"{body}-{self.walk.slug(entry, table[table.key[0]])}"
                if record_id not in by_id:
                    editorial = {table.key[0]: record_id, group.name: body}
                    by_id[record_id] = Record(table, record_id, editorial, entry.place)
                    self.place_key(table, record_id, entry.place)
                values = self.walk.fields(entry, table.claimed, extra=("id",))
                by_id[record_id].claims.extend(citation.values(table, (), values, entry.place))
        for choice in self.claims.choices(mapping):
            self.grouped_choice(choice, by_id, body)
        self.found.records.extend(by_id.values())

    def grouped_choice(self, choice: Choice, by_id: AbstractMapping[str, Record], body: str) -> None:
        """A choice of a body's file, `spell/column`, given to its spell."""
        spell, _, field = choice.field.partition("/")
        record = by_id.get(f"{body}-{spell}")
        if record and field:
            record.choices.append(replace(choice, field=field))
            return
        near = suggestion(choice.field, [f"{each.removeprefix(body)[1:]}/start" for each in by_id])
        told = f"{choice.field!r} names no column of a spell claimed here; {near}"
        self.walk.say(choice.place, "unknown-field", told, value=choice.field)

    def editorial_row(self, table: Table, mapping: Mapping, extra: tuple[str, ...], stem: str = "") -> dict[str, Any]:
        """The columns people write for a row, checked and registered under the row's key.

        A row whose id is missing or bad is given that of its file, so that the rest is still checked.
        """
        key = table.key[0]
        columns = [column for column in table.columns if column.origin == "editorial" and column.name != key]
        values = self.walk.fields(mapping, columns, extra=("id", *extra))
        self.walk.require(mapping, columns, values)
        row = {name: value for name, (value, _) in values.items()}
        written = self.walk.slug(mapping, table[key])
        row[key] = written or stem
        if written and stem:
            self.check_stem(mapping, written, stem)
        if row[key]:
            self.place_key(table, row[key], mapping.place)
        if row[key] and table.name in self.found.reference:
            self.found.reference[table.name].append(row)
        return row

    def check_stem(self, mapping: Mapping, written: str, stem: str) -> None:
        if written != stem:
            self.walk.say(
                mapping.place, "id-not-file-name", f"the file is {stem}.yaml, the id {written!r}", value=written
            )

    def place_key(self, table: Table, key: str, place: Place) -> None:
        """Register a row under its key; claims name records of all core tables alike, so these share their ids."""
        rivals = [each.name for each in core(self.tables)] if table.is_core else [table.name]
        taken = next((self.found.places[name, key] for name in rivals if (name, key) in self.found.places), None)
        if taken:
            hint = "choose another id, or merge the two"
            self.walk.say(place, "duplicate-id", f"{key!r} is taken by {taken}", value=key, hint=hint)
        self.found.places.setdefault((table.name, key), place)

    def left_out(self, entry: Mapping, source_id: str) -> None:
        """A passage that was read and not coded."""
        columns = self.tables["exclusions"]
        self.walk.unknown_keys(entry, LEFT_OUT_KEYS)
        if "reason" not in entry.entries:
            self.walk.say(entry.place, "missing-key", "a passage left out needs 'reason'")
        reason = self.walk.text(entry, "reason", columns["reason"])
        note = self.walk.text(entry, "note", columns["note"])
        quote = self.claims.quote(entry, source_id)
        if quote and reason:
            twin = next((left for left in self.found.left_out if left.quote == quote), None)
            if twin:
                self.walk.say(entry.place, "left-out-twice", f"the passage is also left out in line {twin.place.line}")
                return
            self.found.left_out.append(LeftOut(quote, reason, note, entry.place))

    def check_files(self) -> None:
        """Every file that looks like a record file must be one that is read."""
        for path in sorted(self.root.rglob("*")):
            is_hidden = any(part.startswith(".") for part in path.relative_to(self.root).parts)
            if path.suffix.lower() in (".yaml", ".yml") and not is_hidden and path not in self.read:
                hint = f"records are read from {', '.join(table.name for table in core(self.tables))}/*.yaml"
                self.walk.say(Place(self.shown(path), 1, 1), "unread-file", "nothing reads this file", hint=hint)

    def without_rows(self) -> set[str]:
        """Tables of which there is no row though rows are named: told once, and not wherever one is."""
        named = Counter(table for table, *_ in self.walk.references)
        nobody = {table for table, rows in self.found.reference.items() if named[table] and not rows}
        for table in nobody:
            file = f"{EDITORIAL_FILES[table]}.yaml" if table in EDITORIAL_FILES else table
            told = f"no row of {table} is read from here, and records name {named[table]:,}"
            hint = "take it again from where it was last"
            self.walk.say(Place(self.shown(self.root / file), 1, 1), "missing-rows", told, hint=hint)
        return nobody

    def check_ids(self) -> None:
        """Every id that is named must be somebody's, and a retired one nobody's."""
        retired = {row["retired_id"]: row for row in self.found.reference["retired_ids"]}
        nobody = self.without_rows()
        for table, key, place in self.walk.references:
            if (table, key) not in self.found.places and table not in nobody:
                near = suggestion(key, self.found.ids(table))
                if key in retired:
                    successor = retired[key].get("successor_id")
                    near = f"it was retired: {retired[key].get('because', '')}"
                    near += f" See {successor!r}" if successor else ""
                self.walk.say(place, "unknown-id", f"{key!r} is not in {table}; {near}", value=key)
        for key, row in retired.items():
            table, place = str(row.get("record_table")), self.found.places["retired_ids", key]
            if table not in self.tables or not self.tables[table].is_core:
                near = suggestion(table, [each.name for each in core(self.tables)])
                self.walk.say(place, "unknown-table", f"{table!r} is no core table; {near}", value=table)
            elif (table, key) in self.found.places:
                self.walk.say(
                    place, "retired-in-use", f"{key!r} is in use at {self.found.places[table, key]}", value=key
                )
            successor = row.get("successor_id")
            if successor and (table, successor) not in self.found.places:
                near = suggestion(successor, self.found.ids(table))
                self.walk.say(place, "unknown-id", f"{successor!r} is not in {table}; {near}", value=successor)
