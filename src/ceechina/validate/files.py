"""A package's files as files: the descriptor, and each file's being there, unchanged and of the right columns."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ceechina.errors import PackageError, Problem, suggestion
from ceechina.model.render import FORMATS, arrow_schema, data_path, resource_description
from ceechina.model.tables import Table
from ceechina.model.values import VERSION

DESCRIPTOR = "datapackage.json"


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


def descriptor_problems(folder: Path) -> Iterator[Problem]:
    """What frictionless finds wrong with the descriptor."""
    from frictionless import Package

    try:
        report = Package.validate_descriptor(str(folder / DESCRIPTOR))
    except Exception as error:  # noqa: BLE001  # it fails in many ways on properties of a wrong type
        yield Problem(path=DESCRIPTOR, code="descriptor", message=f"the descriptor cannot be checked: {error}")
        return
    for type_, note in report.flatten(["type", "note"]):
        yield Problem(path=DESCRIPTOR, code=str(type_), message=str(note))


def resource_problems(folder: Path, descriptor: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Problems of files as files: missing, changed, not as described, with other columns than the model."""
    version = str(descriptor.get("version"))
    if not re.fullmatch(VERSION.pattern, version):
        told = f"the version is {version!r}, expected {VERSION.description}"
        yield Problem(path=DESCRIPTOR, code="version", message=told)
    found = {str(res.get("name")): res for res in descriptor["resources"] if isinstance(res, dict)}
    for name, table in tables.items():
        for kind, form in FORMATS.items():
            resource = found.get(form.resource.format(name))
            path = data_path(table, kind)
            if resource is None:
                told = f"the package has no resource {form.resource.format(name)!r}: what needs it is not checked"
                yield Problem(path=path, table=name, code="not-in-package", message=told, severity="warning")
            elif not (folder / path).is_file():
                yield Problem(path=path, table=name, code="missing-file", message="the file is not there")
            else:
                yield from _description_problems(resource, table, kind)
                yield from _content_problems(folder / path, path, resource)
                yield from _column_problems(folder / path, path, table, kind)


def _description_problems(resource: Mapping[str, Any], table: Table, kind: str) -> Iterator[Problem]:
    """What the descriptor says of a file must be what the model says of the table."""
    expected = resource_description(table, kind)
    for key, value in expected.items():
        if resource.get(key) != value:
            shown = "another than that of the model" if key == "schema" else repr(resource.get(key))
            told = f"the {key} of {resource.get('name')} is {shown}"
            hint = "" if key == "schema" else f"expected {value!r}"
            yield Problem(path=DESCRIPTOR, table=table.name, field=key, code="description", message=told, hint=hint)


def _content_problems(path: Path, shown: str, resource: Mapping[str, Any]) -> Iterator[Problem]:
    content = path.read_bytes()
    actual = f"sha256:{hashlib.sha256(content).hexdigest()}"
    size = resource.get("bytes", resource.get("fileBytes"))
    hint = "take the file again from where it was published, or rebuild the package"
    if size != len(content):
        told = f"the file has {len(content)} bytes, the descriptor says {size}"
        yield Problem(path=shown, code="byte-count", message=told, hint=hint)
    elif resource.get("hash") != actual:
        told = f"the file is {actual}, the descriptor says {resource.get('hash')}"
        yield Problem(path=shown, code="hash", message=told, hint=hint)


def _column_problems(path: Path, shown: str, table: Table, kind: str) -> Iterator[Problem]:
    problem = partial(Problem, path=shown, table=table.name)
    expected = {field.name: str(field.type) for field in arrow_schema(table)}
    try:
        actual = _csv_header(path) if kind == "csv" else _parquet_types(path)
    except (OSError, ValueError) as error:
        yield problem(code="unreadable", message=str(error).splitlines()[0])
        return
    for name in actual:
        if name not in expected:
            told = f"{name!r} is not a column of {table.name}; {suggestion(name, list(expected))}"
            yield problem(field=name, code="unknown-column", message=told)
    for name, kind_ in expected.items():
        if name not in actual:
            yield problem(field=name, code="missing-column", message=f"{name!r} is missing")
        elif actual[name] not in ("", kind_):
            told = f"{name!r} is {actual[name]}, expected {kind_}"
            yield problem(field=name, code="column-type", message=told)
    if list(actual) != list(expected) and set(actual) == set(expected):
        yield problem(code="column-order", message=f"the columns are not in the order {', '.join(expected)}")


def _csv_header(path: Path) -> dict[str, str]:
    import csv

    # bytes that are no UTF-8 are told with their line where rows are read
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return dict.fromkeys(next(csv.reader(file), []), "")


def _parquet_types(path: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    return {field.name: str(field.type) for field in pq.read_schema(path)}
