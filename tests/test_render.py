"""Renderings of the model, judged by tools that are not ours."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest
import yaml
from frictionless import Schema

from ceechina.model.codes import CODE_LISTS
from ceechina.model.columns import CodeList
from ceechina.model.records import ROWS
from ceechina.model.render import arrow_schema, code_csv, record_schema, table_schema
from ceechina.model.tables import Table, build
from ceechina.publish.schema_files import schema_files
from conftest import CASES, ROOT

TABLES = build(ROWS)
SCHEMAS = {name: text for name, text in schema_files().items() if name.startswith("records/")}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_table_schemas_are_valid_and_complete(table: Table) -> None:
    schema = table_schema(table)
    assert Schema.validate_descriptor(schema).valid
    assert [field["name"] for field in schema["fields"]] == [column.name for column in table.columns]
    assert schema["primaryKey"] == list(table.key)
    assert {key["fields"][0] for key in schema.get("foreignKeys", [])} == {
        column.name for column in table.columns if column.reference
    }


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_arrow_schemas_hold_no_lists(table: Table) -> None:
    schema = arrow_schema(table)
    assert schema.names == [column.name for column in table.columns]
    for field, column in zip(schema, table.columns, strict=True):
        assert not pa.types.is_nested(field.type)
        assert field.nullable is not column.required


@pytest.mark.parametrize("codelist", CODE_LISTS, ids=lambda codelist: codelist.name)
def test_code_lists_are_csv(codelist: CodeList) -> None:
    rows = list(csv.DictReader(io.StringIO(code_csv(codelist))))
    assert [row["code"] for row in rows] == list(codelist.names)
    for row in rows:
        assert (row["match_scheme"] == "") == (row["match_relation"] == "")


@pytest.mark.parametrize("name", SCHEMAS)
def test_record_schemas_are_valid_json_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(yaml.safe_load(SCHEMAS[name]))


def _schema_of(path: Path, root: Path) -> str:
    folder = (
        path.relative_to(root).parts[0] if path.parent != root else {"retired": "retired_ids"}.get(path.stem, path.stem)
    )
    return f"records/{folder}.json"


RECORDS = [
    pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in sorted((ROOT / "records").rglob("*.yaml"))
]


@pytest.mark.parametrize("path", RECORDS)
def test_record_files_are_valid_by_the_schema_editors_use(path: Path) -> None:
    name = _schema_of(path, ROOT / "records")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(
        f"# yaml-language-server: $schema={'../' * (len(path.relative_to(ROOT).parts) - 1)}schema/{name}\n"
    )
    validator = jsonschema.Draft202012Validator(yaml.safe_load(SCHEMAS[name]))
    as_editors_read_it = json.loads(json.dumps(yaml.safe_load(text), default=str))
    for content in (yaml.load(text, yaml.BaseLoader), as_editors_read_it):  # noqa: S506  # builds nothing but text
        assert [error.message for error in validator.iter_errors(content)] == []


BAD = ("unknown-key", "unknown-code", "no-claim", "name-missing", "wrong-shapes")


@pytest.mark.parametrize("case", BAD)
def test_editors_see_what_is_wrong(case: str) -> None:
    files = yaml.safe_load((CASES / "records" / f"{case}.yaml").read_text(encoding="utf-8"))["files"]
    content: Any = yaml.safe_load(files["records/projects/road.yaml"])
    validator = jsonschema.Draft202012Validator(record_schema(TABLES["projects"], TABLES))
    assert list(validator.iter_errors(content)) != []
