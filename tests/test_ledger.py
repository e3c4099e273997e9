"""The ledger: when each record was added and when it last changed, and what may not happen to it in silence."""

from __future__ import annotations

from typing import Any

import pytest

from ceechina.curate.ledger import (
    Ledger,
    Released,
    content_hashes,
    history_problems,
    read_ledger,
    render_ledger,
    stamp,
    updated,
)
from ceechina.curate.read import read_records
from ceechina.errors import ProblemsError
from ceechina.model.tables import Table
from ceechina.publish.build import build
from ceechina.read.package import Package
from conftest import World

Tables = dict[str, Table]
BRIDGE = ("projects", "vrba-bridge")
HUNGARY = ("memberships", "river-league-hungary")


def release(world: World, tables: Tables, version: str) -> Ledger:
    """Release what there is, and write the ledger."""
    rows, problems = world.rows()
    assert problems == []
    before = read_ledger(world.records)
    ledger = updated(stamp(rows, before, tables, version), before, tables)
    world.write({"records/released.csv": render_ledger(ledger)})
    return ledger


def versions(world: World, tables: Tables, version: str) -> dict[str, tuple[str, str]]:
    rows = stamp(world.rows()[0], read_ledger(world.records), tables, version)
    return {
        row[f"{name[:-1]}_id"]: (row["added_in"], row["changed_in"])
        for name in ("projects", "memberships")
        for row in rows[name]
    }


def edit(world: World, old: str, new: str, path: str = "projects/vrba-bridge.yaml") -> None:
    text = (world.records / path).read_text(encoding="utf-8")
    assert old in text
    world.write({f"records/{path}": text.replace(old, new, 1)})


def codes(world: World, tables: Tables, version: str = "1.0.0") -> list[tuple[str, str, int]]:
    found = read_records(world.records, tables)
    problems = history_problems(found, read_ledger(world.records), version)
    return [(problem.code, problem.path, problem.line) for problem in problems]


def test_without_a_ledger_all_is_new(bridge: World, tables: Tables) -> None:
    assert read_ledger(bridge.records) == {}
    assert set(versions(bridge, tables, "1.0.0").values()) == {("1.0.0", "1.0.0")}


def test_what_stays_the_same_keeps_its_versions(bridge: World, tables: Tables) -> None:
    release(bridge, tables, "1.0.0")
    assert set(versions(bridge, tables, "1.1.0").values()) == {("1.0.0", "1.0.0")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bridge at Vrba", "The bridge at Vrba"),
        ("value: 90000000", "value: 91000000"),
        ("    sector: road\n", ""),
        ("The later report looks", "The second report looks"),
        ("    kind: construction", "    basis: hedged\n    kind: construction"),
        ("      - {id: vrba, place: Vrba, country: RS}", "      - {id: vrba-town, place: Vrba, country: RS}"),
    ],
    ids=["name", "claim", "no-claim", "choice", "basis", "child-key"],
)
def test_a_record_whose_content_changes_is_dated_anew_and_no_other(
    bridge: World, tables: Tables, old: str, new: str
) -> None:
    release(bridge, tables, "1.0.0")
    edit(bridge, old, new)
    assert versions(bridge, tables, "1.0.1") == {
        "vrba-bridge": ("1.0.0", "1.0.1"),
        "river-league-hungary": ("1.0.0", "1.0.0"),
        "river-league-serbia": ("1.0.0", "1.0.0"),
    }


def test_a_record_that_comes_later_is_added_then(bridge: World, tables: Tables) -> None:
    ledger = release(bridge, tables, "1.0.0")
    del ledger[HUNGARY]
    bridge.write({"records/released.csv": render_ledger(ledger)})
    assert versions(bridge, tables, "1.1.0")["river-league-hungary"] == ("1.1.0", "1.1.0")


def test_the_hash_is_of_content_and_not_of_what_follows_from_it(bridge: World, tables: Tables) -> None:
    rows, _ = bridge.rows()
    hashes = content_hashes(rows, tables)
    assert set(hashes) == {BRIDGE, HUNGARY, ("memberships", "river-league-serbia")}
    derived = {
        name: {column.name: None for column in table.columns if column.origin == "derived"}
        for name, table in tables.items()
        if table.is_core or table.parent
    }
    bare = {name: [{**row, **derived.get(name, {})} for row in reversed(content)] for name, content in rows.items()}
    assert content_hashes(bare, tables) == hashes


