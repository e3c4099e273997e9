"""Rules run over a package on DuckDB, in process: one scan per table for row rules, one query per table rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError, Problem, suggestion
from ceechina.model.render import arrow_schema
from ceechina.model.tables import Table
from ceechina.validate.domain import domain_rules
from ceechina.validate.rules import ROW, Rule, key_sql, literal, quoted, row_rules, table_rules

if TYPE_CHECKING:
    import duckdb

DESCRIPTOR = "datapackage.json"


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
    problems = [*_descriptor_problems(folder), *_resource_problems(folder, descriptor, tables)]
    if problems:
        # rows of files that are missing, cut short or of another shape have no meaning to check
        return problems
    for kind in ("csv", "parquet"):
        problems += _rows(folder, tables, kind)
    return problems


def read_descriptor(folder: Path) -> dict[str, Any]:
    """The descriptor of a package; raise PackageError where there is none to read."""
    path = folder / DESCRIPTOR
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackageError(f"no package at {folder}: {DESCRIPTOR} cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{path} is not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("resources"), list):
        raise PackageError(f"{path} is not a data package descriptor: it lists no resources")
    return content


def _descriptor_problems(folder: Path) -> Iterator[Problem]:
    from frictionless import Package

    report = Package.validate_descriptor(str(folder / DESCRIPTOR))
    for type_, note in report.flatten(["type", "note"]):
        yield Problem(path=DESCRIPTOR, code=str(type_), message=str(note))


def _resource_problems(folder: Path, descriptor: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Problems of files as files: missing, changed since the build, or with other columns than the model."""
    found = {(res.get("table"), res.get("format")): res for res in descriptor["resources"] if isinstance(res, dict)}
    for name, table in tables.items():
        for kind in ("csv", "parquet"):
            resource = found.get((name, kind))
            if resource is None:
                yield Problem(
                    path=DESCRIPTOR, table=name, code="missing-resource", message=f"no {kind} resource for {name}"
                )
                continue
            path = folder / "data" / f"{name}.{kind}"
            shown = f"data/{path.name}"
            if not path.is_file():
                yield Problem(path=shown, table=name, code="missing-file", message="the file is not there")
                continue
            yield from _content_problems(path, shown, resource)
            yield from _column_problems(path, shown, table, kind)


def _content_problems(path: Path, shown: str, resource: Mapping[str, Any]) -> Iterator[Problem]:
    content = path.read_bytes()
    actual = f"sha256:{hashlib.sha256(content).hexdigest()}"
    size = resource.get("bytes", resource.get("fileBytes"))
    if size != len(content):
        yield Problem(
            path=shown,
            code="byte-count",
            message=f"the file has {len(content)} bytes, the descriptor says {size}",
            hint="take the file again from where it was published, or rebuild the package",
        )
    elif resource.get("hash") != actual:
        yield Problem(
            path=shown,
            code="hash",
            message=f"the file is {actual}, the descriptor says {resource.get('hash')}",
            hint="take the file again from where it was published, or rebuild the package",
        )


def _column_problems(path: Path, shown: str, table: Table, kind: str) -> Iterator[Problem]:
    expected = {field.name: str(field.type) for field in arrow_schema(table)}
    try:
        actual = _csv_header(path) if kind == "csv" else _parquet_types(path)
    except (OSError, ValueError) as error:
        yield Problem(path=shown, table=table.name, code="unreadable", message=str(error).splitlines()[0])
        return
    for name in actual:
        if name not in expected:
            yield Problem(
                path=shown,
                table=table.name,
                field=name,
                code="unknown-column",
                message=f"{name!r} is not a column of {table.name}; {suggestion(name, list(expected))}",
            )
    for name, kind_ in expected.items():
        if name not in actual:
            yield Problem(
                path=shown, table=table.name, field=name, code="missing-column", message=f"{name!r} is missing"
            )
        elif actual[name] not in ("", kind_):
            yield Problem(
                path=shown,
                table=table.name,
                field=name,
                code="column-type",
                message=f"{name!r} is {actual[name]}, expected {kind_}",
            )
    if list(actual) != list(expected) and set(actual) == set(expected):
        yield Problem(
            path=shown,
            table=table.name,
            code="column-order",
            message=f"the columns are not in the order {', '.join(expected)}",
        )


def _csv_header(path: Path) -> dict[str, str]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return dict.fromkeys(next(csv.reader(file), []), "")


def _parquet_types(path: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    return {field.name: str(field.type) for field in pq.read_schema(path)}


def _rows(folder: Path, tables: Mapping[str, Table], kind: str) -> Iterator[Problem]:
    import duckdb

    with duckdb.connect() as connection:
        unreadable = set()
        for table in tables.values():
            try:
                load(connection, folder, table, kind)
            except duckdb.Error as error:
                unreadable.add(table.name)
                yield Problem(
                    path=f"data/{table.name}.{kind}",
                    table=table.name,
                    code="unreadable",
                    message=str(error).splitlines()[0],
                )
        for table in tables.values():
            if table.name not in unreadable:
                for problem in check(connection, table, unreadable):
                    yield replace(problem, path=f"data/{table.name}.{kind}")


def check(connection: duckdb.DuckDBPyConnection, table: Table, missing: Container[str] = ()) -> Iterator[Problem]:
    """Problems of a loaded table; rules that need a table that is `missing` are passed over."""
    yield from _row_problems(connection, table)
    for rule in (*table_rules(table), *domain_rules(table.name)):
        if not any(name in missing for name in rule.reads):
            yield from _told(table, [rule], connection.execute(f"SELECT 0, * FROM ({rule.sql})").fetchall())


def load(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, kind: str) -> None:
    """A table of text cells, numbered, whatever the format."""
    path = literal(str(folder / "data" / f"{table.name}.{kind}"))
    if kind == "csv":
        names = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in table.columns)
        source = (
            f"read_csv({path}, columns={{{names}}}, header=true, delim=',', quote='\"', escape='\"', auto_detect=false)"
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
    yield from _told(table, rules, connection.execute(query).fetchall())


def _told(table: Table, rules: Sequence[Rule], found: Sequence[tuple[Any, ...]]) -> Iterator[Problem]:
    for number, row, key, value in found:
        rule = rules[number]
        shown = "empty" if value is None else repr(value)
        yield Problem(
            table=table.name,
            row=row,
            key=key or "",
            field=rule.field,
            code=rule.rule_id,
            message=f"{rule.field} is {shown}, expected {rule.expected}",
            value=value or "",
            hint=rule.hint,
            severity=rule.severity,
        )
