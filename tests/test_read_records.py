"""Records as objects: every column and list an attribute, the claims and the card at hand."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

import ceechina as cc
from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.package import Package
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables()])
def test_every_row_is_a_record_with_every_column(table: str) -> None:
    rows = PUBLISHED.load(table, "arrow").to_pylist()
    assert [{name: getattr(record, name) for name in rows[0]} for record in PUBLISHED.records(table)] == rows


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables() if info.parent])
def test_every_row_of_a_list_is_in_its_record(table: str) -> None:
    info = PUBLISHED.describe(table)
    name = table.split("_", 1)[1]
    listed = [row for record in PUBLISHED.records(info.parent) for row in getattr(record, name)]
    assert [repr(row) for row in listed] == [repr(row) for row in PUBLISHED.records(table)]


def test_a_record_has_its_claims_and_its_card(built_once: World) -> None:
    (bridge,) = Package(built_once.root / "datapackage").records("projects")
    assert bridge.amounts[0].value == 95_000_000
    assert [event.date for event in bridge.events] == ["2019-04"]
    assert len(bridge.claims) == bridge.claim_count
    assert {claim.record_id for claim in bridge.claims} == {"vrba-bridge"}
    assert str(bridge.explain("status")).startswith("Bridge at Vrba")


def test_a_record_shows_what_it_is() -> None:
    found = repr(cc.records("projects", country="Serbia")[0])
    assert found.startswith("Project(project_id='")
    assert "None" not in found


def test_records_are_cut_and_decided_as_tables_are(built_once: World) -> None:
    package = Package(built_once.root / "datapackage")
    assert [each.name for each in package.records("projects", country="HU")] == []
    (bridge,) = package.records("projects", policy="minimum")
    assert bridge.amounts[0].value == bridge.headline_amount == 90_000_000
    (then,) = package.records("projects", as_of="2020-12-31")
    assert len(then.claims) == then.claim_count < bridge.claim_count


def test_records_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        cc.records("actors")[0].name = "Other"  # type: ignore[attr-defined]  # the point of the test


def test_only_records_of_core_tables_are_explained() -> None:
    amount = cc.records("project_amounts")[0]
    assert amount.claims == ()
    with pytest.raises(UnsupportedError, match="nothing is claimed of project_amounts"):
        amount.explain()


def test_an_unknown_table_is_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'projects'"):
        PUBLISHED.records("project")
