"""Fixtures: the model, a small world of records and texts, and the package of this repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

import ceechina
from ceechina.curate.lockfile import Lock, lock, read_lock
from ceechina.curate.read import read_records
from ceechina.curate.rows import assemble
from ceechina.errors import Problem
from ceechina.model.records import model
from ceechina.model.tables import Table
from ceechina.publish.build import build, write_lock
from ceechina.validate.engine import validate

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"

# Tests that look at the sources or make distributions of them, and why: left out where an installed wheel is tested.
OF_SOURCES = {
    "test_imports.py": "reads the syntax trees of src/",
    "test_released.py": "makes a release of src/; it starts the wheels itself",
    "test_docs.py": "reads the docstrings of src/ and writes pages anew",
    "test_automation.py::test_paths_that_are_named_exist": "CONTRIBUTING names files of src/",
    "test_package.py::test_editors_know_the_tables_of_the_bundled_package": "reads the syntax tree of a module",
    "test_package.py::test_the_bundled_package_is_that_of_the_repository": "the wheel carries a copy of its own",
    "test_repository.py::test_the_wheel_carries_the_package_byte_for_byte": "builds the wheel",
}

# machines that run this are slow and noisy: no deadline, and enough examples to find what there is
settings.register_profile("patience", deadline=None, max_examples=60)
settings.load_profile("patience")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the sources where what is imported is not these."""
    if Path(ceechina.__file__).is_relative_to(ROOT):
        return
    left_out = [item for item in items if item.nodeid.removeprefix("tests/").startswith(tuple(OF_SOURCES))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def tracked() -> list[str]:
    """The files git knows, or is about to; the sources may be out of the way."""
    return subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # git of the path is the one meant
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def git(root: Path, *words: str) -> None:
    """Run git in a folder as a made-up author."""
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *author, *words], cwd=root, check=True, capture_output=True)  # noqa: S607  # that of the path


def commit_all(root: Path, *tags: str) -> Path:
    """Commit whatever a folder holds, in a repository that is made where there is none."""
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "x")
    for tag in tags:
        git(root, "tag", tag)
    return root


def cases(folder: str) -> list[Any]:
    """Cases of a folder as pytest parameters, each a mapping read from its YAML file."""
    paths = sorted((CASES / folder).glob("*.yaml"))
    return [pytest.param(yaml.safe_load(path.read_text(encoding="utf-8")), id=path.stem) for path in paths]


@dataclass
class World:
    """A records folder with the texts of its sources."""

    root: Path

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def texts(self) -> Path:
        return self.root / "texts"

    def write(self, files: Mapping[str, str]) -> World:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def rows(self) -> tuple[dict[str, list[dict[str, Any]]], list[Problem]]:
        """Rows of every table and all problems of reading, locking and assembling."""
        found = read_records(self.records, model())
        places = {key: place for (table, key), place in found.places.items() if table == "sources"}
        locked, problems = lock(found.quotes(), places, self.texts, Lock())
        made = assemble(found, locked, model(), "0.0.1")
        unlocked = [problem for problem in made.problems if problem.code != "not-locked"]
        return made.rows, [*found.problems, *problems, *unlocked]

    def lock(self) -> Lock:
        write_lock(self.records, self.texts)
        return read_lock(self.records)

    def package(self, name: str = "datapackage") -> Path:
        """The world's data package, built and validated."""
        self.lock()
        build(self.records, self.root / name, lambda folder: validate(folder, model()).problems)
        return self.root / name


def make_world(root: Path) -> World:
    shutil.copytree(CASES / "world", root, dirs_exist_ok=True)
    (root / "pyproject.toml").write_text('[project]\nversion = "0.0.1"\n', encoding="utf-8")
    return World(root)


def add_bridge(world: World) -> World:
    shutil.copytree(CASES / "bridge", world.records, dirs_exist_ok=True)
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def bridge(world: World) -> World:
    """The world with one project, one membership file, and a decision between rival prices."""
    return add_bridge(world)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world with its bridge, built; not to be changed."""
    world = add_bridge(make_world(tmp_path_factory.mktemp("built")))
    world.package()
    return world


@pytest.fixture
def built(built_once: World, tmp_path: Path) -> World:
    """A copy of the built world, for a test to do with as it likes."""
    shutil.copytree(built_once.root, tmp_path, dirs_exist_ok=True)
    return World(tmp_path)


@pytest.fixture(scope="session")
def tables() -> dict[str, Table]:
    return model()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository, built."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (path,) = target.glob("*.whl")
    return path
