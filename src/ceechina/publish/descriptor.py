"""`datapackage.json`: what the package says of itself, Data Package v2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from ceechina.model.render import FORMATS, code_lists, data_path, resource_description
from ceechina.model.tables import Table, core
from ceechina.publish import citation

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
Json = dict[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

# the libraries that records pass through on their way to bytes: parsed, dated, written
PASSED_THROUGH = ("pyyaml", "pydantic", "edtf", "pyarrow")


def descriptor(
    folder: Path, tables: Mapping[str, Table], rows: Rows, version: str, program: str, released: str = ""
) -> Json:
    """The descriptor of a package whose data files are written.

    Args:
        folder: The package; its `data/` is read for sizes and hashes.
        tables: The model.
        rows: Rows by table, for counts and for the list of sources.
        version: The data version.
        program: The version of ceechina that builds.
        released: The day the version is released, ISO 8601; empty for a version not released yet.
    """
    resources = [_resource(folder, table, len(rows[table.name]), kind) for kind in FORMATS for table in tables.values()]
    return {
        "$schema": PROFILE,
        **citation.package_metadata(version),
        # a day, which the standard wants written as a moment
        **({"created": f"{released}T00:00:00Z"} if released else {}),
        "madeWith": {"ceechina": program, **{name: installed(name) for name in PASSED_THROUGH}},
        "coverage": _coverage(tables, rows),
        "sources": [{"title": row["title"], **({"path": row["url"]} if row["url"] else {})} for row in rows["sources"]],
        "codeLists": {
            codelist.name: {
                "description": codelist.description,
                "ordered": codelist.ordered,
                "codes": [
                    {"code": code.code, "label": code.label, "definition": code.definition} for code in codelist.codes
                ],
            }
            for codelist in code_lists(tables.values()).values()
        },
        "resources": resources,
    }


def _coverage(tables: Mapping[str, Table], rows: Rows) -> Json:
    """The countries of the region, and the years from the first date of a core record to the last."""
    years = {"earliest": set[int](), "latest": set[int]()}
    for table in core(tables):
        for column in table.columns:
            end = column.name.rpartition("_")[2]
            if end in years:
                years[end] |= {row[column.name].year for row in rows[table.name] if row[column.name]}
    span = {"start": min(years["earliest"]), "end": max(years["latest"])} if all(years.values()) else {}
    return {"countries": [row["name"] for row in rows["countries"] if row["scope"] == "region"], **span}


def _resource(folder: Path, table: Table, count: int, kind: str) -> Json:
    path = folder / data_path(table, kind)
    told = resource_description(table, kind)
    schema = told.pop("schema")
    return {
        **told,
        # frictionless counts no bytes of Parquet and takes a stated number for a mismatch
        ("bytes" if kind == "csv" else "fileBytes"): path.stat().st_size,
        "hash": _sha256(path),
        # a Parquet file's own hash changes with the pyarrow that wrote it; that of its rows as CSV does not
        **({} if kind == "csv" else {"contentHash": _sha256(folder / data_path(table, "csv"))}),
        "rows": count,
        "schema": schema,
    }


def _sha256(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
