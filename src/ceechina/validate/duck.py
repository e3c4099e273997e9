"""DuckDB, in process: files as tables of text, larger than memory where they must be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from ceechina.errors import RoomError, room_in
from ceechina.model.tables import Table
from ceechina.quoting import exactly, literal, quoted
from ceechina.validate.findings import PART
from ceechina.validate.scan import LINE
from ceechina.validate.sql import ROW, cell_sql

if TYPE_CHECKING:
    import duckdb

# Bytes of CSV files up to which a table is held in memory; a larger one is copied as Parquet, which is read again for
# every rule, and faster so.
HELD = 2**20
# Rows that are kept together in a copy of a large CSV file: a sixth of DuckDB's, for its memory.
GROUP = 20_480
# Bytes of a CSV file that a thread reads at once: DuckDB takes minutes over a record that is longer.
BUFFER = 2 * LINE
# What a database is given at first, and where a query needs more; then, or at once where files are large, `MORE`; after
# that what the machine has. DuckDB takes what it is given, and is hardly slower with little.
MEMORY, MORE = ("192MiB", "320MiB"), "640MiB"
# Bytes of Parquet files that are large together; CSV has ten times as many for the same rows.
LARGE = 100 * 2**20
# Queries that are asked at once.
CURSORS = 2


class Duck:
    """A database of its own, in memory, that writes what it cannot hold to a temporary folder."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, limits: Iterable[str]) -> None:
        self._connection, self._folder = connection, folder
        self._limits: Iterator[str] = iter(limits)
        self._growing = Lock()
        self._limit, self._bytes = "", 0
        self._grow()

    @classmethod
    @contextmanager
    def started(cls, memory: str = "") -> Iterator[Self]:
        """An engine for a while.

        Args:
            memory: The most it may hold, such as "1GB"; as little as will do, up to most of the machine's, otherwise.
        """
        import duckdb

        with tempfile.TemporaryDirectory(prefix="ceechina-") as spill, duckdb.connect() as connection:
            connection.execute(f"SET temp_directory = {literal(spill)}")
            # in a notebook it would show one for each query
            connection.execute("SET enable_progress_bar = false")
            most = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
            yield cls(connection, Path(spill), [memory] if memory else [*MEMORY, MORE, most])

    def _grow(self) -> bool:
        """Set the next limit of memory, where there is one."""
        limit = next(self._limits, "")
        if limit:
            self._connection.execute(f"SET memory_limit = {literal(limit)}")
            self._limit = limit
        return bool(limit)

    def _run(self, query: str, cursor: duckdb.DuckDBPyConnection | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query, which is run again with more memory where there was too little."""
        import duckdb

        limit = self._limit
        try:
            with room_in(self._folder.parent):
                return (cursor or self._connection).execute(query).fetchall()
        except (RuntimeError, duckdb.InterruptException) as error:
            # DuckDB tells in both ways that the user has stopped it
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from error
            raise
        except duckdb.OutOfMemoryException as error:
            with self._growing:
                # another query may have got more meanwhile
                if self._limit == limit and not self._grow():
                    raise RoomError(self._folder.parent) from error
        return self._run(query, cursor)

    @property
    def error(self) -> tuple[type[Exception], ...]:
        """What it raises where a file cannot be read."""
        import duckdb

        return (duckdb.Error,)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._run(query)

    def ask_all(self, queries: Iterable[str]) -> list[list[tuple[Any, ...]]]:
        """The rows of each of several queries, two at once: one is planned while the other is answered."""
        with ThreadPoolExecutor(CURSORS) as pool:
            return list(pool.map(self._ask_beside, queries))

    def _ask_beside(self, query: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            return self._run(query, cursor)

    def load(self, name: str, table: Table, kind: str, files: Sequence[Path]) -> None:
        """Text cells with numbered rows, from one file or many: held where they are small and no Parquet."""
        size = sum(path.stat().st_size for path in files)
        self._expect(size if kind == "parquet" else size // 10)
        if kind == "parquet":
            cells = ", ".join(f"{cell_sql(column)} AS {quoted(column.name)}" for column in table.columns)
            self._run(f"CREATE VIEW {quoted(name)} AS {_of_parquet(cells, files)}")
            return
        if size > HELD:
            copies = [self._copied(f"{name}-{n}", table, path) for n, path in enumerate(files)]
            self._run(f"CREATE VIEW {quoted(name)} AS {_of_parquet(_cells(table), copies)}")
            return
        first, *others = (_of_csv(table, path, number) for number, path in enumerate(files))
        # again, where one of the others could not be read at first
        self._run(f"CREATE OR REPLACE TABLE {quoted(name)} AS {first}")
        for other in others:
            self._run(f"INSERT INTO {quoted(name)} {other}")

    def _expect(self, size: int) -> None:
        """Take note of files, and more memory where they are large together."""
        self._bytes += size
        if self._bytes > LARGE and self._limit in MEMORY:
            self._limits = dropwhile(lambda limit: limit in MEMORY, self._limits)
            self._grow()

    def _copied(self, name: str, table: Table, path: Path) -> Path:
        """A large CSV file as Parquet: rules read it many times, and then the columns they need alone."""
        copy = self._folder / f"{name}.parquet"
        source = _csv_source(table, path)
        shape = f"FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE {GROUP}"
        self._run(f"COPY (SELECT * FROM {source}) TO {literal(str(copy))} ({shape})")
        return copy

    def define(self, queries: Mapping[str, str]) -> None:
        """The rows of queries under their names, asked once."""
        self.ask_all(f"CREATE OR REPLACE TABLE {quoted(name)} AS {query}" for name, query in queries.items())


def _cells(table: Table) -> str:
    return ", ".join(quoted(column.name) for column in table.columns)


def _of_parquet(cells: str, files: Sequence[Path]) -> str:
    """The rows of files, which are read as they are: names of folders are no cells."""
    row = f"file_index * {PART} + file_row_number + 1"
    names = ", ".join(literal(exactly(path)) for path in files)
    source = f"read_parquet([{names}], file_row_number = true, hive_partitioning = false)"
    return f"SELECT {row} AS {ROW}, {cells} FROM {source}"


def _of_csv(table: Table, path: Path, number: int) -> str:
    return f"SELECT {number * PART} + row_number() OVER () AS {ROW}, {_cells(table)} FROM {_csv_source(table, path)}"


def _csv_source(table: Table, path: Path) -> str:
    """A file as DuckDB reads it; one with a record that is no row is not read."""
    names = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in table.columns)
    return (
        f"read_csv({literal(exactly(path))}, columns = {{{names}}}, header = true, "
        "delim = ',', quote = '\"', escape = '\"', "
        f"auto_detect = false, max_line_size = {LINE}, buffer_size = {BUFFER}, hive_partitioning = false)"
    )
