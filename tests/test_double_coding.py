"""Double coding: precision, recall, F1 and kappa, on examples worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceechina.curate.double_coding import CODINGS, Fact, Score, kappa, read_coding, report, score, settled
from ceechina.model.tables import Table
from ceechina.read.package import Package
from conftest import ROOT


def facts(*values: str, column: str = "kind") -> set[Fact]:
    """One fact for each `record=value`."""
    return {Fact("s", "projects", column, *text.split("=")) for text in values}


def test_a_coding_is_scored_against_the_settled_one() -> None:
    found = score(facts("a=x", "b=y", "c=z"), facts("a=x", "b=x", "c=z", "d=x"))
    assert found == Score(both=2, only_coded=1, only_settled=2)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(1 / 2)
    assert found.f1 == pytest.approx(4 / 7)


def test_nothing_to_compare_gives_no_number() -> None:
    assert (score(set(), set()).precision, score(set(), set()).recall, score(set(), set()).f1) == (None, None, None)


def test_kappa_is_cohens() -> None:
    # 4 units, 3 alike; chance: x 2/4 * 3/4 + y 2/4 * 1/4 = 1/2; kappa (3/4 - 1/2) / (1 - 1/2) = 1/2
    first, second = facts("a=x", "b=x", "c=y", "d=y", "e=x"), facts("a=x", "b=x", "c=x", "d=y", "f=x")
    found = kappa(first, second, "projects", "kind")
    assert found is not None
    assert (found.units, found.observed, found.value) == (4, 0.75, 0.5)


def test_kappa_is_undefined_where_only_one_code_is_used() -> None:
    found = kappa(facts("a=x", "b=x"), facts("a=x", "b=x"), "projects", "kind")
    assert found is not None
    assert (found.observed, found.value) == (1.0, None)
    assert kappa(facts("a=x"), facts("b=x"), "projects", "kind") is None


def test_the_settled_facts_are_those_of_the_claims(tables: dict[str, Table]) -> None:
    claim = {"source_id": "s", "record_id": "r", "value_table": "project_participants", "value_column": "role",
             "item": "crbc/contractor", "claimed_value": "contractor"}  # fmt: skip
    other = {**claim, "value_table": "projects", "value_column": "kind", "item": None, "claimed_value": "supply"}
    assert settled([claim, other], tables) == {
        Fact("s", "project_participants", "role", "r", "crbc/contractor"), Fact("s", "projects", "kind", "r", "supply")
    }  # fmt: skip


def test_the_report_tells_every_group_and_the_whole(tables: dict[str, Table]) -> None:
    told = report(facts("a=x"), facts("a=y"), facts("a=x"), tables)
    assert "| s | 1 | 1.00 | 1.00 | 1.00 | 0.00 | 0.00 | 0.00 |" in told
    assert "| projects.kind | 1 | 0.0% | 0.00 |" in told


@pytest.mark.parametrize("name", CODINGS)
def test_the_committed_codings_are_of_our_sources_and_columns(name: str, tables: dict[str, Table]) -> None:
    coding = read_coding(ROOT / "records", name)
    sources = set(Package(ROOT / "datapackage").load("sources", "arrow")["source_id"].to_pylist())
    assert {fact.source_id for fact in coding} == sources
    for fact in coding:
        assert tables[fact.value_table][fact.value_column].origin == "claimed"


def test_no_coding_is_an_empty_one(tmp_path: Path) -> None:
    assert read_coding(tmp_path, "first") == set()
