"""Exporting: every table read back from every format by a reader of others, and files whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from ceechina.errors import PackageError, UnknownNameError, UnsupportedError
from ceechina.read.exports import export as exporting
from ceechina.read.exports.cite import cite
from ceechina.read.exports.export import FORMATS, export
from ceechina.read.package import Package
from ceechina.read.tables.descriptor import TableInfo
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
INFOS = {info.name: info for info in PUBLISHED.tables()}
CODE_LISTS = PUBLISHED.descriptor["codeLists"]
CODES = [(name, code["code"]) for name, listed in CODE_LISTS.items() for code in listed["codes"]]
FILES = {"xlsx": "all.xlsx", "sqlite": "all.sqlite", "duckdb": "all.duckdb", "dta": "all.zip", "geojson": "all.geojson"}
Rows = list[tuple[Any, ...]]


@pytest.fixture
def package(built: World) -> Package:
    return Package(built.root / "datapackage")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published package in every format, in one folder; the files of Stata in `stata`."""
    folder = tmp_path_factory.mktemp("exported")
    for name in FILES.values():
        export(PUBLISHED, folder / name)
    with zipfile.ZipFile(folder / FILES["dta"]) as archive:
        archive.extractall(folder / "stata")
    return folder


def changed(package: Package, table: str, column: str, value: Any) -> Package:
    """The package with one value in all cells of a column."""
    path = package.file(table)
    content = pq.ParquetFile(path).read()
    place = content.column_names.index(column)
    field = content.schema.field(column)
    pq.write_table(content.set_column(place, field, pa.array([value] * len(content), field.type)), path)
    return Package(package.folder)


def from_sqlite(path: Path, table: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f'SELECT * FROM "{table}"').fetchall()


def from_duckdb(path: Path, table: str) -> Rows:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(f'SELECT * FROM "{table}"').fetchall()


def from_xlsx(path: Path, table: str) -> Rows:
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        rows = list(book[table].iter_rows(min_row=2, values_only=True))
    return [tuple(cell.date() if isinstance(cell, dt.datetime) else cell for cell in row) for row in rows]


def from_stata(path: Path, table: str) -> Rows:
    frame, _ = pyreadstat.read_dta(path.parent / "stata" / f"{table}.dta", apply_value_formats=True)
    return [tuple(None if cell != cell else cell for cell in row) for row in frame.itertuples(index=False)]  # noqa: PLR0124


def in_stata(cell: Any, kind: str) -> Any:
    """A boolean is labelled, and missing text is empty."""
    if kind == "boolean":
        return {True: "true", False: "false"}.get(cell)
    return (cell or "") if kind == "string" else cell


READERS: dict[str, tuple[Callable[[Path, str], Rows], Callable[[Any, str], Any]]] = {
    # of each format: its reader, and how it has a cell of a type of Table Schema
    "sqlite": (from_sqlite, lambda cell, kind: cell.isoformat() if cell and kind == "date" else cell),
    "duckdb": (from_duckdb, lambda cell, _: cell),
    "xlsx": (from_xlsx, lambda cell, _: cell),
    "dta": (from_stata, in_stata),
}


