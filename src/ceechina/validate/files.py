"""A package's files as files: the descriptor, and each file's being unchanged, UTF-8 and of the right columns."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ceechina.errors import Problem, suggestion, visible
from ceechina.model.tables import Table
from ceechina.quoting import exactly
from ceechina.validate.descriptors import descriptor_problems
from ceechina.validate.file_rules import NOT_READ
from ceechina.validate.inputs import Input
from ceechina.validate.scan import CARRIAGE_RETURN, LINE, NUL, OURS, Scan, mark_of, may_have_blank_line, scan, unending
from ceechina.validate.sift import unclosed

# The most bytes of a CSV file's header; ours have some hundreds.
HEADER = 2**16
# What else than a comma separates cells in files that are called CSV.
DELIMITERS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}
# What programs for tables leave in a file that they save, whose rows are read all the same.
SAVED = frozenset({"csv-bom", "csv-carriage-return"})
# Columns of a file that are told one by one.
TOLD = 20

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
        [
            path
            for (_, kind), paths in given.files.items()
            if kind == "parquet"
            for path in paths
            if _has_text_name(path)
        ]
    )
    for (name, _), paths in given.files.items():
        for path in paths:
            problem = partial(Problem, path=given.shown(path), table=name)
            if not _has_text_name(path):
                told, hint = "the file's name has bytes that are no UTF-8", f"give it another; {NOT_READ}"
                problems.append(problem(code="unreadable", message=told, hint=hint))
            elif path in parquet:
                problems += _column_problems(parquet[path], tables[name], path, problem)
            else:
                problems += _csv_problems(path, tables[name], problem)
    return _weighed(problems, given)


def _has_text_name(path: Path) -> bool:
    """Whether engines can be told where the file is."""
    try:
        return bool(str(path.absolute()).encode())
    except UnicodeEncodeError:
        return False


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
    return _weighed(problems, given)


def _weighed(problems: list[Problem], given: Input) -> list[Problem]:
    """How a file was saved is no error of rows of one's own: no hash says that it should be otherwise."""
    if given.descriptor is not None:
        return problems
    return [replace(each, severity="warning") if each.code in SAVED else each for each in problems]


def blank_in(given: Input) -> set[Path]:
    """The CSV files that may have a line with nothing, which engines pass over without a word."""
    found = set()
    for (_, kind), paths in given.files.items():
        for path in paths if kind == "csv" else ():
            # what cannot be read is told by `file_problems`
            with suppress(OSError):
                if may_have_blank_line(path):
                    found.add(path)
    return found


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
        # quotes that are counted may be none: those of a cell that does not begin with one
        is_suspect = mark in OURS and not isinstance(columns, str) and unending(path)
        line = unclosed(path) if is_suspect else 0
    except OSError as error:
        mark, columns, line = "", f"the file cannot be read: {error.strerror}", 0
    yield from _mark_problems(mark, problem)
    if line:
        told = f"no record ends within {LINE:,} bytes from here: a quote is not closed, or is one too many"
        hint = f"close it, or write it twice within quotes; {NOT_READ}"
        yield problem(line=line, code="csv-record-too-long", message=told, hint=hint)
    if other := _other_delimiter(path, columns, table):
        told, hint = f"cells are separated by {other}, expected a comma", f"save it with commas; {NOT_READ}"
        yield problem(line=1, code="csv-delimiter", message=told, hint=hint)
    elif mark in OURS:
        yield from _column_problems(columns, table, path, problem)


def _other_delimiter(path: Path, columns: Columns, table: Table) -> str:
    """What separates cells where names of columns are read as one: spreadsheets write what the country does."""
    if isinstance(columns, str) or len(columns) != 1:
        return ""
    known = {column.name for column in table.columns}
    for mark, told in DELIMITERS.items():
        names = _csv_columns(path, mark)
        # a first line may be what Excel says it by
        if columns[0][0] == f"sep={mark}" or (not isinstance(names, str) and len(known & dict(names).keys()) > 1):
            return told
    return ""


def _mark_problems(mark: str, problem: Told) -> Iterator[Problem]:
    if mark not in OURS:
        told, hint = f"the file is {mark}, expected UTF-8", f"save it as UTF-8; {NOT_READ}"
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
        yield problem(code="unreadable", message=visible(columns, 500), hint=NOT_READ)
        return
    if not columns:
        told, hint = "the first line has nothing, expected the names of the columns", f"write them; {NOT_READ}"
        yield problem(line=1, code="missing-column", message=told, hint=hint)
        return
    expected = {column.name: PARQUET[column.scalar.type] for column in table.columns}
    counted = Counter(name for name, _ in columns)
    unknown = [name for name in counted if name not in expected]
    for name in unknown[:TOLD]:
        near = suggestion(visible(name).lower(), list(expected)) if name else "it has no name, as an index of pandas"
        told = f"{visible(name)!r} is not a column of {table.name}; {near}"
        yield problem(field=visible(name), code="unknown-column", message=told, hint=NOT_READ)
    if len(unknown) > TOLD:
        told = f"{len(unknown) - TOLD:,} more are not columns of {table.name}"
        yield problem(code="unknown-column", message=told, hint=NOT_READ)
    actual = dict(columns)
    for name, type_ in expected.items():
        if counted[name] > 1:
            told = f"{name!r} is there {counted[name]:,} times"
            yield problem(field=name, code="duplicate-column", message=told, hint=NOT_READ)
        if name not in actual:
            is_folder = any(part.startswith(f"{name}=") for part in path.parts)
            hint = "the name of its folder is not read: write the column into the file" if is_folder else NOT_READ
            yield problem(field=name, code="missing-column", message=f"{name!r} is missing", hint=hint)
        elif actual[name] not in ("", type_):
            told = f"{name!r} is {visible(actual[name])}, expected {type_}"
            hint = f"write the column as {type_}, or the table as CSV; {NOT_READ}"
            yield problem(field=name, code="column-type", message=told, hint=hint)
    if list(actual) != list(expected) and set(actual) == set(expected):
        told = f"the columns are not in the order {', '.join(expected)}"
        yield problem(code="column-order", message=told, hint=NOT_READ)


def _csv_columns(path: Path, delimiter: str = ",") -> Columns:
    """The first record of a CSV file, of which no more is read than a header may have."""
    with path.open("rb") as file:
        head = file.read(HEADER + 1)
    # bytes that are no UTF-8 are told with their line
    lines = io.StringIO(head.decode("utf-8-sig", errors="replace"), newline="")
    try:
        names = next(csv.reader(lines, delimiter=delimiter), [])
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
    places = {path: path.resolve() for path in paths}
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(query, [sorted({exactly(place) for place in places.values()})]).fetchall()
    except duckdb.Error as error:
        if len(paths) == 1:
            return {paths[0]: f"the file is no Parquet that can be read: {str(error).splitlines()[0]}"}
        return {path: columns for each in paths for path, columns in _parquet_columns([each]).items()}
    by_file: dict[str, list[tuple[str, int, str]]] = {}
    for name, *row in rows:
        by_file.setdefault(name, []).append(tuple(row))
    return {path: _top(by_file[str(place)]) for path, place in places.items()}


def _top(nodes: Iterable[tuple[str, int, str]]) -> list[tuple[str, str]]:
    """The columns of a Parquet schema, given as a tree of which each node is followed by its children."""
    columns, inside = [], 0
    for name, children, type_ in list(nodes)[1:]:
        if not inside:
            columns.append((name, type_))
        inside += children - (1 if inside else 0)
    return columns
