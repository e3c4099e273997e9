"""Tables rendered: Table Schema, Arrow schema, JSON Schema of record files, code lists, codebook.

Machinery: pure functions of `Table` and `CodeList`. Of the tables only those that every record file writes to,
`claims`, `passages` and `exclusions`, are known by name.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ceechina.model.columns import CodeList
from ceechina.model.tables import Column, Table, children

if TYPE_CHECKING:
    import pyarrow as pa

Json = dict[str, Any]


def code_lists(tables: Iterable[Table]) -> dict[str, CodeList]:
    """Code lists in use, by name, in the order of the columns that use them."""
    return {column.codes.name: column.codes for table in tables for column in table.columns if column.codes}


@dataclass(frozen=True)
class Format:
    """A file format tables are published in.

    `resource` is the pattern of a resource's name, with `{}` for its table; `empty_number` what a
    reader of the format may make of an empty number, besides nothing.
    """

    resource: str
    mediatype: str
    empty_number: str = ""


FORMATS = {
    "csv": Format("{}", "text/csv"),
    # frictionless reads Parquet through pandas, which makes NaN of an empty integer
    "parquet": Format("{}-parquet", "application/vnd.apache.parquet", "nan"),
}


def data_path(table: Table, kind: str) -> str:
    """Path of a table's file within a package."""
    return f"data/{table.name}.{kind}"


def resource_description(table: Table, kind: str) -> Json:
    """What a data package's descriptor says of a table's file, but for its contents."""
    part = "core" if table.is_core else "child" if table.parent else "reference"
    child = {"parent": table.parent, "listed": table.listed} if table.parent else {}
    return {
        "name": FORMATS[kind].resource.format(table.name),
        "type": "table",
        "path": data_path(table, kind),
        "format": kind,
        "mediatype": FORMATS[kind].mediatype,
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "description": table.description,
        "table": table.name,
        "part": part,
        **child,
        "schema": table_schema(table, kind),
    }


def table_schema(table: Table, kind: str = "csv") -> Json:
    """Table Schema (Data Package v2) of a table in one of `FORMATS`."""
    resource, empty_number = FORMATS[kind].resource, FORMATS[kind].empty_number
    fields = [_field(column, empty_number) for column in table.columns]
    schema: Json = {"fields": fields, "primaryKey": list(table.key)}
    foreign = [_foreign_key(table, column, resource) for column in table.columns if column.reference]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def _foreign_key(table: Table, column: Column, resource: str) -> Json:
    # the empty name is how Table Schema says "this table"
    name = "" if column.reference == table.name else resource.format(column.reference)
    return {"fields": [column.name], "reference": {"resource": name, "fields": [column.target]}}


def _field(column: Column, empty_number: str) -> Json:
    field: Json = {"name": column.name, "type": column.scalar.type, "description": column.description}
    constraints: Json = {}
    if column.required:
        constraints["required"] = True
    if column.codes:
        constraints["enum"] = list(column.codes.names)
    elif column.scalar.type == "string":
        # frictionless anchors a pattern without grouping it: `a|b` would accept `ax`
        constraints["pattern"] = f"(?:{column.scalar.pattern})"
    if constraints:
        field["constraints"] = constraints
    if column.codes:
        field["categories"] = [{"value": code.code, "label": code.label} for code in column.codes.codes]
        field["categoriesOrdered"] = column.codes.ordered
        field["codeList"] = column.codes.name
    if empty_number and column.scalar.type in ("integer", "number") and not column.required:
        field["missingValues"] = ["", empty_number]
    field["origin"] = column.origin
    return field


