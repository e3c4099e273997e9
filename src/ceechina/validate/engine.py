"""Rules run over a package on DuckDB, in process: one scan per table for row rules, one query per table rule."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ceechina.errors import Problem
from ceechina.model.columns import Companion
from ceechina.model.render import FORMATS, data_path
from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.validate.domain import domain_rules
from ceechina.validate.files import DESCRIPTOR, descriptor_problems, read_descriptor, resource_problems
from ceechina.validate.rules import ROW, Rule, key_sql, literal, quoted, row_rules, table_rules

if TYPE_CHECKING:
    import duckdb


# problems of a file after which its rows cannot be told apart
UNUSABLE = (
    "missing-file",
    "not-in-package",
    "unreadable",
    "unknown-column",
    "missing-column",
    "column-order",
    "column-type",
)


def rules_of(table: Table) -> list[Rule]:
    """Every rule about a table: of its rows, of it among others, of the subject."""
    return [*row_rules(table), *table_rules(table), *domain_rules(table.name)]


def validate(path: Path, tables: Mapping[str, Table]) -> list[Problem]:
    """Every problem of a package.

    Args:
        path: Folder of the package, or its datapackage.json.
        tables: The model it must follow.

    Raises:
        PackageError: There is no package to read there.
    """
    folder = path.parent if path.name == DESCRIPTOR else path
    descriptor = read_descriptor(folder)
    problems = [*descriptor_problems(folder), *resource_problems(folder, descriptor, tables)]
    # rows of a file that is not there, or has other columns, have no meaning to check
    unusable = {problem.path for problem in problems if problem.code in UNUSABLE}
    stated = {res.get("path"): res.get("rows") for res in descriptor["resources"] if isinstance(res, dict)}
    return [*problems, *_rows(folder, tables, unusable, stated)]


def _rows(
    folder: Path, tables: Mapping[str, Table], unusable: Container[str], stated: Mapping[Any, Any]
) -> Iterator[Problem]:
    """Problems of rows, in CSV and in Parquet, and rows that only one of them has.

    Args:
        folder: The package.
        tables: The model.
        unusable: Paths of files whose rows cannot be checked.
        stated: How many rows the descriptor says each file has, by path.
    """
    import duckdb

    missing: dict[str, set[str]] = {}
    with duckdb.connect() as connection:
        for kind in FORMATS:
            connection.execute(f"CREATE SCHEMA {kind}; SET schema = '{kind}'")
            missing[kind], problems = _load_all(connection, folder, tables, kind, unusable)
            yield from problems
            for table in tables.values():
                if table.name not in missing[kind]:
                    yield from _count_problem(connection, table, data_path(table, kind), stated)
                    for problem in check(connection, table, missing[kind]):
                        yield replace(problem, path=data_path(tables[problem.table], kind))
        for table in tables.values():
            if not any(table.name in names for names in missing.values()):
                yield from _difference(connection, table)


def _load_all(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: Mapping[str, Table],
    kind: str,
    unusable: Container[str],
) -> tuple[set[str], list[Problem]]:
    """Load every table of a format that can be; return the names of those that cannot, and the problems met."""
    import duckdb

    missing = {name for name, table in tables.items() if data_path(table, kind) in unusable}
    problems = []
    for name in tables.keys() - missing:
        try:
            load(connection, folder, tables[name], kind)
        except duckdb.Error as error:
            missing.add(name)
            told = str(error).splitlines()[0]
            problems.append(Problem(path=data_path(tables[name], kind), table=name, code="unreadable", message=told))
    if kind == "csv":
        problems += _unread_lines(connection)
    return missing, sorted(problems)


def _count_problem(
    connection: duckdb.DuckDBPyConnection, table: Table, path: str, stated: Mapping[Any, Any]
) -> Iterator[Problem]:
    found = connection.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchall()[0][0]
    if found != stated.get(path):
        told = f"{found} rows are read, the descriptor says {stated.get(path)}"
        yield Problem(path=path, table=table.name, code="row-count", message=told)


def _unread_lines(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Lines of CSV that are no rows: too few or too many cells, quotes left open, bytes that are no UTF-8."""
    found = connection.execute("SHOW ALL TABLES").fetchall()
    if not any("reject_errors" in row for row in found):
        return
    # one problem a line, at the first of its cells: a short line is rejected once for each cell it lacks
    query = (
        "SELECT file_path, line, coalesce(arg_min(column_name, column_idx), ''), error_type, min(error_message) "
        "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) GROUP BY ALL ORDER BY ALL"
    )
    for path, line, column, code, message in connection.execute(query).fetchall():
        name = Path(path).stem
        yield Problem(
            path=f"data/{Path(path).name}",
            line=line,
            table=name,
            field=column,
            code=f"csv-{code.lower().replace(' ', '-')}",
            message=message.splitlines()[0],
            hint="the line is not read; the rest of the table is checked",
        )


