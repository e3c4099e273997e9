"""A data package as its readers meet it: found, described and loaded by its own descriptor alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from ceechina.errors import PackageError, UnknownNameError
from ceechina.read.access.folders import DESCRIPTOR, bundled_folder
from ceechina.read.access.versions import located
from ceechina.read.tables.descriptor import ColumnInfo, TableInfo, Tables, read_descriptor, table_infos

if TYPE_CHECKING:
    import datetime as dt

    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from typing_extensions import TypeVar as TypeVarWithDefault
    from typing_extensions import Unpack

    from ceechina.read.differences.diff import Diff
    from ceechina.read.provenance.explain import Explanation
    from ceechina.read.tables.query import Parameters
    from ceechina.read.tables.records import Record
    from ceechina.read.tables.select import Selection

    # the names of a package's tables: any text, unless it is known which package it is
    Name = TypeVarWithDefault("Name", bound=str, default=Any)
else:
    Name = TypeVar("Name", bound=str)

__all__ = ["ColumnInfo", "Package", "TableInfo", "Tables", "bundled"]


class Package(Generic[Name]):
    """A data package, of any version. Nothing is read before it is asked for.

    What one package can do, the module `ceechina` does with the package that ships with it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Take a package by folder, datapackage.json, archive or version; more at `read.access.versions.located`."""
        self.folder = located(path)

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The descriptor, datapackage.json."""
        return read_descriptor(self.folder / DESCRIPTOR)

    @property
    def version(self) -> str:
        """Version of the data."""
        return str(self.descriptor["version"])

    def tables(self) -> Tables:
        """The tables there are, one line each."""
        return Tables(self._infos.values())

    def describe(self, table: Name) -> TableInfo:
        """A table with the type, origin and meaning of its columns; raise UnknownNameError where there is none."""
        if table not in self._infos:
            raise UnknownNameError("table", table, list(self._infos))
        return self._infos[table]

    @overload
    def load(self, table: Name, as_: Literal["pandas"] = "pandas", **selection: Unpack[Selection]) -> pd.DataFrame: ...
    @overload
    def load(self, table: Name, as_: Literal["arrow"], **selection: Unpack[Selection]) -> pa.Table: ...
    @overload
    def load(self, table: Name, as_: Literal["polars"], **selection: Unpack[Selection]) -> pl.DataFrame: ...
    @overload
    def load(self, table: Name, as_: Literal["duckdb"], **selection: Unpack[Selection]) -> duckdb.DuckDBPyRelation: ...
    def load(
        self,
        table: Name,
        as_: str = "pandas",
        *,
        columns: Sequence[str] | None = None,
        country: str | None = None,
        policy: str = "chosen",
        as_of: str | dt.date | None = None,
    ) -> Any:
        """A table, whole or in part, as published or decided otherwise.

        In pandas, codes are categoricals with the whole code list, dates are datetimes, and whole
        numbers and booleans that may be empty are nullable; no column is of objects.

        Args:
            table: One of `tables()`, such as "projects" or "claims".
            as_: "pandas", "arrow", "polars" or "duckdb".
            columns: Only these, in this order.
            country: Only rows of records that name this country, by ISO 3166-1 code of two or three letters or by name.
            policy: How disagreements between sources are decided, one of `ceechina.read.provenance.policy.POLICIES`.
            as_of: A day as YYYY-MM-DD: only what sources published by then say.

        Raises:
            UnknownNameError: There is no such table, column, country or policy.
            UnsupportedError: `as_` or `as_of` has another form, or the rows of the table belong to no country.
            PackageError: The table's file is missing or cannot be read.

        >>> import ceechina as cc
        >>> cc.load("memberships", columns=["body_actor_id", "status"], country="Lithuania").values.tolist()
        [['china-cee-format', 'member']]
        """
        from ceechina.read.tables.frames import check_form, hand_over
        from ceechina.read.tables.select import selected

        check_form(as_)
        info = self.describe(table)
        content = selected(self, info, columns, country, policy, as_of)
        return hand_over(content, as_, [info[name] for name in content.column_names])

    def records(
        self, table: Name, *, country: str | None = None, policy: str = "chosen", as_of: str | dt.date | None = None
    ) -> list[Record]:
        """The rows of a table as objects: columns are attributes, and so are the lists of a record and its claims.

        Raises:
            UnknownNameError: There is no such table, country or policy.

        >>> import ceechina as cc
        >>> steelworks = next(each for each in cc.records("projects") if each.project_id == "smederevo-steelworks")
        >>> [(amount.value, amount.currency) for amount in steelworks.amounts if amount.kind == "equity-price"]
        [(46000000.0, 'EUR')]
        """
        from ceechina.read.tables.records import records

        return records(self, table, country, policy, as_of)

    def explain(self, record_id: str, field: str | None = None) -> Explanation:
        """What stands behind a record, or one of its fields: claims, rivals, passages, links, choices.

        Args:
            record_id: A record of a core table, such as "smederevo-steelworks".
            field: One field, such as "status" or "amounts/purchase-price/value", or what stands before a slash.

        Raises:
            UnknownNameError: There is no such record or field.
        """
        from ceechina.read.provenance.explain import explain

        return explain(self, record_id, field)

    @overload
    def conflicts(self, as_: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
    @overload
    def conflicts(self, as_: Literal["arrow"]) -> pa.Table: ...
    @overload
    def conflicts(self, as_: Literal["polars"]) -> pl.DataFrame: ...
    @overload
    def conflicts(self, as_: Literal["duckdb"]) -> duckdb.DuckDBPyRelation: ...
    def conflicts(self, as_: str = "pandas") -> Any:
        """Every disagreement between sources: the value chosen, those it was chosen over, by whom, and why.

        One row per field that is claimed otherwise. Where a whole row of a list lost to another, `chosen` is empty and
        `instead` names what stands.
        """
        from ceechina.read.provenance.conflicts import conflicts
        from ceechina.read.tables.frames import check_form, hand_over

        check_form(as_)
        return hand_over(conflicts(self), as_)

    @overload
    def range(self, table: Name, field: str, as_: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
    @overload
    def range(self, table: Name, field: str, as_: Literal["arrow"]) -> pa.Table: ...
    @overload
    def range(self, table: Name, field: str, as_: Literal["polars"]) -> pl.DataFrame: ...
    @overload
    def range(self, table: Name, field: str, as_: Literal["duckdb"]) -> duckdb.DuckDBPyRelation: ...
    def range(self, table: Name, field: str, as_: str = "pandas") -> Any:
        """Lowest, chosen and highest value that sources claim of a number or date, with the claims behind them.

        Args:
            table: Where it is, such as "project_amounts", or the core table of the records.
            field: Its column, such as "value", or a field as `explain` names it, such as "amounts/loan/value".
            as_: As for `load`.

        Raises:
            UnknownNameError: There is no such table, column or field.
            UnsupportedError: The column holds neither numbers nor dates that sources claim.
        """
        from ceechina.read.provenance.conflicts import value_range
        from ceechina.read.tables.frames import check_form, hand_over

        check_form(as_)
        return hand_over(value_range(self, self.describe(table), field), as_)

    def cite(self, style: str = "text", record: str | None = None, query: str | None = None) -> str:
        """How to cite the dataset, a record with its sources, or a result; more at `read.exports.cite.cite`."""
        from ceechina.read.exports.cite import cite

        return cite(self, style, record, query)

    @overload
    def query(self, sql: str, as_: Literal["pandas"] = "pandas", *, parameters: Parameters = ()) -> pd.DataFrame: ...
    @overload
    def query(self, sql: str, as_: Literal["arrow"], *, parameters: Parameters = ()) -> pa.Table: ...
    @overload
    def query(self, sql: str, as_: Literal["polars"], *, parameters: Parameters = ()) -> pl.DataFrame: ...
    @overload
    def query(self, sql: str, as_: Literal["duckdb"], *, parameters: Parameters = ()) -> duckdb.DuckDBPyRelation: ...
    def query(self, sql: str, as_: str = "pandas", *, parameters: Parameters = ()) -> Any:
        """The answer to one SQL query over the tables by their names, in the SQL of DuckDB.

        The query reads the tables and nothing else: no files, no network, no writing.

        Args:
            sql: A query, such as "SELECT kind, count(*) FROM projects GROUP BY kind".
            as_: As for `load`.
            parameters: Values for `?` in the query, or by name for `$name`.

        Raises:
            UnknownNameError: The query names a table that does not exist.
            QueryError: It is no SQL, or no query.

        >>> import ceechina as cc
        >>> cc.query("SELECT count(*) AS n FROM countries WHERE country_id = ?", parameters=["RS"])["n"].tolist()
        [1]
        """
        from ceechina.read.tables.frames import check_form, hand_over
        from ceechina.read.tables.query import query

        check_form(as_)
        return hand_over(query(self, sql, parameters), as_)

    def panel(
        self,
        measure: str,
        by: Sequence[str] = ("country", "year"),
        *,
        event: str | Sequence[str] | None = None,
        kind: str | Sequence[str] | None = None,
        currency: str | None = None,
        policy: str = "chosen",
    ) -> pd.DataFrame:
        """A panel of countries and years, ready to merge; more at `read.panels.panel.panel`."""
        from ceechina.read.panels.panel import panel

        return panel(self, measure, by, event=event, kind=kind, currency=currency, policy=policy)

    def export(self, path: str | os.PathLike[str], to: str | None = None, policy: str = "chosen") -> Path:
        """The whole package written for another program; more at `read.exports.export.export`."""
        from ceechina.read.exports.export import export

        return export(self, path, to, policy)

    def diff(self, other: Package[Any] | str | os.PathLike[str]) -> Diff:
        """What differs from this package to another; more at `read.differences.diff.diff`."""
        from ceechina.read.differences.diff import diff

        return diff(self, other)

    def file(self, table: str) -> Path:
        """The Parquet file of a table; raise PackageError where it is missing."""
        if not (path := self.folder / "data" / f"{table}.parquet").is_file():
            raise PackageError(f"{path} is not there; take the package again from where it was published")
        return path

    def arrow(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or some columns of it, as the file has them; raise PackageError where it cannot be read."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.file(table)
        try:
            # not `read_table`, which imports pandas to read a file without any
            with pq.ParquetFile(path) as file:
                content = file.read(columns=columns)
        except (OSError, pa.ArrowInvalid) as error:
            raise PackageError(f"{path} cannot be read: {error}") from error
        return content if columns is None else content.select(list(columns))

    def core(self) -> Iterator[TableInfo]:
        """The core tables."""
        return (info for info in self._infos.values() if info.part == "core")

    @cached_property
    def _infos(self) -> dict[str, TableInfo]:
        try:
            infos = table_infos(self.descriptor["resources"])
        except (KeyError, TypeError, AttributeError) as error:
            told = f"{self.folder / DESCRIPTOR} does not describe its tables as ours does: {error!r}"
            raise PackageError(told) from error
        if not infos:
            raise PackageError(f"the package in {self.folder} has no Parquet files; open the archive that has them")
        return infos


@cache
def bundled() -> Package:
    """The package that ships with ceechina; raise PackageError where it is missing."""
    return Package(bundled_folder())
