"""Files as files: a changed, damaged or foreign one is told with its place, and a good one is clean."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ceechina.errors import Problem
from ceechina.model.records import model
from ceechina.model.render import arrow_schema
from ceechina.model.tables import Column
from ceechina.validate.file_rules import UNREAD
from ceechina.validate.files import HEADER, PARQUET, SAVED, TOLD, byte_problems, file_problems
from ceechina.validate.inputs import opened
from conftest import ROOT
from damage import sign

TABLES = model()
COLUMNS = {column.scalar.type: (table.name, column) for table in TABLES.values() for column in table.columns}
NAMES = [column.name for column in TABLES["countries"].columns]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "datapackage", tmp_path / "package"))


def problems(path: Path, table: str = "") -> list[Problem]:
    with opened(path, TABLES, table) as given:
        return sorted([*file_problems(given, TABLES), *byte_problems(given)])


def codes(path: Path, table: str = "") -> list[str]:
    return [problem.code for problem in problems(path, table) if problem.severity == "error"]


def table_file(folder: Path, content: bytes) -> Path:
    path = folder / "countries.csv"
    path.write_bytes(content)
    return path


def test_our_package_is_clean_and_needs_no_heavy_library_but_the_engine() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom ceechina.model.records import model\n"
        "from ceechina.validate.files import byte_problems, file_problems\n"
        "from ceechina.validate.inputs import opened\n"
        f"with opened(Path({str(ROOT / 'datapackage')!r}), model()) as given:\n"
        "    assert file_problems(given, model()) == byte_problems(given) == []\n"
        "sys.exit(bool({'frictionless', 'pandas', 'pyarrow', 'polars'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0


FILES: list[tuple[str, Callable[[Path], object], list[str]]] = [
    ("gone", lambda path: path.unlink(), ["missing-file"]),
    ("a byte added", lambda path: path.write_bytes(path.read_bytes() + b"\n"), ["byte-count"]),
    ("a letter changed", lambda path: path.write_bytes(path.read_bytes().replace(b"Serbia", b"Serbja")), ["hash"]),
]


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*case[1:], id=case[0]) for case in FILES])
def test_a_changed_file_is_told(package: Path, damage: Callable[[Path], object], expected: list[str]) -> None:
    damage(package / "data" / "projects.csv")
    found = problems(package)
    assert [(problem.code, problem.path, problem.table) for problem in found] == [
        (code, "data/projects.csv", "projects") for code in expected
    ]


def test_a_changed_parquet_file_is_told(package: Path) -> None:
    path = package / "data" / "countries.parquet"
    content = pq.ParquetFile(path).read()
    pq.write_table(content, path, compression="gzip")
    assert codes(package) == ["byte-count"]


@pytest.mark.parametrize("value", [None, 5, ["x"], "md5:abc"])
def test_what_a_descriptor_says_of_bytes_may_be_of_any_type(package: Path, value: object) -> None:
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource["hash"] = value
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert codes(package).count("hash") == len(descriptor["resources"])


def test_a_file_in_parts_is_not_held_to_one_hash_but_each_to_the_columns(package: Path) -> None:
    path = package / "data" / "countries.csv"
    header, *rows = path.read_bytes().splitlines(keepends=True)
    (package / "data" / "a.csv").write_bytes(header + b"".join(rows[:3]))
    (package / "data" / "b.csv").write_bytes(header.replace(b"iso3", b"iso") + b"".join(rows[3:]))
    descriptor_path = package / "datapackage.json"
    descriptor = json.loads(descriptor_path.read_text(encoding="utf-8"))
    descriptor["resources"][0]["path"] = ["data/a.csv", "data/b.csv"]
    descriptor_path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert descriptor["resources"][0]["name"] == "countries"
    found = {(problem.code, problem.path, problem.field) for problem in problems(package)}
    assert found == {("missing-column", "data/b.csv", "iso3"), ("unknown-column", "data/b.csv", "iso")}


BYTES: list[tuple[str, Callable[[bytes], bytes], str, str, str]] = [
    ("byte order mark", lambda text: b"\xef\xbb\xbf" + text, "csv-bom", "first", "UTF-8 without one"),
    ("UTF-16", lambda text: text.decode().encode("utf-16"), "csv-other-encoding", "first", "save it as UTF-8"),
    ("UTF-32", lambda text: text.decode().encode("utf-32"), "csv-other-encoding", "first", "save it as UTF-8"),
    ("NUL", lambda text: text.replace(b"Serbia", b"Ser\0bia"), "csv-nul", "Serbia", "remove it"),
    ("CRLF", lambda text: text.replace(b"\n", b"\r\n"), "csv-carriage-return", "first", "line feed alone"),
    (
        "CR in a cell",
        lambda text: text.replace(b"Serbia", b'"Ser\rbia"'),
        "csv-carriage-return",
        "Serbia",
        "line feed alone",
    ),
    (
        "Windows-1250",
        lambda text: text.replace(b"Serbia", b"Srbsko \x9a"),
        "csv-encoding",
        "Serbia",
        "save the file as UTF-8",
    ),
    ("cut within a letter", lambda text: text + b"\xc5", "csv-encoding", "last", "save the file as UTF-8"),
]


@pytest.mark.parametrize(("damage", "code", "line", "hint"), [pytest.param(*case[1:], id=case[0]) for case in BYTES])
def test_bytes_that_are_no_text_of_ours_are_told_with_their_line(
    package: Path, damage: Callable[[bytes], bytes], code: str, line: str, hint: str
) -> None:
    path = package / "data" / "countries.csv"
    content = path.read_bytes()
    path.write_bytes(damage(content))
    before = {"first": b"", "Serbia": content[: content.index(b"Serbia")], "last": content}
    expected = before[line].count(b"\n") + 1
    sign(package)
    (problem,) = problems(package)
    assert (problem.code, problem.path, problem.table, problem.line) == (
        code,
        "data/countries.csv",
        "countries",
        expected,
    )
    assert hint in problem.hint
    assert (code in UNREAD) == (code == "csv-other-encoding")


def test_it_is_told_how_many_there_are(tmp_path: Path) -> None:
    path = table_file(tmp_path, ",".join(NAMES).encode() + b"\r\n" * 1200)
    assert [problem.message for problem in problems(path) if problem.code == "csv-carriage-return"] == [
        "the first of 1,200 bytes that are a carriage return, expected none"
    ]


HEADERS: list[tuple[str, list[str], set[tuple[str, str]]]] = [
    ("renamed", ["country", *NAMES[1:]], {("missing-column", "country_id"), ("unknown-column", "country")}),
    (
        "upper case",
        ["ISO3" if name == "iso3" else name for name in NAMES],
        {("missing-column", "iso3"), ("unknown-column", "ISO3")},
    ),
    ("one more", [*NAMES, "x"], {("unknown-column", "x")}),
    ("one twice", [*NAMES, "iso3"], {("duplicate-column", "iso3")}),
    ("one less", NAMES[1:], {("missing-column", "country_id")}),
    ("swapped", NAMES[::-1], {("column-order", "")}),
    ("SQL", [*NAMES, '"; DROP TABLE claims; --'], {("unknown-column", '"; DROP TABLE claims; --')}),
    ("a formula", [*NAMES, "=1+1;'a'"], {("unknown-column", "=1+1;'a'")}),
    ("no name", [*NAMES, ""], {("unknown-column", "")}),
    ("of two lines", [*NAMES, "a\nb"], {("unknown-column", "a\\nb")}),
    ("a mark of direction", [*NAMES, "\u202ex"], {("unknown-column", "\\u202ex")}),
]


@pytest.mark.parametrize(("names", "expected"), [pytest.param(*case[1:], id=case[0]) for case in HEADERS])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_other_columns_than_the_tables_are_told(
    tmp_path: Path, kind: str, names: list[str], expected: set[tuple[str, str]]
) -> None:
    path = tmp_path / f"countries.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(names)
    else:
        schema = arrow_schema(TABLES["countries"])
        types = {name: schema.field(name).type if name in NAMES else pa.string() for name in names}
        pq.write_table(pa.Table.from_arrays([pa.array([], types[name]) for name in names], names), path)
    found = {(problem.code, problem.field) for problem in problems(path) if problem.severity == "error"}
    assert found == expected
    assert {code for code, _ in found} <= UNREAD


@pytest.mark.parametrize(("mark", "told"), [(";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("header", ["{names}", "sep={mark}\n{names}", "{quoted}"])
def test_cells_that_are_separated_by_something_else_are_told_as_that(
    tmp_path: Path, mark: str, told: str, start: bytes, header: str
) -> None:
    quoted = mark.join(f'"{name}"' for name in NAMES)
    content = header.format(names=mark.join(NAMES), mark=mark, quoted=quoted)
    found = [each for each in problems(table_file(tmp_path, start + content.encode() + b"\n")) if each.line]
    assert [each.code for each in found] == ["csv-bom"] * bool(start) + ["csv-delimiter"]
    assert found[-1].message == f"cells are separated by {told}, expected a comma"
    assert found[-1].code in UNREAD


@pytest.mark.parametrize("header", ["country_id", "country_id;", "a;b;c"])
def test_a_name_with_a_semicolon_is_no_sign_of_other_separators(tmp_path: Path, header: str) -> None:
    assert "csv-delimiter" not in codes(table_file(tmp_path, header.encode()))


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_header_is_told_as_one(tmp_path: Path, content: bytes) -> None:
    (found,) = (each for each in problems(table_file(tmp_path, content)) if each.code in UNREAD)
    assert (found.code, found.line, found.field) == ("missing-column", 1, "")
    assert "the first line has nothing" in found.message


@pytest.mark.parametrize(("name", "told"), [("", "it has no name"), ("ISO3", "did you mean 'iso3'?")])
def test_what_an_unknown_column_may_be_is_told(tmp_path: Path, name: str, told: str) -> None:
    found = problems(table_file(tmp_path, ",".join([*NAMES, name]).encode() + b"\n"))
    assert told in next(each.message for each in found if each.code == "unknown-column")


def test_every_problem_that_keeps_rows_unread_says_so(tmp_path: Path) -> None:
    for header in (";".join(NAMES), ",".join(NAMES[1:]), ",".join([*NAMES, "x"]), ",".join(NAMES[::-1]), ""):
        found = [each for each in problems(table_file(tmp_path, header.encode())) if each.code in UNREAD]
        assert found
        assert all("no row of the table is checked" in each.hint for each in found)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are text there")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_whose_name_is_no_text_is_told(tmp_path: Path, kind: str) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + f"/lat\udce9.{kind}".encode(errors="surrogateescape")))
    path.write_bytes(b"x")
    (found,) = (each for each in problems(path, "countries") if each.code in UNREAD)
    assert (found.code, "no UTF-8" in found.message) == ("unreadable", True)


@pytest.mark.parametrize("content", [b"a" * 10 * 2**20, b'"' + b"a\n" * 5 * 2**20, b"a," * 5 * 2**20])
def test_a_header_of_ten_megabytes_is_told_and_not_kept(tmp_path: Path, content: bytes) -> None:
    path = table_file(tmp_path, content)
    tracemalloc.start()
    start = time.perf_counter()
    found = [problem for problem in problems(path) if problem.severity == "error"]
    seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # a line without end is told of the file too, where the ten megabytes are one line
    assert {problem.code for problem in found} - {"csv-line-too-long", "csv-record-too-long"} == {"unreadable"}
    assert f"more than {HEADER:,} bytes" in next(each.message for each in found if each.code == "unreadable")
    assert seconds < 5
    assert peak < 8 * 2**20


def test_of_many_unknown_columns_the_first_are_told(tmp_path: Path) -> None:
    path = table_file(tmp_path, ",".join([*NAMES, *(f"c{number}" for number in range(5000))]).encode())
    found = [problem for problem in problems(path) if problem.code == "unknown-column"]
    assert len(found) == TOLD + 1
    assert any(problem.message == f"{5000 - TOLD:,} more are not columns of countries" for problem in found)


def test_a_cell_of_ten_megabytes_is_no_matter_of_the_header(tmp_path: Path) -> None:
    assert codes(table_file(tmp_path, ",".join(NAMES).encode() + b"\n" + b"a" * 10 * 2**20)) == ["csv-line-too-long"]


@pytest.mark.parametrize(("type_", "place"), COLUMNS.items())
@pytest.mark.parametrize(
    "other",
    [
        *(pa.string(), pa.int64(), pa.int32(), pa.uint64(), pa.float64(), pa.float32(), pa.bool_(), pa.date32()),
        *(
            pa.timestamp("us"),
            pa.binary(),
            pa.decimal128(10, 2),
            pa.list_(pa.string()),
            pa.struct([("a", pa.string())]),
        ),
    ],
    ids=str,
)
def test_a_parquet_column_is_exactly_of_its_type(
    tmp_path: Path, type_: str, place: tuple[str, Column], other: pa.DataType
) -> None:
    name, column = place
    schema = arrow_schema(TABLES[name])
    index = schema.get_field_index(column.name)
    path = tmp_path / f"{name}.parquet"
    pq.write_table(schema.set(index, pa.field(column.name, other)).empty_table(), path)
    found = [(problem.code, problem.field) for problem in problems(path) if problem.severity == "error"]
    assert found == ([] if other == schema.field(column.name).type else [("column-type", column.name)])
    if found:
        assert PARQUET[type_] in next(each.message for each in problems(path) if each.code == "column-type")


def test_how_a_library_keeps_text_in_memory_is_not_told(tmp_path: Path) -> None:
    """Large strings and dictionaries are the same text in Parquet."""
    schema = arrow_schema(TABLES["countries"])
    for type_ in (pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        schema = schema.set(0, pa.field(NAMES[0], type_))
        pq.write_table(schema.empty_table(), tmp_path / "countries.parquet")
        assert codes(tmp_path / "countries.parquet") == []


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1", b"a,b\n"])
def test_a_damaged_parquet_file_is_told_and_the_others_checked(package: Path, content: bytes) -> None:
    (package / "data" / "projects.parquet").write_bytes(content)
    path = package / "data" / "countries.parquet"
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["iso3"]), path)
    sign(package)
    found = [(problem.code, problem.path, problem.field) for problem in problems(package)]
    assert found == [
        ("missing-column", "data/countries.parquet", "iso3"),
        ("unreadable", "data/projects.parquet", ""),
    ]


@drawn(st.data())
def test_no_damage_to_a_parquet_file_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray((ROOT / "datapackage" / "data" / "countries.parquet").read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(len(content) - 3000, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "countries.parquet"
    path.write_bytes(content)
    assert all(isinstance(problem, Problem) for problem in problems(path))


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1] *").mkdir()
    shutil.copy(ROOT / "datapackage" / "data" / "countries.parquet", tmp_path / "a[1] *" / "countries.parquet")
    assert codes(tmp_path / "a[1] *") == []


def test_a_column_in_the_name_of_a_folder_is_asked_for_in_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "countries" / "subregion=Eastern Europe"
    folder.mkdir(parents=True)
    (folder / "part-0.csv").write_text(",".join(name for name in NAMES if name != "subregion"), encoding="utf-8")
    (problem,) = [each for each in problems(tmp_path) if each.severity == "error"]
    assert (problem.code, problem.field) == ("missing-column", "subregion")
    assert problem.hint == "the name of its folder is not read: write the column into the file"


def test_a_file_that_may_not_be_read_is_told(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path, *given: Any, **named: Any) -> Any:
        if path.name == "projects.csv":
            raise PermissionError(13, "Permission denied")
        return really(path, *given, **named)

    really = Path.open
    monkeypatch.setattr(Path, "open", closed)
    (problem,) = problems(package)
    assert (problem.code, problem.path) == ("unreadable", "data/projects.csv")
    assert problem.message == "the file cannot be read: Permission denied"


def test_problems_come_in_the_order_of_their_places(package: Path) -> None:
    for name in ("sources", "actors", "meetings"):
        (package / "data" / f"{name}.csv").write_bytes(b"\0")
    found = problems(package)
    assert found == sorted(found)
    assert len({problem.path for problem in found}) == 3


@pytest.mark.parametrize("is_packed", [False, True])
def test_how_a_file_was_saved_is_an_error_only_of_a_package(tmp_path: Path, is_packed: bool) -> None:
    package = Path(shutil.copytree(ROOT / "datapackage", tmp_path / "package"))
    path = package / "data" / "countries.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    saved = [problem for problem in problems(package if is_packed else path) if problem.code in SAVED]
    assert {problem.code for problem in saved} == SAVED
    assert {problem.severity for problem in saved} == {"error" if is_packed else "warning"}
