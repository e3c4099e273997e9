"""DuckDB as an engine: queries at once give what they give one by one, and memory grows where a query needs more."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Timer

import duckdb
import pytest

from ceechina.errors import RoomError
from ceechina.model.records import model
from ceechina.validate import duck as engines
from ceechina.validate.duck import Duck

TABLES = model()
# a list of so many numbers cannot be kept in a file while it is made
LARGE = "SELECT len(list(range)) FROM range({})"
NUMBER = 3_000_000


def limit_of(duck: Duck) -> str:
    return str(duck.ask("SELECT current_setting('memory_limit')")[0][0])


def test_queries_asked_at_once_have_the_answers_of_each_in_their_order() -> None:
    with Duck.started() as duck:
        duck.define({"numbers": "SELECT * FROM range(10) AS numbers(n)"})
        queries = [f"SELECT n + {number} FROM numbers ORDER BY 1 LIMIT 2" for number in range(20)]
        assert duck.ask_all(queries) == [duck.ask(query) for query in queries]
        assert duck.ask_all([]) == []


def test_what_is_defined_again_is_replaced() -> None:
    with Duck.started() as duck:
        for number in (1, 2):
            duck.define({"one": f"SELECT {number} AS n"})
            assert duck.ask("SELECT n FROM one") == [(number,)]


def test_a_wrong_query_among_others_is_told() -> None:
    with Duck.started() as duck, pytest.raises(duck.error, match="nowhere"):
        duck.ask_all(["SELECT 1", "SELECT * FROM nowhere", "SELECT 2"])


def test_a_query_that_is_stopped_ends_as_the_user_wants(tmp_path: Path) -> None:
    """And not as an error of DuckDB's."""
    with duckdb.connect() as connection:
        duck = Duck(connection, tmp_path, ["1GiB"])
        stop = Timer(0.5, connection.interrupt)
        stop.start()
        with pytest.raises(KeyboardInterrupt):
            duck.ask("SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(1000000) AS b")
        stop.join()


@pytest.mark.parametrize("count", [1, 4])
def test_a_query_that_needs_more_memory_is_given_it(tmp_path: Path, count: int) -> None:
    with duckdb.connect() as connection:
        duck = Duck(connection, tmp_path, ["24MiB", "2GiB", "3GiB"])
        assert limit_of(duck) == "24.0 MiB"
        assert duck.ask_all([LARGE.format(NUMBER)] * count) == [[(NUMBER,)]] * count
        # however many need it, it grows once
        assert limit_of(duck) == "2.0 GiB"


def test_a_query_that_needs_more_than_there_is_ends(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        duck = Duck(connection, tmp_path, ["24MiB", "32MiB"])
        for _ in range(2):
            with pytest.raises(RoomError, match=re.escape(str(tmp_path.parent))):
                duck.ask(LARGE.format(NUMBER))
        assert duck.ask("SELECT 1") == [(1,)]


def test_large_files_are_given_more_memory_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LARGE", 10)
    path = tmp_path / "countries.csv"
    path.write_text(",".join(column.name for column in TABLES["countries"].columns) + "\n" * 200, encoding="utf-8")
    for memory, expected in (("", "640.0 MiB"), ("300MiB", "300.0 MiB")):
        with Duck.started(memory) as duck:
            duck.load("countries", TABLES["countries"], "csv", [path])
            assert limit_of(duck) == expected
