"""`datapackage.json`: what the package says of itself, Data Package v2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ceechina.model.render import FORMATS, code_lists, data_path, table_schema
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
    path = Path(data_path(table, kind))
    content = (folder / path).read_bytes()
    return {
        "name": FORMATS[kind].resource.format(table.name),
        "type": "table",
        "path": data_path(table, kind),
        "format": kind,
        "mediatype": FORMATS[kind].mediatype,
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "description": table.description,
        # frictionless counts no bytes of Parquet and takes a stated number for a mismatch
        ("bytes" if kind == "csv" else "fileBytes"): len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": count,
        "table": table.name,
        "part": "core" if table.is_core else "child" if table.parent else "reference",
        **({"parent": table.parent} if table.parent else {}),
        **({"listed": table.listed} if table.parent else {}),
        "schema": table_schema(table, kind),
    }
