"""Explaining: the value, its rivals, the passages, the links and the reason, in one card."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

import ceechina as cc
from ceechina.errors import UnknownNameError
from ceechina.read.package import Package
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
RECORDS = [
    record_id for info in PUBLISHED.core() for record_id in PUBLISHED.load(info.name, "arrow")[info.key[0]].to_pylist()
]


@pytest.fixture
def package(built: World) -> Package:
    return Package(built.root / "datapackage")


def test_a_contested_value_shows_its_rival_and_the_reason(package: Package) -> None:
    (field,) = package.explain("vrba-bridge", "amounts/price/value").fields
    assert field.value == "95000000"
    assert [(claim.value, claim.standing, claim.source_id) for claim in field.claims] == [
        ("95000000", "chosen", "herald-2021"),
        ("90000000", "rival", "gazette-2020"),
    ]
    chosen, rival = field.claims
    assert chosen.because == "The later report looks back on the finished bridge."
    assert chosen.link is None
    assert (
        rival.link == "https://gazette.example/bridge#:~:text=North%20Works%20of%20China%20has,was%20opened%20in%202019"
    )
    assert rival.passage == "North Works of China has … was opened in 2019"


def test_a_displaced_item_is_shown_as_not_published(package: Package) -> None:
    (field,) = package.explain("vrba-bridge", "participants/south-works").fields
    assert field.value is None
    assert [claim.standing for claim in field.claims] == ["rival"]


def test_the_card_prints_each_passage_once(package: Package) -> None:
    text = str(package.explain("vrba-bridge"))
    assert text.startswith("Bridge at Vrba (projects: vrba-bridge)\n")
    assert text.count("The bridge at Vrba … work of South Works") == 1
    assert "    rival: 90000000 [" in text
    assert "        because: The later report" in text
    assert "participants/south-works/contractor: (not published)" in text


def test_the_card_is_data_too(package: Package) -> None:
    content = json.loads(json.dumps(package.explain("river-league-serbia").to_dict()))
    assert content["table"] == "memberships"
    assert {field["field"]: field["value"] for field in content["fields"]} == {
        "country": "RS",
        "end": "2020-05",
        "status": "member",
    }


def test_the_card_is_html_with_links_and_nothing_of_the_package_is_markup(built: World) -> None:
    path = built.records / "projects" / "vrba-bridge.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Bridge at Vrba", "Bridge <script> & co"), "utf-8")
    html = Package(built.package()).explain("vrba-bridge")._repr_html_()
    assert "<h4>Bridge &lt;script&gt; &amp; co</h4>" in html
    assert '<a href="https://gazette.example/bridge#:~:text=North' in html
    assert "<em>not published</em>" in html
    assert "because: The later report" in html
    ET.fromstring(html.replace("<br>", "<br/>"))  # noqa: S314  # our own text, and every element is closed


def test_a_link_that_is_no_address_is_not_made_to_be_followed(package: Package) -> None:
    found = package.explain("vrba-bridge", "sector")
    claim = replace(found.fields[0].claims[0], link="javascript:alert(1)")
    html = replace(found, fields=(replace(found.fields[0], claims=(claim,)),))._repr_html_()
    assert "href" not in html


def test_unknown_records_and_fields_are_told_with_the_nearest(package: Package) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'vrba-bridge'"):
        package.explain("vrba-brigde")
    with pytest.raises(UnknownNameError, match="did you mean 'amounts/price/value'"):
        package.explain("vrba-bridge", "amounts/price/valu")
    with pytest.raises(UnknownNameError, match="no record is called '3'"):
        package.explain(3)  # type: ignore[arg-type]  # as people may


def test_a_retired_record_leads_to_its_successor(bridge: World) -> None:
    bridge.write(
        {
            "records/retired.yaml": (
                "- {id: old-bridge, record_table: projects, successor_id: vrba-bridge, because: Coded twice.}\n"
            )
        }
    )
    with pytest.raises(UnknownNameError, match=r"Coded twice\.; see vrba-bridge"):
        Package(bridge.package()).explain("old-bridge")


@pytest.mark.parametrize("record_id", RECORDS)
def test_every_published_value_opens_a_passage(record_id: str) -> None:
    found = cc.explain(record_id)
    assert found.fields
    for field in found.fields:
        assert field.claims
        for claim in field.claims:
            assert claim.passage
            assert (claim.link or "").startswith("https://") or claim.link is None