@pytest.mark.parametrize("table", INFOS)
@pytest.mark.parametrize("name", READERS)
def test_every_table_comes_back_as_it_was(name: str, table: str, exported: Path) -> None:
    read, written = READERS[name]
    info = INFOS[table]
    # a category that is missing has no label in Stata, so it comes back as none
    kinds = [f"code of {column.type}" if column.codes else column.type for column in info.columns]
    expected = [
        tuple(written(row[column.name], kind) for column, kind in zip(info.columns, kinds, strict=True))
        for row in PUBLISHED.load(table, "arrow").to_pylist()
    ]
    assert len(expected) == info.rows
    assert sorted(read(exported / FILES[name], table), key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_every_format_is_told_by_its_name_or_by_the_ending(
    name: str, file: str, package: Package, tmp_path: Path
) -> None:
    assert name in FORMATS
    guessed = export(package, tmp_path / file)
    named = export(package, str(tmp_path / "noending"), to=name)
    assert guessed == tmp_path / file
    assert named == tmp_path / "noending"
    assert guessed.stat().st_size > 0
    assert zipfile.is_zipfile(guessed) == zipfile.is_zipfile(named)


def test_every_format_has_a_case() -> None:
    assert set(FORMATS) == set(FILES) == {*READERS, "geojson"}


def test_sqlite_has_its_keys_and_they_hold(exported: Path) -> None:
    with closing(sqlite3.connect(exported / FILES["sqlite"])) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("PRAGMA foreign_keys = ON")
        for info in INFOS.values():
            columns = connection.execute(f'PRAGMA table_info("{info.name}")').fetchall()
            assert tuple(row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]) == info.key
            assert {row[1] for row in columns if row[3]} == {c.name for c in info.columns if c.required}
        for bad in (
            "UPDATE projects SET kind = 'none'",
            "UPDATE projects SET is_contested = 2",
            "UPDATE project_events SET project_id = 'none'",
            "UPDATE projects SET agreement_id = 'none'",
            "UPDATE projects SET name = NULL",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(bad)


@pytest.mark.parametrize("table", INFOS)
def test_sqlite_declares_every_reference_of_the_descriptor(table: str, exported: Path) -> None:
    (schema,) = (
        one["schema"] for one in PUBLISHED.descriptor["resources"] if (one["table"], one["format"]) == (table, "csv")
    )
    expected = {
        (field, key["reference"]["resource"] or table)
        for key in schema.get("foreignKeys", ())
        for field in key["fields"]
    }
    lists = {(field["name"], f"_codes_{field['codeList']}") for field in schema["fields"] if "codeList" in field}
    with closing(sqlite3.connect(exported / FILES["sqlite"])) as connection:
        found = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    # no column named: the primary key of the other table
    assert {(row[3], row[2], row[4]) for row in found} == {(*target, None) for target in expected | lists}


@pytest.mark.parametrize("name", ["sqlite", "duckdb"])
def test_databases_hold_what_explains_them(name: str, exported: Path) -> None:
    read, _ = READERS[name]
    path = exported / FILES[name]
    about: dict[str, str] = dict(read(path, "_about"))
    assert about["How to cite"] == cite(PUBLISHED)
    assert about["Disagreements between sources"] == "decided as published"
    columns = [(info.name, column.name) for info in INFOS.values() for column in info.columns]
    assert [row[:2] for row in read(path, "_columns")] == columns
    assert [(listed, row[1]) for listed in CODE_LISTS for row in read(path, f"_codes_{listed}")] == CODES


@pytest.mark.parametrize("info", INFOS.values(), ids=list(INFOS))
def test_duckdb_knows_types_keys_and_meanings(info: TableInfo, exported: Path) -> None:
    types = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "string": "VARCHAR"}
    with duckdb.connect(exported / FILES["duckdb"], read_only=True) as connection:
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY "
            "column_index",
            [info.name],
        ).fetchall()
        comment = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [info.name]).fetchone()
        key = connection.execute(
            "SELECT constraint_column_names FROM duckdb_constraints() WHERE table_name = ? AND constraint_type = ?",
            [info.name, "PRIMARY KEY"],
        ).fetchone()
    assert comment == (info.description,)
    assert key is not None
    assert tuple(key[0]) == info.key
    for (name, kind, nullable, told), column in zip(columns, info.columns, strict=True):
        assert (name, kind) == (column.name, types[column.type])
        assert nullable != (column.required or column.name in info.key)
        assert told.startswith(column.description)


def test_excel_opens_on_what_it_is_and_lists_columns_and_codes(exported: Path) -> None:
    with closing(openpyxl.load_workbook(exported / FILES["xlsx"])) as book:
        assert book.sheetnames == ["About", *INFOS, "Columns", "Codes"]
        about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True) if row[0]}
        assert about["How to cite"] == cite(PUBLISHED)
        assert about["Version"] == PUBLISHED.version
        assert {name: about[name] for name in INFOS} == {info.name: info.description for info in INFOS.values()}
        assert book["About"].cell(list(about).index("projects") + 2, 1).hyperlink.location == "'projects'!A1"
        for sheet in book.worksheets[1:]:
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref == sheet.dimensions
            assert all(4 < column.width <= 61 for column in sheet.column_dimensions.values())
        assert [tuple(row[:3:2]) for row in book["Codes"].iter_rows(min_row=2, values_only=True)] == CODES
        assert len(list(book["Columns"].rows)) == 1 + sum(len(info.columns) for info in INFOS.values())
        assert book["projects"]["M2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://x.example/#a", "x" * 32_767])
