"""A damaged CSV file: its rows are read as they stand, and what is none is told with its line and its number."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import tracemalloc
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ceechina.model.records import model
from ceechina.validate.duck import Duck
from ceechina.validate.scan import LINE
from ceechina.validate.sift import AFTER_QUOTE, BEFORE_QUOTE, Sifted, sift, unclosed

COUNTRIES = model()["countries"]
NAMES = [column.name for column in COUNTRIES.columns]
HEADER = ",".join(NAMES) + "\n"
ROW = "," * (len(NAMES) - 1)


def sifted(folder: Path, content: str | bytes, limit: int = 1000) -> tuple[Sifted, Path]:
    path, copy = folder / "countries.csv", folder / "copy.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return sift(path, NAMES, limit, copy), copy


KINDS = [
    ("nothing is wrong", f"a{ROW}\n", "", 0),
    ("too few cells", "a,b\n", "missing-columns", 2),
    ("too many cells", f"a{ROW},b\n", "too-many-columns", 2),
    ("nothing after the last cell", f"a{ROW},,\n", "", 0),
    ("nothing in quotes after the last cell", f'a{ROW}, "" ,""\n', "", 0),
    ("a space after the last cell", f"a{ROW}, \n", "too-many-columns", 2),
    ("spaces about a quoted cell", f' "a, b"  {ROW}\n', "", 0),
    ("two spaces before a quote", f'  "a, b"{ROW[1:]}\n', "", 0),
    ("a quote and a space within a cell", f'"a"" ,b"{ROW}\n', "", 0),
    ("nothing", "\n", "blank-line", 2),
    ("a quote not closed", f'a{ROW}\n"b{ROW}\n', "unquoted-value", 3),
    ("a quote not written twice", f'"a"b{ROW}\n', "unquoted-value", 2),
    ("a quote that opens no cell", f'a"b{ROW}\n', "", 0),
    ("lines within a cell", f'"a\n\nb"{ROW}\n', "", 0),
]


@pytest.mark.parametrize(("record", "kind", "line"), [pytest.param(*case[1:], id=case[0]) for case in KINDS])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_what_is_no_row_is_told_and_not_copied(tmp_path: Path, record: str, kind: str, line: int, end: str) -> None:
    found, copy = sifted(tmp_path, (HEADER + record + f"z{ROW}\n").replace("\n", end))
    told = [(each.kind, each.line) for each in found.lines]
    assert told == ([(kind, line)] if kind else [])
    assert dict(found.counts) == ({kind: 1} if kind else {})
    rows = list(csv.reader(io.StringIO(copy.read_text("utf-8"), newline="")))
    assert rows[0] == NAMES
    # all from an open quote on is one record
    assert rows[-1][0] == ("a" if line == 3 else "z")


def test_lines_that_an_open_quote_makes_one_record_are_told(tmp_path: Path) -> None:
    found, copy = sifted(tmp_path, f'{HEADER}a{ROW}\n"b{ROW}\nc{ROW}\n"d{ROW}\ne{ROW}\n')
    assert [each.message for each in found.lines] == [
        "lines 3 to 5 are one record: a quote is not closed, or not written twice"
    ]
    assert list(found.lost) == [3]
    assert [line[0] for line in copy.read_text("utf-8").splitlines()[1:]] == ["a", "e"]


def test_bytes_that_are_no_text_keep_no_row_from_being_read(tmp_path: Path) -> None:
    found, copy = sifted(tmp_path, HEADER.encode() + b"Vu\xe8i\xe6" + ROW.encode() + b"\nb" + ROW.encode() + b"\n")
    assert found.lines == []
    assert copy.read_text("utf-8").splitlines()[1:] == [f"Vu\ufffdi\ufffd{ROW}", f"b{ROW}"]


def test_without_a_copy_blank_lines_alone_are_told(tmp_path: Path) -> None:
    """What else an engine has taken for a row is one."""
    path = tmp_path / "a.csv"
    path.write_text(f'{HEADER}"a" {ROW}\n\nb\nc{ROW}\n', encoding="utf-8")
    found = sift(path, NAMES, 10)
    assert (list(found.lost), dict(found.counts)) == ([3], {"blank-line": 1})
    assert [found.record(row) for row in (0, 1, 2, 3)] == [0, 1, 3, 4]


def test_all_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    found, _ = sifted(tmp_path, HEADER + f"a,b\na{ROW}\n\n" * 500, limit=3)
    assert dict(found.counts) == {"missing-columns": 500, "blank-line": 500}
    assert [each.number for each in found.lines] == [2, 4, 5, 7, 8, 10]
    assert len(found.lost) == 1000


def test_a_line_of_megabytes_is_passed_over_and_not_kept(tmp_path: Path) -> None:
    content = HEADER.encode() + b"x" * 20 * 2**20 + ROW.encode() + b"\n" + f"b{ROW}\n".encode()
    tracemalloc.start()
    found, copy = sifted(tmp_path, content)
    peak = tracemalloc.get_traced_memory()[1] - len(content)
    tracemalloc.stop()
    assert (found.lines, list(found.lost)) == ([], [2])
    assert copy.read_text("utf-8").splitlines()[1:] == [f"b{ROW}"]
    assert peak < 10 * LINE


def test_a_cell_may_be_longer_than_python_takes_at_first(tmp_path: Path) -> None:
    found, _ = sifted(tmp_path, HEADER + "x" * 200_000 + ROW + "\n")
    assert found.lines == []
    assert csv.field_size_limit() >= LINE


PIECES = st.sampled_from([ROW, ROW, ",", '"', '""', '"a,b"', "a", " ", "\n", "\r\n", "ł"])


@settings(max_examples=40)
@given(st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=8), st.sampled_from(["\n", "\r\n"]))
@example([f"a{ROW}", f'"a\n\nb"{ROW}'], "\r\n")
def test_duckdb_reads_what_is_left_and_refuses_only_what_is_told(records: list[str], end: str) -> None:
    content = "".join(f"{record}{end}" for record in [HEADER.strip(), *records])
    # DuckDB makes one cell of two quoted texts with spaces between; that they are none is told where it refuses others
    assume(not re.search('" +"', content))
    with tempfile.TemporaryDirectory() as folder, Duck.started() as duck:
        found, copy = sifted(Path(folder), content)
        duck.load("clean", COUNTRIES, "csv", [copy])
        rows = duck.ask("SELECT * EXCLUDE (ceechina_row) FROM clean ORDER BY ceechina_row")
        lines = io.StringIO(copy.read_bytes().decode(), newline="")
        cells = csv.reader(BEFORE_QUOTE.sub(r'\1"', AFTER_QUOTE.sub('"', line)) for line in lines)
        # spaces within quotes are lost to the reader here
        read = [[(cell or "").replace(" ", "") for cell in row] for row in rows]
        assert read == [[cell.replace(" ", "") for cell in row[: len(NAMES)]] for row in list(cells)[1:]]
        try:
            duck.load("whole", COUNTRIES, "csv", [Path(folder) / "countries.csv"])
        except duckdb.Error:
            ends = content.replace("\r\n", "\n") != content and content.count("\r\n") != content.count("\n")
            assert found.lost or ends
        else:
            assert set(found.counts) <= {"blank-line"}
            assert duck.ask("SELECT count(*) FROM whole") == [(len(rows),)]


@pytest.mark.parametrize(
    ("cell", "line"),
    [('A 5" pipe of steel', 0), ('"A quote ""within"" a cell"', 0), ('"never closed', 102), (' "never closed', 102)],
)
def test_a_quote_that_is_not_closed_is_told_from_one_within_a_cell(tmp_path: Path, cell: str, line: int) -> None:
    path = tmp_path / "rows.csv"
    rows = ["a,b", *["some words of a cell,and others"] * 100, f"{cell},b", *["x,y"] * (LINE // 3)]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert unclosed(path) == line
