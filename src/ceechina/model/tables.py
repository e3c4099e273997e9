"""The one introspection: row classes in, `Table` and `Column` out. Everything else is rendered from these.

Machinery: knows no table by name; receives the row classes as an argument.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ceechina.model.columns import Beside, CodeList, Companion, Mark, Meta, Origin, Ref, Scalar


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `default` is the value a claim of the column `beside` makes by silence; None where there is none.
    `source` names the column a companion is computed from.
    """

    name: str
    description: str
    scalar: Scalar
    origin: Origin
    required: bool
    codes: CodeList | None = None
    reference: str = ""
    latest: bool = False
    default: Any = None
    beside: str = ""
    source: str = ""
    companion: Companion | None = None

    @property
    def written(self) -> str:
        """Name in a record file: a reference without its `_id`."""
        return self.name.removesuffix("_id") if self.reference else self.name

    @property
    def target(self) -> str:
        """Key column of the table referred to: every table's key is its singular with `_id`."""
        plural = self.reference
        return f"{plural[:-3]}y_id" if plural.endswith("ies") else f"{plural[:-1]}_id"

    def has_form(self, text: str) -> bool:
        """Whether text looks like a value of the column."""
        return text in self.codes.names if self.codes else self.scalar.has_form(text)

    def parse(self, text: str) -> Any:
        """Text as a value of the column; raise ValueError saying what was expected."""
        if self.codes:
            return self.codes.check(text)
        return self.scalar.parse(text)


@dataclass(frozen=True)
class Table:
    """A table: its columns in published order, its key, and its place under a parent."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parent: str
    listed: str
    row: type[BaseModel]

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def is_core(self) -> bool:
        """Whether records of the table are claimed (children do not count)."""
        return not self.parent and any(column.origin == "claimed" for column in self.columns)

    @property
    def item_key(self) -> tuple[Column, ...]:
        """Key columns that tell a child row from its siblings; empty for a table without parent."""
        return tuple(self[name] for name in self.key[1:]) if self.parent else ()

    @property
    def claimed(self) -> tuple[Column, ...]:
        """Columns whose cells rest on claims."""
        return tuple(column for column in self.columns if column.origin == "claimed")

    @property
    def group(self) -> str:
        """Column that many records of one file share, for a table written so; empty otherwise."""
        if self.parent or not self.listed:
            return ""
        return next(column.name for column in self.columns if column.origin == "editorial" and column.reference)

    @property
    def slug_key(self) -> Column | None:
        """The editorial slug a child row is written with as `id`, where it has one."""
        keys = self.item_key
        return keys[0] if len(keys) == 1 and keys[0].origin == "editorial" else None


def build(rows: Iterable[type[BaseModel]]) -> dict[str, Table]:
    """Tables by name, in the order of the row classes."""
    tables = [_table(row) for row in rows]
    return {table.name: table for table in tables}


def children(tables: Mapping[str, Table], parent: str) -> tuple[Table, ...]:
    """Child tables of a core table, in order."""
    return tuple(table for table in tables.values() if table.parent == parent)


def core(tables: Mapping[str, Table]) -> tuple[Table, ...]:
    """The core tables, in order."""
    return tuple(table for table in tables.values() if table.is_core)


def _table(row: type[BaseModel]) -> Table:
    meta: Meta = row.meta  # type: ignore[attr-defined]  # `Row` is content; machinery asks only for `meta`
    own = set(row.__annotations__)
    # a class's own columns first, then what its bases add: keys open a table, bookkeeping closes it
    names = sorted(row.model_fields, key=lambda name: name not in own)
    columns: list[Column] = []
    for name in names:
        column = _column(name, row.model_fields[name])
        columns.append(column)
        columns.extend(_companion(column, companion) for companion in column.scalar.companions)
    description = " ".join((row.__doc__ or "").split())
    return Table(meta.table, description, tuple(columns), meta.key, meta.parent, meta.listed, row)


def _column(name: str, field: FieldInfo) -> Column:
    found = {type(part): part for part in field.metadata}
    codelist, scalar, mark, ref, beside = (found.get(kind) for kind in (CodeList, Scalar, Mark, Ref, Beside))
    if codelist is not None:
        scalar = _code_scalar(codelist)
    if not isinstance(scalar, Scalar) or not isinstance(mark, Mark):
        raise TypeError(f"column {name!r} needs a scalar or a code list, and an origin")
    return Column(
        name=name,
        description=" ".join((field.description or "").split()),
        scalar=scalar,
        origin=mark.origin,
        required=not _nullable(field.annotation),
        codes=codelist,
        reference=ref.table if isinstance(ref, Ref) else "",
        latest=mark.latest,
        default=None if field.is_required() else field.default,
        beside=beside.column if isinstance(beside, Beside) else "",
    )


def _companion(column: Column, companion: Companion) -> Column:
    return Column(
        name=f"{column.name}_{companion.suffix}",
        description=companion.description.format(column.name),
        scalar=companion.scalar,
        origin="derived",
        required=False,
        codes=companion.codes,
        source=column.name,
        companion=companion,
    )


def _code_scalar(codelist: CodeList) -> Scalar:
    return Scalar(
        codelist.name,
        f"a code of {codelist.name}",
        "string",
        "|".join(codelist.names),
        str,
        good=codelist.names[:1],
        bad=(f"no-{codelist.name}",),
    )


def _nullable(annotation: Any) -> bool:
    """The one place that looks inside a union."""
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)
