"""Rows of CSV files as objects: read as written, and refused with the line where they are damaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ceechina.curate.csv_rows import read_rows, render_rows
from ceechina.errors import ProblemsError


@dataclass(frozen=True)
class Ship:
    name: str
    masts: int


SHIPS = [Ship("Vrba, the first", 2), Ship("“Niš”\nsecond", 0)]


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "ships.csv"
    path.write_text(render_rows(Ship, SHIPS), encoding="utf-8", newline="")
    assert read_rows(tmp_path, "ships.csv", Ship, "") == SHIPS
    assert b"\r" not in path.read_bytes()


def test_no_file_is_no_rows(tmp_path: Path) -> None:
    assert read_rows(tmp_path, "none.csv", Ship, "") == []


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"", 1, "the header is None"),
        (b"name,mast\na,1\n", 1, "the header is ['name', 'mast']"),
        (b"name,masts\na,1\nb,two\n", 3, "'two' is no whole number of at most nine digits"),
        (b"name,masts\na\n", 2, "cells are missing"),
        (b"name,masts\na,1,2\n", 2, ""),
        (b"name,masts\n\xff,1\n", 2, "a byte is no UTF-8"),
        (b"name,masts\n" + b"a,1\n" * 5000 + b"\xff,1\n", 5002, "a byte is no UTF-8"),
        (b'name,masts\na,1\n"a,1\n', 2, "unexpected end of data"),
        (b"\xef\xbb\xbfname,masts\na,1\n", 1, "the header is ['\\ufeffname', 'masts']"),
    ],
    ids=["empty", "other header", "no number", "short", "long", "not UTF-8", "not UTF-8 below", "open quote", "mark"],
)
def test_damaged_rows_are_refused_with_line_reason_and_remedy(
    tmp_path: Path, content: bytes, line: int, why: str
) -> None:
    (tmp_path / "ships.csv").write_bytes(content)
    with pytest.raises(ProblemsError) as raised:
        read_rows(tmp_path, "ships.csv", Ship, "write it anew")
    (problem,) = raised.value.problems
    assert (problem.path, problem.line, problem.hint) == (f"{tmp_path.name}/ships.csv", line, "write it anew")
    assert problem.message.startswith("this is not a row of name, masts: ")
    assert why in problem.message
