"""The CSV files described for CSV on the Web: `csv-metadata.json`, a rendering of `datapackage.json`."""

from __future__ import annotations

import re
from typing import Any

from ceechina.publish.citation import filled

Json = dict[str, Any]


def csvw(descriptor: Json) -> Json:
    """A table group of the CSV files of a package, with types, keys and references of their columns."""
    resources = {resource["name"]: resource for resource in descriptor["resources"] if resource["format"] == "csv"}
    paths = {name: resource["path"] for name, resource in resources.items()}
    return filled(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:title": descriptor["title"],
            "dc:description": descriptor["description"],
            "dc:identifier": descriptor.get("id"),
            "dc:creator": [one["title"] for one in descriptor["contributors"] if "creator" in one["roles"]],
            "dc:license": {"@id": descriptor["licenses"][0]["path"]},
            "dc:subject": descriptor["keywords"],
            "dc:hasVersion": descriptor["version"],
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True, "doubleQuote": True},
            "tables": [_table(resource, paths) for resource in resources.values()],
        }
    )


def _table(resource: Json, paths: dict[str, str]) -> Json:
    schema = resource["schema"]
    return {
        "url": resource["path"],
        "dc:description": resource["description"],
        "tableSchema": filled(
            {
                "columns": [_column(field) for field in schema["fields"]],
                "primaryKey": schema["primaryKey"],
                "foreignKeys": [
                    {
                        "columnReference": key["fields"],
                        "reference": {
                            # Table Schema leaves the name empty where a table refers to itself
                            "resource": paths[key["reference"]["resource"] or resource["name"]],
                            "columnReference": key["reference"]["fields"],
                        },
                    }
                    for key in schema.get("foreignKeys", [])
                ],
            }
        ),
    }


def _column(field: Json) -> Json:
    constraints = field.get("constraints", {})
    allowed = "|".join(re.escape(code) for code in constraints.get("enum", []))
    pattern = allowed or constraints.get("pattern")
    return filled(
        {
            "name": field["name"],
            "titles": field["name"],
            "dc:description": field["description"],
            "datatype": {"base": "string", "format": pattern} if pattern else field["type"],
            "required": "required" in constraints,
        }
    )
