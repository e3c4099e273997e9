"""Record files: good ones read whole, bad ones told completely, each problem in its place."""

from __future__ import annotations

from typing import Any

import pytest

from ceechina.curate.read import read_records
from ceechina.errors import PackageError
from ceechina.model.records import model
from conftest import World, cases


@pytest.mark.parametrize("case", cases("records"))
def test_cases(case: dict[str, Any], world: World) -> None:
    _, problems = world.write(case["files"]).rows()
    told = sorted((problem.code, problem.path, problem.line) for problem in problems)
    assert told == sorted((wanted["code"], wanted["path"], wanted["line"]) for wanted in case["problems"]), case["why"]
    for wanted in case["problems"]:
        twins = [problem for problem in problems if (problem.code, problem.line) == (wanted["code"], wanted["line"])]
        assert any(wanted.get("says", "") in str(problem) for problem in twins), case["why"]
        if "column" in wanted:
            assert wanted["column"] in [problem.column for problem in twins]


def test_a_missing_folder_says_what_to_do(world: World) -> None:
    with pytest.raises(PackageError, match="--records"):
        read_records(world.root / "nowhere", model())


def test_claims_keep_their_places_and_defaults_go_with_their_column(bridge: World) -> None:
    found = read_records(bridge.records, model())
    record = next(record for record in found.records if record.record_id == "vrba-bridge")
    by_column = {(claim.value_table, claim.column): claim for claim in record.claims if claim.place.line < 20}
    assert by_column["projects", "kind"].place.line == 7
    assert by_column["project_amounts", "qualifier"].value == "exact"
    assert by_column["project_events", "is_planned"].value is False


def test_a_body_file_makes_one_record_for_each_spell(bridge: World) -> None:
    found = read_records(bridge.records, model())
    assert found.ids("memberships") == ["river-league-hungary", "river-league-serbia"]


def test_a_choice_of_a_body_file_reaches_its_spell(bridge: World) -> None:
    bridge.write(
        {
            "records/memberships/river-league.yaml": """\
body_actor: river-league
claims:
  - source: herald-2021
    passage: Hungary joined the River … again in May 2020
    spells:
      - {id: hungary, country: HU, status: member, start: 2004}
  - source: gazette-2020
    passage: Readers may judge for themselves
    spells:
      - {id: hungary, country: HU, status: member, start: 2005}
choices:
  - {field: hungary/start, source: herald-2021, because: It tells the year.}
  - {field: poland/start, source: herald-2021, because: None such.}
"""
        }
    )
    rows, problems = bridge.rows()
    assert [(problem.code, problem.line) for problem in problems] == [("unknown-field", 13)]
    assert rows["memberships"][0]["start"] == "2004"
