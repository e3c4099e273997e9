"""Every version that was ever cited is opened by its number, and read by today's code whatever its descriptor lacks."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ceechina as cc
from ceechina.cli import main
from ceechina.errors import PackageError, UnknownNameError
from ceechina.read.access import versions
from ceechina.read.access.versions import is_version
from ceechina.read.exports.cite import content_sha256
from ceechina.read.package import Package, bundled
from conftest import ROOT

PUBLISHED = ROOT / "datapackage"
FORMS = ("pandas", "arrow", "polars", "duckdb")
Json = dict[str, Any]

# what releases have had only since some version, or may be without
OPTIONAL = {
    "package": {"$schema", "keywords", "licenses", "contributors", "madeWith", "coverage", "sources", "codeLists"},
    "resource": {"mediatype", "encoding", "bytes", "hash", "fileBytes", "contentHash"},
    "field": {"codeList", "categoriesOrdered", "missingValues", "constraints"},
}


def without(descriptor: Json, names: set[str]) -> None:
    for part in (descriptor, *descriptor["resources"], *(res["schema"] for res in descriptor["resources"])):
        for name in names & part.keys():
            del part[name]
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            for name in names & field.keys():
                del field[name]


def of_later(descriptor: Json) -> None:
    """Properties and a resource that no version has yet."""
    for part in (descriptor, *descriptor["resources"], *descriptor["resources"][0]["schema"]["fields"]):
        part["laterProperty"] = {"of": ["any", "shape"]}
    descriptor["resources"].append({"name": "tour", "format": "html", "path": "tour.html"})


VARIANTS: dict[str, Callable[[Json], None]] = {
    "as published": lambda _: None,
    "of a later version": of_later,
    "without all that is optional": lambda descriptor: without(descriptor, set().union(*OPTIONAL.values())),
    **{
        f"without what is optional in a {part}": lambda descriptor, names=names: without(descriptor, names)  # type: ignore[misc]  # lambda
        for part, names in OPTIONAL.items()
    },
}


def archive(target: Path, version: str, vary: Callable[[Json], None], suffix: str = "parquet") -> Path:
    """An archive of the published package as a release has it, under another version."""
    descriptor = json.loads((PUBLISHED / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["version"] = version
    descriptor["resources"] = [res for res in descriptor["resources"] if res["format"] == suffix]
    vary(descriptor)
    path = target / f"ceechina-{version}-{suffix}.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"ceechina-{version}/datapackage.json", json.dumps(descriptor))
        for file in sorted(PUBLISHED.glob(f"data/*.{suffix}")):
            packed.write(file, f"ceechina-{version}/data/{file.name}")
    return path


@pytest.fixture(scope="module", params=VARIANTS)
def version(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package(archive(tmp_path_factory.mktemp("archive"), "0.9.0", VARIANTS[request.param]))


@pytest.mark.parametrize("form", FORMS)
def test_every_table_of_every_version_loads_in_every_form(version: Package, form: Any) -> None:
    for info in version.tables():
        assert version.describe(info.name).key
        assert len(version.load(info.name, form)) == info.rows


def test_records_of_every_version_are_explained_and_cited(version: Package) -> None:
    for info in version.core():
        record_id = version.load(info.name, "arrow")[info.key[0]][0].as_py()
        explained = version.explain(record_id)
        assert record_id in str(explained)
        assert explained.to_dict()
    assert version.version in version.cite()
    assert version.version in version.cite("bibtex")


def test_every_version_answers_questions_and_is_compared(version: Package) -> None:
    assert version.query("SELECT count(*) AS n FROM claims")["n"].tolist() == [version.describe("claims").rows]
    assert len(version.conflicts()) > 0
    assert len(version.load("projects", country="RS", policy="latest-source", as_of="2021-12-31")) > 0
    assert not version.diff(version)
    assert str(version.diff(bundled()))


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two releases that have been made, in the folder they are fetched from."""
    folder = tmp_path / "releases"
    listed = []
    for number in ("98.0.0", "98.1.0"):
        (folder / number).mkdir(parents=True)
        path = archive(folder / number, number, VARIANTS["as published"])
        known = {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        content = content_sha256(bundled().descriptor)
        listed.append({"version": number, "rows": {}, "content": content, "archives": {path.name: known}})
    (tmp_path / "releases.json").write_text(json.dumps({"releases": listed}), encoding="utf-8")
    monkeypatch.setattr(versions, "releases_file", lambda: tmp_path / "releases.json")
    monkeypatch.setattr(versions, "releases_folder", lambda: tmp_path / "kept")
    monkeypatch.setenv("CEECHINA_RELEASES", str(folder))
    monkeypatch.setenv("CEECHINA_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.mark.parametrize("number", ["98.0.0", "98.1.0"])
def test_a_version_is_opened_by_its_number(released: Path, number: str) -> None:
    assert cc.open(number).version == number


def test_the_bundled_version_is_not_fetched(released: Path) -> None:
    shutil.rmtree(released)
    assert cc.open(bundled().version).folder == bundled().folder


def test_a_version_is_found_in_the_folder_of_a_checkout(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CEECHINA_RELEASES")
    with pytest.raises(PackageError, match="no release address is known"):
        cc.open("98.0.0")
    released.rename(released.with_name("kept"))
    assert cc.open("98.0.0").version == "98.0.0"


@pytest.mark.parametrize("is_changed", [False, True])
def test_the_bundled_package_is_a_release_only_while_it_holds_the_same(
    is_changed: bool, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(PUBLISHED, tmp_path / "datapackage")
    described = json.loads((copy / "datapackage.json").read_text(encoding="utf-8")) | {"version": "98.0.0"}
    if is_changed:
        described["resources"][0]["hash"] = f"sha256:{'0' * 64}"
        described["resources"] = described["resources"][: len(described["resources"]) // 2]
    (copy / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    monkeypatch.setattr(versions, "bundled_folder", lambda: copy)
    assert (cc.open("98.0.0").folder == copy) is not is_changed


def test_a_changed_archive_is_refused(released: Path) -> None:
    (path,) = (released / "98.0.0").glob("*.zip")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(PackageError, match="is not the archive that was released"):
        cc.open("98.0.0")


def test_an_unknown_version_is_told_with_the_nearest_and_the_known(released: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"among 98\.0\.0, 98\.1\.0.*did you mean '98\.[01]\.0'"):
        cc.open("98.0.1")


def test_a_version_is_never_taken_for_a_folder_of_that_name(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PUBLISHED, "98.0.0")
    assert cc.open("98.0.0").version == "98.0.0"
    assert cc.open("./98.0.0").version == bundled().version
    assert cc.open(Path("98.0.0")).version == bundled().version


@pytest.mark.parametrize(("given", "expected"), [("1.0", True), ("12.34.5", True), ("1", False), ("v1.0.0", False)])
def test_versions_are_numbers_with_points(given: str, expected: bool) -> None:
    assert is_version(given) is expected
    assert not is_version(Path(given))


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"releases": [{}]}', '{"releases": [{"version": "98.0.0", "archives": {}}]}']
)
def test_a_damaged_list_of_releases_is_told(released: Path, content: str) -> None:
    (released.parent / "releases.json").write_text(content, encoding="utf-8")
    with pytest.raises(PackageError, match="list of releases"):
        cc.open("98.0.0")


def test_versions_are_compared_and_shown_by_the_command_line(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "98.0.0", "98.1.0"]) == 0
    assert "98.0.0" in capsys.readouterr().out
    assert main(["info", "--package", "98.0.0"]) == 0
    assert "98.0.0" in capsys.readouterr().out
    assert main(["diff", "98.0.0", "97.0.0"]) == 2
    told = capsys.readouterr().err
    assert "no version among 98.0.0, 98.1.0" in told
    assert "Traceback" not in told


def test_an_archive_is_unpacked_once_and_anew_where_it_changed(tmp_path: Path) -> None:
    path = archive(tmp_path, "2.0.0", VARIANTS["as published"])
    assert cc.open(path).folder == cc.open(str(path)).folder
    archive(tmp_path, "2.0.1", VARIANTS["as published"]).replace(path)
    assert cc.open(path).version == "2.0.1"


def test_what_was_unpacked_is_gone_with_the_process(tmp_path: Path) -> None:
    path = archive(tmp_path, "2.0.0", VARIANTS["as published"])
    code = "import sys, ceechina as cc; p = cc.open(sys.argv[1]); p.load('projects', 'arrow'); print(p.folder)"
    out = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True, text=True).stdout
    assert "ceechina-2.0.0" in out
    assert not Path(out.strip()).parent.exists()


def test_an_archive_of_csv_says_which_one_to_open(tmp_path: Path) -> None:
    path = archive(tmp_path, "2.0.0", VARIANTS["as published"], "csv")
    with pytest.raises(PackageError, match="no Parquet files; open the archive that has them"):
        cc.open(path).load("projects")


@pytest.mark.parametrize("name", ["package.zip", "package.csv", "nowhere.zip"])
def test_a_file_that_is_no_package_is_told(tmp_path: Path, name: str) -> None:
    if not name.startswith("nowhere"):
        (tmp_path / name).write_bytes(b"no package")
    with pytest.raises(PackageError, match=name):
        cc.open(tmp_path / name)
