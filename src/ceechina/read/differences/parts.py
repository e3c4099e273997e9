"""What differs between two packages, one class for each sort of thing that can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verb = Literal["added", "removed", "changed"]
SchemaVerb = Literal["added", "removed", "redefined", "reworded"]


@dataclass(frozen=True)
class SchemaChange:
    """A table, column, code list or code that differs.

    `redefined` is what a program can tell: type, key, constraints, codes. `reworded` is only its description.
    """

    change: SchemaVerb
    what: Literal["table", "column", "code list", "code"]
    name: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class ClaimChange:
    """A claim behind a change: added, removed, or changed in value or standing."""

    change: Verb
    claim_id: str
    value: str
    standing: str
    source_id: str
    passage: str


@dataclass(frozen=True)
class Reason:
    """Why a value changed: a code of `change_kind`, and a sentence where one is given."""

    kind: str
    because: str = ""


@dataclass(frozen=True)
class Retired:
    """A record whose id is no longer used; merged into another where there is a successor."""

    table: str
    record_id: str
    successor_id: str
    because: str


# what the rows of a table are to its readers
Part = Literal["core", "child", "reference", "evidence", "history"]


@dataclass(frozen=True)
class Change:
    """A row added or removed, or a cell of a row in both packages that is changed.

    For a cell, `old` and `new` are its values (None where it is empty). For a row, `column` is empty, and one of
    `old` and `new` holds its cells. `record` is the table and key of the record it belongs to, `field` its name in a
    record file.
    """

    change: Verb
    table: str
    part: Part
    record: tuple[str, str]
    key: str
    field: str
    column: str
    old: Any
    new: Any
    is_derived: bool = False
    reason: Reason | None = None
    claims: tuple[ClaimChange, ...] = ()

    @property
    def is_explained(self) -> bool:
        """Whether it needs no reason, or has one: what went or was wrong needs a sentence."""
        loses = self.change == "removed" or (self.change == "changed" and self.old is not None)
        if self.part in ("evidence", "history") or self.is_derived or not loses:
            return True
        if self.reason is None:
            return False
        return bool(self.reason.because) or self.reason.kind in ("new-source", "refinement", "re-decision")


Step = Literal["major", "minor", "patch"]


@dataclass(frozen=True)
class Content:
    """Everything that differs; `totals` are the rows of the core tables and of claims in the later package."""

    before: str
    after: str
    schema: tuple[SchemaChange, ...] = ()
    changes: tuple[Change, ...] = ()
    retired: tuple[Retired, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.schema or self.changes)

    @property
    def step(self) -> Step | None:
        """The step in version that the differences need; None where there are none.

        Major where a table, column, code or id went or is redefined, minor where one or a row is added, else patch.
        """
        if not self:
            return None
        verbs = {change.change for change in self.schema}
        rows = {(change.change, change.part) for change in self.changes}
        if verbs & {"removed", "redefined"} or rows & {("removed", "core"), ("removed", "reference")}:
            return "major"
        if "added" in verbs or rows & {("added", "core"), ("added", "child"), ("added", "reference")}:
            return "minor"
        return "patch"

    @property
    def unexplained(self) -> tuple[Change, ...]:
        """Values changed or removed for which neither the claims nor the records give a reason."""
        return tuple(change for change in self.changes if not change.is_explained)
