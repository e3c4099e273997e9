"""Archives: one format each, checked by their own sums, the same bytes every time."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ceechina.publish.archive import ROOT_FILES, SUMS, sha256, write_archives, write_zip
from conftest import ROOT

OTHER = {"csv": "parquet", "parquet": "csv"}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("archives")
    write_archives(ROOT, "1.0.0", target)
    return target


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("kind", OTHER)
def test_an_archive_holds_one_folder_with_one_format_and_its_terms(kind: str, archives: Path) -> None:
    found = members(archives / f"ceechina-1.0.0-{kind}.zip")
    assert {name.split("/")[0] for name in found} == {"ceechina-1.0.0"}
    names = {name.removeprefix("ceechina-1.0.0/") for name in found}
    assert names >= {"datapackage.json", "README.md", "schema-org.json", SUMS, *ROOT_FILES}
    data = {path.relative_to(ROOT / "datapackage").as_posix() for path in (ROOT / "datapackage").rglob(f"*.{kind}")}
    assert {name for name in names if name.startswith("data/")} == data


@pytest.mark.parametrize("kind", OTHER)
def test_nothing_in_an_archive_describes_a_file_that_is_not_there(kind: str, archives: Path) -> None:
    found = members(archives / f"ceechina-1.0.0-{kind}.zip")
    for name, content in found.items():
        if name.endswith(".json"):
            assert f".{OTHER[kind]}" not in json.dumps(json.loads(content)), name


@pytest.mark.parametrize("kind", OTHER)
def test_the_sums_are_those_of_every_other_file(kind: str, archives: Path) -> None:
    found = members(archives / f"ceechina-1.0.0-{kind}.zip")
    told = found.pop(f"ceechina-1.0.0/{SUMS}").decode()
    expected = {name.removeprefix("ceechina-1.0.0/"): sha256(content) for name, content in found.items()}
    assert {name: digest for digest, name in (line.split("  ") for line in told.splitlines())} == expected


def test_a_zip_is_the_same_whatever_order_its_members_come_in(tmp_path: Path) -> None:
    content = {"b": b"2", "a": b"1"}
    write_zip(tmp_path / "1.zip", content)
    write_zip(tmp_path / "2.zip", dict(reversed(content.items())))
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert [(info.filename, info.external_attr >> 16) for info in archive.infolist()] == [
            ("a", 0o100644),
            ("b", 0o100644),
        ]