def arrow_schema(table: Table) -> pa.Schema:
    """Arrow schema of a table; nothing is a list, so that any reader can take it."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema(
        [
            pa.field(
                column.name,
                types[column.scalar.type],
                nullable=not column.required,
                metadata={"description": column.description, "origin": column.origin},
            )
            for column in table.columns
        ]
    )


def record_schema(table: Table, tables: Mapping[str, Table]) -> Json:
    """JSON Schema by which editors complete and check the record files of a core table."""
    claims, passages = tables["claims"], tables["passages"]
    claim: Json = {
        "source": _leaf(claims["source_id"]),
        "passage": {"type": "string", "description": passages.description},
        "basis": _leaf(claims["basis"]),
        "note": _leaf(claims["note"]),
    }
    top: Json = {}
    if table.group:
        group = table[table.group]
        top[group.written] = _leaf(group)
        claim[table.listed] = _items(table)
    else:
        top = _written(table, "editorial")
        claim |= _written(table, "claimed")
        claim |= {kid.listed: _items(kid) for kid in children(tables, table.name)}
    top["claims"] = {"type": "array", "minItems": 1, "items": _object(claim, ["source", "passage"])}
    choice: Json = {key: {"type": "string"} for key in ("field", "source", "passage", "because")}
    choice["over"] = {"type": "array", "items": {"type": "string"}}
    top["choices"] = {"type": "array", "items": _object(choice, ["field", "source", "because"])}
    required = [key for key in top if key in ("id", "name", "body_actor", "claims")]
    return _document(table, _object(top, required))


def editorial_schema(table: Table, extra: Json | None = None) -> Json:
    """JSON Schema of a file of rows people write as they are: one row with `extra` keys, or a list."""
    properties = _written(table, "editorial")
    required = [
        column.written if column.name != table.key[0] else "id"
        for column in table.columns
        if column.origin == "editorial" and column.required
    ]
    if extra is not None:
        return _document(table, _object({**properties, **extra}, required))
    return _document(table, {"type": "array", "items": _object(properties, required)})


def left_out_schema(tables: Mapping[str, Table]) -> Json:
    """The `left_out` list of a source file."""
    exclusions = tables["exclusions"]
    entry = {
        "passage": {"type": "string", "description": tables["passages"].description},
        "reason": _leaf(exclusions["reason"]),
        "note": _leaf(exclusions["note"]),
    }
    return {"left_out": {"type": "array", "items": _object(entry, ["passage", "reason"])}}


def _written(table: Table, origin: str) -> Json:
    columns = [column for column in table.columns if column.origin == origin]
    return {"id" if column.name == table.key[0] else column.written: _leaf(column) for column in columns}


def _items(table: Table) -> Json:
    item = {column.written: _leaf(column) for column in table.claimed}
    required = [column.written for column in table.item_key if column.origin == "claimed"]
    if not required:
        item = {"id": {"type": "string", "pattern": table.columns[0].scalar.pattern}, **item}
        required = ["id"]
    entry = _object(item, required)
    if len(item) == 1:
        entry = {"anyOf": [*item.values(), entry]}
    return {"type": "array", "description": table.description, "items": entry}


def _leaf(column: Column) -> Json:
    leaf: Json = {"description": column.description}
    if column.codes:
        return leaf | {"enum": list(column.codes.names)}
    # YAML tools read 2016 as a number; records are read as text, so both forms are right
    kinds = {
        "string": ["string", "number"],
        "date": ["string"],
        "integer": ["string", "integer"],
        "number": ["string", "number"],
        "boolean": ["string", "boolean"],
    }
    return leaf | {"type": kinds[column.scalar.type], "pattern": f"^(?:{column.scalar.pattern})$"}


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _document(table: Table, schema: Json) -> Json:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "description": table.description,
    }
    return {**head, **schema}


def code_csv(codelist: CodeList) -> str:
    """A code list as CSV: code, label, definition, match_relation, match_scheme, match_notation, reserved."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["code", "label", "definition", "match_relation", "match_scheme", "match_notation", "reserved"])
    for code in codelist.codes:
        match = (code.match.relation, code.match.scheme, code.match.notation) if code.match else ("", "", "")
        writer.writerow([code.code, code.label, code.definition, *match, "true" if code.reserved else "false"])
    return buffer.getvalue()


def as_json(value: Any) -> str:
    """JSON as committed: indented, in the order given, with a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def codebook_tables(tables: Mapping[str, Table], counts: Mapping[str, int]) -> str:
    """The codebook's part on tables and code lists, in Markdown."""
    lines: list[str] = []
    for table in tables.values():
        lines += [f"### {table.name} ({counts[table.name]:,} rows)", "", table.description, ""]
        lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
        lines += ["| column | type | origin | meaning |", "|---|---|---|---|"]
        for column in table.columns:
            kind = f"[{column.codes.name}](#{column.codes.name})" if column.codes else column.scalar.name
            refers = f" Refers to `{column.reference}`." if column.reference else ""
            need = "" if column.required else ", may be empty"
            lines.append(f"| `{column.name}` | {kind}{need} | {column.origin} | {column.description}{refers} |")
        lines.append("")
    lines += ["## Code lists", ""]
    for codelist in code_lists(tables.values()).values():
        order = " From first to last, the codes rise in order." if codelist.ordered else ""
        lines += [
            f"### {codelist.name}",
            "",
            codelist.description + order,
            "",
            "| code | meaning | matches |",
            "|---|---|---|",
        ]
        for code in codelist.codes:
            match = f"{code.match.relation}: {code.match.scheme} {code.match.notation}" if code.match else ""
            reserved = " (reserved)" if code.reserved else ""
            lines.append(f"| `{code.code}` | **{code.label}**{reserved}. {code.definition} | {match} |")
        lines.append("")
    return "\n".join(lines)
