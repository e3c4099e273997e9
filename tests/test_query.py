"""Queries: any question to the tables, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import ceechina as cc
from ceechina.errors import PackageError, QueryError, UnknownNameError
from conftest import ROOT, World

SECRET = ROOT / "pyproject.toml"


@pytest.mark.parametrize("table", [info.name for info in cc.tables()])
def test_every_table_is_there_by_its_name(table: str) -> None:
    found = cc.query(f"SELECT * FROM {table}", "arrow")
    assert found.to_pylist() == pq.ParquetFile(ROOT / "datapackage" / "data" / f"{table}.parquet").read().to_pylist()


@pytest.mark.parametrize(
    "sql",
    [
        "FROM projects SELECT kind",
        "WITH mine AS (SELECT * FROM projects) SELECT * FROM mine",
        "VALUES (1)",
        "DESCRIBE projects",
        "SUMMARIZE projects",
        "SHOW TABLES",
        "EXPLAIN SELECT * FROM projects",
        "PIVOT projects ON kind USING count(*)",
        "SELECT count(*) FROM Projects",
    ],
)
def test_whatever_only_reads_is_answered(sql: str) -> None:
    assert len(cc.query(sql)) > 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE TABLE mine AS SELECT * FROM projects", "CREATE is not for here"),
        ("INSERT INTO projects VALUES (1)", "INSERT is not for here"),
        ("DROP VIEW projects", "DROP is not for here"),
        ("UPDATE projects SET name = ''", "UPDATE is not for here"),
        ("COPY projects TO '{folder}/out.csv'", "COPY is not for here"),
        ("COPY (SELECT 1) TO '{folder}/out.csv'", "COPY is not for here"),
        ("EXPORT DATABASE '{folder}'", "EXPORT is not for here"),
        ("ATTACH '{folder}/other.db'", "ATTACH is not for here"),
        ("SET enable_external_access = true", "SET is not for here"),
        ("INSTALL httpfs", "LOAD is not for here"),
        ("LOAD httpfs", "LOAD is not for here"),
        ("PRAGMA database_list", "PRAGMA is not for here"),
        ("CALL pragma_version()", "CALL is not for here"),
        ("SELECT * FROM read_csv('{secret}')", "closed to it"),
        ("SELECT * FROM read_text('{secret}')", "closed to it"),
        ("SELECT * FROM read_parquet('{folder}/*.parquet')", "closed to it"),
        ("SELECT * FROM glob('{folder}/*')", "closed to it"),
        ("SELECT * FROM read_csv('https://example.org/a.csv')", "closed to it"),
        ("SELECT 1; DROP VIEW projects", "one query is answered at a time; here are 2"),
        ("WITH gone AS (DELETE FROM projects) SELECT * FROM gone", "not an table|only delete from base table"),
        ("", "one query is answered at a time; here are 0"),
        ("SELEC 1", "syntax error"),
        ("SELECT nme FROM projects", '"name"'),
        ("SELECT sqt(1)", "sqt"),
        ("SELECT * FROM projects WHERE project_id = ?", "not provided"),
    ],
)
def test_anything_else_is_refused_and_leaves_nothing(tmp_path: Path, sql: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        cc.query(sql.format(folder=tmp_path, secret=SECRET))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("table", "nearest"), [("projcts", "projects"), ("claim", "claims")])
def test_an_unknown_table_is_told_with_the_nearest(table: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{nearest}'"):
        cc.query(f"SELECT * FROM {table}")


def test_neither_files_nor_variables_are_taken_for_tables() -> None:
    mine = pd.DataFrame({"a": [1]})
    with pytest.raises(UnknownNameError, match="no table is called 'mine'"):
        cc.query("SELECT * FROM mine")
    with pytest.raises(UnknownNameError):
        cc.query(f"SELECT * FROM '{SECRET}'")
    assert len(mine) == 1


def test_parameters_come_by_place_or_by_name() -> None:
    sql = "SELECT name FROM countries WHERE country_id = {}"
    assert cc.query(sql.format("?"), "arrow", parameters=["RS"]).to_pylist() == [{"name": "Serbia"}]
    assert cc.query(sql.format("$code"), "arrow", parameters={"code": "RS"}).to_pylist() == [{"name": "Serbia"}]
    assert cc.query(sql.format("?"), parameters=["'; DROP VIEW countries --"]).empty


def test_sums_of_whole_numbers_are_whole_numbers() -> None:
    found = cc.query("SELECT sum(claim_count) AS claims, list(kind) AS kinds FROM projects")
    assert found["claims"].dtype == pd.Int64Dtype()
    assert not any(pd.api.types.is_object_dtype(dtype) for dtype in found.dtypes)
    huge = cc.query("SELECT 170141183460469231731687303715884105727::HUGEINT AS n", "arrow")
    assert huge["n"].to_pylist() == [170141183460469231731687303715884105727]


def test_a_damaged_package_is_told_with_the_file(built: World) -> None:
    path = built.root / "datapackage" / "data" / "claims.parquet"
    path.write_bytes(b"not parquet")
    with pytest.raises(PackageError, match=r"claims\.parquet cannot be read: "):
        cc.open(built.root / "datapackage").query("SELECT count(*) FROM projects")
