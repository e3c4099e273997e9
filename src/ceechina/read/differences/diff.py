"""Two versions of the dataset compared by key: what differs, the claims behind it, why, and the step it needs."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ceechina.read.differences.parts import Change, ClaimChange, Content, Reason, Retired, SchemaChange

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package

    # a package, or where one is
    Given = Package[Any] | str | os.PathLike[str]

__all__ = ["Change", "ClaimChange", "Diff", "Reason", "Retired", "SchemaChange", "diff"]


class Diff(Content):
    """What differs between two packages; false where nothing does. Printed, it tells everything to a reader."""

    def __str__(self) -> str:
        from ceechina.read.differences.told import as_text

        return as_text(self)

    def __repr__(self) -> str:
        return f"<Diff {self.before} to {self.after}: {len(self.schema)} of schema, {len(self.changes)} of data>"

    def to_markdown(self) -> str:
        """A list for the Data section of a changelog; empty where nothing differs."""
        from ceechina.read.differences.told import as_markdown

        return as_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything as mappings and lists that JSON has; `step` is null where nothing differs."""
        return {**asdict(self), "step": self.step, "unexplained": len(self.unexplained)}

    def to_frame(self) -> pd.DataFrame:
        """One row for each row added or removed and each cell changed; all columns are text.

        `old` and `new` are as the published CSV has them; of a whole row, its cells joined. `claims_added` and
        `claims_removed` are ids joined with `; `.
        """
        import pandas as pd

        rows = [_flat(change) for change in self.changes]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="string")


COLUMNS = (
    "table",
    "record_id",
    "key",
    "field",
    "column",
    "change",
    "old",
    "new",
    "reason",
    "because",
    "claims_added",
    "claims_removed",
)


def diff(a: Given, b: Given) -> Diff:
    """What differs from one package to another, by their descriptors alone.

    Args:
        a: The earlier package: opened, or as `ceechina.open` takes it, such as its version or folder.
        b: The later one.

    Raises:
        PackageError: There is no package, or a file of it is missing or damaged.

    >>> import ceechina as cc
    >>> bool(cc.diff(cc.open("datapackage"), "datapackage"))
    False
    """
    from ceechina.read.differences.reasons import explained, retired_ids
    from ceechina.read.differences.rows import row_changes
    from ceechina.read.differences.schema import schema_changes

    before, after = _opened(a), _opened(b)
    retired = retired_ids(before, after)
    totals = {info.name: info.rows for info in after.tables() if info.part == "core" or info.name == "claims"}
    return Diff(
        before=before.version,
        after=after.version,
        schema=tuple(schema_changes(before, after)),
        changes=explained(row_changes(before, after), before, after, retired),
        retired=retired,
        totals=totals,
    )


def _opened(given: Given) -> Package[Any]:
    from ceechina.read.package import Package

    return given if isinstance(given, Package) else Package(given)


def _flat(change: Change) -> dict[str, str | None]:
    from ceechina.read.differences.told import shown

    def ids(verb: str) -> str | None:
        return "; ".join(claim.claim_id for claim in change.claims if claim.change == verb) or None

    return {
        "table": change.table,
        "record_id": change.record[1],
        "key": change.key,
        "field": change.field or None,
        "column": change.column or None,
        "change": change.change,
        "old": None if change.old is None else shown(change.old),
        "new": None if change.new is None else shown(change.new),
        "reason": change.reason.kind if change.reason else None,
        "because": (change.reason.because or None) if change.reason else None,
        "claims_added": ids("added"),
        "claims_removed": ids("removed"),
    }
