"""Differences: exactly what was changed is told, with the claims behind it, the reason, and the step it needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ceechina as cc
from ceechina.cli import main
from ceechina.console import FINE, PROBLEMS, USAGE
from ceechina.errors import PackageError
from ceechina.publish.build import build
from ceechina.read.differences.diff import Diff, Retired, diff
from ceechina.read.differences.parts import Change
from ceechina.read.package import Package
from conftest import ROOT, World

pytestmark = pytest.mark.slow

PUBLISHED = Package(ROOT / "datapackage")
BRIDGE = "records/projects/vrba-bridge.yaml"
LEAGUE = "records/memberships/river-league.yaml"

Rows = list[dict[str, Any]]
Json = dict[str, Any]


# --- random edits of the published package ---

EDITED = [info for info in PUBLISHED.tables() if info.rows and info.part in ("core", "child", "reference")]
CONTENT = {info.name: PUBLISHED.arrow(info.name) for info in PUBLISHED.tables()}


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str, int, str]]:
    """What to do to which row: remove it, add one like it, or change a cell; each row is edited once."""
    found = {}
    for _ in range(draw(st.integers(1, 5))):
        info = draw(st.sampled_from(EDITED))
        row = draw(st.integers(0, info.rows - 1))
        texts = [
            each.name
            for each in info.columns
            if each.type == "string" and each.origin != "derived" and each.name not in (*info.key, *info.dated)
        ]
        verb = draw(st.sampled_from(["added", "removed", "changed"] if texts else ["added", "removed"]))
        found[info.name, row] = (verb, info.name, row, draw(st.sampled_from(texts)) if texts else "")
    return list(found.values())


def copied(folder: Path, tables: dict[str, pa.Table], descriptor: Json | None = None) -> Package:
    """The published package with some tables replaced."""
    (folder / "data").mkdir(parents=True)
    text = json.dumps(PUBLISHED.descriptor if descriptor is None else descriptor)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    for name in CONTENT:
        if name in tables:
            pq.write_table(tables[name], folder / "data" / f"{name}.parquet")
        else:
            shutil.copy(PUBLISHED.file(name), folder / "data")
    return Package(folder)


def applied(wanted: Sequence[tuple[str, str, int, str]]) -> tuple[dict[str, pa.Table], set[tuple[Any, ...]]]:
    """Edited tables, and what a difference must tell of them: verb, table, key, column, old and new."""
    rows = {table: CONTENT[table].to_pylist() for _, table, _, _ in wanted}
    told, gone = set(), set()
    for verb, table, at, column in wanted:
        row, names = rows[table][at], PUBLISHED.describe(table).key
        if verb == "added":
            row = {**row, names[-1]: f"{row[names[-1]]}-twin"}
            rows[table].append(row)
        elif verb == "removed":
            gone.add((table, at))
        key = "/".join(row[name] for name in names)
        old = row[column] if verb == "changed" else None
        if verb == "changed":
            row[column] = f"{old}!"
        told.add((verb, table, key, *((column, old, f"{old}!") if verb == "changed" else ("", None, None))))
    kept = {table: [row for at, row in enumerate(each) if (table, at) not in gone] for table, each in rows.items()}
    return {table: pa.Table.from_pylist(each, CONTENT[table].schema) for table, each in kept.items()}, told


def cells(changes: Sequence[Change]) -> set[tuple[Any, ...]]:
    return {
        (each.change, each.table, each.key, each.column, *((each.old, each.new) if each.column else (None, None)))
        for each in changes
    }


# each example reads two whole packages twice
@settings(max_examples=20)
@given(wanted=edits())
def test_a_difference_tells_exactly_what_was_edited(
    wanted: list[tuple[str, str, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    tables, expected = applied(wanted)
    other = copied(tmp_path_factory.mktemp("edited") / "datapackage", tables)
    found = diff(PUBLISHED, other)
    assert found
    assert cells(found.changes) == expected
    back = diff(other, PUBLISHED)
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(mirrored[verb], *place, new, old) for verb, *place, old, new in cells(back.changes)} == expected
    assert str(found)
    assert len(found.to_frame()) == len(expected)


def test_a_package_does_not_differ_from_itself() -> None:
    found = PUBLISHED.diff(ROOT / "datapackage")
    assert not found
    assert found.step is None
    assert found == Diff(before=PUBLISHED.version, after=PUBLISHED.version, totals=found.totals)
    assert (str(found), found.to_markdown()) == (f"{PUBLISHED.version} and {PUBLISHED.version} hold the same.", "")
    assert found.to_frame().empty


@pytest.mark.parametrize("column", ["claim_count", "source_count", "source_ids", "is_contested", "added_in"])
def test_bookkeeping_alone_is_no_difference(tmp_path: Path, column: str) -> None:
    content = CONTENT["projects"]
    at = content.column_names.index(column)
    values = content[column].to_pylist()
    changed = content.set_column(at, content.schema.field(at), [[*values[1:], values[0]]])
    assert not diff(PUBLISHED, copied(tmp_path / "other", {"projects": changed}))


def test_a_derived_value_that_changes_by_itself_is_told_and_needs_no_reason(tmp_path: Path) -> None:
    content = CONTENT["projects"]
    at = content.column_names.index("headline_amount")
    changed = content.set_column(at, content.schema.field(at), [[1.5] * len(content)])
    found = diff(PUBLISHED, copied(tmp_path / "other", {"projects": changed}))
    assert {change.column for change in found.changes} == {"headline_amount"}
    assert len(found.changes) == len(content)
    assert found.unexplained == ()
    assert "derived: computed otherwise" in str(found)


# --- the schema ---


def of_projects(descriptor: Json) -> Json:
    resource = next(
        each for each in descriptor["resources"] if each["table"] == "projects" and each["format"] == "parquet"
    )
    return dict(resource)["schema"]  # type: ignore[no-any-return]  # JSON


def drop_column(descriptor: Json) -> None:
    of_projects(descriptor)["fields"].pop(1)


def retype(descriptor: Json) -> None:
    of_projects(descriptor)["fields"][2]["type"] = "integer"


def loosen(descriptor: Json) -> None:
    del of_projects(descriptor)["fields"][1]["constraints"]["required"]


def reword(descriptor: Json) -> None:
    of_projects(descriptor)["fields"][1]["description"] = "Another wording."


def rekey(descriptor: Json) -> None:
    of_projects(descriptor)["primaryKey"] = ["name"]


def drop_table(descriptor: Json) -> None:
    descriptor["resources"] = [each for each in descriptor["resources"] if each["table"] != "exclusions"]


def drop_code(descriptor: Json) -> None:
    descriptor["codeLists"]["sector"]["codes"].pop()


def reword_code(descriptor: Json) -> None:
    descriptor["codeLists"]["sector"]["codes"][0]["definition"] = "Another wording."


def reorder_codes(descriptor: Json) -> None:
    descriptor["codeLists"]["project_status"]["codes"].reverse()


def drop_list(descriptor: Json) -> None:
    del descriptor["codeLists"]["sector"]


# what is done, what is told, the step it needs and the step of its undoing
SCHEMA: list[tuple[Callable[[Json], None], tuple[str, str, str], str, str]] = [
    (drop_column, ("removed", "column", "projects.name"), "major", "minor"),
    (retype, ("redefined", "column", "projects.summary"), "major", "major"),
    (loosen, ("redefined", "column", "projects.name"), "major", "major"),
    (reword, ("reworded", "column", "projects.name"), "patch", "patch"),
    (rekey, ("redefined", "table", "projects"), "major", "major"),
    (drop_table, ("removed", "table", "exclusions"), "major", "minor"),
    (drop_code, ("removed", "code", "sector.multisector"), "major", "minor"),
    (reword_code, ("reworded", "code", "sector.agriculture"), "patch", "patch"),
    (reorder_codes, ("redefined", "code list", "project_status"), "major", "major"),
    (drop_list, ("removed", "code list", "sector"), "major", "minor"),
]


@pytest.mark.parametrize(("act", "told", "step", "back"), SCHEMA, ids=[case[0].__name__ for case in SCHEMA])
def test_each_change_of_the_schema_is_told_with_the_step_it_needs(
    tmp_path: Path, act: Callable[[Json], None], told: tuple[str, str, str], step: str, back: str
) -> None:
    descriptor = json.loads(json.dumps(PUBLISHED.descriptor))
    act(descriptor)
    other = copied(tmp_path / "other", {}, descriptor)
    found = diff(PUBLISHED, other)
    assert [(each.change, each.what, each.name) for each in found.schema] == [told]
    assert found.changes == ()
    assert (found.step, diff(other, PUBLISHED).step) == (step, back)
    assert f"{told[1]} {told[2]}: {told[0]}" in str(found)


def test_a_code_put_between_ordered_ones_is_added_and_redefines_nothing(tmp_path: Path) -> None:
    descriptor = json.loads(json.dumps(PUBLISHED.descriptor))
    codes = descriptor["codeLists"]["project_status"]["codes"]
    codes.insert(2, {"code": "tendered", "label": "Tendered", "definition": "Put out to tender."})
    found = diff(PUBLISHED, copied(tmp_path / "other", {}, descriptor))
    assert [(each.change, each.name) for each in found.schema] == [("added", "project_status.tendered")]
    assert found.step == "minor"


# --- records: reasons and the claims behind them ---


@pytest.fixture
def first(bridge: World) -> Package:
    bridge.lock()
    build(bridge.records, bridge.root / "first", lambda _: [])
    return Package(bridge.root / "first")


def second(world: World, *swaps: tuple[str, str], path: str = BRIDGE, more: dict[str, str] | None = None) -> Package:
    """The world's package after texts in a record file are replaced and other files written."""
    text = (world.root / path).read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    world.write({path: text, **(more or {})})
    world.lock()
    build(world.records, world.root / "second", lambda _: [])
    return Package(world.root / "second")


