"""Parts of a table: columns, a country, and what is said of names that are not there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import ceechina as cc
from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.package import Package
from ceechina.read.tables.select import country_code, day
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
WITHOUT_COUNTRY = {"exclusions", "retired_ids", "changes"}


def keys(package: Package, table: str, **selection: Any) -> list[tuple[Any, ...]]:
    key = package.describe(table).key
    return [tuple(row.values()) for row in package.load(table, "arrow", columns=key, **selection).to_pylist()]


@pytest.mark.parametrize("given", ["RS", "rs", "SRB", "srb", "Serbia", "SERBIA", " serbia "])
def test_a_country_goes_by_its_codes_and_its_name(given: str) -> None:
    assert country_code(PUBLISHED, given) == "RS"


@pytest.mark.parametrize(("given", "nearest"), [("Serba", "Serbia"), ("SBR", "SRB"), ("hungry", "Hungary")])
def test_an_unknown_country_is_told_with_the_nearest(given: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{nearest}'"):
        cc.load("projects", country=given)


def test_a_country_of_no_text_is_unknown() -> None:
    given: Any = 3
    with pytest.raises(UnknownNameError, match="no country is called 3"):
        cc.load("projects", country=given)


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.core()])
def test_a_core_table_is_cut_to_records_that_name_the_country(table: str) -> None:
    every = PUBLISHED.load(table)
    named = every["country_ids"].fillna("").str.split("; ").map(lambda codes: "RS" in codes)
    assert 0 < named.sum() < len(every)
    assert [row[0] for row in keys(PUBLISHED, table, country="Serbia")] == every[every.columns[0]][named].tolist()


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables() if info.parent])
def test_rows_of_a_list_go_with_their_record_or_by_their_own_country(table: str) -> None:
    info = PUBLISHED.describe(table)
    found = PUBLISHED.load(table, country="RS")
    if "country_id" in info.names:
        assert set(found["country_id"]) == {"RS"}
    else:
        every = PUBLISHED.load(table)
        records = [row[0] for row in keys(PUBLISHED, info.parent, country="RS")]
        assert found[info.key[0]].tolist() == every[info.key[0]][every[info.key[0]].isin(records)].tolist()


def test_claims_passages_and_sources_go_with_what_they_speak_of() -> None:
    claims = PUBLISHED.load("claims", country="LT")
    records = {row[0] for info in PUBLISHED.core() for row in keys(PUBLISHED, info.name, country="LT")}
    assert set(claims["record_id"]) == records
    assert {row[0] for row in keys(PUBLISHED, "passages", country="LT")} == set(claims["passage_id"])
    assert {row[0] for row in keys(PUBLISHED, "sources", country="LT")} == set(claims["source_id"])
    assert set(PUBLISHED.load("actors", country="LT")["country_id"]) == {"LT"}
    assert keys(PUBLISHED, "countries", country="LT") == [("LT",)]


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables()])
def test_a_table_without_countries_says_which_have_them(table: str) -> None:
    if table in WITHOUT_COUNTRY:
        with pytest.raises(UnsupportedError, match=f"the rows of {table} belong to no country; those of countries, "):
            PUBLISHED.load(table, country="RS")
    else:
        assert 0 < len(PUBLISHED.load(table, country="RS")) < PUBLISHED.describe(table).rows or table == "sources"


def test_columns_come_as_asked_for() -> None:
    assert cc.load("projects", columns=["status", "name"], country="RS").columns.tolist() == ["status", "name"]
    assert cc.load("projects", columns=["name", "name"]).columns.tolist() == ["name"]
    assert cc.load("projects", columns="name").columns.tolist() == ["name"]
    assert cc.load("projects", "arrow", columns=["status", "name"], policy="minimum").column_names == ["status", "name"]
    with pytest.raises(UnknownNameError, match="no column of projects is called 'nme'; did you mean 'name'"):
        cc.load("projects", columns=["nme"])


def test_an_unknown_policy_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'latest-source'"):
        cc.load("projects", policy="latest")


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("2020", "2020-12-31"),
        ("2020-13-40", "2020-12-31"),
        ("31.12.2020", "2020-12-31"),
        ("", "2020"),
        (2019, "2019-12-31"),
    ],
)
def test_no_day_is_told_with_one_that_is(given: Any, near: str) -> None:
    with pytest.raises(UnsupportedError, match=f"such as {near}"):
        cc.load("projects", as_of=given)


def test_a_day_may_be_one() -> None:
    assert day(dt.date(2020, 12, 31)) == day("2020-12-31") == day(dt.datetime(2020, 12, 31, tzinfo=dt.UTC))


def test_a_country_is_that_of_the_record_as_decided(bridge: World) -> None:
    """Only the later source speaks of Serbia's leaving, so by the earlier day no membership is Serbia's."""
    package = Package(bridge.package())
    assert keys(package, "memberships", country="RS") == [("river-league-serbia",)]
    assert keys(package, "memberships", country="RS", as_of="2020-12-31") == []
    assert keys(package, "projects", country="RS", as_of="2020-12-31") == [("vrba-bridge",)]
