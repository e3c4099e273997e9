"""Resolution: which claim stands, how the others stand to it, and when the build stops."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceechina.curate.passages import Quote
from ceechina.curate.records import Choice, Claimed, Record
from ceechina.curate.resolve import Judged, field_path, resolve
from ceechina.curate.yaml_tree import Place
from ceechina.errors import Problem
from ceechina.model.records import model
from ceechina.model.tables import Table
from conftest import cases

PUBLISHED = {
    "gazette-2020": (dt.date(2020, 5, 1), dt.date(2020, 5, 31)),
    "herald-2021": (dt.date(2021, 2, 11), dt.date(2021, 2, 11)),
    "almanac-2020": (dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
}


def judge(
    cell: tuple[str, list[str], str], claims: list[tuple[str, Any]], choice: dict[str, str] | None = None
) -> tuple[list[Judged], list[Problem]]:
    table, item, column = cell
    made = [
        Claimed(
            table,
            tuple(item),
            column,
            value,
            Quote(source, f"words {number} here"),
            "stated",
            None,
            Place("records/x.yaml", number, 1),
        )
        for number, (source, value) in enumerate(claims, start=1)
    ]
    choices = (
        [Choice(choice["field"], choice["source"], None, (), choice["because"], Place("records/x.yaml", 99, 1))]
        if choice
        else []
    )
    record = Record(model()["projects"], "x", {}, Place("records/x.yaml", 1, 1), made, choices)
    return resolve(record, model(), PUBLISHED.__getitem__)


@pytest.mark.parametrize("case", cases("resolve"))
def test_cases(case: dict[str, Any]) -> None:
    judged, problems = judge(case["cell"], case["claims"], case.get("choice"))
    if "problem" in case:
        assert [problem.code for problem in problems] == [case["problem"]["code"]], case["why"]
        for said in case["problem"]["says"]:
            assert said in str(problems[0])
        return
    assert problems == []
    assert [judgement.standing for judgement in judged] == case["standings"], case["why"]
    reasons = {judgement.standing: judgement.because for judgement in judged if judgement.because}
    assert reasons == ({"chosen": case["because"]} if "because" in case else {})


DATES = st.sampled_from(["2019", "2019-04", "2019-04-18", "2019-05", "2020", "201X", "2019~", "../2020", "2018/2020"])


@given(st.lists(st.tuples(st.sampled_from(list(PUBLISHED)), DATES), min_size=1, max_size=6))
def test_either_one_value_stands_or_the_build_stops(claims: list[tuple[str, str]]) -> None:
    judged, problems = judge(("project_events", ["opening"], "date"), claims)
    if problems:
        assert judged == []
    else:
        standings = [judgement.standing for judgement in judged]
        assert standings.count("chosen") == 1
        assert set(standings) <= {"chosen", "agrees", "coarser"}


@given(st.permutations(["2019", "2019-04", "2019-04-18", "2019~", "2018/2020"]))
def test_the_order_of_claims_does_not_change_the_value(dates: list[str]) -> None:
    judged, _ = judge(("project_events", ["opening"], "date"), [("gazette-2020", date) for date in dates])
    assert [judgement.claim.value for judgement in judged if judgement.standing == "chosen"] == ["2019-04-18"]


@pytest.mark.parametrize(
    ("table", "item", "column", "path"),
    [
        ("projects", (), "kind", "kind"),
        ("projects", (), "agreement_id", "agreement"),
        ("project_amounts", ("price",), "value", "amounts/price/value"),
        ("project_countries", ("RS",), "country_id", "countries/RS"),
        ("project_participants", ("crbc", "contractor"), "role", "participants/crbc/contractor"),
        ("meeting_participants", ("xi", "guest"), "represents_country_id", "participants/xi/guest/represents_country"),
    ],
)
def test_cells_are_named_as_people_write_them(
    tables: dict[str, Table], table: str, item: tuple[str, ...], column: str, path: str
) -> None:
    assert field_path(tables[table], item, column) == path


def test_another_spelling_of_a_source_is_no_claim_of_it() -> None:
    _, problems = judge(
        ("projects", [], "kind"),
        [("gazette-2020", "supply"), ("herald-2021", "donation")],
        {"field": "kind", "source": "herald", "because": "A slip."},
    )
    assert [problem.code for problem in problems] == ["choice-without-claim"]