def test_text_in_excel_is_text_whatever_it_looks_like(text: str, package: Package, tmp_path: Path) -> None:
    path = export(changed(package, "projects", "summary", text), tmp_path / "a.xlsx")
    with closing(openpyxl.load_workbook(path)) as book:
        cell = book["projects"]["C2"]
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_what_excel_cannot_hold_is_refused_with_its_place_and_held_by_others(package: Package, tmp_path: Path) -> None:
    long = "x" * 32_768
    changed(package, "projects", "summary", long)
    with pytest.raises(UnsupportedError, match="projects, row 1, summary: 32,768 characters"):
        export(package, tmp_path / "a.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []
    frame, labels = pyreadstat.read_dta(export(package, tmp_path / "projects.dta"))
    assert frame["summary"].tolist() == [long]
    assert labels.original_variable_types["summary"] == "%9s"
    assert from_sqlite(export(package, tmp_path / "a.db"), "projects")[0][2] == long


def test_excel_sheets_have_an_end(package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ceechina.read.exports.xlsx.SHEET_ROWS", 3)
    with pytest.raises(UnsupportedError, match="more rows than the 3"):
        export(package, tmp_path / "a.xlsx")


def test_dates_before_those_of_excel_are_text(package: Package, tmp_path: Path) -> None:
    path = export(changed(package, "projects", "first_event_earliest", dt.date(1878, 7, 13)), tmp_path / "a.xlsx")
    place = [column.name for column in package.describe("projects").columns].index("first_event_earliest")
    assert from_xlsx(path, "projects")[0][place] == "1878-07-13"


def test_excel_without_its_library_says_what_to_install(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(UnsupportedError, match=r"pip install 'ceechina\[export\]'"):
        export(package, tmp_path / "a.xlsx")


@pytest.mark.parametrize("info", INFOS.values(), ids=list(INFOS))
def test_stata_files_are_labelled(info: TableInfo, exported: Path) -> None:
    _, labels = pyreadstat.read_dta(exported / "stata" / f"{info.name}.dta")
    for column in info.columns:
        # `end` is a word that cannot name a variable
        name = column.name if column.name in labels.column_names else f"_{column.name}"
        told = labels.column_names_to_labels[name] or ""
        assert 0 < len(told) <= 80
        assert column.description.startswith(told.removesuffix("…"))
        assert (labels.original_variable_types[name] == "%td") == (column.type == "date")
        if column.codes:
            assert tuple(labels.variable_value_labels[name].values()) == column.codes
    assert info.description.startswith(str(labels.file_label).removesuffix("…"))


def test_stata_takes_along_codes_columns_and_citation(exported: Path) -> None:
    folder = exported / "stata"
    codes, _ = pyreadstat.read_dta(folder / "codes.dta")
    assert list(zip(codes["code_list"], codes["code"], strict=True)) == CODES
    columns, _ = pyreadstat.read_dta(folder / "columns.dta")
    assert len(columns) == sum(len(info.columns) for info in INFOS.values())
    assert cite(PUBLISHED) in (folder / "about.txt").read_text(encoding="utf-8")


def test_one_table_for_stata_is_the_one_the_file_is_named_for(package: Package, tmp_path: Path) -> None:
    frame, _ = pyreadstat.read_dta(export(package, tmp_path / "memberships.dta"))
    assert frame["membership_id"].tolist() == package.load("memberships")["membership_id"].tolist()
    with pytest.raises(UnknownNameError, match=r"a \.zip all.*did you mean 'memberships'"):
        export(package, tmp_path / "membership.dta")


def test_geojson_has_every_project_in_every_country_and_place_and_makes_up_no_coordinates(exported: Path) -> None:
    content = json.loads((exported / FILES["geojson"]).read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    assert content["how_to_cite"] == cite(PUBLISHED)
    features = content["features"]
    assert {feature["type"] for feature in features} == {"Feature"}
    assert {feature["geometry"] for feature in features} == {None}
    assert len({feature["id"] for feature in features}) == len(features)
    told = [feature["properties"] for feature in features]
    places = PUBLISHED.load("project_places", "arrow").to_pylist()
    assert {(one["project_id"], one["place_id"]) for one in told if one["place_id"]} == {
        (row["project_id"], row["place_id"]) for row in places
    }
    assert {(one["project_id"], one["country_id"]) for one in told} == {
        (row["project_id"], row["country_id"])
        for row in [*places, *PUBLISHED.load("project_countries", "arrow").to_pylist()]
    }
    (mill,) = (one for one in told if one["project_id"] == "smederevo-steelworks")
    assert (mill["place"], mill["country"], mill["iso3"], mill["kind"]) == ("Smederevo", "Serbia", "SRB", "acquisition")


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("project_events", "project_id", "none", "refers to a row that projects has not"),
        ("memberships", "membership_id", "same", "UNIQUE constraint failed"),
        ("projects", "kind", "none", "CHECK constraint failed"),
    ],
)
def test_a_damaged_package_is_no_database(
    table: str, column: str, value: str, told: str, package: Package, tmp_path: Path
) -> None:
    with pytest.raises(PackageError, match=f"breaks its own rules: .*{told}"):
        export(changed(package, table, column, value), tmp_path / "a.sqlite")
    if column != "project_id":
        with pytest.raises(PackageError, match="breaks its own rules"):
            export(package, tmp_path / "a.duckdb")
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.parametrize(
    ("table", "told"),
    [("T" * 32, "Excel cannot hold this: .*31 char"), ("About", "Excel cannot hold this: .*already in use")],
)
def test_a_table_excel_has_no_sheet_for_is_told(table: str, told: str, package: Package, tmp_path: Path) -> None:
    path = package.folder / "datapackage.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    (countries,) = (one for one in content["resources"] if one["name"] == "countries-parquet")
    content["resources"].append({**countries, "name": "other-parquet", "table": table})
    path.write_text(json.dumps(content), encoding="utf-8")
    (package.folder / "data" / f"{table}.parquet").write_bytes(package.file("countries").read_bytes())
    with pytest.raises(UnsupportedError, match=told):
        export(Package(package.folder), tmp_path / "a.xlsx")


@pytest.mark.parametrize("file", FILES.values())
def test_a_descriptor_that_explains_nothing_is_told(file: str, package: Package, tmp_path: Path) -> None:
    path = package.folder / "datapackage.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    # of no use to a map
    content["codeLists"] = {"sector": {}}
    content["resources"] = [one for one in content["resources"] if one["table"] != "project_places"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PackageError, match="lacks what"):
        export(Package(package.folder), tmp_path / file)


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_a_file_with_other_columns_than_described_is_told(
    name: str, file: str, package: Package, tmp_path: Path
) -> None:
    path = package.file("countries")
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["iso3"]), path)
    with pytest.raises(PackageError, match="iso3"):
        export(package, tmp_path / file, to=name)


