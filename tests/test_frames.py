"""Forms a table comes in: the same rows in each, with the types a reader of it expects."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import ceechina as cc
from ceechina.errors import UnsupportedError
from ceechina.read.package import Package
from ceechina.read.tables.frames import FORMS, hand_over
from conftest import ROOT

PUBLISHED = Package(ROOT / "datapackage")
TABLES = [info.name for info in PUBLISHED.tables()]


def rows(content: Any) -> list[tuple[Any, ...]]:
    """The rows of any form, with None for nothing and dates as days."""
    match content:
        case pa.Table():
            return [tuple(row.values()) for row in content.to_pylist()]
        case pl.DataFrame():
            return content.rows()
        case duckdb.DuckDBPyRelation():
            return content.fetchall()
    plain = content.astype(object).where(content.notna(), None)
    return [
        tuple(cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in row)
        for row in plain.itertuples(index=False, name=None)
    ]


@pytest.mark.parametrize("table", TABLES)
def test_every_form_holds_the_same_rows(table: str) -> None:
    expected = rows(PUBLISHED.load(table, "arrow"))
    assert rows(PUBLISHED.load(table)) == expected
    assert rows(PUBLISHED.load(table, "polars")) == expected
    assert rows(PUBLISHED.load(table, "duckdb")) == expected


def test_codes_keep_their_list_and_order() -> None:
    info = cc.describe("projects")
    frame, polars = cc.load("projects"), cc.load("projects", "polars")
    for name in ("kind", "status"):
        dtype = frame[name].dtype
        assert isinstance(dtype, pd.CategoricalDtype)
        assert tuple(dtype.categories) == info[name].codes
        assert dtype.ordered == info[name].ordered
        assert polars[name].dtype == pl.Enum(info[name].codes)


def test_a_relation_is_seen_by_the_sql_of_duckdb() -> None:
    relation = cc.load("countries", "duckdb")
    assert relation.columns[0] == "country_id"
    counted = duckdb.sql("SELECT count(*) FROM relation")
    assert counted is not None
    assert counted.fetchall() == [(cc.describe("countries").rows,)]


def test_what_pandas_would_hold_as_objects_stays_with_arrow() -> None:
    content = pa.table({"list": [[1, 2], None], "bytes": [b"a", b"b"], "sum": pa.array([1, 2], pa.decimal128(38, 0))})
    frame = hand_over(content, "pandas")
    assert not any(pd.api.types.is_object_dtype(dtype) for dtype in frame.dtypes)


@pytest.mark.parametrize("call", [cc.load, cc.query, cc.range])
def test_another_form_is_refused_with_the_nearest(call: Any) -> None:
    arguments = ("project_amounts", "value") if call.__name__ == "range" else ("project_amounts",)
    with pytest.raises(UnsupportedError, match=r"\(pandas, arrow, polars, duckdb\); did you mean 'pandas'"):
        call(*arguments, as_="panda")
    assert FORMS[0] == "pandas"