def reasons(found: Diff) -> dict[str, tuple[str, str] | None]:
    """The reason of each change of a record, by its field."""
    return {
        change.field: (change.reason.kind, change.reason.because) if change.reason else None
        for change in found.changes
        if change.part in ("core", "child", "reference")
    }


def because(**row: str) -> dict[str, str]:
    told = {"id": "why", "version": "0.0.1", "changed_table": "projects", "changed_id": "vrba-bridge", **row}
    return {"records/changes.yaml": f"- {{{', '.join(f'{key}: {value}' for key, value in told.items())}}}\n"}


CHOICE = """\
  - field: amounts/price
    source: herald-2021
"""
PRICE = "amounts/price/value"


def test_a_value_read_wrongly_needs_a_reason_from_the_records(bridge: World, first: Package) -> None:
    swap = ("value: 95000000", "value: 96000000")
    found = diff(first, second(bridge, swap))
    assert reasons(found) == {PRICE: ("correction", "")}
    assert [change.field for change in found.unexplained] == [PRICE]
    assert "no reason is given" in str(found)
    assert found.step == "patch"
    (claim,) = next(change for change in found.changes if change.field == PRICE).claims
    assert (claim.change, claim.value, claim.source_id) == ("changed", "96000000", "herald-2021")
    assert claim.passage == "The bridge at Vrba … work of South Works"


