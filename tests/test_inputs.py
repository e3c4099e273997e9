"""What is given is found as files by table and format; nothing outside of a package is opened."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from errno import EACCES
from pathlib import Path
from typing import Any

import pytest

from ceechina.archives import DESCRIPTOR
from ceechina.errors import LISTED, PackageError, UnknownNameError, UnsupportedError
from ceechina.model.records import model
from ceechina.validate.inputs import PARTS, Input, is_records, opened
from conftest import CASES, ROOT

TABLES = model()
KEYS = {(table, kind) for table in TABLES for kind in ("csv", "parquet")}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "datapackage", tmp_path / "package"))


def found(path: Path | str, table: str = "") -> Input:
    with opened(path, TABLES, table) as given:
        return given


def shown(path: Path | str, table: str = "") -> dict[tuple[str, str], list[str]]:
    given = found(path, table)
    return {key: [given.shown(part) for part in parts] for key, parts in given.files.items()}


def told(given: Input) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.path, problem.severity) for problem in given.problems]


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def change(package: Path, **properties: Any) -> None:
    """Other properties of the resource `projects`."""
    path = package / DESCRIPTOR
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    next(res for res in descriptor["resources"] if res["name"] == "projects").update(properties)
    path.write_text(json.dumps(descriptor), encoding="utf-8")


def test_a_package_is_found_by_its_folder_and_by_its_descriptor(package: Path) -> None:
    for path in (package, package / DESCRIPTOR, str(package)):
        given = found(path)
        assert (given.folder, given.problems) == (package, ())
        assert set(given.files) == KEYS
        assert given.files["claims", "csv"] == (package / "data" / "claims.csv",)
        assert given.descriptor is not None
        assert given.descriptor["name"] == "ceechina"
        assert (given.resource("claims", "parquet") or {})["name"] == "claims-parquet"


@pytest.mark.parametrize("form", ["zip", "gztar"])
@pytest.mark.parametrize("base", [".", "package"])
def test_an_archive_is_taken_for_the_package_in_it(package: Path, form: str, base: str) -> None:
    root = package if base == "." else package.parent
    with tempfile.TemporaryDirectory() as folder:
        archive = shutil.make_archive(str(Path(folder) / "release"), form, root, base)
        with opened(archive, TABLES) as given:
            assert set(given.files) == KEYS
            assert given.shown(given.files["claims", "csv"][0]) == "data/claims.csv"
            assert all(path.is_file() for parts in given.files.values() for path in parts)
        assert not given.folder.exists()
        with pytest.raises(UnsupportedError, match="'projects'"), opened(archive, TABLES, "projects"):
            pass


def test_what_a_package_lacks_is_told_at_once(package: Path) -> None:
    path = package / DESCRIPTOR
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [res for res in descriptor["resources"] if res["name"] != "projects"]
    descriptor["resources"].append({"name": "trade", "path": "data/trade.csv"})
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    given = found(package)
    assert set(given.files) == KEYS - {("projects", "csv")}
    assert told(given) == [
        ("not-in-package", DESCRIPTOR, "warning"),
        ("unknown-resource", DESCRIPTOR, "warning"),
    ]
    assert given.problems[0].message == "the package has no projects: what needs them is not checked"


@pytest.mark.parametrize("resources", [[], [{"name": "iris", "path": "iris.csv"}, {"path": "data/projects.csv"}]])
def test_a_package_of_none_of_our_tables_is_refused(package: Path, resources: list[dict[str, str]]) -> None:
    path = package / DESCRIPTOR
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(descriptor | {"resources": resources}), encoding="utf-8")
    with pytest.raises(
        PackageError, match="has no table of ceechina: its descriptor lists " + ("iris" if resources else "nothing")
    ):
        found(package)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_package_of_one_format_lacks_nothing_of_the_other(package: Path, kind: str) -> None:
    path = package / DESCRIPTOR
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [res for res in descriptor["resources"] if res["path"].endswith(kind)]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    given = found(package)
    assert given.files.keys() == {(table, kind) for table in TABLES}
    assert told(given) == []


def test_a_file_that_is_not_there_is_told(package: Path) -> None:
    (package / "data" / "projects.csv").unlink()
    given = found(package)
    assert set(given.files) == KEYS - {("projects", "csv")}
    assert told(given) == [("missing-file", "data/projects.csv", "error")]


def test_the_parts_of_a_resource_are_one_table(package: Path) -> None:
    put(package, "data/a.csv", "data/more/b.csv")
    change(package, path=["data/a.csv", "data/more/b.csv"])
    given = found(package)
    assert [given.shown(part) for part in given.files["projects", "csv"]] == ["data/a.csv", "data/more/b.csv"]
    assert not given.problems


@pytest.mark.parametrize(("part", "code"), [("data/c.csv", "missing-file"), ("../c.csv", "unsafe-path")])
def test_a_table_of_which_a_part_is_missing_is_not_read(package: Path, part: str, code: str) -> None:
    put(package, "data/a.csv")
    change(package, path=["data/a.csv", part])
    given = found(package)
    assert ("projects", "csv") not in given.files
    assert [problem.code for problem in given.problems] == [code]


UNSAFE: list[Any] = [
    "../outside.csv",
    "data/../../outside.csv",
    "/etc/passwd",
    "C:/outside.csv",
    "C:outside.csv",
    "..\\outside.csv",
    "http://127.0.0.1:9/projects.csv",
    "https://example.org/projects.csv",
    "s3://bucket/projects.csv",
    "file:///etc/passwd",
    "link.csv",
    "folder/outside.csv",
    "gone.csv",
    "data/projects.csv\0",
    "data/\u202eprojects.csv",
    "\ud800.csv",
    "",
    ".",
    5,
    None,
    {},
]


@pytest.mark.parametrize("path", UNSAFE, ids=lambda path: repr(path)[:30])
@pytest.mark.parametrize("is_part", [False, True])
def test_a_path_that_leaves_the_package_is_never_opened(package: Path, path: object, is_part: bool) -> None:
    (package.parent / "outside.csv").write_text("secret", encoding="utf-8")
    (package / "link.csv").symlink_to(package.parent / "outside.csv")
    (package / "gone.csv").symlink_to(package.parent / "not there.csv")
    (package / "folder").symlink_to(package.parent)
    change(package, path=[path] if is_part else path)
    given = found(package)
    assert ("projects", "csv") not in given.files
    (problem,) = given.problems
    assert (problem.code, problem.path, problem.table, problem.field) == ("unsafe-path", DESCRIPTOR, "projects", "path")
    assert len(problem.message) < 400
    assert problem.message.isprintable()


def test_a_link_out_of_the_package_is_told_with_where_it_leads(package: Path) -> None:
    (package / "link.csv").symlink_to(package.parent / "outside.csv")
    change(package, path="link.csv")
    (problem,) = found(package).problems
    assert problem.message.endswith(
        f"expected one within the package: a link leads to {package.parent / 'outside.csv'}"
    )


@pytest.mark.parametrize("path", ["loop.csv", "a" * 5000], ids=["a link to itself", "too long a name"])
def test_a_file_that_cannot_be_looked_for_is_told_with_why(package: Path, path: str) -> None:
    (package / "loop.csv").symlink_to(package / "loop.csv")
    change(package, path=path)
    given = found(package)
    assert ("projects", "csv") not in given.files
    (problem,) = given.problems
    assert (problem.code, problem.table) == ("unreadable", "projects")
    assert problem.message.startswith("the file cannot be read: ")
    assert len(problem.path) < 400


def test_a_folder_that_must_not_be_entered_is_told_as_such(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Path.stat

    # whoever runs the tests may enter every folder
    def refused(path: Path, **how: bool) -> os.stat_result:
        if path.parent == package / "data":
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
        return look(path, **how)

    monkeypatch.setattr(Path, "stat", refused)
    given = found(package)
    assert not given.files
    assert {code for code, *_ in told(given)} == {"unreadable"}
    assert len(given.problems) == len(KEYS)
    assert given.problems[0].message == "the file cannot be read: Permission denied"


def test_a_link_within_the_package_is_followed(package: Path) -> None:
    (package / "link.csv").symlink_to(package / "data" / "projects.csv")
    change(package, path=["link.csv"])
    given = found(package)
    assert given.files["projects", "csv"] == (package / "link.csv",)
    assert not given.problems


def test_a_file_elsewhere_than_readers_look_is_told_and_read(package: Path) -> None:
    shutil.move(package / "data" / "projects.csv", package / "ours.csv")
    change(package, path="ours.csv")
    given = found(package)
    assert given.files["projects", "csv"] == (package / "ours.csv",)
    (problem,) = given.problems
    assert (problem.code, problem.field, problem.hint) == ("description", "path", "expected 'data/projects.csv'")


@pytest.mark.parametrize("parts", [[], ["data/a.csv"] * (PARTS + 1)], ids=["none", "too many"])
def test_a_resource_has_parts_but_not_without_end(package: Path, parts: list[str]) -> None:
    change(package, path=parts)
    (problem,) = found(package).problems
    assert (problem.code, problem.field, problem.severity) == ("description", "path", "error")


@pytest.mark.parametrize("name", ["pipe", "folder"])
def test_what_is_no_file_is_not_read_as_one(package: Path, name: str) -> None:
    path = package / "data" / "projects.csv"
    path.unlink()
    if name == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert told(found(package)) == [("missing-file", "data/projects.csv", "error")]


def test_a_file_is_of_the_table_it_is_named_by(tmp_path: Path) -> None:
    put(tmp_path, "projects.csv")
    given = found(tmp_path / "projects.csv")
    assert given.descriptor is None
    assert given.files == {("projects", "csv"): (tmp_path / "projects.csv",)}
    assert told(given) == [("not-in-package", "", "warning")]
    message = given.problems[0].message
    assert all(name in message for name in TABLES if name != "projects")
    assert given.resource("projects", "csv") is None


@pytest.mark.parametrize("name", ["ours.csv", "ours.CSV", "ours.parquet", "claims.csv"])
def test_a_file_is_of_the_table_that_is_given(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert shown(tmp_path / name, "projects") == {("projects", Path(name).suffix.lower()[1:]): [name]}


@pytest.mark.parametrize(("name", "table"), [("project.csv", ""), ("projects.csv", "project"), ("project*.csv", "")])
def test_the_name_of_no_table_is_answered_with_the_nearest(tmp_path: Path, name: str, table: str) -> None:
    put(tmp_path, "project.csv", "projects.csv")
    with pytest.raises(UnknownNameError, match="did you mean 'projects'"):
        found(tmp_path / name, table)


def test_a_folder_of_files_named_as_tables_is_checked_for_what_it_has(tmp_path: Path) -> None:
    put(tmp_path, "projects.csv", "data/actors.parquet", "claims/part-0.parquet", "claims/year=2020/part-1.parquet")
    put(tmp_path, "data/claims/part-2.parquet", "sources.parquet/part-0.parquet", "README.md", "trade.csv")
    put(tmp_path, "claims/_temporary/part-3.parquet", "claims/.part-0.parquet.crc", "claims/_SUCCESS")
    given = found(tmp_path)
    assert {key: [given.shown(part) for part in parts] for key, parts in given.files.items()} == {
        ("projects", "csv"): ["projects.csv"],
        ("actors", "parquet"): ["data/actors.parquet"],
        ("claims", "parquet"): [
            "claims/part-0.parquet",
            "claims/year=2020/part-1.parquet",
            "data/claims/part-2.parquet",
        ],
        ("sources", "parquet"): ["sources.parquet/part-0.parquet"],
    }
    assert told(given) == [
        ("no-descriptor", "", "warning"),
        ("unread-file", "trade.csv", "warning"),
        ("not-in-package", "", "warning"),
    ]
    assert "meetings" in given.problems[2].message
    assert "projects" not in given.problems[2].message.replace("projects_", "")


def test_files_that_nothing_reads_are_told_with_the_table_they_may_be_of(tmp_path: Path) -> None:
    put(tmp_path, "projects.CSV", "Actors.csv", "data/actors (1).csv", "notes.txt", "claims")
    given = found(tmp_path)
    assert shown(tmp_path) == {("projects", "csv"): ["projects.CSV"]}
    unread = [each for each in given.problems if each.code == "unread-file"]
    assert [each.path for each in unread] == ["Actors.csv", "data/actors (1).csv"]
    assert all("did you mean 'actors'?" in each.message for each in unread)


def test_of_many_files_that_nothing_reads_the_first_are_told(tmp_path: Path) -> None:
    put(tmp_path, "projects.csv", *(f"x{number}.csv" for number in range(LISTED + 5)))
    unread = [each for each in found(tmp_path).problems if each.code == "unread-file"]
    assert len(unread) == LISTED + 1
    assert "5 more" in unread[-1].message


@pytest.mark.parametrize("part", ["sources/a.yaml", "projects/a.yaml", "memberships/nato.yaml"])
def test_records_are_no_tables(tmp_path: Path, part: str) -> None:
    put(tmp_path, part)
    assert is_records(tmp_path)
    with pytest.raises(PackageError, match="holds records, not tables"):
        found(tmp_path)


def test_nothing_is_missed_where_every_table_is_there(package: Path) -> None:
    (package / DESCRIPTOR).unlink()
    given = found(package)
    assert set(given.files) == KEYS
    assert told(given) == [("no-descriptor", "", "warning")]


@pytest.mark.parametrize(("folder", "table"), [("parts", "claims"), ("claims", "")])
def test_a_folder_of_parts_is_one_table(tmp_path: Path, folder: str, table: str) -> None:
    put(tmp_path / folder, "part-1.csv", "year=2020/part-0.csv")
    files = {("claims", "csv"): ["part-1.csv", "year=2020/part-0.csv"]}
    assert shown(tmp_path / folder, table) == files


def test_the_folder_one_stands_in_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(put(tmp_path / "claims", "part-1.csv"))
    assert shown(".") == {("claims", "csv"): ["part-1.csv"]}


@pytest.mark.parametrize(
    ("pattern", "table", "names"),
    [
        ("claims/*.parquet", "", ["part-0.parquet", "part-1.parquet"]),
        ("claims/**/*.parquet", "", ["part-0.parquet", "part-1.parquet", "year=2020/part-2.parquet"]),
        ("claims/year=*/*", "", ["part-2.parquet"]),
        ("cl*/part-[1]*", "claims", ["part-1.parquet"]),
    ],
)
def test_a_pattern_is_of_the_parts_of_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, table: str, names: list[str]
) -> None:
    put(tmp_path, "claims/part-0.parquet", "claims/part-1.parquet", "claims/year=2020/part-2.parquet", "claims/a.txt")
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / pattern, table) == shown(pattern, table) == {("claims", "parquet"): names}


def test_a_pattern_may_be_of_many_tables(tmp_path: Path) -> None:
    put(tmp_path, "projects.csv", "claims.csv")
    assert shown(tmp_path / "*.csv") == {("claims", "csv"): ["claims.csv"], ("projects", "csv"): ["projects.csv"]}


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    put(tmp_path, "a[1]/projects.csv")
    assert shown(tmp_path / "a[1]" / "projects.csv") == {("projects", "csv"): ["projects.csv"]}
    assert shown(tmp_path / "a[1]") == {("projects", "csv"): ["projects.csv"]}


@pytest.mark.parametrize(
    "name", ["nothing", "nothing.zip", "nothing/datapackage.json", "*.csv", "empty", "a\0b", "x" * 5000, "notes.txt"]
)
def test_where_there_is_nothing_it_is_said(tmp_path: Path, name: str) -> None:
    put(tmp_path, "empty/notes.txt", "notes.txt")
    with pytest.raises(PackageError):
        found(tmp_path / name)


def test_a_package_says_itself_what_its_tables_are(package: Path) -> None:
    with pytest.raises(UnsupportedError, match="leave out 'projects'"):
        found(package, "projects")


def test_a_folder_of_records_is_told_from_a_package(package: Path, tmp_path: Path) -> None:
    assert is_records(CASES / "world" / "records")
    assert is_records(ROOT / "records")
    assert not is_records(package)
    assert not is_records(put(tmp_path / "loose", "sources.csv", "sources/part-0.csv"))
    assert not is_records(tmp_path / "nothing")
