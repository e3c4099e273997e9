"""A data package as its readers meet it: found, described and loaded by its own descriptor alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from ceechina.errors import PackageError, UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from ceechina.read.explain import Explanation

DESCRIPTOR = "datapackage.json"
FORMS = ("pandas", "arrow")


@dataclass(frozen=True)
class ColumnInfo:
    """A column: its Table Schema type, whether it may be empty, its codes, and where its values come from."""

    name: str
    type: str
    description: str
    origin: str
    required: bool
    codes: tuple[str, ...] = ()
    ordered: bool = False


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


class Tables(tuple[TableInfo, ...]):
    """The tables of a package; prints one line each."""

    __slots__ = ()

    def __str__(self) -> str:
        width = max((len(table.name) for table in self), default=0)
        return "\n".join(f"{table.name:<{width}}  {table.rows:>7,} rows  {table.description}" for table in self)

    __repr__ = __str__


class Package:
    """A data package in a folder. Nothing is read before it is asked for."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Take a package's folder or its datapackage.json; raise PackageError where there is none."""
        given = Path(path)
        self.folder = given.parent if given.name == DESCRIPTOR else given
        if not (self.folder / DESCRIPTOR).is_file():
            raise PackageError(f"no data package at {given}: it has no {DESCRIPTOR}")

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The descriptor, datapackage.json."""
        try:
            content = json.loads((self.folder / DESCRIPTOR).read_text(encoding="utf-8"))
            return {"version": content["version"], **content, "resources": list(content["resources"])}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise PackageError(f"{self.folder / DESCRIPTOR} cannot be read as a descriptor: {error}") from error

    @property
    def version(self) -> str:
        """Version of the data."""
        return str(self.descriptor["version"])

    def tables(self) -> Tables:
        """The tables there are, one line each."""
        return Tables(self._infos.values())

    def describe(self, table: str) -> TableInfo:
        """A table with its columns; raise UnknownNameError where there is no such table."""
        if table not in self._infos:
            raise UnknownNameError("table", table, list(self._infos))
        return self._infos[table]

    @overload
    def load(self, table: str, as_: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
    @overload
    def load(self, table: str, as_: Literal["arrow"]) -> pa.Table: ...
    @overload
    def load(self, table: str, as_: str) -> pd.DataFrame | pa.Table: ...
    def load(self, table: str, as_: str = "pandas") -> pd.DataFrame | pa.Table:
        """A table as a pandas DataFrame or a pyarrow Table.

        In pandas, codes are categoricals with the whole code list, dates are datetimes, and whole
        numbers and booleans that may be empty are nullable; no column is of objects.

        Raises:
            UnknownNameError: There is no such table.
            UnsupportedError: `as_` is neither "pandas" nor "arrow".
            PackageError: The table's file is missing or cannot be read.
        """
        info = self.describe(table)
        if as_ not in FORMS:
            raise UnsupportedError(f"as_={as_!r} is not a form tables are loaded in; there is {', '.join(FORMS)}")
        content = self._arrow(table)
        return content if as_ == "arrow" else _to_pandas(content, info)

    def explain(self, record_id: str, field: str | None = None) -> Explanation:
        """What stands behind a record, or one of its fields; raise UnknownNameError for unknown ones."""
        from ceechina.read.explain import explain

        return explain(self, record_id, field)

    def file(self, table: str) -> Path:
        """The Parquet file of a table; raise PackageError where it is missing."""
        path = self.folder / "data" / f"{table}.parquet"
        if not path.is_file():
            raise PackageError(f"{path} is not there; take the package again from where it was published")
        return path

    def core(self) -> Iterator[TableInfo]:
        """The core tables."""
        return (info for info in self._infos.values() if info.part == "core")

    @cached_property
    def _infos(self) -> dict[str, TableInfo]:
        try:
            found = [_info(resource) for resource in self.descriptor["resources"] if resource["format"] == "parquet"]
        except (KeyError, TypeError, AttributeError) as error:
            raise PackageError(
                f"{self.folder / DESCRIPTOR} does not describe its tables as ours does: {error!r}"
            ) from error
        return {info.name: info for info in found}

    def _arrow(self, table: str) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.file(table)
        try:
            # not `read_table`, which imports pandas to read a file without any
            return pq.ParquetFile(path).read()
        except (OSError, pa.ArrowInvalid) as error:
            raise PackageError(f"{path} cannot be read: {error}") from error


def _info(resource: dict[str, Any]) -> TableInfo:
    schema = resource["schema"]
    columns = tuple(
        ColumnInfo(
            field["name"],
            field["type"],
            field["description"],
            field["origin"],
            bool(field.get("constraints", {}).get("required")),
            tuple(category["value"] for category in field.get("categories", ())),
            bool(field.get("categoriesOrdered")),
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


def _to_pandas(content: pa.Table, info: TableInfo) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype()}
    frame: pd.DataFrame = content.to_pandas(types_mapper=nullable.get, date_as_object=False)
    for column in info.columns:
        if column.codes:
            frame[column.name] = pd.Categorical(frame[column.name], categories=column.codes, ordered=column.ordered)
        elif column.required and column.type in ("integer", "boolean"):
            frame[column.name] = frame[column.name].astype("int64" if column.type == "integer" else "bool")
    return frame


@cache
def bundled() -> Package:
    """The package that ships with ceechina: inside the wheel, or at the root of a checkout.

    Raises:
        PackageError: It is in neither place.
    """
    here = Path(__file__).resolve().parents[1]
    inside, checkout = here / "datapackage", here.parents[1] / "datapackage"
    return Package(inside if inside.is_dir() else checkout)
