"""Rows made to do harm: told in a clear message, in bounded time and memory, and never run."""

from __future__ import annotations

import csv
import re
import resource
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ceechina.errors import Problem, RoomError
from ceechina.model.records import model
from ceechina.validate.duck import HELD
from ceechina.validate.engine import validate
from ceechina.validate.report import as_text
from damage import write_csv

TABLES = model()
NAMES = [column.name for column in TABLES["actors"].columns]
ACTOR = {"actor_id": "hbis", "name": "HBIS", "kind": "company"}
HUGE = 10 * 2**20


def problems(folder: Path, *actors: dict[str, str], kind: str = "csv", limit: int = 1000) -> list[Problem]:
    """What is found in a table of actors, by itself; what is not there is left aside."""
    rows = [ACTOR | actor for actor in actors]
    path = folder / f"actors.{kind}"
    if kind == "csv":
        write_csv(path, NAMES, rows)
    else:
        pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in NAMES}, SCHEMA), path)
    report = validate(path, TABLES, limit=limit)
    return [problem for problem in report.problems if problem.code != "not-in-package"]


SCHEMA = pa.schema([(name, pa.string()) for name in NAMES])


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_formula_is_warned_of(tmp_path: Path, start: str, kind: str) -> None:
    (found,) = problems(tmp_path, {"name": f"{start}cmd|' /C calc'!A0"}, kind=kind)
    assert (found.code, found.severity, found.row) == ("actors.name.formula", "warning", 1)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("unseen", ["\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\u0430"])
def test_an_id_with_characters_that_look_like_none_or_others_is_told_and_shown(
    tmp_path: Path, unseen: str, kind: str
) -> None:
    (found,) = problems(tmp_path, {"actor_id": f"hb{unseen}is"}, kind=kind)
    assert found.code == "actors.actor_id.form"
    assert unseen == "\u0430" or unseen not in as_text(validate(tmp_path / f"actors.{kind}", TABLES))


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE actors; --",
        "\"; ATTACH 'evil.db'; --",
        "') OR 1=1 --",
        "${jndi:ldap://evil}",
        "read_csv('/etc/passwd')",
        "%s %(name)s {0} {name}",
    ],
)
def test_sql_in_a_cell_is_text(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, {"name": text}) == []
    (found,) = problems(tmp_path, {"actor_id": text})
    assert (found.code, found.value) == ("actors.actor_id.form", text)
    assert [path.name for path in tmp_path.iterdir()] == ["actors.csv"]


@pytest.mark.parametrize("column", ["published", "published_earliest", "published_precision"])
def test_sql_in_a_date_is_text(tmp_path: Path, column: str) -> None:
    """Of a date, sets of cells are counted, judged and looked up again by their values."""
    text = "2019' OR 1=1; DROP TABLE sources; --"
    path = tmp_path / "sources.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in TABLES["sources"].columns], lineterminator="\n")
        writer.writeheader()
        writer.writerow({"source_id": "a", "published": "2019", column: text})
    told = {each.field: each for each in validate(path, TABLES).problems if each.field.startswith("published")}
    assert told[column].value == text


def test_a_cell_of_ten_megabytes_is_told_and_not_printed(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"name": " " + "x" * HUGE}, kind="parquet")
    assert found.code == "actors.name.form"
    assert len(str(found)) < 2000
    found, *others = problems(tmp_path, {"actor_id": "sinopharm"}, {"name": "x" * HUGE})
    assert (found.code, found.line) == ("csv-line-too-long", 3)
    assert len(str(found)) < 2000
    assert {each.code for each in others} <= {"csv-line-size-over-maximum", "csv-unquoted-value"}


def test_a_file_of_bad_cells_is_counted_whole_and_kept_in_part(tmp_path: Path) -> None:
    """Every cell is bad; what is kept does not grow with how many are."""
    count = 20_000
    bad = [dict.fromkeys(NAMES, f" {number}") for number in range(count)]
    found = problems(tmp_path, *bad, limit=10)
    assert len(found) == 10 * len({problem.code for problem in found})
    report = validate(tmp_path / "actors.csv", TABLES, limit=10)
    assert report.totals["actors.csv", "actors.name.form"] == count
    # the parent is there though its id is bad, but it is the actor itself
    assert report.error_count == count * len(NAMES)
    assert len(report.problems) < 200
    assert len(as_text(report)) < 50_000


@pytest.mark.parametrize("name", ["a[1]*?.csv", "it's; DROP.csv", "név.csv"])
def test_a_files_name_is_no_pattern_and_no_sql(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(",".join(NAMES) + "\n" + ",".join(ACTOR.get(column, "") for column in NAMES) + "\n", "utf-8")
    assert [each.code for each in validate(path, TABLES, table="actors").problems] == ["not-in-package"]


@pytest.mark.parametrize("is_damaged", [False, True], ids=["whole", "damaged"])
def test_a_full_disk_is_told_as_such_and_not_as_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    path = tmp_path / "actors.csv"
    lines = [",".join((ACTOR | {"actor_id": f"a{n}"}).get(column, "") for column in NAMES) for n in range(HELD // 20)]
    path.write_text("\n".join([",".join(NAMES), *lines, *["one cell"] * is_damaged, ""]), "utf-8")
    assert path.stat().st_size > HELD
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, most))
    try:
        with pytest.raises(RoomError, match=re.escape(str(tmp_path / "temporary"))):
            validate(path, TABLES)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert not list((tmp_path / "temporary").iterdir())
