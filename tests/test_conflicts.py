"""Disagreements and ranges: all of them, with who says what."""

from __future__ import annotations

import pytest

import ceechina as cc
from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.package import Package
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
MEASURED = [(info.name, column) for info in PUBLISHED.tables() for column in info.measured]


@pytest.fixture(scope="module")
def package(built_once: World) -> Package:
    return Package(built_once.root / "datapackage")


def test_every_disagreement_is_a_row(package: Package) -> None:
    price, contractor = package.conflicts("arrow").to_pylist()
    assert price == {
        "record_table": "projects",
        "record_id": "vrba-bridge",
        "field": "amounts/price/value",
        "chosen": "95000000",
        "chosen_sources": "herald-2021",
        "rivals": "90000000",
        "rival_sources": "gazette-2020",
        "instead": None,
        "because": "The later report looks back on the finished bridge.",
    }
    assert {name: contractor[name] for name in ("field", "chosen", "instead", "because")} == {
        "field": "participants/south-works/contractor",
        "chosen": None,
        "instead": "participants/north-works/contractor",
        "because": "The Gazette names the builder in its own report.",
    }


def test_no_rival_of_the_published_claims_is_missing() -> None:
    claims, found = cc.load("claims"), cc.conflicts()
    rivals = claims[claims["standing"] == "rival"]
    assert set(zip(found["record_id"], found["field"], strict=True)) == set(
        zip(rivals["record_id"], rivals["field"], strict=True)
    )
    assert not found.duplicated(["record_id", "field"]).any()
    assert found["because"].notna().all()


def test_records_with_disagreements_are_those_marked_contested() -> None:
    contested = {row[0] for info in PUBLISHED.core() for row in _contested(info.name)}
    assert set(cc.conflicts()["record_id"]) == contested


def _contested(table: str) -> list[tuple[str]]:
    frame = PUBLISHED.load(table)
    return [(record,) for record in frame.iloc[:, 0][frame["is_contested"]]]


def test_a_range_tells_both_ends_and_the_claims_behind_them(package: Package) -> None:
    (row,) = package.range("project_amounts", "value", "arrow").to_pylist()
    claims = {claim["claim_id"]: claim for claim in package.load("claims", "arrow").to_pylist()}
    assert (row["record_id"], row["field"]) == ("vrba-bridge", "amounts/price/value")
    assert (row["kind"], row["currency"]) == ("budget", "EUR")
    assert (row["low"], row["chosen"], row["high"]) == (90_000_000, 95_000_000, 95_000_000)
    assert claims[row["low_claim_id"]]["source_id"] == "gazette-2020"
    assert row["chosen_claim_id"] == row["high_claim_id"]


def test_a_range_may_be_of_one_field(package: Package) -> None:
    one = package.range("projects", "amounts/price/value")
    assert one.equals(package.range("project_amounts", "value"))


def test_dates_that_agree_have_no_width(package: Package) -> None:
    (row,) = package.range("project_events", "date", "arrow").to_pylist()
    assert (row["low"], row["chosen"], row["high"]) == ("2019-04", "2019-04", "2019-04")


@pytest.mark.parametrize(("table", "column"), MEASURED)
def test_the_chosen_value_is_the_published_one_and_within_its_range(table: str, column: str) -> None:
    found = PUBLISHED.range(table, column, "arrow").to_pylist()
    published = [row[column] for row in PUBLISHED.load(table, "arrow").to_pylist() if row[column] is not None]
    assert sorted(row["chosen"] for row in found) == sorted(published)
    if PUBLISHED.describe(table)[column].type != "string":
        assert all(row["low"] <= row["chosen"] <= row["high"] for row in found)


def test_what_has_no_range_is_told_with_what_has(package: Package) -> None:
    with pytest.raises(UnsupportedError, match="project_amounts: value, value_max, as_of"):
        package.range("projects", "status")
    with pytest.raises(UnknownNameError, match="did you mean 'value'"):
        package.range("project_amounts", "valu")
    with pytest.raises(UnknownNameError, match="did you mean 'amounts/price/value'"):
        package.range("projects", "amounts/prize/value")
    with pytest.raises(UnknownNameError, match="did you mean 'project_amounts'"):
        package.range("project_amount", "value")
