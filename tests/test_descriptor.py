"""The descriptor, judged by frictionless and held against the files it describes."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import Package, validate

from ceechina.publish.build import program_version
from ceechina.publish.descriptor import PASSED_THROUGH
from ceechina.read.exports.cite import result_sha256
from conftest import World


@pytest.fixture
def package(built: World) -> Path:
    return built.root / "datapackage"


@pytest.fixture
def descriptor(package: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return content


def test_frictionless_finds_nothing_wrong_in_csv_and_parquet(package: Path) -> None:
    report = validate(str(package / "datapackage.json"))
    assert report.flatten(["name", "type", "note"]) == []
    assert report.stats["tasks"] == len(Package(str(package / "datapackage.json")).resources)


def test_frictionless_does_find_what_is_planted(package: Path) -> None:
    path = package / "data" / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("construction", "constrution"), encoding="utf-8")
    report = validate(str(package / "datapackage.json"))
    assert "constraint-error" in [type_ for (type_,) in report.flatten(["type"])]


def test_sizes_hashes_and_rows_are_those_of_the_files(package: Path, descriptor: dict[str, Any]) -> None:
    for resource in descriptor["resources"]:
        content = (package / resource["path"]).read_bytes()
        assert resource.get("bytes", resource.get("fileBytes")) == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource["format"] == "csv":
            assert resource["rows"] == len(pd.read_csv(package / resource["path"]))


def test_the_content_hash_of_a_parquet_file_is_that_of_its_rows_as_csv(
    package: Path, descriptor: dict[str, Any]
) -> None:
    hashes = {
        resource["table"]: resource["hash"] for resource in descriptor["resources"] if resource["format"] == "csv"
    }
    for resource in descriptor["resources"]:
        if resource["format"] == "parquet":
            rows = pq.ParquetFile(package / resource["path"]).read()
            assert resource["contentHash"] == f"sha256:{result_sha256(rows)}" == hashes[resource["table"]]


def test_the_tools_that_made_it_are_named_with_their_versions(descriptor: dict[str, Any]) -> None:
    tools = {name: version(name) for name in PASSED_THROUGH}
    assert descriptor["madeWith"] == {"ceechina": program_version(), **tools}


def test_its_coverage_is_that_of_its_rows(descriptor: dict[str, Any]) -> None:
    assert descriptor["coverage"] == {"countries": ["Hungary", "Serbia"], "start": 2004, "end": 2020}


def test_every_column_says_where_its_values_come_from(descriptor: dict[str, Any]) -> None:
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["origin"] in {"claimed", "editorial", "derived"}
            assert field["description"]
            if "categories" in field:
                codes = [code["code"] for code in descriptor["codeLists"][field["codeList"]]["codes"]]
                assert [category["value"] for category in field["categories"]] == field["constraints"]["enum"] == codes


def test_licence_version_contributors_and_sources_are_named(descriptor: dict[str, Any]) -> None:
    assert descriptor["version"] == "0.0.1"
    assert descriptor["licenses"][0]["name"] == "CC-BY-4.0"
    assert descriptor["contributors"]
    assert descriptor["sources"] == [
        {"title": "The Bridge at Last", "path": "https://gazette.example/bridge"},
        {"title": "A Bridge and a Bank"},
    ]


def test_no_clock_and_no_machine_is_in_it(package: Path, descriptor: dict[str, Any]) -> None:
    assert "created" not in descriptor
    assert str(package.parent) not in json.dumps(descriptor)
