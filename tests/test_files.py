"""CSV and Parquet hold the same rows, and give back what went in."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from ceechina.model.records import ROWS
from ceechina.model.tables import Column, Table, build
from ceechina.publish.files import write_csv, write_parquet

TABLES = build(ROWS)
# what text can hold in a record: no control characters, none at its ends
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(' ",;\n'), min_size=1).map(
    lambda text: f"x{text}x"
)


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Any value of a column, or none where it may be empty."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": TEXT,
        "integer": st.integers(0, 10**17),
        "number": st.integers(0, 10**12).map(lambda number: number / 100),
        "boolean": st.booleans(),
        "date": st.dates(min_value=dt.date(1000, 1, 1)),
    }
    drawn = st.sampled_from(column.codes.names) if column.codes else kinds[column.scalar.type]
    return drawn if column.required else st.none() | drawn


def rows(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({column.name: cells(column) for column in table.columns}), max_size=4)


@given(st.sampled_from(list(TABLES.values())).flatmap(lambda table: st.tuples(st.just(table), rows(table))))
def test_rows_come_back_from_both(case: tuple[Table, list[dict[str, Any]]]) -> None:
    table, written = case
    with tempfile.TemporaryDirectory() as folder:
        as_csv, as_parquet = Path(folder) / "a.csv", Path(folder) / "a.parquet"
        write_csv(table, written, as_csv)
        write_parquet(table, written, as_parquet)
        assert pq.ParquetFile(as_parquet).read().to_pylist() == written
        with as_csv.open(encoding="utf-8", newline="") as file:
            read = [
                {column.name: _read(column, row[column.name]) for column in table.columns}
                for row in csv.DictReader(file)
            ]
        assert read == written
        assert b"\r" not in as_csv.read_bytes()


def _read(column: Column, cell: str) -> Any:
    # any text is drawn for a string, so that only its way through the file is tried, not its form
    return (cell if column.scalar.type == "string" else column.scalar.parse(cell)) if cell else None


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    table = TABLES["countries"]
    row = {column.name: None for column in table.columns} | {
        "country_id": "RS",
        "iso3": "SRB",
        "name": "Serbia",
        "subregion": "Southern Europe",
        "scope": "region",
    }
    for name in ("one", "two"):
        write_csv(table, [row], tmp_path / f"{name}.csv")
        write_parquet(table, [row], tmp_path / f"{name}.parquet")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
