"""Tables as a descriptor tells of them: columns, keys, references, how many rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ceechina.errors import PackageError


@dataclass(frozen=True)
class ColumnInfo:
    """A column: its Table Schema type, whether it may be empty, its codes, and where its values come from.

    `reference` is the table whose key the column holds; empty where it holds none.
    """

    name: str
    type: str
    description: str
    origin: str
    required: bool
    codes: tuple[str, ...] = ()
    ordered: bool = False
    reference: str = ""


@dataclass(frozen=True)
class TableInfo:
    """A table: how many rows it has, its key and its columns."""

    name: str
    part: str
    rows: int
    description: str
    key: tuple[str, ...]
    columns: tuple[ColumnInfo, ...]

    def __str__(self) -> str:
        head = f"{self.name}: {self.rows:,} rows, key {', '.join(self.key)}\n{self.description}\n"
        width = max((len(column.name) for column in self.columns), default=0)
        lines = [
            f"  {column.name:<{width}}  {column.type:<8} {column.origin:<9} {column.description}"
            + (f" ({', '.join(column.codes)})" if column.codes else "")
            for column in self.columns
        ]
        return "\n".join([head, *lines])

    __repr__ = __str__

    @property
    def names(self) -> list[str]:
        """Names of the columns, in published order."""
        return [column.name for column in self.columns]

    @property
    def parent(self) -> str:
        """The core table whose records the rows belong to; empty for a table that is no child."""
        return self[self.key[0]].reference if self.part == "child" else ""

    # those below are asked for each row where tables are computed anew, so they are kept

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """Columns of EDTF dates: those with their bounds and precision beside them."""
        names = set(self.names)
        return tuple(name for name in self.names if {f"{name}_{suffix}" for suffix in COMPANIONS} <= names)

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """Claimed columns that can be compared: numbers and dates."""
        claimed = (column for column in self.columns if column.origin == "claimed")
        return tuple(each.name for each in claimed if each.type in ("number", "integer") or each.name in self.dated)

    @cached_property
    def _by_name(self) -> dict[str, ColumnInfo]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, column: str) -> ColumnInfo:
        return self._by_name[column]


# what stands beside an EDTF date, each as `<date>_<companion>`
COMPANIONS = ("earliest", "latest", "precision")


class Tables(tuple[TableInfo, ...]):
    """The tables of a package; prints one line each."""

    __slots__ = ()

    def __str__(self) -> str:
        width = max((len(table.name) for table in self), default=0)
        return "\n".join(f"{table.name:<{width}}  {table.rows:>7,} rows  {table.description}" for table in self)

    __repr__ = __str__


def read_descriptor(path: Path) -> dict[str, Any]:
    """A descriptor with its version and resources; raise PackageError where it cannot be read as one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"version": content["version"], **content, "resources": list(content["resources"])}
    except KeyError as error:
        raise PackageError(f"{path} cannot be read as a descriptor: it has no {error}") from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise PackageError(f"{path} cannot be read as a descriptor: {error}") from error


def licence_names(descriptor: Mapping[str, Any]) -> list[str]:
    """The licences a descriptor names; none where it names none. Raise PackageError where it lists them otherwise."""
    try:
        return [str(licence["name"]) for licence in descriptor.get("licenses", ())]
    except (KeyError, TypeError) as error:
        told = f"expected a list of objects with a `name`, found {descriptor['licenses']!r}"
        raise PackageError(f"the licences in the descriptor cannot be read: {told}") from error


def table_infos(resources: Iterable[Mapping[str, Any]]) -> dict[str, TableInfo]:
    """The tables of a package, by name and in order, from the resources of its descriptor.

    Raises:
        KeyError, TypeError, AttributeError: A resource does not describe its table as ours do.
    """
    parquet = [resource for resource in resources if resource["format"] == "parquet"]
    tables = {resource["name"]: resource["table"] for resource in parquet}
    return {resource["table"]: _table_info(resource, tables) for resource in parquet}


def _table_info(resource: Mapping[str, Any], tables: Mapping[str, str]) -> TableInfo:
    schema = resource["schema"]
    # the empty name is how Table Schema says "this table"
    references = {
        key["fields"][0]: tables[key["reference"]["resource"]] if key["reference"]["resource"] else resource["table"]
        for key in schema.get("foreignKeys", ())
    }
    columns = tuple(
        ColumnInfo(
            field["name"],
            field["type"],
            field["description"],
            field["origin"],
            bool(field.get("constraints", {}).get("required")),
            tuple(category["value"] for category in field.get("categories", ())),
            bool(field.get("categoriesOrdered")),
            references.get(field["name"], ""),
        )
        for field in schema["fields"]
    )
    texts = (resource["table"], resource["part"], resource["description"], *schema["primaryKey"])
    if not isinstance(resource["rows"], int) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"a resource of {resource['table']!r} has a property of a wrong type")
    return TableInfo(
        resource["table"],
        resource["part"],
        resource["rows"],
        resource["description"],
        tuple(schema["primaryKey"]),
        columns,
    )