@pytest.mark.parametrize("field", [{"changed_field": PRICE}, {"changed_field": "amounts/price"}, {}])
def test_a_reason_given_is_that_of_its_cell_item_or_record(
    bridge: World, first: Package, field: dict[str, str]
) -> None:
    more = because(kind="correction", because="A slip.", **field)
    found = diff(first, second(bridge, ("value: 95000000", "value: 96000000"), more=more))
    assert reasons(found) == {PRICE: ("correction", "A slip.")}
    assert found.unexplained == ()
    assert f"- `vrba-bridge` `{PRICE}` in projects: 95000000 → 96000000 (correction: A slip.)" in found.to_markdown()


@pytest.mark.parametrize(
    "row", [{"changed_field": "amounts/pri"}, {"changed_table": "memberships", "changed_id": "river-league-hungary"}]
)
def test_a_reason_for_something_else_explains_nothing(bridge: World, first: Package, row: dict[str, str]) -> None:
    more = because(kind="correction", because="A slip.", **row)
    found = diff(first, second(bridge, ("value: 95000000", "value: 96000000"), more=more))
    assert len(found.unexplained) == 1


def test_a_reason_of_an_earlier_release_does_not_explain_a_later_change(bridge: World) -> None:
    bridge.write(because(kind="correction", because="A slip.", changed_field=PRICE))
    bridge.lock()
    build(bridge.records, bridge.root / "first", lambda _: [])
    found = diff(bridge.root / "first", second(bridge, ("value: 95000000", "value: 96000000")))
    assert reasons(found) == {PRICE: ("correction", "")}


def test_a_date_said_more_finely_is_a_refinement(bridge: World, first: Package) -> None:
    found = diff(first, second(bridge, ("date: 2019-04", "date: 2019-04-05")))
    # neither the bounds of the date nor the span of the events are told again
    assert reasons(found) == {"events/opening/date": ("refinement", "")}
    assert found.unexplained == ()


def test_the_same_claims_chosen_otherwise_are_a_new_decision(bridge: World, first: Package) -> None:
    found = diff(first, second(bridge, (CHOICE, CHOICE.replace("herald-2021", "gazette-2020"))))
    assert reasons(found) == {PRICE: ("re-decision", "The later report looks back on the finished bridge.")}
    change = next(change for change in found.changes if change.field == PRICE)
    assert (change.old, change.new) == (95_000_000, 90_000_000)
    assert {(claim.change, claim.standing) for claim in change.claims} == {("changed", "rival"), ("changed", "chosen")}
    assert found.unexplained == ()


