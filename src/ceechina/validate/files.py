"""A package's files as files: the descriptor, and each file's being unchanged, UTF-8 and of the right columns."""

from __future__ import annotations

import csv
import glob
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ceechina.errors import Problem, suggestion, visible
from ceechina.model.tables import Table
from ceechina.validate.descriptors import descriptor_problems
from ceechina.validate.findings import Line
from ceechina.validate.inputs import Input
from ceechina.validate.scan import CARRIAGE_RETURN, LINE, NUL, OURS, Scan, blank_lines, mark_of, scan, unending

# Problems of a file after which its rows cannot be told apart.
UNUSABLE = frozenset(
    {
        "csv-delimiter",
        "csv-other-encoding",
        "csv-record-too-long",
        "unreadable",
        "unknown-column",
        "duplicate-column",
        "missing-column",
        "column-order",
        "column-type",
    }
)

# The most bytes of a CSV file's header; ours have some hundreds.
HEADER = 2**16
# What else than a comma separates cells in files that are called CSV.
DELIMITERS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}
# Columns of a file that are told one by one, and lines with nothing.
TOLD, TOLD_BLANK = 20, 1000

# Columns of a Parquet file as DuckDB names what they are, by the type of the model's column.
PARQUET = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}

# Makes a problem of a file.
Told = Callable[..., Problem]
# Names of a file's columns in their order, with their types where the format has any; or why there are none.
Columns = Sequence[tuple[str, str]] | str


def file_problems(given: Input, tables: Mapping[str, Table]) -> list[Problem]:
    """Everything about the descriptor, the heads of files, and what was met on the way to them."""
    problems = list(given.problems)
    if given.descriptor is not None:
        problems += descriptor_problems(given.descriptor, tables)
    parquet = _parquet_columns(
        [path for (_, kind), paths in given.files.items() if kind == "parquet" for path in paths]
    )
    for (name, _), paths in given.files.items():
        for path in paths:
            problem = partial(Problem, path=given.shown(path), table=name)
            if path in parquet:
                problems += _column_problems(parquet[path], tables[name], path, problem)
            else:
                problems += _csv_problems(path, tables[name], problem)
    return problems


def byte_problems(given: Input) -> list[Problem]:
    """Everything about the bytes of files: their number, their hash, and what no text of ours has."""
    problems: list[Problem] = []
    for (name, kind), paths in given.files.items():
        # what a descriptor says of bytes it says of one file
        resource = given.resource(name, kind) if len(paths) == 1 else None
        for path in paths:
            problem = partial(Problem, path=given.shown(path), table=name)
            try:
                found = scan(path, is_text=kind == "csv", is_hashed=resource is not None)
            except OSError:
                continue  # told by `file_problems`
            problems += _content_problems(found, resource, problem) if resource else ()
            problems += _text_problems(found, problem)
    return problems


def lines_with_nothing(given: Input) -> dict[Path, list[Line]]:
    """The first lines with nothing of each CSV file, which engines pass over without a word."""
    lines: dict[Path, list[Line]] = {}
    for (_, kind), paths in given.files.items():
        for path in paths if kind == "csv" else ():
            try:
                blank = list(islice(blank_lines(path), TOLD_BLANK))
            except OSError:
                continue  # told by `file_problems`
            lines[path] = [Line(number, "", "blank-line", "the line has nothing") for number in blank]
    return lines


def _content_problems(found: Scan, resource: Mapping[str, Any], problem: Told) -> Iterator[Problem]:
    actual, stated = f"sha256:{found.sha256}", resource.get("hash")
    size = resource.get("bytes", resource.get("fileBytes"))
    hint = "take the file again from where it was published, or rebuild the package"
    if size != found.size:
        told = f"the file has {found.size} bytes, the descriptor says {visible(str(size))}"
        yield problem(code="byte-count", message=told, hint=hint)
    elif stated != actual:
        told = f"the file is {actual}, the descriptor says {visible(str(stated))}"
        yield problem(code="hash", message=told, hint=hint)


def _csv_problems(path: Path, table: Table, problem: Told) -> Iterator[Problem]:
    """What keeps the rows of a CSV file from being read."""
    columns: Columns
    try:
        mark = mark_of(path)
        columns = _csv_columns(path)
        line = unending(path) if mark in OURS else 0
    except OSError as error:
        mark, columns, line = "", f"the file cannot be read: {error.strerror}", 0
    yield from _mark_problems(mark, problem)
    if line:
        told = f"no record ends within {LINE:,} bytes from here: a quote is not closed, or is one too many"
        hint = "close it, or write it twice within quotes; none of the rows are checked"
        yield problem(line=line, code="csv-record-too-long", message=told, hint=hint)
    if other := _other_delimiter(columns, table):
        told, hint = f"cells are separated by {other}, expected a comma", "save it as CSV with commas, as UTF-8"
        yield problem(line=1, code="csv-delimiter", message=told, hint=f"{hint}; none of its rows are checked")
    elif mark in OURS:
        yield from _column_problems(columns, table, path, problem)


def _other_delimiter(columns: Columns, table: Table) -> str:
    """What separates the names of columns where they are read as one: spreadsheets write what the country does."""
    if isinstance(columns, str) or len(columns) != 1:
        return ""
    ((header, _),) = columns
    known = {column.name for column in table.columns}
    return next((told for mark, told in DELIMITERS.items() if len(known.intersection(header.split(mark))) > 1), "")


