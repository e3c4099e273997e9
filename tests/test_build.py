"""The build: whole or not at all, and the same every time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ceechina.errors import PackageError, Problem, ProblemsError
from ceechina.model.records import model
from ceechina.publish.build import build, check_records, data_version, program_version, release_date
from ceechina.publish.metadata import METADATA_FILES
from ceechina.validate.engine import validate
from conftest import ROOT, World


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# a Unix without a locale, as far east as there is, and one with UTF-8, as far west
ELSEWHERE = (
    {"TZ": "UTC-14", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONHASHSEED": "1"},
    {"TZ": "UTC+12", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "2"},
)


def test_builds_are_the_same_bytes_wherever_they_are_made(tmp_path: Path) -> None:
    found = []
    for number, place in enumerate(ELSEWHERE):
        root = tmp_path / f"checkout-{number}"
        shutil.copytree(ROOT / "records", root / "records")
        for name in ("pyproject.toml", "CHANGELOG.md"):
            shutil.copy(ROOT / name, root)
        subprocess.run(
            [sys.executable, "-m", "ceechina.cli", "build", "--to", f"package-{number}"],
            cwd=root,
            env=os.environ | place,
            check=True,
            capture_output=True,
        )
        found.append(files(root / f"package-{number}"))
    assert found[0] == found[1]


def test_every_table_is_there_in_both_formats(bridge: World, tables: dict[str, object]) -> None:
    found = files(bridge.package())
    expected = {f"data/{name}.{kind}" for name in tables for kind in ("csv", "parquet")}
    undated = set(METADATA_FILES) - {"datacite.json"}
    assert set(found) == expected | undated | {"datapackage.json", "README.md"}


def test_problems_leave_the_old_package_and_are_all_told(bridge: World) -> None:
    package = bridge.package()
    before = files(package)
    path = bridge.records / "projects" / "vrba-bridge.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("choices:", "choises:"), encoding="utf-8")
    bridge.write({"records/projects/road.yaml": "id: road\n"})
    with pytest.raises(ProblemsError) as caught:
        build(bridge.records, package, lambda _: [])
    assert {problem.code for problem in caught.value.problems} == {
        "unknown-key",
        "unresolved-conflict",
        "missing-key",
        "no-claim",
    }
    assert files(package) == before


def test_a_package_that_fails_its_inspection_is_not_put_in_place(bridge: World) -> None:
    package = bridge.package()
    before = files(package)
    with pytest.raises(ProblemsError, match="found wanting"):
        build(bridge.records, package, lambda _: [Problem(code="x", message="found wanting")])
    assert files(package) == before
    assert not list(bridge.root.glob(".datapackage*"))


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        ("projects/vrba-bridge.yaml", "place: Vrba", 'place: "Vr  ba"', "project_places.place.plain"),
        ("projects/vrba-bridge.yaml", "place: Vrba", 'place: "Vr  ba"', "claims.claimed_value.plain"),
        ("projects/vrba-bridge.yaml", "name: Bridge at", "name: Bridge  at", "projects.name.plain"),
        ("actors.yaml", "name: South Works", "name: South  Works", "actors.name.plain"),
    ],
)
def test_what_the_rules_find_is_told_where_it_is_written(
    bridge: World, file: str, old: str, new: str, rule: str
) -> None:
    path = bridge.records / file
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if old in line)
    lines[number] = lines[number].replace(old, new)
    path.write_text("\n".join(lines), encoding="utf-8")
    bridge.lock()
    found = check_records(bridge.records, lambda folder: validate(folder, model()).problems)
    assert rule in {problem.code for problem in found}
    for problem in found:
        assert problem.path == f"records/{file}"
        if problem.code == rule:
            # a name stands right below the id of its row
            assert number + 1 - problem.line in ((0, 1) if ".name." in rule else (0,))


def test_records_that_are_not_locked_are_not_built(bridge: World) -> None:
    with pytest.raises(ProblemsError) as caught:
        build(bridge.records, bridge.root / "datapackage", lambda _: [])
    assert {problem.code for problem in caught.value.problems} == {"not-locked"}
    assert all("ceechina lock" in problem.hint for problem in caught.value.problems)
    assert not (bridge.root / "datapackage").exists()


def test_the_version_is_that_of_the_project(world: World) -> None:
    assert data_version(world.records) == "0.0.1"
    (world.root / "pyproject.toml").unlink()
    with pytest.raises(PackageError, match=r"pyproject\.toml"):
        data_version(world.records)


@pytest.mark.parametrize("heading", ["## 0.0.1 - 2026-11-25", "## 0.0.1 (2026-11-25)"])
def test_a_version_is_dated_by_its_heading_in_the_changelog(heading: str, bridge: World) -> None:
    bridge.write({"CHANGELOG.md": f"## 0.0.10 - 2026-12-01\n\n{heading}\n\n## 0.0.0 - 2025-01-01\n"})
    assert release_date(bridge.records, "0.0.1") == "2026-11-25"
    found = files(bridge.package())
    assert b'"created": "2026-11-25T00:00:00Z"' in found["datapackage.json"]
    assert "datacite.json" in found


def test_a_changelog_that_is_no_text_is_told(world: World) -> None:
    (world.root / "CHANGELOG.md").write_bytes(b"## 0.0.1 \xff")
    with pytest.raises(PackageError, match=r"CHANGELOG\.md is not UTF-8: byte 9"):
        release_date(world.records, "0.0.1")


def test_a_version_without_a_dated_heading_is_not_dated(world: World) -> None:
    assert release_date(world.records, "0.0.1") == ""
    world.write({"CHANGELOG.md": "## 0.0.1\n\nbefore 2026-11-25\n"})
    assert release_date(world.records, "0.0.1") == ""


def test_the_program_is_of_the_version_of_its_checkout() -> None:
    assert program_version() == data_version(ROOT / "records")


def test_each_step_is_named(bridge: World) -> None:
    bridge.lock()
    steps: list[str] = []
    build(bridge.records, bridge.root / "p", lambda _: [], steps.append)
    assert steps == ["reading records", "resolving claims", "writing the package", "validating"]
