"""Policies: what each makes of the same disagreements."""

from __future__ import annotations

from typing import Any

import pytest

from ceechina.read.package import Package
from ceechina.read.provenance.policy import POLICIES
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")

# price, contractor, status, opening of the bridge
BRIDGE: dict[str, tuple[Any, ...]] = {
    "chosen": (95_000_000, "north-works", "operating", "2019-04"),
    "latest-source": (95_000_000, "south-works", "operating", "2019-04"),
    "earliest-source": (90_000_000, "north-works", "completed", "2019-04"),
    "host-side": (90_000_000, "north-works", "completed", "2019-04"),
    "chinese-side": (95_000_000, "north-works", "operating", "2019-04"),
    "third-party": (95_000_000, "south-works", "operating", "2019-04"),
    "minimum": (90_000_000, "north-works", "operating", "2019-04"),
    "maximum": (95_000_000, "north-works", "operating", "2019-04"),
    "only-uncontested": (None, None, "operating", "2019-04"),
}
MILL = """
id: vrba-mill
name: Mill
claims:
  - source: gazette-2020
    passage: North Works of China has … was opened in 2019
    kind: {host_kind}
    sector: road
    amounts:
      - {{id: price, kind: budget, value: 90, qualifier: about, currency: {host_currency}}}
    events:
      - {{id: start, kind: started, date: 2018, is_planned: true}}
  - source: herald-2021
    passage: The bridge at Vrba … work of South Works
    kind: construction
    amounts:
      - {{id: price, kind: budget, value: 80, value_max: 100, qualifier: between, currency: EUR, as_of: 2019}}
    events:
      - {{id: start, kind: started, date: 2019}}
choices:
  - {{field: amounts/price, source: herald-2021, because: It is later.}}
  - {{field: events/start, source: herald-2021, because: It is later.}}
"""


def only(package: Package, table: str, policy: str, record: str) -> dict[str, Any] | None:
    """The only row a record has in a table."""
    rows = package.load(table, "arrow", policy=policy).to_pylist()
    found = [row for row in rows if row["project_id"] == record]
    assert len(found) <= 1
    return found[0] if found else None


def mill(world: World, host_currency: str = "EUR", host_kind: str = "construction") -> Package:
    text = MILL.format(host_currency=host_currency, host_kind=host_kind)
    if host_kind != "construction":
        text += "  - {field: kind, source: herald-2021, because: It is later.}\n"
    world.write({"records/projects/vrba-mill.yaml": text})
    return Package(world.package())


def test_every_policy_is_tried_here() -> None:
    assert tuple(BRIDGE) == POLICIES


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_decides_numbers_rows_states_and_dates(built_once: World, policy: str) -> None:
    package = Package(built_once.root / "datapackage")
    found = {
        table: only(package, table, policy, "vrba-bridge") or {}
        for table in ("projects", "project_amounts", "project_participants", "project_events")
    }
    assert (
        found["project_amounts"].get("value"),
        found["project_participants"].get("actor_id"),
        found["projects"]["status"],
        found["project_events"]["date"],
    ) == BRIDGE[policy]


@pytest.mark.parametrize("policy", POLICIES)
def test_derived_columns_follow_what_was_decided(built_once: World, policy: str) -> None:
    package = Package(built_once.root / "datapackage")
    row = only(package, "projects", policy, "vrba-bridge")
    assert row is not None
    price = BRIDGE[policy][0]
    assert (row["headline_amount"], row["headline_currency"]) == ((price, "EUR") if price else (None, None))
    # what is known of the claims does not depend on how they are decided
    assert (row["claim_count"], row["source_count"], row["is_contested"]) == (23, 2, True)


def test_a_row_decided_otherwise_brings_what_its_source_says_of_it(bridge: World) -> None:
    package = mill(bridge)
    price = only(package, "project_amounts", "host-side", "vrba-mill")
    assert price is not None
    assert {name: price[name] for name in ("value", "value_max", "qualifier", "currency", "as_of")} == {
        "value": 90, "value_max": None, "qualifier": "about", "currency": "EUR", "as_of": None,
    }  # fmt: skip
    start = only(package, "project_events", "earliest-source", "vrba-mill")
    assert start is not None
    assert (start["date"], str(start["date_latest"]), start["is_planned"]) == ("2018", "2018-12-31", True)


@pytest.mark.parametrize(("currency", "highest"), [("EUR", 90), ("USD", 80)])
def test_sums_are_compared_only_in_one_currency(bridge: World, currency: str, highest: float) -> None:
    package = mill(bridge, host_currency=currency)
    price = only(package, "project_amounts", "maximum", "vrba-mill")
    assert price is not None
    assert (price["value"], price["currency"]) == (highest, "EUR")


@pytest.mark.parametrize(("policy", "date"), [("minimum", "2018"), ("maximum", "2019")])
def test_the_extremes_of_a_date_are_its_earliest_and_latest(bridge: World, policy: str, date: str) -> None:
    start = only(mill(bridge), "project_events", policy, "vrba-mill")
    assert start is not None
    assert start["date"] == date


def test_only_uncontested_leaves_out_rows_that_lack_what_they_need(bridge: World) -> None:
    package = mill(bridge, host_kind="supply")
    assert only(package, "projects", "chosen", "vrba-mill") is not None
    assert only(package, "projects", "only-uncontested", "vrba-mill") is None
    assert only(package, "project_events", "only-uncontested", "vrba-mill") is None


def test_a_contested_cell_that_may_be_empty_is_left_empty(bridge: World) -> None:
    start = only(mill(bridge), "project_events", "only-uncontested", "vrba-mill")
    assert start is not None
    assert (start["date"], start["date_earliest"], start["kind"]) == (None, None, "started")


# the upper changes first: all tables of a policy in turn, as the last few policies are kept
@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables()])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_keeps_the_promises_of_every_table(table: str, policy: str) -> None:
    info, found = PUBLISHED.describe(table), PUBLISHED.load(table, policy=policy)
    assert found.dtypes.equals(PUBLISHED.load(table).dtypes)
    assert not found.duplicated(list(info.key)).any()
    for column in info.columns:
        if column.required:
            assert found[column.name].notna().all()
