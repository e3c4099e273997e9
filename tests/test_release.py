"""Releases: refused for every fault at once, made whole or not at all, the same bytes wherever they are made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ceechina.archives import unpacked
from ceechina.cli import main
from ceechina.console import FINE, PROBLEMS, USAGE
from ceechina.curate.ledger import read_ledger
from ceechina.errors import PackageError, ProblemsError
from ceechina.model.records import model
from ceechina.publish import release as making
from ceechina.publish import undo
from ceechina.publish.archive import SUMS, sha256
from ceechina.publish.release import distribute, release
from ceechina.publish.release_plan import Plan, plan, step_between
from ceechina.publish.schema_files import write_schema
from ceechina.read.differences.diff import diff
from ceechina.read.package import Package
from ceechina.validate.engine import validate
from conftest import World, add_bridge, commit_all, git, make_world

pytestmark = pytest.mark.slow

DAY = "2026-11-25"
PYPROJECT = """[build-system]
requires = ["hatchling>=1.26"]
build-backend = "hatchling.build"

[project]
name = "ceechina"
version = "1.0.0"

[tool.hatch.build.targets.wheel]
packages = ["src/ceechina"]

[tool.hatch.build.targets.wheel.force-include]
datapackage = "ceechina/datapackage"
"releases.json" = "ceechina/releases.json"
"""
CHANGELOG = "# Changelog\n\n## 1.0.0\n\n### Data\n\n- A bridge.\n\n### Package\n\n- Begun.\n"
BRIDGE = "records/projects/vrba-bridge.yaml"


def commit(world: World, *tags: str) -> World:
    commit_all(world.root, *tags)
    return world


def make_checkout(root: Path) -> World:
    """The world with its bridge as a checkout, committed and ready for release 1.0.0."""
    world = add_bridge(make_world(root))
    world.write(
        {
            "pyproject.toml": PYPROJECT,
            "CHANGELOG.md": CHANGELOG,
            "releases.json": '{\n  "releases": []\n}\n',
            "LICENSE-DATA": "CC BY 4.0\n",
            "src/ceechina/__init__.py": "",
            ".gitignore": "dist/\n.release.kept*/\n",
        }
    )
    write_schema(root)
    world.package()
    return commit(world)


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The checkout with 1.0.0 released, committed and tagged; not to be changed."""
    world = make_checkout(tmp_path_factory.mktemp("released"))
    release(world.root, "1.0.0", DAY, world.root / "dist")
    return commit(world, "v1.0.0")


@pytest.fixture(scope="session")
def ready_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_checkout(tmp_path_factory.mktemp("ready"))


@pytest.fixture
def ready(ready_once: World, tmp_path: Path) -> World:
    shutil.copytree(ready_once.root, tmp_path, dirs_exist_ok=True)
    return World(tmp_path)