def test_the_ledger_is_read_as_it_was_written(bridge: World, tables: Tables) -> None:
    ledger = release(bridge, tables, "1.0.0")
    assert read_ledger(bridge.records) == ledger
    assert next(iter(ledger.values())).added_in == "1.0.0"
    assert render_ledger(dict(reversed(ledger.items()))) == render_ledger(ledger)


def test_a_damaged_ledger_is_refused_with_its_line(bridge: World) -> None:
    bridge.write({"records/released.csv": "table,record_id\nprojects,vrba-bridge\n"})
    with pytest.raises(ProblemsError, match=r"released\.csv:1"):
        read_ledger(bridge.records)


def test_records_that_went_stay_in_the_ledger(bridge: World, tables: Tables) -> None:
    old = Released("projects", "old-bridge", "0.9.0", "0.9.0", "0" * 64)
    bridge.write({"records/released.csv": render_ledger({("projects", "old-bridge"): old})})
    assert release(bridge, tables, "1.0.0")["projects", "old-bridge"] == old


def test_a_released_record_stays_or_is_retired(bridge: World, tables: Tables) -> None:
    release(bridge, tables, "1.0.0")
    (bridge.records / "projects" / "vrba-bridge.yaml").unlink()
    assert codes(bridge, tables) == [("released-not-retired", "records/released.csv", 4)]
    bridge.write({"records/retired.yaml": "- {id: vrba-bridge, record_table: projects, because: It is none.}\n"})
    assert codes(bridge, tables) == []


def change(**more: str) -> dict[str, str]:
    row = {
        "id": "price",
        "version": "1.0.0",
        "changed_table": "projects",
        "changed_id": "vrba-bridge",
        "kind": "correction",
        "because": "Misread.",
        **more,
    }
    return {"records/changes.yaml": f"- {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}\n"}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, []),
        ({"changed_table": "actors", "changed_id": "north-works"}, []),
        ({"changed_table": "countries", "changed_id": "RS"}, []),
        ({"changed_id": "vrba-brige"}, ["unknown-id"]),
        ({"changed_table": "project"}, ["unknown-id"]),
        ({"version": "1.0.1"}, ["future-change"]),
        ({"version": "0.10.0"}, []),
    ],
)
def test_reasons_are_of_records_there_are_or_were(
    bridge: World, tables: Tables, more: dict[str, str], expected: list[str]
) -> None:
    bridge.write(change(**more))
    assert codes(bridge, tables) == [(code, "records/changes.yaml", 1) for code in expected]


def test_reasons_for_what_is_gone_are_kept(bridge: World, tables: Tables) -> None:
    release(bridge, tables, "1.0.0")
    (bridge.records / "projects" / "vrba-bridge.yaml").unlink()
    bridge.write({"records/retired.yaml": "- {id: vrba-bridge, record_table: projects, because: It is none.}\n"})
    bridge.write(change())
    assert codes(bridge, tables) == []


@pytest.mark.parametrize("more", [{"kind": "corection"}, {"version": "1"}])
def test_a_reason_in_another_form_is_a_problem(bridge: World, tables: Tables, more: dict[str, str]) -> None:
    bridge.write(change(**more))
    (problem,) = read_records(bridge.records, tables).problems
    assert (problem.path, problem.line) == ("records/changes.yaml", 1)


def test_the_build_publishes_the_versions_and_the_reasons(bridge: World, tables: Tables) -> None:
    release(bridge, tables, "0.0.1")
    bridge.write({"pyproject.toml": '[project]\nversion = "1.0.0"\n', **change()})
    edit(bridge, "Bridge at Vrba", "The bridge at Vrba")
    package = Package(bridge.package())
    rows: list[dict[str, Any]] = package.load("projects", "arrow").to_pylist()
    assert [(row["added_in"], row["changed_in"]) for row in rows] == [("0.0.1", "1.0.0")]
    assert {row["changed_in"] for row in package.load("memberships", "arrow").to_pylist()} == {"0.0.1"}
    assert package.load("changes", "arrow")["because"].to_pylist() == ["Misread."]


def test_the_build_stops_where_a_released_record_is_lost(bridge: World, tables: Tables) -> None:
    release(bridge, tables, "0.0.1")
    bridge.lock()
    (bridge.records / "projects" / "vrba-bridge.yaml").unlink()
    with pytest.raises(ProblemsError, match="released-not-retired"):
        build(bridge.records, bridge.root / "datapackage", lambda _: [])
