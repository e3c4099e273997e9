"""The build: whole or not at all, and the same every time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ceechina.errors import PackageError, Problem, ProblemsError
from ceechina.publish.build import build, data_version
from conftest import World


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_are_the_same_bytes(bridge: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(bridge.root, elsewhere, dirs_exist_ok=True)
    assert files(bridge.package()) == files(World(elsewhere).package("another-name"))


def test_every_table_is_there_in_both_formats(bridge: World, tables: dict[str, object]) -> None:
    found = files(bridge.package())
    expected = {f"data/{name}.{kind}" for name in tables for kind in ("csv", "parquet")}
    assert set(found) == expected | {"datapackage.json", "README.md"}


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


def test_each_step_is_named(bridge: World) -> None:
    bridge.lock()
    steps: list[str] = []
    build(bridge.records, bridge.root / "p", lambda _: [], steps.append)
    assert steps == ["reading records", "resolving claims", "writing the package", "validating"]