def _mark_problems(mark: str, problem: Told) -> Iterator[Problem]:
    if mark not in OURS:
        told, hint = f"the file is {mark}, expected UTF-8", "save it as UTF-8; none of its rows are checked"
        yield problem(line=1, code="csv-other-encoding", message=told, hint=hint)
    elif mark:
        told, hint = "the file starts with a byte order mark", "save it as UTF-8 without one (BOM)"
        yield problem(line=1, code="csv-bom", message=told, hint=hint)


def _text_problems(found: Scan, problem: Told) -> Iterator[Problem]:
    """What no text of ours has; each is told once a file, with the line of the first."""
    if found.invalid:
        told, hint = "a byte here is no UTF-8", "save the file as UTF-8; what wrote it may have used Windows-1250"
        yield problem(line=found.invalid, code="csv-encoding", message=told, hint=hint)
    if found.endless:
        told, hint = f"the line is longer than {LINE:,} bytes", "it is not read; a quote may not be closed before it"
        yield problem(line=found.endless, code="csv-line-too-long", message=told, hint=hint)
    for byte, code, name, hint in (
        (NUL, "csv-nul", "NUL", "remove it; the file may be damaged, or UTF-16"),
        (CARRIAGE_RETURN, "csv-carriage-return", "carriage return", "end lines with a line feed alone, as Unix does"),
    ):
        if byte in found.counts:
            told = f"the first of {found.counts[byte]:,} bytes that are a {name}, expected none"
            yield problem(line=found.lines[byte], code=code, message=told, hint=hint)


def _column_problems(columns: Columns, table: Table, path: Path, problem: Told) -> Iterator[Problem]:
    if isinstance(columns, str):
        yield problem(code="unreadable", message=visible(columns, 500))
        return
    expected = {column.name: PARQUET[column.scalar.type] for column in table.columns}
    counted = Counter(name for name, _ in columns)
    unknown = [name for name in counted if name not in expected]
    for name in unknown[:TOLD]:
        told = f"{visible(name)!r} is not a column of {table.name}; {suggestion(visible(name), list(expected))}"
        yield problem(field=visible(name), code="unknown-column", message=told)
    if len(unknown) > TOLD:
        told = f"{len(unknown) - TOLD:,} more are not columns of {table.name}"
        yield problem(code="unknown-column", message=told)
    actual = dict(columns)
    for name, type_ in expected.items():
        if counted[name] > 1:
            yield problem(field=name, code="duplicate-column", message=f"{name!r} is there {counted[name]:,} times")
        if name not in actual:
            is_folder = any(part.startswith(f"{name}=") for part in path.parts)
            hint = "the name of its folder is not read: write the column into the file" if is_folder else ""
            yield problem(field=name, code="missing-column", message=f"{name!r} is missing", hint=hint)
        elif actual[name] not in ("", type_):
            told = f"{name!r} is {visible(actual[name])}, expected {type_}"
            yield problem(field=name, code="column-type", message=told)
    if list(actual) != list(expected) and set(actual) == set(expected):
        yield problem(code="column-order", message=f"the columns are not in the order {', '.join(expected)}")


def _csv_columns(path: Path) -> Columns:
    """The first record of a CSV file, of which no more is read than a header may have."""
    with path.open("rb") as file:
        head = file.read(HEADER + 1)
    # bytes that are no UTF-8 are told with their line
    lines = io.StringIO(head.decode("utf-8-sig", errors="replace"), newline="")
    try:
        names = next(csv.reader(lines), [])
    except csv.Error as error:
        return f"the header cannot be read: {error}"
    if len(head) > HEADER and not lines.read(1):
        return f"the header has more than {HEADER:,} bytes, expected a line with the names of the columns"
    return [(name, "") for name in names]


def _parquet_columns(paths: Sequence[Path]) -> dict[Path, Columns]:
    """Columns of Parquet files, of all in one query unless one of them cannot be read."""
    import duckdb

    if not paths:
        return {}
    query = "SELECT file_name, name, coalesce(num_children, 0), coalesce(duckdb_type, 'nested') FROM parquet_schema(?)"
    # a path is taken for a pattern
    names = {path: str(path.resolve()) for path in paths}
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(query, [[glob.escape(name) for name in names.values()]]).fetchall()
    except duckdb.Error as error:
        if len(paths) == 1:
            return {paths[0]: f"the file is no Parquet that can be read: {str(error).splitlines()[0]}"}
        return {path: columns for each in paths for path, columns in _parquet_columns([each]).items()}
    by_file: dict[str, list[tuple[str, int, str]]] = {}
    for name, *row in rows:
        by_file.setdefault(name, []).append(tuple(row))
    return {path: _top(by_file[name]) for path, name in names.items()}


def _top(nodes: Iterable[tuple[str, int, str]]) -> list[tuple[str, str]]:
    """The columns of a Parquet schema, given as a tree of which each node is followed by its children."""
    columns, inside = [], 0
    for name, children, type_ in list(nodes)[1:]:
        if not inside:
            columns.append((name, type_))
        inside += children - (1 if inside else 0)
    return columns
