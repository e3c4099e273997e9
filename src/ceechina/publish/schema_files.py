"""The generated files that are committed: schema/, CITATION.cff and .zenodo.json."""

from __future__ import annotations

from pathlib import Path

from ceechina.curate.records import EDITORIAL_FILES
from ceechina.errors import PackageError, Problem
from ceechina.model.records import model
from ceechina.model.render import (
    as_json,
    code_csv,
    code_lists,
    editorial_schema,
    left_out_schema,
    record_schema,
    table_schema,
)
from ceechina.model.tables import core
from ceechina.publish import citation
from ceechina.publish.swap import replacing, write_text

FOLDER = "schema"
MADE = frozenset({"tables", "records", "codes"})
COMMAND = "ceechina schema"


def schema_files() -> dict[str, str]:
    """Contents of `schema/` by path: Table Schemas, JSON Schemas of record files, code lists."""
    tables = model()
    files = {f"tables/{name}.json": as_json(table_schema(table)) for name, table in tables.items()}
    for table in core(tables):
        files[f"records/{table.name}.json"] = as_json(record_schema(table, tables))
    for name in EDITORIAL_FILES:
        files[f"records/{name}.json"] = as_json(editorial_schema(tables[name]))
    files["records/sources.json"] = as_json(editorial_schema(tables["sources"], left_out_schema(tables)))
    for codelist in code_lists(tables.values()).values():
        files[f"codes/{codelist.name}.csv"] = code_csv(codelist)
    return files


def root_files() -> dict[str, str]:
    """Contents of the generated files at the root of the checkout, by name: metadata that no version changes."""
    return {"CITATION.cff": citation.cff(), ".zenodo.json": as_json(citation.zenodo())}


def write_schema(root: Path) -> int:
    """Write all generated files below a checkout; return how many.

    Raises:
        PackageError: The folder is no checkout, or holds a `schema` folder of something else.
    """
    if not (root / "records").is_dir():
        raise PackageError(f"{root.resolve()} is no checkout: it has no records folder; name one with --root")
    files = schema_files()
    with replacing(root / FOLDER, MADE) as staged:
        for name, text in files.items():
            write_text(staged / name, text)
    for name, text in root_files().items():
        write_text(root / name, text)
    return len(files) + len(root_files())


def check_schema(root: Path) -> list[Problem]:
    """Problems where a generated file is missing, differs or should not be there."""
    wanted = {f"{FOLDER}/{name}": text for name, text in schema_files().items()}
    wanted |= root_files()
    places = [*(root / FOLDER).rglob("*"), *(root / name for name in root_files())]
    present = {path.relative_to(root).as_posix() for path in places if path.is_file()}
    problems = [
        Problem(
            path=name,
            code="out-of-sync",
            message="the file differs from the model" if name in present else "the file is missing",
            hint=f"run `{COMMAND}`",
        )
        for name, text in wanted.items()
        if name not in present or (root / name).read_bytes() != text.encode()
    ]
    problems += [
        Problem(path=name, code="out-of-sync", message="nothing generates this file", hint=f"run `{COMMAND}`")
        for name in sorted(present - wanted.keys())
    ]
    return problems
