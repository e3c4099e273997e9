"""Spark: the same rules for packages that outgrow one machine, put in its SQL by sqlglot.

Needs the extra `ceechina[spark]` and Java 17 or newer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ceechina.errors import UnsupportedError
from ceechina.model.tables import Table
from ceechina.quoting import quoted
from ceechina.validate.findings import PART
from ceechina.validate.sql import ROW, cell_sql

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from sqlglot.expressions import Expr

# Name of the column with the text of a line that is no row.
_REJECTED = "ceechina_rejected"
# How Spark is told to read CSV as DuckDB does.
_CSV = {
    "header": "true",
    "escape": '"',
    "multiLine": "true",
    "emptyValue": "",
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": _REJECTED,
    "maxCharsPerColumn": "-1",
}
# How names of files begin that Spark passes over.
_HIDDEN = (".", "_")
# Settings of a session of our own: small shares, as most tables are small, and no console of its own.
_LOCAL: dict[str, bool | float | int | str | None] = {
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
}


class _UnreadError(Exception):
    """A file is not read as it is, or not all of it."""


class Spark:
    """Tables as views of a Spark session."""

    def __init__(self, session: SparkSession) -> None:
        """Use a session; its views of the same names are replaced."""
        self._session = session
        self._kept: list[DataFrame] = []
        self._views: set[str] = set()

    @classmethod
    @contextmanager
    def started(cls, session: SparkSession | None = None) -> Iterator[Self]:
        """An engine for a while, on the session given or a local one.

        Raises:
            UnsupportedError: Spark is not installed, or cannot be started, as where Java is missing.
        """
        used = session or _local()
        engine = cls(used)
        try:
            yield engine
        finally:
            engine.forget()
            if session is None:
                used.stop()

    def forget(self) -> None:
        """Leave the session as it was: what Spark keeps of a file it would give again after the file has changed."""
        for frame in self._kept:
            frame.unpersist()
        for name in self._views:
            self._session.catalog.dropTempView(name)

    @property
    def error(self) -> tuple[type[Exception], ...]:
        """What it raises where a file cannot be read."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        return PySparkException, Py4JError, _UnreadError

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self._session.sql(in_spark(query)).collect()]

    def ask_all(self, queries: Iterable[str]) -> list[list[tuple[Any, ...]]]:
        """The rows of each of several queries."""
        return [self.ask(query) for query in queries]

    def load(self, name: str, table: Table, kind: str, files: Sequence[Path]) -> None:
        """Text cells with numbered rows, from one file or many."""
        parts = [self._part(table, kind, path, number) for number, path in enumerate(files)]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionByName(part)
        self._view(name, whole)

    def define(self, queries: Mapping[str, str]) -> None:
        """The rows of queries under their names, asked once."""
        for name, query in queries.items():
            self._view(name, self._keep(self._session.sql(in_spark(query))))

    def _view(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)
        self._views.add(name)

    def _keep(self, frame: DataFrame) -> DataFrame:
        self._kept.append(frame.cache())
        return frame

    def _part(self, table: Table, kind: str, path: Path, number: int) -> DataFrame:
        if path.name.startswith(_HIDDEN):
            raise _UnreadError(f"Spark passes over files of such a name as if they were empty: {path.name}")
        # a path is taken for a pattern
        place = re.sub(r"([\[\]{}*?\\])", r"\\\1", str(path))
        names = [_in_spark(quoted(column.name)) for column in table.columns]
        if kind == "csv":
            schema = ", ".join(f"{name} STRING" for name in [*names, _REJECTED])
            # kept, as Spark tells what lines are no rows only to those who read the whole of them
            frame = self._keep(self._session.read.options(**_CSV).schema(schema).csv(place))
            if not frame.where(f"{_REJECTED} IS NOT NULL").isEmpty():
                raise _UnreadError(f"{path} has lines that are no rows")
            cells = names
        else:
            frame = self._session.read.parquet(place)
            cells = [_in_spark(f"{cell_sql(column)} AS {quoted(column.name)}") for column in table.columns]
        row = f"{number * PART} + row_number() OVER (ORDER BY monotonically_increasing_id()) AS {ROW}"
        return frame.selectExpr(row, *cells)


@cache
def in_spark(query: str) -> str:
    """A query put in DuckDB's SQL in Spark's, which has other words for hashes of 64 bits and for the first of many."""
    import sqlglot

    return sqlglot.parse_one(query.replace("hash(", "xxhash64("), read="duckdb").transform(_first).sql("spark")


def _first(node: Expr) -> Expr:
    """`min(values, count)` as Spark has it."""
    from sqlglot import expressions as exp

    if not isinstance(node, exp.Min) or "count" not in node.args:
        return node
    values = exp.func("sort_array", exp.func("collect_list", node.this, dialect="spark"), dialect="spark")
    return exp.func("slice", values, exp.Literal.number(1), node.args["count"], dialect="spark")


def _in_spark(expression: str) -> str:
    return in_spark(f"SELECT {expression}").removeprefix("SELECT ")


def _local() -> SparkSession:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UnsupportedError("Spark is not installed; `pip install ceechina[spark]` installs it") from error
    builder = SparkSession.builder.master("local[*]").appName("ceechina").config(map=_LOCAL)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        told = str(error).splitlines()[0]
        needs = "it needs Java 17 or newer on the path, or in JAVA_HOME"
        raise UnsupportedError(f"Spark cannot be started: {told}; {needs}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session
