"""Records as objects: columns are attributes, lists are lists, and the claims are at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, make_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ceechina.errors import UnsupportedError
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    from ceechina.read.package import Package
    from ceechina.read.provenance.explain import Explanation

# how many letters of a text a record shows of itself
SHOWN = 40


@dataclass(frozen=True, repr=False)
class Record:
    """A row of a table: an attribute for every column, and for every list of a record a tuple of such rows."""

    info: ClassVar[TableInfo]
    loaded: ClassVar[_Loaded]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def claims(self) -> tuple[Record, ...]:
        """The claims on a record of a core table, as `load("claims")` has them; none on other rows."""
        return self.loaded.claims.get(getattr(self, self.info.key[0]), ()) if self.info.part == "core" else ()

    def explain(self, field: str | None = None) -> Explanation:
        """What stands behind the record, as `Package.explain` tells.

        Raises:
            UnsupportedError: It is of no core table, so no claims are made on it.
        """
        if self.info.part != "core":
            raise UnsupportedError(f"nothing is claimed of {self.info.name}; explain the record they belong to")
        return self.loaded.package.explain(getattr(self, self.info.key[0]), field)

    def __repr__(self) -> str:
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        lists = {name: len(value) for name, value in told.items() if isinstance(value, tuple) and value}
        cells = {name: value for name, value in told.items() if value is not None and not isinstance(value, tuple)}
        shown = [f"{name}={_short(value)}" for name, value in cells.items()] + [f"{n}: {c}" for n, c in lists.items()]
        return f"{type(self).__name__}({', '.join(shown)})"


def records(
    package: Package, table: str, country: str | None = None, policy: str = "chosen", as_of: str | dt.date | None = None
) -> list[Record]:
    """The rows of a table as objects; the arguments and errors are those of `Package.load`."""
    loaded = _Loaded(package, policy, as_of)
    info = package.describe(table)
    children = [other for other in package.tables() if other.parent == table]
    lists = {_list_name(child, info): loaded.grouped(child, child.key[0]) for child in children}
    kind = _kind(info, loaded, list(lists))
    key = info.key[0]
    return [
        kind(**row, **{name: of_records.get(row[key], ()) for name, of_records in lists.items()})
        for row in loaded.rows(table, country)
    ]


class _Loaded:
    """Where records come from; the claims are read when first asked for."""

    def __init__(self, package: Package, policy: str, as_of: str | dt.date | None) -> None:
        self.package, self.policy, self.as_of = package, policy, as_of

    def rows(self, table: str, country: str | None = None) -> list[dict[str, Any]]:
        found = self.package.load(table, "arrow", country=country, policy=self.policy, as_of=self.as_of)
        return list(found.to_pylist())

    def grouped(self, info: TableInfo, column: str) -> Mapping[str, tuple[Record, ...]]:
        """The rows of a table by the record they belong to."""
        kind = _kind(info, self, [])
        found: dict[str, list[Record]] = {}
        for row in self.rows(info.name):
            found.setdefault(row[column], []).append(kind(**row))
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def claims(self) -> Mapping[str, tuple[Record, ...]]:
        return self.grouped(self.package.describe("claims"), "record_id")


def _kind(info: TableInfo, loaded: _Loaded, lists: Sequence[str]) -> type[Record]:
    """The class of a table's rows, named for one of them: `Project`, `ProjectAmount`."""
    name = "".join(part.capitalize() for part in _singular(info.name).split("_"))
    return make_dataclass(
        name,
        [*info.names, *lists],
        bases=(Record,),
        namespace={"info": info, "loaded": loaded, "__doc__": info.description},
        frozen=True,
        repr=False,
    )


def _singular(table: str) -> str:
    return f"{table[:-3]}y" if table.endswith("ies") else table.removesuffix("s")


def _list_name(child: TableInfo, parent: TableInfo) -> str:
    """What a record calls a list: `amounts` for `project_amounts`."""
    return child.name.removeprefix(f"{_singular(parent.name)}_")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
