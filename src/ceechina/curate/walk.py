"""Nodes of a record file checked against columns: what is unknown, missing or no value is a problem."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from typing import Any

from ceechina.curate.yaml_tree import Leaf, Mapping, Node, Place, Sequence
from ceechina.errors import Problem, suggestion
from ceechina.model.tables import Column


class Walker:
    """Takes values out of nodes; collects problems, and the ids that values refer to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.references: list[tuple[str, str, Place]] = []

    def say(self, place: Place, code: str, message: str, **more: str) -> None:
        """Record a problem."""
        self.problems.append(place.problem(code, message, **more))

    def items(self, node: Node | None, expected: str) -> tuple[Node, ...]:
        """The nodes of a list; none, with a problem, where it is no list."""
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.say(node.place, "not-a-list", f"expected {expected}", hint="start each entry with `- `")
        return ()

    def mapping(self, node: Node | None) -> Mapping | None:
        """The node as a mapping; None, with a problem, where it is none."""
        if node is None or isinstance(node, Mapping):
            return node
        self.say(node.place, "not-a-mapping", "expected `key: value` lines")
        return None

    def unknown_keys(self, mapping: Mapping, known: Iterable[str]) -> None:
        """Every key that is not known is a problem, with the nearest that is."""
        known = list(known)
        for key, place in mapping.keys.items():
            if key not in known:
                self.say(place, "unknown-key", f"{key!r} is not a key here; {suggestion(key, known)}", value=key)

    def text(self, mapping: Mapping, key: str, column: Column) -> str | None:
        """Text under a key as a value of a column; None where it is absent or, with a problem, no such value."""
        node = mapping.entries.get(key)
        value = None if node is None else self.value(node, column, key)
        return None if value is None else str(value)

    def fields(
        self, mapping: Mapping, columns: Iterable[Column], extra: tuple[str, ...]
    ) -> dict[str, tuple[Any, Place]]:
        """Values of the columns written in a mapping, by column name; unknown keys are problems."""
        by_key = {column.written: column for column in columns}
        self.unknown_keys(mapping, [*by_key, *extra])
        values = {}
        for key, column in by_key.items():
            if key in mapping.entries:
                node = mapping.entries[key]
                value = self.value(node, column, key)
                if value is not None:
                    values[column.name] = (value, node.place)
        return values

    def value(self, node: Node, column: Column, key: str) -> Any:
        """A leaf as a value of the column; None, with a problem, where it is none."""
        if not isinstance(node, Leaf):
            self.say(node.place, "not-text", f"{key!r} takes a single value")
            return None
        try:
            value = column.parse(node.text)
        except ValueError as error:
            code = "unknown-code" if column.codes else "invalid-value"
            self.say(node.place, code, f"{key}: {error}", value=node.text)
            return None
        if column.reference:
            self.references.append((column.reference, str(value), node.place))
        return value

    def require(self, mapping: Mapping, columns: Iterable[Column], values: AbstractMapping[str, Any]) -> None:
        """Every column that must have a value and is not written is a problem."""
        for column in columns:
            if (
                column.required
                and column.default is None
                and column.name not in values
                and column.written not in mapping.entries
            ):
                self.say(mapping.place, "missing-key", f"{column.written!r} is missing", hint=column.description)

    def slug(self, mapping: Mapping, column: Column) -> str:
        """The `id` of a mapping as a value of its key column; an empty string, with a problem, where there is none."""
        if "id" not in mapping.entries:
            self.say(mapping.place, "missing-key", "'id' is missing")
            return ""
        parsed = self.value(mapping.entries["id"], column, "id")
        return "" if parsed is None else str(parsed)
