"""Tables computed anew: as published under `chosen`, and as they would have been published on a day."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from ceechina.read.package import Package
from ceechina.read.provenance.recompute import recomputed
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
TABLES = [info.name for info in PUBLISHED.tables()]
CLAIMED = [info.name for info in PUBLISHED.tables() if info.part in ("core", "child")]
AFTER_ALL = dt.date(2100, 1, 1)

# the bridge as it was coded before the later source came out
BEFORE = """
id: vrba-bridge
name: Bridge at Vrba
summary: A bridge by a Chinese builder.
claims:
  - source: gazette-2020
    passage: North Works of China has … was opened in 2019
    kind: construction
    sector: road
    status: completed
    countries: [RS]
    places:
      - {id: vrba, place: Vrba, country: RS}
    participants:
      - {actor: north-works, role: contractor}
    amounts:
      - {id: price, kind: budget, value: 90000000, currency: EUR}
    events:
      - {id: opening, kind: opened, date: 2019}
"""


@pytest.mark.parametrize("table", CLAIMED)
def test_chosen_computed_from_the_claims_is_what_is_published(table: str) -> None:
    assert recomputed(PUBLISHED, "chosen", None)[table].equals(PUBLISHED.arrow(table), check_metadata=True)


@pytest.mark.parametrize("table", TABLES)
def test_after_all_sources_everything_is_as_published(table: str) -> None:
    assert PUBLISHED.load(table, "arrow", as_of=AFTER_ALL).equals(PUBLISHED.arrow(table))


def test_chosen_is_what_is_published_where_rows_lost_to_others(built_once: World) -> None:
    package = Package(built_once.root / "datapackage")
    made = recomputed(package, "chosen", None)
    for table, content in made.items():
        assert content.equals(package.arrow(table))


@pytest.mark.parametrize("table", [*CLAIMED, "claims", "sources", "passages"])
def test_as_of_a_day_is_what_would_have_been_published_then(built_once: World, bridge: World, table: str) -> None:
    bridge.write({"records/projects/vrba-bridge.yaml": BEFORE})
    (bridge.records / "memberships" / "river-league.yaml").unlink()
    (bridge.records / "sources" / "herald-2021.yaml").unlink()
    then, problems = bridge.rows()
    assert problems == []
    today = Package(built_once.root / "datapackage").load(table, "arrow", as_of="2020-12-31")
    assert today.to_pylist() == then[table]


@pytest.mark.parametrize("table", [info.name for info in PUBLISHED.tables() if "source_id" in info.names])
def test_before_the_first_source_nothing_was_known(table: str) -> None:
    assert len(PUBLISHED.load(table, as_of="2000-01-01")) == 0


def test_a_source_counts_from_the_last_day_it_may_be_of(built_once: World) -> None:
    package = Package(built_once.root / "datapackage")
    assert len(package.load("projects", as_of="2020-05-30")) == 0
    assert len(package.load("projects", as_of="2020-05-31")) == 1


@pytest.mark.parametrize("table", CLAIMED)
def test_knowledge_of_records_only_grows(table: str) -> None:
    days = ["2019-12-31", "2021-04-28", "2021-12-31", "2024-12-31"]
    key = list(PUBLISHED.describe(table).key[:1])
    found = [set(PUBLISHED.load(table, as_of=day)[key[0]]) for day in days]
    assert all(earlier <= later for earlier, later in pairwise(found))
    assert found[-1] == set(PUBLISHED.load(table)[key[0]])
