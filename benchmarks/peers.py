"""What else a package can be validated with, each as its user would, and the least that any of them must do.

    python benchmarks/peers.py PEER FOLDER

validates a package of one format and prints where it finds problems, as JSON: table and row. `pip install
"pandera[polars]"` for that peer; the others come with ceechina.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from ceechina.model.records import model
from ceechina.model.render import FORMATS
from ceechina.model.tables import Column, Table
from ceechina.quoting import literal, quoted

# Rows that are validated together.
CHUNK = 10_000

# A table and the number of a row of it, from 1.
Place = tuple[str, int]
# A table of the model, and the file that holds its rows.
Files = Mapping[str, tuple[Table, Path]]


def floor(files: Files) -> Iterator[Place]:
    """Every column read by DuckDB, and no rule asked; a maximum would be answered by the statistics of Parquet."""
    import duckdb

    with duckdb.connect() as connection:
        for table, path in files.values():
            read = ", all_varchar = true" if path.suffix == ".csv" else ""
            hashes = ", ".join(f"bit_xor(hash({quoted(column.name)}))" for column in table.columns)
            source = f"read_{path.suffix[1:]}({literal(str(path))}{read})"
            connection.execute(f"SELECT {hashes} FROM {source}").fetchall()
    yield from ()


def frictionless(files: Files) -> Iterator[Place]:
    """The package by its descriptor."""
    from frictionless import Package

    _, path = next(iter(files.values()))
    report = Package(str(path.parents[1] / "datapackage.json")).validate()
    for task in report.tasks:
        for error in task.errors:
            # the header is its first row
            yield task.name.removesuffix("-parquet"), getattr(error, "row_number", 1) - 1


def pydantic(files: Files) -> Iterator[Place]:
    """The row classes of the model, in chunks; keys and references by sets in Python."""
    # sets of millions of keys would be gone through again and again
    gc.disable()
    keys: dict[str, set[tuple[Any, ...]]] = {}
    named: dict[Place, tuple[str, Any]] = {}
    for table, path in files.values():
        keys[table.name] = set()
        yield from _typed(table, path, keys[table.name], named)
    for place, (target, value) in named.items():
        if (value,) not in keys[target]:
            yield place


def _typed(
    table: Table, path: Path, keys: set[tuple[Any, ...]], named: dict[Place, tuple[str, Any]]
) -> Iterator[Place]:
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(list[table.row])  # type: ignore[name-defined]  # a class, found when it runs
    references = [column for column in table.columns if column.reference]
    known: dict[str, set[Any]] = {column.name: set() for column in references}
    start = 1
    for rows in _chunks(table, path):
        try:
            adapter.validate_python(rows)
        except ValidationError as error:
            yield from {(table.name, start + int(each["loc"][0])) for each in error.errors()}
        for number, row in enumerate(rows, start):
            key = tuple(row[name] for name in table.key)
            if key in keys:
                yield table.name, number
            keys.add(key)
            for column in references:
                value = row[column.name]
                if value is not None and value not in known[column.name]:
                    known[column.name].add(value)
                    named[table.name, number] = column.reference, value
        start += len(rows)


def _chunks(table: Table, path: Path) -> Iterator[list[dict[str, Any]]]:
    """Rows as the row classes have them, without what is computed from dates."""
    names = [column.name for column in table.columns if not column.companion]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            kept = [place for place, name in enumerate(next(reader)) if name in names]
            while rows := list(islice(reader, CHUNK)):
                yield [dict(zip(names, (row[place] or None for place in kept), strict=True)) for row in rows]
    else:
        from pyarrow.parquet import ParquetFile

        for batch in ParquetFile(path).iter_batches(CHUNK, columns=names):
            yield batch.to_pylist()


def pandera(files: Files) -> Iterator[Place]:
    """A schema of each table for polars, all errors asked for; references by joins, which pandera has not."""
    # by name, as they are not among what ceechina is developed with
    polars, schemas, errors = (import_module(name) for name in ("polars", "pandera.polars", "pandera.errors"))
    frames = {name: _frame(polars, table, path) for name, (table, path) in files.items()}
    for name, frame in frames.items():
        table, path = files[name]
        columns = {column.name: _checked(schemas, column, is_text=path.suffix == ".csv") for column in table.columns}
        schema = schemas.DataFrameSchema(columns, unique=list(table.key))
        try:
            schema.validate(frame, lazy=True)
        except errors.SchemaErrors as found:
            for row in found.failure_cases["index"].drop_nulls().unique():
                yield name, int(row) + 1
        for column in table.columns:
            if column.reference:
                keys = frames[column.reference].select(column.target)
                dangling = frame.select(column.name).with_row_index("row", 1).drop_nulls()
                for row in dangling.join(keys, left_on=column.name, right_on=column.target, how="anti")["row"]:
                    yield name, row


def _frame(polars: Any, table: Table, path: Path) -> Any:
    if path.suffix == ".csv":
        return polars.read_csv(path, schema={column.name: polars.String for column in table.columns})
    return polars.read_parquet(path)


def _checked(schemas: Any, column: Column, *, is_text: bool) -> Any:
    types = {"string": str, "integer": int, "number": float, "boolean": bool}
    checks = []
    if column.codes:
        checks = [schemas.Check.isin(column.codes.names)]
    elif is_text or column.scalar.type == "string":
        checks = [schemas.Check.str_matches(f"^(?:{column.scalar.pattern})$")]
    elif column.scalar.type in ("integer", "number"):
        checks = [schemas.Check.ge(0)]
    return schemas.Column(str if is_text else types.get(column.scalar.type), checks, nullable=not column.required)


PEERS: dict[str, Callable[[Files], Iterator[Place]]] = {
    "floor": floor,
    "frictionless": frictionless,
    "pydantic": pydantic,
    "pandera": pandera,
}


def files_of(folder: Path) -> Files:
    """The files of a package's tables; it has one format."""
    found = {path.stem: path for kind in FORMATS for path in folder.glob(f"data/*.{kind}")}
    return {name: (table, found[name]) for name, table in model().items()}


if __name__ == "__main__":
    print(json.dumps(sorted(set(PEERS[sys.argv[1]](files_of(Path(sys.argv[2])))))))
