"""Reading: what a package holds, by its descriptor alone, in the types people expect."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ceechina as cc
from ceechina.errors import PackageError, UnknownNameError, UnsupportedError
from ceechina.read.package import Package, bundled
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
TABLES = [info.name for info in PUBLISHED.tables()]


@pytest.fixture
def package(built: World) -> Package:
    return Package(built.root / "datapackage")


@pytest.mark.parametrize("table", TABLES)
def test_every_published_table_loads_with_the_types_it_declares(table: str) -> None:
    frame = PUBLISHED.load(table)
    info = PUBLISHED.describe(table)
    assert list(frame.columns) == [column.name for column in info.columns]
    assert len(frame) == info.rows
    assert not frame.duplicated(list(info.key)).any()
    for column in info.columns:
        dtype = frame[column.name].dtype
        assert not pd.api.types.is_object_dtype(dtype)
        if column.codes:
            assert isinstance(dtype, pd.CategoricalDtype)
            assert tuple(dtype.categories) == column.codes
            assert dtype.ordered == column.ordered
        elif column.type == "date":
            assert pd.api.types.is_datetime64_any_dtype(dtype)
        if column.required:
            assert frame[column.name].notna().all()


@pytest.mark.parametrize("table", TABLES)
def test_arrow_is_what_the_file_holds(table: str) -> None:
    assert PUBLISHED.load(table, as_="arrow").equals(
        pq.ParquetFile(ROOT / "datapackage" / "data" / f"{table}.parquet").read()
    )


def test_an_empty_number_stays_empty(package: Package) -> None:
    gw = package.load("countries")["gw"]
    assert gw.dtype == pd.Int64Dtype()
    assert gw.isna().all()
    assert package.load("memberships")["is_contested"].dtype == bool


def test_tables_are_listed_one_line_each(package: Package) -> None:
    listed = package.tables()
    assert len(str(listed).splitlines()) == len(listed)
    assert str(listed) == repr(listed)
    assert next(info for info in listed if info.name == "memberships").rows == 2


def test_a_table_is_described_column_by_column(package: Package) -> None:
    text = str(package.describe("projects"))
    assert "projects: 1 rows, key project_id" in text
    assert "Project by its slug." in text
    assert "acquisition" in text


def test_unknown_names_and_forms_are_told_with_what_there_is(package: Package) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'projects'"):
        package.load("project")
    with pytest.raises(UnknownNameError, match="did you mean 'claims'"):
        package.describe("claim")
    with pytest.raises(UnsupportedError, match="pandas, arrow"):
        package.load("projects", "excel")  # type: ignore[call-overload]  # the point of the test


@pytest.mark.parametrize("given", ["", "datapackage.json"])
def test_a_package_is_opened_by_folder_or_descriptor(built: World, given: str) -> None:
    folder = built.root / "datapackage"
    assert cc.open(folder / given).version == "0.0.1"


def test_no_package_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no data package"):
        cc.open(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"), [("{", ""), ("[]", ""), ('{"version": "1.0.0"}', ": it has no 'resources'$")]
)
def test_a_descriptor_that_is_none_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(PackageError, match=f"cannot be read as a descriptor{said}"):
        cc.open(tmp_path).tables()


def test_a_missing_or_broken_file_is_told(package: Package) -> None:
    path = package.folder / "data" / "projects.parquet"
    path.write_bytes(b"not parquet")
    with pytest.raises(PackageError, match=r"projects\.parquet"):
        package.load("projects")
    path.unlink()
    with pytest.raises(PackageError, match=r"projects\.parquet"):
        package.load("projects", "arrow")


def test_a_folders_name_is_no_pattern_of_others_and_no_cell(tmp_path: Path) -> None:
    folder, other = tmp_path / "scope=region" / "dp[1]*", tmp_path / "scope=region" / "dp1"
    shutil.copytree(PUBLISHED.folder, folder)
    shutil.copytree(PUBLISHED.folder, other)
    for path in other.glob("data/*.parquet"):
        path.write_bytes(b"not this")
    package = Package(folder)
    assert list(package.query("SELECT * FROM countries").columns) == list(PUBLISHED.load("countries").columns)
    assert package.explain("pupin-bridge").to_dict() == PUBLISHED.explain("pupin-bridge").to_dict()
    assert package.panel("amounts").equals(PUBLISHED.panel("amounts"))
    assert not cc.diff(folder, PUBLISHED.folder)


def test_any_version_is_read_by_its_own_descriptor(package: Package, tmp_path: Path) -> None:
    """A table and a column this version of the model does not know are read all the same."""
    folder = tmp_path / "other"
    shutil.copytree(package.folder, folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    future = {
        "name": "ports-parquet",
        "table": "ports",
        "format": "parquet",
        "part": "reference",
        "rows": 1,
        "description": "Ports.",
        "schema": {
            "primaryKey": ["port_id"],
            "fields": [{"name": "port_id", "type": "string", "description": "Port.", "origin": "editorial"}],
        },
    }
    descriptor["resources"].append(future)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    pq.write_table(pa.table({"port_id": ["piraeus"]}), folder / "data" / "ports.parquet")
    assert cc.open(folder).load("ports")["port_id"].tolist() == ["piraeus"]


def test_what_a_package_can_do_the_module_does_with_the_bundled_one() -> None:
    methods = {name for name in vars(Package) if not name.startswith("_")}
    assert set(cc.__all__) - {"open", "plot"} == methods - {"descriptor", "version", "file", "arrow", "core"}
    assert cc.load("actors").equals(PUBLISHED.load("actors"))
    assert cc.load.__doc__ == Package.load.__doc__


def test_editors_know_the_tables_of_the_bundled_package() -> None:
    tree = ast.parse((ROOT / "src" / "ceechina" / "__init__.py").read_text(encoding="utf-8"))
    (names,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TableName"
    )
    assert [each.value for each in ast.walk(names) if isinstance(each, ast.Constant)] == TABLES


def test_a_table_goes_by_its_name_in_a_variable() -> None:
    """For type checkers as well: they judge this file."""
    assert [len(cc.load(info.name)) for info in cc.tables()] == [info.rows for info in cc.tables()]


def test_references_between_tables_are_told(package: Package) -> None:
    claims, projects = package.describe("claims"), package.describe("projects")
    assert claims["passage_id"].reference == "passages"
    assert projects["parent_project_id"].reference == "projects"
    assert package.describe("project_amounts").parent == "projects"
    assert projects.parent == ""
    assert package.describe("project_amounts").dated == ("as_of",)


def test_the_bundled_package_is_that_of_the_repository() -> None:
    assert bundled().folder.resolve() == (ROOT / "datapackage").resolve()
    assert cc.tables() == bundled().tables()