def test_a_row_that_gives_way_to_another_is_a_new_decision(bridge: World, first: Package) -> None:
    choice = "  - field: participants/{}-works/contractor\n    source: {}\n    over: [participants/{}-works"
    swap = (choice.format("north", "gazette-2020", "south"), choice.format("south", "herald-2021", "north"))
    found = diff(first, second(bridge, swap))
    assert reasons(found) == {
        "participants/north-works/contractor": ("re-decision", ""),
        "participants/south-works/contractor": None,
    }
    assert found.unexplained == ()


def test_a_source_that_had_not_spoken_is_a_new_source(bridge: World, first: Package) -> None:
    swaps = [
        ("    status: operating\n", "    status: operating\n    sector: rail\n"),
        ("choices:\n", "choices:\n  - {field: sector, source: herald-2021, because: It saw trains.}\n"),
    ]
    found = diff(first, second(bridge, *swaps))
    assert reasons(found) == {"sector": ("new-source", "It saw trains.")}
    assert found.unexplained == ()


def test_a_claim_taken_back_is_a_retraction_that_needs_a_reason(bridge: World, first: Package) -> None:
    swap = ("    sector: road\n", "")
    found = diff(first, second(bridge, swap))
    assert reasons(found) == {"sector": ("retraction", "")}
    (change,) = found.unexplained
    assert (change.old, change.new) == ("road", None)
    assert [claim.change for claim in change.claims] == ["removed"]
    assert found.step == "patch"
    assert "claims: 1 removed" in str(found)


def test_a_row_taken_back_is_a_retraction(bridge: World, first: Package) -> None:
    swap = ("    places:\n      - {id: vrba, place: Vrba, country: RS}\n", "")
    found = diff(first, second(bridge, swap))
    assert reasons(found) == {"places/vrba": ("retraction", "")}
    assert [change.key for change in found.unexplained] == ["vrba-bridge/vrba"]
    assert found.step == "patch"


def test_a_value_where_there_was_none_needs_no_reason_but_a_row_a_minor_step(bridge: World, first: Package) -> None:
    swaps = [("country: RS}\n", "country: RS}\n      - {id: bank, place: Bank of the river, country: RS}\n"),
             ("currency: EUR}\n", "currency: EUR, as_of: 2020}\n")]  # fmt: skip
    found = diff(first, second(bridge, *swaps))
    assert reasons(found) == {"places/bank": None, "amounts/price/as_of": None}
    assert found.unexplained == ()
    assert found.step == "minor"


def test_words_of_ours_need_a_reason_too(bridge: World, first: Package) -> None:
    swap = ("Bridge at Vrba", "The Vrba bridge")
    assert reasons(diff(first, second(bridge, swap))) == {"name": ("correction", "")}


def test_a_reference_row_is_explained_like_a_record(bridge: World, first: Package) -> None:
    more = because(changed_table="actors", changed_id="north-works", kind="correction", because="So it writes itself.")
    found = diff(first, second(bridge, ("North Works", "NorthWorks"), path="records/actors.yaml", more=more))
    assert reasons(found) == {"name": ("correction", "So it writes itself.")}
    assert found.unexplained == ()


def test_a_claim_that_changes_no_value_is_told_and_makes_a_patch(bridge: World, first: Package) -> None:
    swap = ("    status: operating\n", "    status: operating\n    kind: construction\n")
    found = diff(first, second(bridge, swap))
    assert {change.table for change in found.changes} == {"claims"}
    assert reasons(found) == {}
    assert found.step == "patch"
    assert "projects vrba-bridge\n  claims: 1 added" in str(found)


ROAD = """\
id: vrba-road
name: River-side road
claims:
  - source: gazette-2020
    passage: The river-side road to … still being built
    kind: construction
"""


def test_a_new_record_makes_a_minor_step(bridge: World, first: Package) -> None:
    found = diff(first, second(bridge, more={"records/projects/vrba-road.yaml": ROAD}))
    assert found.step == "minor"
    assert found.unexplained == ()
    assert "projects vrba-road: added: River-side road" in str(found)
    assert "- `vrba-road` added to projects: River-side road." in found.to_markdown()
    assert "There are now 2 projects" in found.to_markdown()


