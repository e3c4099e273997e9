"""YAML as a tree of text with places: no type is guessed, no key is lost, nothing is followed.

PyYAML's loaders read `2016` as a number, `NO` as false and keep the last of two equal keys; its
events carry the text as written with line and column, which is what records need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ceechina.errors import Problem


@dataclass(frozen=True)
class Place:
    """A position in a file; lines and columns count from one."""

    path: str
    line: int
    column: int

    def problem(self, code: str, message: str, **more: Any) -> Problem:
        """A problem at this place; `more` are further fields of `Problem`."""
        return Problem(path=self.path, line=self.line, column=self.column, code=code, message=message, **more)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Leaf:
    """Text."""

    place: Place
    text: str


@dataclass(frozen=True)
class Sequence:
    """A list of nodes."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapping:
    """Nodes by key, with the place of each key."""

    place: Place
    entries: dict[str, Node]
    keys: dict[str, Place] = field(default_factory=dict)


Node = Leaf | Sequence | Mapping


class _RefusedError(Exception):
    """Reading cannot go on; the problem is recorded."""


def parse(path: Path, shown: str) -> tuple[Node | None, list[Problem]]:
    """The tree of one YAML file.

    Args:
        path: The file.
        shown: How problems name it.

    Returns:
        The tree, None where the file cannot be read as YAML or is empty, and the problems found.
    """
    start = Place(shown, 1, 1)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        return None, [start.problem("unreadable", f"the file cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return None, [start.problem("not-utf-8", f"byte {error.start} is not UTF-8", hint="save the file as UTF-8")]
    reader = _Reader(shown)
    tree = _tree(reader, text, start)
    if tree is None and not reader.problems:
        hint = "write the record or remove it"
        reader.problems.append(start.problem("empty-file", "the file holds nothing", hint=hint))
    return tree, reader.problems


def _tree(reader: _Reader, text: str, start: Place) -> Node | None:
    """The tree of a text; None, with a problem, where it is no YAML or none that is read here."""
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return reader.document(iter(yaml.parse(text, Loader=loader)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(start.path, mark.line + 1, mark.column + 1) if mark else start
        reader.problems.append(place.problem("not-yaml", error.problem or "not YAML"))
    except yaml.YAMLError as error:
        reader.problems.append(start.problem("not-yaml", str(error).splitlines()[0]))
    except RecursionError:
        hint = "records are a few levels deep"
        reader.problems.append(start.problem("not-yaml", "the file is nested too deep", hint=hint))
    except _RefusedError:
        pass  # told where it was met
    return None


class _Reader:
    """Builds nodes from PyYAML's events."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []

    def _place(self, event: object) -> Place:
        mark = event.start_mark  # type: ignore[attr-defined]  # every event has one
        return Place(self.shown, mark.line + 1, mark.column + 1)

    def document(self, events: Iterator[object]) -> Node | None:
        from yaml import events as kinds

        tree = None
        for event in events:
            if isinstance(event, (kinds.StreamStartEvent, kinds.StreamEndEvent, kinds.DocumentEndEvent)):
                continue
            if isinstance(event, kinds.DocumentStartEvent):
                if tree is not None:
                    self._refuse(event, "second-document", "a file holds one document", "remove the line `---`")
                continue
            tree = self._node(event, events)
        return tree

    def _refuse(self, event: object, code: str, message: str, hint: str) -> None:
        self.problems.append(self._place(event).problem(code, message, hint=hint))
        raise _RefusedError

    def _node(self, event: object, events: Iterator[object]) -> Node:
        from yaml import events as kinds

        place = self._place(event)
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, "anchor", "anchors and aliases are not read", "write the value out where it belongs")
        if getattr(event, "tag", None):
            self._refuse(event, "tag", f"the tag {event.tag} is not read", "write the plain value")  # type: ignore[attr-defined]
        if isinstance(event, kinds.ScalarEvent):
            return Leaf(place, event.value)
        if isinstance(event, kinds.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(child := next(events), kinds.SequenceEndEvent):
                items.append(self._node(child, events))
            return Sequence(place, tuple(items))
        return self._mapping(place, events)

    def _mapping(self, place: Place, events: Iterator[object]) -> Mapping:
        from yaml import events as kinds

        mapping = Mapping(place, {})
        while not isinstance(event := next(events), kinds.MappingEndEvent):
            key = self._node(event, events)
            value = self._node(next(events), events)
            if not isinstance(key, Leaf):
                self.problems.append(key.place.problem("key-not-text", "a key must be plain text"))
            elif key.text in mapping.entries:
                first = mapping.keys[key.text]
                self.problems.append(
                    key.place.problem(
                        "duplicate-key",
                        f"{key.text!r} stands here and in line {first.line}",
                        value=key.text,
                        hint="keep one of the two",
                    )
                )
            else:
                mapping.entries[key.text] = value
                mapping.keys[key.text] = key.place
        return mapping
