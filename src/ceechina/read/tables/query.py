"""SQL over the tables of a package: they can be read, and nothing else can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError, QueryError, UnknownNameError
from ceechina.quoting import exactly, parquet, quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pyarrow as pa

    from ceechina.read.package import Package


# values for `?` in order, or for `$name` by name
Parameters = Sequence[Any] | Mapping[str, Any]


def query(package: Package, sql: str, parameters: Parameters) -> pa.Table:
    """The answer to a query; what it may hold and the errors are told by `Package.query`."""
    import duckdb

    with _connection(package) as connection:
        try:
            _check(connection, sql)
            return _whole(connection.sql(sql, params=parameters or None).to_arrow_table())
        except duckdb.CatalogException as error:
            unknown = _unknown_table(package, connection, sql)
            if unknown:
                raise UnknownNameError("table", unknown, [info.name for info in package.tables()]) from error
            raise QueryError(str(error).strip()) from error
        except duckdb.PermissionException as error:
            raise QueryError(
                "a query reads the tables of the package; files and the network are closed to it"
            ) from error
        except (duckdb.Error, TypeError) as error:
            raise QueryError(str(error).strip()) from error


@contextmanager
def _connection(package: Package) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with a view of every table, closed to files, network, settings and variables of Python."""
    import duckdb

    files = {info.name: package.file(info.name).resolve() for info in package.tables()}
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        # as patterns, which they are given as, and as what these match
        allowed = [name for path in files.values() for name in (exactly(path), str(path))]
        connection.execute("SET allowed_paths = ?", [allowed])
        connection.execute("SET enable_external_access = false")
        for name, path in files.items():
            try:
                connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM {parquet(path)}")
            except duckdb.Error as error:
                raise unreadable(path, error) from error
        connection.execute("SET lock_configuration = true")
        yield connection


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise QueryError for anything but one query."""
    import duckdb

    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"one query is answered at a time; here are {len(statements)}")
    kind = statements[0].type
    # PIVOT is more than one statement to DuckDB, and the only one that is
    if kind not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI):
        raise QueryError(f"the tables can be queried, not changed: {kind.name} is not for here, SELECT is")


def _unknown_table(package: Package, connection: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    """A table the query names that does not exist."""
    import duckdb

    known = {info.name for info in package.tables()}
    try:
        named = connection.get_table_names(sql)
    except duckdb.Error:
        return None
    return next((name for name in sorted(named) if name.casefold() not in known), None)


def _whole(content: pa.Table) -> pa.Table:
    """Sums of whole numbers as such: DuckDB hands them over as decimals of 38 digits."""
    import pyarrow as pa

    for at, field in enumerate(content.schema):
        if field.type == pa.decimal128(38, 0):
            try:
                content = content.set_column(at, field.name, content.column(at).cast(pa.int64()))
            except pa.ArrowInvalid:
                continue  # too large for 64 bits
    return content


def unreadable(path: Path, error: duckdb.Error) -> PackageError:
    """The error to raise where DuckDB cannot read the file of a table."""
    return PackageError(f"{path} cannot be read: {str(error).strip().splitlines()[0]}")
