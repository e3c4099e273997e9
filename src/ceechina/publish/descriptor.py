"""`datapackage.json`: what the package says of itself, Data Package v2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ceechina.model.render import FORMATS, code_lists, data_path, resource_description
from ceechina.model.tables import Table
from ceechina.publish import citation

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
Json = dict[str, Any]


def descriptor(
    folder: Path, tables: Mapping[str, Table], rows: Mapping[str, Sequence[Mapping[str, Any]]], version: str
) -> Json:
    """The descriptor of a package whose data files are written.

    Args:
        folder: The package; its `data/` is read for sizes and hashes.
        tables: The model.
        rows: Rows by table, for counts and for the list of sources.
        version: The data version.
    """
    resources = [_resource(folder, table, len(rows[table.name]), kind) for kind in FORMATS for table in tables.values()]
    return {
        "$schema": PROFILE,
        **citation.package_metadata(version),
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


def _resource(folder: Path, table: Table, count: int, kind: str) -> Json:
    content = (folder / data_path(table, kind)).read_bytes()
    told = resource_description(table, kind)
    schema = told.pop("schema")
    return {
        **told,
        # frictionless counts no bytes of Parquet and takes a stated number for a mismatch
        ("bytes" if kind == "csv" else "fileBytes"): len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": count,
        "schema": schema,
    }