@pytest.mark.parametrize("successor", ["", "vrba-road"])
def test_a_retired_id_makes_a_major_step_and_brings_its_reason(bridge: World, successor: str) -> None:
    bridge.write({"records/projects/vrba-road.yaml": ROAD})
    bridge.lock()
    build(bridge.records, bridge.root / "first", lambda _: [])
    (bridge.root / BRIDGE).rename(bridge.root / "away.yaml")
    into = f", successor_id: {successor}" if successor else ""
    line = f"- {{id: vrba-bridge, record_table: projects{into}, because: It is the road.}}\n"
    found = diff(bridge.root / "first", second(bridge, path=LEAGUE, more={"records/retired.yaml": line}))
    assert found.step == "major"
    assert found.retired == (Retired("projects", "vrba-bridge", successor, "It is the road."),)
    kind = "correction" if successor else "retraction"
    gone = [change for change in found.changes if change.part in ("core", "child")]
    assert {change.reason.kind if change.reason else "" for change in gone} == {kind}
    assert found.unexplained == ()
    went = f"merged into {successor}" if successor else "retired"
    assert f"vrba-bridge of projects {went}: It is the road." in str(found)
    assert f"- `vrba-bridge` of projects {went.replace('vrba-road', '`vrba-road`')}" in found.to_markdown()


# --- forms and the command line ---


@pytest.fixture
def changed(bridge: World, first: Package) -> Diff:
    return diff(first, second(bridge, ("value: 95000000", "value: 96000000")))


def test_a_difference_is_json_and_a_frame(changed: Diff) -> None:
    told = json.loads(json.dumps(changed.to_dict()))
    assert (told["step"], told["unexplained"]) == ("patch", 1)
    assert {each["table"] for each in told["changes"]} == {"project_amounts", "claims"}
    frame = changed.to_frame()
    assert set(frame.dtypes.astype(str)) == {"string"}
    row = frame[frame["table"] == "project_amounts"].iloc[0]
    assert (row["record_id"], row["field"], row["old"], row["new"], row["reason"]) == (
        "vrba-bridge",
        PRICE,
        "95000000",
        "96000000",
        "correction",
    )


def test_the_module_compares_any_two(bridge: World, changed: Diff) -> None:
    assert cc.diff(bridge.root / "first", cc.open(bridge.root / "second")) == changed


@pytest.mark.parametrize("layout", ["text", "md", "json", "csv"])
def test_the_command_prints_every_layout(
    bridge: World, changed: Diff, capsys: pytest.CaptureFixture[str], layout: str
) -> None:
    paths = (str(bridge.root / "first"), str(bridge.root / "second" / "datapackage.json"))
    assert main(["diff", *paths, "--format", layout]) == PROBLEMS
    expected = {
        "text": f"{changed}\n",
        "md": changed.to_markdown(),
        "json": json.dumps(changed.to_dict(), ensure_ascii=False, indent=2) + "\n",
        "csv": changed.to_frame().to_csv(index=False, lineterminator="\n"),
    }
    assert capsys.readouterr().out == expected[layout]


def test_equal_packages_are_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    package = str(ROOT / "datapackage")
    assert main(["diff", package, package]) == FINE
    assert "hold the same" in capsys.readouterr().out


def test_what_is_no_package_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(ROOT / "datapackage"), str(tmp_path)]) == USAGE
    assert "no data package" in capsys.readouterr().err


def git(folder: Path, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **names})  # noqa: S607


def test_a_revision_of_the_checkout_is_a_package(
    bridge: World, first: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(bridge.root, "init", "--quiet")
    git(bridge.root, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    shutil.copytree(first.folder, bridge.root / "datapackage")
    git(bridge.root, "add", "datapackage")
    git(bridge.root, "commit", "--quiet", "--message", "first")
    git(bridge.root, "tag", "v0.0.1")
    second(bridge, ("value: 95000000", "value: 96000000"))
    # from anywhere in the checkout
    monkeypatch.chdir(bridge.records)
    assert main(["diff", "v0.0.1", "HEAD"]) == FINE
    assert main(["diff", "v0.0.1", "../second", "--format", "md"]) == PROBLEMS
    assert "95000000 → 96000000" in capsys.readouterr().out
    assert main(["diff", "HEAD~1", "HEAD"]) == USAGE
    assert "revision HEAD~1 has no folder datapackage" in capsys.readouterr().err
    assert main(["diff", "--", "--output=x", "HEAD"]) == USAGE
    assert "no data package at --output=x" in capsys.readouterr().err


def test_a_damaged_package_is_told(tmp_path: Path) -> None:
    other = copied(tmp_path / "other", {})
    other.file("projects").write_bytes(b"not parquet")
    with pytest.raises(PackageError, match=r"projects\.parquet"):
        diff(PUBLISHED, other)
