"""What the repository says of itself is true, and what it publishes follows from what it holds."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ceechina.curate.lockfile import read_lock
from ceechina.curate.texts import fold
from ceechina.model.records import model
from ceechina.model.tables import core
from ceechina.model.values import MOST_WORDS
from ceechina.publish.build import build
from ceechina.publish.release_plan import released
from ceechina.read.package import Package
from conftest import ROOT, tracked

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
FILES = [ROOT / name for name in tracked()]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("rebuilt") / "datapackage"
    build(ROOT / "records", target, lambda _: [])
    return target


def test_the_committed_package_is_what_the_records_make(rebuilt: Path) -> None:
    for path in sorted(rebuilt.rglob("*")):
        twin = ROOT / "datapackage" / path.relative_to(rebuilt)
        if path.suffix == ".parquet":
            # the file's bytes also tell the version of pyarrow: the rows are what must agree
            assert pq.ParquetFile(path).read().equals(pq.ParquetFile(twin).read()), "run `ceechina build`"
        elif path.suffix in {".csv", ".md"}:
            assert path.read_bytes() == twin.read_bytes(), f"{path.name} differs: run `ceechina build`"
    assert {path.relative_to(rebuilt) for path in rebuilt.rglob("*")} == {
        path.relative_to(ROOT / "datapackage") for path in (ROOT / "datapackage").rglob("*")
    }


@pytest.mark.parametrize("table", list(model()))
def test_the_committed_descriptor_is_in_step_with_the_model(table: str, rebuilt: Path) -> None:
    old, new = (
        {res["name"]: res for res in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]}
        for folder in (ROOT / "datapackage", rebuilt)
    )
    for name in (table, f"{table}-parquet"):
        assert old[name]["schema"] == new[name]["schema"], "run `ceechina build`"


def test_the_version_is_one_everywhere() -> None:
    heading = re.search(r"^## ([0-9.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heading is not None
    assert heading.group(1) == VERSION == Package(ROOT / "datapackage").version


def test_the_changelog_keeps_its_three_headings() -> None:
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert re.findall(r"^### (.*)$", newest, re.MULTILINE) == ["Data", "Schema", "Package"]


def test_the_changelog_counts_what_was_released() -> None:
    sections = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    told = {section.split()[0]: " ".join(section.split()) for section in sections}
    counted = [name for name, table in model().items() if table in core(model()) or name == "claims"]
    # of what is not released yet nothing is counted by hand, but for the first release
    counts = {entry["version"]: entry["rows"] for entry in released(ROOT)}
    counts = counts or {VERSION: {info.name: info.rows for info in Package(ROOT / "datapackage").tables()}}
    for version, rows in counts.items():
        for name in counted:
            assert f"{rows[name]:,} {name}" in told[version]


def test_no_more_of_a_passage_is_kept_than_finds_it() -> None:
    for row in read_lock(ROOT / "records").passages.values():
        assert len(fold(row.first_words)) <= MOST_WORDS
        assert len(fold(row.last_words)) <= MOST_WORDS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_are_utf8_with_lf_and_speak_of_no_machine(path: Path) -> None:
    if path.suffix in {".parquet", ".zip", ".whl", ".gz"} or not path.is_file():
        return
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert not re.search(r"(?<![\w.-])/(?:work|home|root|tmp)/\w", text)


def test_the_wheel_carries_the_package_byte_for_byte(wheel: Path) -> None:
    folder = ROOT / "datapackage"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        carried = {name: archive.read(name) for name in names if name.startswith("ceechina/datapackage/")}
    assert carried == {
        f"ceechina/datapackage/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert "ceechina/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "records/"))]


def test_the_record_readme_shows_is_part_of_the_one_there_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```yaml\n# (records/\S+), in part\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    record = (ROOT / shown.group(1)).read_text(encoding="utf-8")
    for line in shown.group(2).splitlines():
        assert line.split("    #")[0] in record