def _difference(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Rows that CSV and Parquet of a table do not share."""
    cells = ", ".join(
        f"TRY_CAST({quoted(column.name)} AS DOUBLE)" if column.scalar.type == "number" else quoted(column.name)
        for column in table.columns
    )
    for here, there in (("csv", "parquet"), ("parquet", "csv")):
        sides = (f"SELECT {key_sql(table)} AS key, {cells} FROM {kind}.{quoted(table.name)}" for kind in (here, there))
        for key, *_ in connection.execute(" EXCEPT ALL ".join(sides) + " ORDER BY key").fetchall():
            told = f"no such row is in the {there} file of the table"
            hint = "both formats hold the same rows; build the package again"
            path = data_path(table, here)
            yield Problem(path=path, table=table.name, key=key, code=f"{table.name}.formats", message=told, hint=hint)


def check(connection: duckdb.DuckDBPyConnection, table: Table, missing: Container[str] = ()) -> Iterator[Problem]:
    """Problems of a loaded table; rules that need a table that is `missing` are passed over."""
    yield from _row_problems(connection, table)
    yield from _companion_problems(connection, table)
    for rule in (*table_rules(table), *domain_rules(table.name)):
        if not any(name in missing for name in (rule.table, *rule.reads)):
            yield from _table_problems(connection, rule)


def load(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, kind: str) -> None:
    """A table of text cells, numbered, whatever the format."""
    path = literal(str(folder / data_path(table, kind)))
    if kind == "csv":
        names = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in table.columns)
        source = (
            f"read_csv({path}, columns={{{names}}}, header=true, delim=',', quote='\"', escape='\"', "
            "auto_detect=false, store_rejects=true)"
        )
    else:
        source = f"read_parquet({path})"
    cells = ", ".join(f"CAST({quoted(column.name)} AS VARCHAR) AS {quoted(column.name)}" for column in table.columns)
    connection.execute(
        f"CREATE TABLE {quoted(table.name)} AS SELECT row_number() OVER () AS {ROW}, {cells} FROM {source}"
    )


def _row_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """All row rules of a table in one scan: each row tells the numbers of the rules it breaks."""
    rules = row_rules(table)
    broken = ", ".join(f"CASE WHEN {rule.sql} THEN {number} END" for number, rule in enumerate(rules))
    values = ", ".join(quoted(rule.field) for rule in rules)
    query = (
        f"SELECT number, {ROW}, key, cells[number + 1] FROM ("
        f"SELECT {ROW}, {key_sql(table)} AS key, [{values}] AS cells, "
        f"unnest(list_filter([{broken}], lambda rule: rule IS NOT NULL)) AS number FROM {quoted(table.name)}"
        f") ORDER BY {ROW}, number"
    )
    yield from _told(rules, connection.execute(query).fetchall())


def _companion_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Cells computed from another cell that are not what it comes to; each distinct pair is computed once."""
    for column in table.columns:
        if column.companion is None:
            continue
        source, cell = quoted(column.source), quoted(column.name)
        for text, value in connection.execute(
            f"SELECT DISTINCT {source}, {cell} FROM {quoted(table.name)} ORDER BY ALL"
        ).fetchall():
            expected = _computed(table[column.source], column.companion, text)
            if expected is _NOT_A_VALUE or value == expected:
                continue
            rule = Rule(
                f"{table.name}.{column.name}.companion",
                table.name,
                column.name,
                f"SELECT {ROW}, {key_sql(table)} AS key, {cell} AS value FROM {quoted(table.name)} WHERE "
                f"{source} IS NOT DISTINCT FROM {_sql(text)} AND {cell} IS NOT DISTINCT FROM {_sql(value)}",
                repr(expected) if expected else f"nothing, as {column.source} has none",
                f"{column.name} is computed from {column.source}",
            )
            yield from _table_problems(connection, rule)


def _table_problems(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Iterator[Problem]:
    """The rows that break a table rule."""
    yield from _told([rule], connection.execute(f"SELECT 0, * FROM ({rule.sql})").fetchall())


_NOT_A_VALUE = object()


def _computed(source: Column, companion: Companion, text: str | None) -> object:
    """A companion of a cell as text, None where it is empty; `_NOT_A_VALUE` where the cell itself is bad."""
    if text is None:
        return None
    try:
        value = companion.compute(source.parse(text))
    except ValueError:
        return _NOT_A_VALUE
    return None if value is None else canonical(value)


def _sql(text: str | None) -> str:
    return "NULL" if text is None else literal(text)


def _told(rules: Sequence[Rule], found: Sequence[tuple[Any, ...]]) -> Iterator[Problem]:
    for number, row, key, value in found:
        rule = rules[number]
        shown = "empty" if value is None else repr(value)
        yield Problem(
            table=rule.table,
            row=row,
            key=key or "",
            field=rule.field,
            code=rule.rule_id,
            message=f"{rule.field} is {shown}, expected {rule.expected}",
            value=value or "",
            hint=rule.hint,
            severity=rule.severity,
        )
