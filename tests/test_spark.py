"""Spark gives the report that DuckDB gives, place by place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ceechina.errors import UnsupportedError
from ceechina.model.records import model
from ceechina.validate import engine, spark
from ceechina.validate.report import Report
from conftest import ROOT, World
from damage import edit_csv

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLES = model()


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """A session that compiles nothing, as a few rows are read sooner than code is compiled."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.session.timeZone": "UTC",
    }.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("OFF")
    yield found
    found.stop()


def both(path: Path, session: SparkSession) -> tuple[Report, Report]:
    there = engine.validate(path, TABLES, start=lambda: spark.Spark.started(session))
    return engine.validate(path, TABLES), there


def spoil(package: Path) -> None:
    """Damage of every class, in rows that DuckDB and Spark might number or read differently."""
    data = package / "data"

    def cells(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"kind": "constrution", "name": ' "Bridge"\nof two lines ', "claim_count": "1.5", "summary": "=1+1"}
        rows[0] |= {"first_event": "2019-02-30", "first_event_latest": "2018-01-01", "is_contested": "yes"}

    edit_csv(data / "projects.csv", cells)
    edit_csv(data / "memberships.csv", lambda rows: rows.append(dict(rows[0])))
    edit_csv(data / "project_amounts.csv", lambda rows: rows[0].update(value="NaN", currency=""))
    edit_csv(data / "project_participants.csv", lambda rows: rows[0].update(actor_id="nobody"))
    edit_csv(data / "claims.csv", lambda rows: rows.pop(3))
    edit_csv(data / "passages.csv", lambda rows: rows[0].update(source_id="herald-2021", sha256="abc"))
    for name, line in {"actors": "a,b\n", "claims": "x," * 40 + "x\n"}.items():
        path = data / f"{name}.csv"
        head, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([head, rest[0], line, *rest[1:]]), encoding="utf-8")


# few tables, as each rule takes Spark a good part of a second
SOME = ("countries", "actors", "sources", "projects", "project_amounts", "project_participants", "memberships")


def test_both_engines_give_the_same_report(built: World, session: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "rows" / "data"
    folder.mkdir(parents=True)
    for name in (*SOME, "passages", "claims"):
        shutil.copy(built.root / "datapackage" / "data" / f"{name}.csv", folder)
    spoil(folder.parent)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    here, there = both(folder.parent, session)
    assert len({problem.code for problem in here.problems}) > 25
    assert [problem.to_dict() for problem in there.problems] == [problem.to_dict() for problem in here.problems]
    assert there.totals == here.totals
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_both_engines_read_parts_and_patterns(built: World, session: SparkSession, tmp_path: Path) -> None:
    """Rows in several files are numbered within their own file."""
    table = pq.ParquetFile(built.root / "datapackage" / "data" / "claims.parquet").read()
    folder = tmp_path / "parts" / "claims"
    folder.mkdir(parents=True)
    spoilt = table.set_column(11, table.schema.field(11), pa.array(["no"] * len(table), pa.string()))
    pq.write_table(table.slice(0, 5), folder / "part-0.parquet")
    pq.write_table(spoilt.slice(5, 3), folder / "part-1.parquet")
    here, there = both(folder.parent, session)
    found = [(each.path, each.row) for each in here.problems if each.code == "claims.standing.code"]
    assert found == [("claims/part-1.parquet", row) for row in (1, 2, 3)]
    assert there.problems == here.problems


def test_a_file_that_has_changed_is_read_again(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "memberships.csv"
    shutil.copy(ROOT / "datapackage" / "data" / "memberships.csv", path)
    views = {view.name for view in session.catalog.listTables()}
    assert [each.code for each in both(path, session)[1].problems] == ["not-in-package"]
    edit_csv(path, lambda rows: rows[0].update(status="membre"))
    here, there = both(path, session)
    assert "memberships.status.code" in {each.code for each in there.problems}
    assert there.problems == here.problems
    assert {view.name for view in session.catalog.listTables()} == views


@pytest.mark.parametrize("name", ["_amounts", "a[1]*{2}", ".amounts"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_files_name_hides_no_row(session: SparkSession, tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / f"{name}.{kind}"
    shutil.copy(ROOT / "datapackage" / "data" / f"project_amounts.{kind}", path)
    there = engine.validate(path, TABLES, table="project_amounts", start=lambda: spark.Spark.started(session))
    is_passed_over = kind == "parquet" and not name.startswith("a")
    assert [each.code for each in there.problems] == ["not-in-package", *["unreadable"] * is_passed_over]


def test_both_engines_read_numbers_of_every_size(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "project_amounts.parquet"
    content = pq.ParquetFile(ROOT / "datapackage" / "data" / "project_amounts.parquet").read()
    numbers = [1e7, 46_000_000, 5e-05, 12345678.9, 1e16, 2.5, 123456789.125, 0, float("nan"), 1e300, -1, 1e-11]
    values = pa.array((numbers * len(content))[: len(content)], pa.float64())
    place = content.schema.get_field_index("value")
    pq.write_table(content.set_column(place, content.schema.field(place), values), path)
    here, there = both(path, session)
    for report in (here, there):
        found = [each.row - 1 for each in report.problems if each.code == "project_amounts.value.form"]
        # those that no plain number says, however each engine writes them
        assert [row for row in found if row < len(numbers)] == [4, 8, 9, 10, 11]


def test_where_java_is_missing_the_message_says_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    def fail(_: object) -> None:
        raise PySparkRuntimeError("Java gateway process exited before sending its port number.")

    monkeypatch.setattr(SparkSession.Builder, "getOrCreate", fail)
    with pytest.raises(UnsupportedError, match="Java 17 or newer"), spark.Spark.started():
        pass


def test_where_spark_is_missing_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(UnsupportedError, match=r"pip install ceechina\[spark\]"), spark.Spark.started():
        pass