@pytest.mark.parametrize("name", READERS)
def test_disagreements_decided_otherwise_are_exported_so(name: str, package: Package, tmp_path: Path) -> None:
    read, _ = READERS[name]
    prices = []
    for policy in ("chosen", "minimum"):
        path = export(package, tmp_path / FILES[name], policy=policy)
        if name == "dta":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(tmp_path / "stata")
        prices += [cell for row in read(path, "project_amounts") for cell in row if isinstance(cell, int | float)]
    assert prices == [95_000_000, 90_000_000]


def test_a_file_says_how_disagreements_were_decided(package: Package, tmp_path: Path) -> None:
    path = export(package, tmp_path / "a.geojson", policy="minimum")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["disagreements_between_sources"] == "decided by the policy minimum, not as published"
    assert [feature["properties"]["headline_amount"] for feature in content["features"]] == [90_000_000]
    with pytest.raises(UnknownNameError, match="did you mean 'minimum'"):
        export(package, path, policy="minimun")


def test_unknown_formats_are_told_with_the_nearest(package: Package, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="did you mean 'xlsx'"):
        export(package, tmp_path / "a.xls")
    with pytest.raises(UnsupportedError, match="to='sqlit' is no format of export; did you mean 'sqlite'"):
        export(package, tmp_path / "a", to="sqlit")
    with pytest.raises(UnsupportedError, match="there is dta, duckdb, geojson, sqlite, xlsx"):
        export(package, tmp_path / "a")


def test_only_files_are_replaced_and_only_in_folders_that_are_there(package: Package, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(PackageError, match="is not a file"):
        export(package, tmp_path / "folder.db")
    with pytest.raises(PackageError, match="nothing can be written in"):
        export(package, tmp_path / "nowhere" / "a.db")
    (tmp_path / "file").touch()
    with pytest.raises(PackageError, match="nothing can be written in"):
        export(package, tmp_path / "file" / "a.db")


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_what_stops_half_way_leaves_what_was_there(
    name: str, file: str, package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "there" / file
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")

    def stopped(content: Any, path: Path) -> None:
        FORMATS[name](content, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "FORMATS", {name: stopped})
    with pytest.raises(KeyboardInterrupt):
        export(package, target, to=name)
    assert target.read_text(encoding="utf-8") == "old"
    monkeypatch.undo()
    export(package, target, to=name)
    assert target.read_bytes() != b"old"
    assert list(target.parent.iterdir()) == [target]