@pytest.fixture
def later(released_once: World, tmp_path: Path) -> World:
    shutil.copytree(released_once.root, tmp_path, dirs_exist_ok=True)
    return World(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases without the wheel, which takes longest."""
    monkeypatch.setattr(making, "_python_build", lambda _, target, date: (target / "wheel").write_text(date))


def files(root: Path) -> dict[str, bytes]:
    """What a folder holds, but for what git keeps of it."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if ".git" not in path.parts}


def edit(world: World, name: str, old: str, new: str) -> None:
    text = (world.root / name).read_text(encoding="utf-8")
    assert old in text
    world.write({name: text.replace(old, new)})


def next_version(world: World, version: str) -> None:
    edit(world, "pyproject.toml", 'version = "1.0.0"', f'version = "{version}"')
    edit(world, "CHANGELOG.md", "# Changelog\n", f"# Changelog\n\n## {version}\n\n### Data\n\n- By hand.\n")


def planned(world: World, version: str) -> Plan:
    return plan(world.root, version, DAY, world.root / "dist")


def codes(world: World, version: str) -> set[str]:
    return {problem.code for problem in planned(world, version).problems}


def change_a_price(world: World) -> None:
    edit(world, BRIDGE, "value: 95000000", "value: 96000000")


def explain_the_price(world: World) -> None:
    text = (
        "- id: price\n  version: 1.0.1\n  changed_table: projects\n  changed_id: vrba-bridge\n"
        "  kind: correction\n  because: It was read wrongly.\n"
    )
    world.write({"records/changes.yaml": text})


def test_a_dry_run_tells_everything_and_changes_nothing(ready: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(ready.root)
    assert main(["release", "1.0.0", "--root", str(ready.root), "--date", DAY]) == FINE
    told = capsys.readouterr().out
    for name in ("CHANGELOG.md", "datapackage/", "records/released.csv", "releases.json", "SHA256SUMS", DAY):
        assert name in told
    assert "Nothing stands in the way" in told
    assert files(ready.root) == before


def test_all_that_stands_in_the_way_is_told_at_once(ready: World, capsys: pytest.CaptureFixture[str]) -> None:
    edit(ready, "CHANGELOG.md", "## 1.0.0", "## 0.9.0")
    edit(ready, "pyproject.toml", 'version = "1.0.0"', 'version = "0.9.0"')
    (ready.root / "schema" / "codes" / "source_side.csv").unlink()
    edit(ready, BRIDGE, "kind: construction", "kind: constructing")
    git(ready.root, "tag", "v1.0.0")
    before = files(ready.root)
    for words in ([], ["--yes"]):
        assert main(["release", "1.0.0", "--root", str(ready.root), *words]) == PROBLEMS
        told = capsys.readouterr().err
        for code in ("uncommitted", "no-heading", "version-differs", "out-of-sync", "unknown-code", "already-released"):
            assert code in told, code
        assert files(ready.root) == before


@pytest.mark.parametrize(
    ("name", "code"), [("CHANGELOG.md", "no-heading"), ("pyproject.toml", "version-differs"), ("records", "no-package")]
)
def test_what_is_missing_is_told(name: str, code: str, ready: World) -> None:
    git(ready.root, "rm", "-r", "--quiet", name)
    assert code in codes(commit(ready), "1.0.0")


def test_a_package_that_records_do_not_make_is_refused(ready: World) -> None:
    edit(ready, "datapackage/data/projects.csv", "Vrba", "Verba")
    found = planned(commit(ready), "1.0.0").problems
    assert [(problem.code, problem.path) for problem in found] == [("out-of-sync", "datapackage/data/projects.csv")]


def test_a_package_that_breaks_a_rule_is_refused(ready: World) -> None:
    (ready.root / BRIDGE).unlink()
    assert codes(commit(ready), "1.0.0") == {"actors.actor_id.unused"}


def test_a_folder_outside_git_is_no_place_for_a_release(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", "0.0.1", "--root", str(world.root)]) == USAGE
    assert "git status" in capsys.readouterr().err


def test_a_release_writes_what_it_says(released_once: World) -> None:
    root = released_once.root
    assert f"## 1.0.0 - {DAY}\n" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert Package(root / "datapackage").descriptor["created"].startswith(DAY)
    assert {entry.added_in for entry in read_ledger(root / "records").values()} == {"1.0.0"}
    (entry,) = json.loads((root / "releases.json").read_text(encoding="utf-8"))["releases"]
    assert (entry["version"], entry["date"], entry["rows"]["projects"]) == ("1.0.0", DAY, 1)
    folder = root / "dist" / "1.0.0"
    lines = [line.split("  ") for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {path.name: sha256(path.read_bytes()) for path in folder.iterdir() if path.name != SUMS}
    for name, told in entry["archives"].items():
        assert told == {"bytes": (folder / name).stat().st_size, "sha256": sums[name]}
    assert len(sums) == len(entry["archives"]) + 2


def test_the_wheel_carries_the_package_and_the_list_of_its_archives(released_once: World) -> None:
    root = released_once.root
    (wheel,) = (root / "dist" / "1.0.0").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist()}
    assert carried["ceechina/releases.json"] == (root / "releases.json").read_bytes()
    for name, content in files(root / "datapackage").items():
        assert carried[f"ceechina/datapackage/{name}"] == content


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_archive_is_a_package_without_errors(kind: str, released_once: World) -> None:
    with unpacked(released_once.root / "dist" / "1.0.0" / f"ceechina-1.0.0-{kind}.zip") as folder:
        assert not [problem for problem in validate(folder, model()).problems if problem.severity == "error"]


def test_the_archive_holds_what_the_package_does(released_once: World) -> None:
    with unpacked(released_once.root / "dist" / "1.0.0" / "ceechina-1.0.0-parquet.zip") as folder:
        assert not diff(folder, released_once.root / "datapackage").changes
        assert not diff(folder, released_once.root / "datapackage").schema


def test_after_a_release_everything_is_in_step(released_once: World) -> None:
    assert codes(released_once, "1.0.0") == {"already-released"}


def test_two_runs_in_two_folders_give_the_same_bytes(released_once: World, tmp_path: Path) -> None:
    other = make_checkout(tmp_path / "another-folder")
    place = {"TZ": "UTC-14", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    words = ["release", "1.0.0", "--yes", "--date", DAY, "--dist", str(tmp_path / "out"), "--root", str(other.root)]
    subprocess.run([sys.executable, "-m", "ceechina.cli", *words], env=os.environ | place, check=True)
    expected = released_once.root / "dist" / "1.0.0" / SUMS
    assert (tmp_path / "out" / "1.0.0" / SUMS).read_bytes() == expected.read_bytes()


def test_what_was_released_is_made_again_from_its_commit(later: World) -> None:
    before = files(later.root / "dist")
    shutil.rmtree(later.root / "dist")
    assert main(["release", "1.0.0", "--again", "--dist", "dist", "--root", str(later.root)]) == FINE
    assert files(later.root / "dist") == before


def test_what_was_released_is_not_made_again_from_anything_else(later: World) -> None:
    dist = later.root / "elsewhere"
    with pytest.raises(PackageError, match=r"check out the tag v1\.1\.0"):
        distribute(later.root, "1.1.0", dist)
    edit(later, "LICENSE-DATA", "4.0", "3.0")
    with pytest.raises(PackageError, match="not committed"):
        distribute(later.root, "1.0.0", dist)
    with pytest.raises(ProblemsError, match="archive-differs"):
        distribute(commit(later).root, "1.0.0", dist)
    assert not dist.exists()


def test_a_step_too_small_is_refused(later: World) -> None:
    edit(later, BRIDGE, "id: vrba, place: Vrba", "id: vrba-town, place: Vrba")
    next_version(later, "1.0.1")
    later.package()
    found = [problem for problem in planned(later, "1.0.1").problems if problem.code == "step-too-small"]
    assert [problem.hint for problem in found] == ["release 1.1.0"]


def test_a_change_without_a_reason_is_refused(later: World) -> None:
    change_a_price(later)
    next_version(later, "1.0.1")
    later.package()
    assert codes(commit(later), "1.0.1") == {"unexplained"}


def test_a_record_gone_without_a_word_is_refused_even_where_the_ledger_forgot_it(later: World) -> None:
    next_version(later, "2.0.0")
    edit(
        later,
        "records/memberships/river-league.yaml",
        "      - {id: serbia, country: RS, status: member, end: 2020-05}\n",
        "",
    )
    assert "released-not-retired" in codes(commit(later), "2.0.0")
    (later.records / "released.csv").unlink()
    later.package()
    assert codes(commit(later), "2.0.0") >= {"removed-not-retired"}


@pytest.mark.parametrize("source", ["dist", "address", "tag"])
def test_the_last_release_is_found_in_its_archive_or_tag(
    source: str, later: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(later, "1.0.1")
    later.package()
    commit(later)
    if source != "dist":
        (later.root / "dist").rename(later.root / ".git" / "moved")
    if source == "address":
        monkeypatch.setenv("CEECHINA_RELEASES", (later.root / ".git" / "moved").as_uri())
    if source != "tag":
        git(later.root, "tag", "--delete", "v1.0.0")
    assert planned(later, "1.0.1").problems == ()


def test_without_the_last_release_nothing_is_released(later: World) -> None:
    next_version(later, "1.0.1")
    later.package()
    git(commit(later).root, "tag", "--delete", "v1.0.0")
    archive = later.root / "dist" / "1.0.0" / "ceechina-1.0.0-parquet.zip"
    archive.write_bytes(archive.read_bytes() + b"x")
    (problem,) = planned(later, "1.0.1").problems
    assert "SHA-256" in problem.message
    archive.unlink()
    (problem,) = planned(later, "1.0.1").problems
    assert "nowhere" in problem.message


@pytest.mark.usefixtures("quick")
def test_a_second_release_tells_what_changed_and_keeps_the_versions_of_what_did_not(later: World) -> None:
    change_a_price(later)
    explain_the_price(later)
    next_version(later, "1.0.1")
    later.package()
    commit(later)
    release(later.root, "1.0.1", "2026-12-01", later.root / "dist")
    text = (later.root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = text.split("\n## ")[1]
    assert newest.startswith("1.0.1 - 2026-12-01\n\n### Data\n\n- By hand.\n- ")
    assert "It was read wrongly." in newest
    assert f"## 1.0.0 - {DAY}\n" in text
    ledger = read_ledger(later.records)
    assert {key[1]: (entry.added_in, entry.changed_in) for key, entry in ledger.items()}["vrba-bridge"] == (
        "1.0.0",
        "1.0.1",
    )
    assert {entry.changed_in for key, entry in ledger.items() if key[0] == "memberships"} == {"1.0.0"}
    assert [each["version"] for each in json.loads((later.root / "releases.json").read_text())["releases"]] == [
        "1.0.0",
        "1.0.1",
    ]
    commit(later)
    assert codes(later, "1.0.1") == {"already-released"}


def interrupted(real: Callable[..., Any], number: int, late: bool) -> Callable[..., Any]:
    """A function that is stopped the n-th time it is called, before or after it does its work."""
    calls = []

    def called(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == number and not late:
            raise KeyboardInterrupt
        result = real(*args, **kwargs)
        if len(calls) == number:
            raise KeyboardInterrupt
        return result

    return called


INTERRUPTIONS = [
    *((name, 1) for name in ("plan", "export", "build", "ledger_after", "_python_build", "sums")),
    *(("write_archives", number) for number in (1, 2)),
    *(("write_text", number) for number in range(1, 8)),
    *(("_copy_whole", number) for number in (1, 2)),
]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("name", "number"), INTERRUPTIONS)
def test_interrupted_anywhere_everything_is_as_it_was(
    name: str, number: int, late: bool, ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(ready.root)
    # made up, as it takes half the time; the others show it to be true
    monkeypatch.setattr(making, "plan", lambda *_: Plan(ready.root, "1.0.0", DAY, ready.root / "dist" / "1.0.0", ""))
    monkeypatch.setattr(making, name, interrupted(getattr(making, name), number, late))
    with pytest.raises(KeyboardInterrupt):
        release(ready.root, "1.0.0", DAY, ready.root / "dist")
    assert files(ready.root) == before


@pytest.mark.usefixtures("quick")
def test_after_a_kill_half_way_the_next_run_puts_everything_back_first(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(undo, "put_back", lambda _: False)
        killed.setattr(making, "_copy_whole", interrupted(making._copy_whole, 1, late=True))  # noqa: SLF001
        with pytest.raises(KeyboardInterrupt):
            release(ready.root, "1.0.0", DAY, ready.root / "dist")
    assert codes(ready, "1.0.0") >= {"interrupted", "uncommitted"}
    release(ready.root, "1.0.0", DAY, ready.root / "dist")
    assert codes(commit(ready), "1.0.0") == {"already-released"}


@pytest.mark.parametrize(
    ("last", "version", "step"),
    [
        ("1.0.0", "2.0.0", "major"),
        ("1.9.9", "1.10.0", "minor"),
        ("1.0.9", "1.0.10", "patch"),
        ("1.0.0", "1.0.0", ""),
        ("1.1.0", "1.0.9", ""),
    ],
)
def test_steps_are_told_by_number(last: str, version: str, step: str) -> None:
    assert step_between(last, version) == step


EXTRAS = ("altair", "bqplot", "currency_converter", "polars", "pyspark", "sqlglot", "vl_convert", "xlsxwriter")


@pytest.mark.parametrize(
    "words", [["--help"], ["validate"], ["show"], ["explain", "smederevo-steelworks"], ["release", "--help"]]
)
def test_the_program_starts_without_what_only_extras_bring(words: list[str]) -> None:
    blocked = (*EXTRAS, "build", "hatchling", "hypothesis", "pytest", "mlcroissant", "jsonschema_rs")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r})); from ceechina.cli import main; "
        f"sys.exit(main({words!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == FINE, done.stderr
