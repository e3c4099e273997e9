"""Panels: numbers one can count in the tables, zero apart from unknown, bounds where sources disagree."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.package import Package
from ceechina.read.panels import covered
from ceechina.read.panels.facts import STAGES
from ceechina.read.panels.panel import MEASURES, panel
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
GROUPINGS = [("country", "year"), ("country",), ("year",)]
# a price and a date on which two papers disagree
RIVAL_DATE = """
  - field: events/opening
    source: herald-2021
    because: The later report looks back on the finished bridge.
"""


@pytest.fixture
def package(built: World) -> Package:
    return Package(built.root / "datapackage")


def without_records(built: World) -> Package:
    """A package whose tables are there and, but for the reference tables, without rows."""
    package = Package(built.root / "datapackage")
    for info in package.tables():
        if info.part != "reference":
            path = package.file(info.name)
            pq.write_table(pq.ParquetFile(path).read().slice(0, 0), path)
    return Package(package.folder)


def cell(frame: pd.DataFrame, **keys: Any) -> pd.Series[Any]:
    """The one row with these keys."""
    found = frame
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1, keys
    return found.iloc[0]


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_panel_is_balanced_and_typed(measure: str, by: tuple[str, ...]) -> None:
    frame = panel(PUBLISHED, measure, by)
    codes = list(MEASURES[measure])
    keys = [*(["iso2"] if "country" in by else []), *(["year"] if "year" in by else []), *codes]
    assert not frame.duplicated(keys).any()
    combinations = len(frame[codes].drop_duplicates()) if codes else 1
    assert len(frame) == combinations * (21 if "country" in by else 1) * (25 if "year" in by else 1)
    assert not any(pd.api.types.is_object_dtype(dtype) for dtype in frame.dtypes)
    told = frame.dropna(subset=["value"])
    assert ((told["low"] <= told["value"]) & (told["value"] <= told["high"])).all()


@pytest.mark.parametrize("measure", ["projects", "agreements"])
def test_first_events_are_those_of_the_core_table(measure: str) -> None:
    core = PUBLISHED.load(measure)
    first, last = core["first_event_earliest"].dt.year, core["first_event_latest"].dt.year
    by_year = core[(first == last)].groupby(first).size()
    frame = panel(PUBLISHED, measure, ("year",))
    counts = frame.set_index("year")["value"]
    assert counts[counts > 0].to_dict() == by_year.to_dict()
    in_no_year = {*frame.attrs["undated"], *frame.attrs.get("wide", ())}
    assert counts.sum() + len(in_no_year) == len(core)


@pytest.mark.parametrize(
    ("measure", "event", "keys", "expected"),
    [
        ("projects", "delivered", {"iso2": "RS", "year": 2020}, 2),  # drones and medical aid
        ("projects", STAGES["completed"], {"iso2": "RS", "year": 2014}, 1),  # one bridge, completed and opened
        ("projects", "announced", {"iso2": "HU", "year": 2013}, 1),  # the railway, in both its countries
        ("projects", "announced", {"iso2": "RS", "year": 2013}, 1),
        ("agreements", "signed", {"iso2": "RS", "year": 2016}, 1),
        ("agreements", "renewed", {"iso2": "HU", "year": 2016}, 1),  # one swap, renewed twice
        ("agreements", "renewed", {"iso2": "HU", "year": 2020}, 1),
        ("meetings", None, {"iso2": "HU", "year": 2019}, 2),
        ("meetings", None, {"iso2": "GR", "year": 2020}, 1),  # came where others stayed away
        ("meetings", None, {"iso2": "PL", "year": 2020}, 0),  # stayed away
    ],
)
def test_cells_can_be_counted_by_hand(measure: str, event: Any, keys: dict[str, Any], expected: int) -> None:
    assert cell(panel(PUBLISHED, measure, event=event), **keys)["value"] == expected


def test_an_event_that_never_came_about_counts_zero() -> None:
    frame = panel(PUBLISHED, "projects", event="elevated")
    assert frame["value"].dropna().eq(0).all()
    assert frame["value"].notna().any()


def test_what_was_only_planned_never_counts() -> None:
    planned = PUBLISHED.load("project_events").query("is_planned")["project_id"]
    assert "hungary-solar-plant" in set(planned)
    opened = panel(PUBLISHED, "projects", event="opened")
    assert cell(opened, iso2="HU", year=2021)["value"] == 0
    assert "hungary-solar-plant" not in opened.attrs.get("undated", ())


def test_without_years_records_count_whatever_their_date() -> None:
    ids = PUBLISHED.load("projects")["country_ids"].str.split("; ").explode()
    frame = panel(PUBLISHED, "projects", ("country",)).set_index("iso2")["value"]
    assert frame[frame > 0].to_dict() == ids.value_counts().to_dict()


def test_zero_is_where_a_source_looked_and_null_where_none_did() -> None:
    frame = panel(PUBLISHED, "projects")
    assert cell(frame, iso2="PL", year=2021)["value"] == 0
    assert pd.isna(cell(frame, iso2="PL", year=2022)["value"])  # its last source is of 2021
    assert frame.loc[frame["iso2"] == "XK", "value"].isna().all()  # no source speaks of it
    assert cell(frame, iso2="RS", year=2024)["value"] == 0
    assert covered.last_years(PUBLISHED).reindex(["PL", "RS", "XK"]).tolist()[:2] == [2021, 2024]


def test_keys_are_those_of_the_countries_table() -> None:
    frame = panel(PUBLISHED, "projects", ("country",))
    serbia = cell(frame, iso2="RS")
    assert serbia[["iso3", "cow", "gw", "vdem", "country"]].tolist() == ["SRB", 345, 340, 198, "Serbia"]
    assert "CN" not in set(frame["iso2"])


def test_what_is_in_no_row_is_told() -> None:
    told = panel(PUBLISHED, "projects", event="delivered").attrs
    assert told["wide"] == ("chinese-donations-serbian-army",)
    assert any("chinese-donations-serbian-army" in note for note in told["notes"])
    assert panel(PUBLISHED, "projects", ("country",)).attrs["regional"] == (
        "china-cee-credit-lines",
        "china-cee-investment-fund",
    )
    assert panel(PUBLISHED, "meetings", ("year",)).attrs["several"] == ("lukashenko-xi-meetings-2013-2023",)
    assert "kostolac-power-plant" in panel(PUBLISHED, "amounts").attrs["undated"]


def test_amounts_keep_their_kind_and_currency() -> None:
    frame = panel(PUBLISHED, "amounts")
    assert cell(frame, iso2="RS", year=2016, kind="equity-price", currency="EUR")["value"] == 46_000_000
    assert cell(frame, iso2="RS", year=2016, kind="capex-plan", currency="USD")["value"] == 300_000_000
    both = panel(PUBLISHED, "amounts", ("country",), kind=("investment", "equity-price"))
    assert cell(both, iso2="RS", kind="investment; equity-price", currency="EUR")["value"] == 1_262_000_000


def test_a_sum_of_two_countries_is_in_neither_and_told() -> None:
    frame = panel(PUBLISHED, "amounts", kind="budget")
    for country in ("HU", "RS"):
        row = cell(frame, iso2=country, year=2021, currency="EUR")
        assert (row["value"], row["shared"]) == (0, 4_000_000_000)
    assert frame.attrs["shared"] == ("budapest-belgrade-railway",)
    assert frame.attrs["set_aside"] == ("budapest-belgrade-railway/original-budget",)
    assert cell(panel(PUBLISHED, "amounts", ("year",)), year=2021, kind="budget", currency="EUR")["value"] == 4e9


def test_amounts_are_converted_beside_their_rate() -> None:
    frame = panel(PUBLISHED, "amounts", currency="EUR", kind="capex-plan")
    row = cell(frame, iso2="RS", year=2016)
    assert row["value"] == pytest.approx(300_000_000 * row["rate"])
    assert row["rate_date"] == "2016-04-01/2016-04-30"
    assert "ECB" in row["rate_source"]
    price = cell(panel(PUBLISHED, "amounts", currency="EUR", kind="equity-price"), iso2="RS", year=2016)
    assert price["rate"] == 1
    assert pd.isna(price["rate_date"])
    # two estimates of one plan, in two currencies, are not added
    assert cell(frame, iso2="RS", year=2018)["value"] == 800_000_000
    assert "zrenjanin-tyre-factory/usd-estimate" in frame.attrs["set_aside"]


def test_an_amount_without_a_rate_leaves_no_value() -> None:
    frame = panel(PUBLISHED, "amounts", ("country",), currency="EUR", kind="budget")
    assert pd.isna(cell(frame, iso2="HU")["value"])
    assert frame.attrs["unconverted"] == ("budapest-belgrade-railway-hungary",)


def test_memberships_tell_in_from_out_from_unknown() -> None:
    frame = panel(PUBLISHED, "memberships", kind="china-cee-format")
    states = {
        ("GR", 2018): 0,  # joined in 2019
        ("GR", 2019): 1,
        ("LT", 2021): 1,
        ("LT", 2022): 0,  # left in 2021
        ("RS", 2012): 1,
        ("HU", 2024): 1,
    }
    for (country, year), expected in states.items():
        assert cell(frame, iso2=country, year=year)["value"] == expected, (country, year)
    before = cell(frame, iso2="PL", year=2015)  # in when a source of 2021 speaks; since when is not said
    assert pd.isna(before["value"])
    assert (before["low"], before["high"]) == (0, 1)
    assert pd.isna(cell(frame, iso2="UA", year=2020)["value"])  # no source says so: not to be taken for no


def test_a_contested_amount_has_bounds(package: Package) -> None:
    row = cell(panel(package, "amounts"), iso2="RS", year=2019)
    assert row[["low", "value", "high"]].tolist() == [90_000_000, 95_000_000, 95_000_000]


def test_a_contested_date_counts_surely_nowhere_and_perhaps_in_each_year(bridge: World) -> None:
    path = bridge.records / "projects" / "vrba-bridge.yaml"
    text = path.read_text(encoding="utf-8").replace("date: 2019}", "date: 2018}")
    path.write_text(text + RIVAL_DATE.lstrip("\n"), encoding="utf-8")
    frame = panel(Package(bridge.package()), "projects", event="opened")
    rows = {year: cell(frame, iso2="RS", year=year)[["low", "value", "high"]].tolist() for year in (2017, 2018, 2019)}
    assert rows == {2017: [0, 0, 0], 2018: [0, 0, 1], 2019: [0, 1, 1]}


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_package_without_records_gives_an_empty_panel(built: World, measure: str, by: tuple[str, ...]) -> None:
    frame = panel(without_records(built), measure, by)
    assert frame["value"].isna().all()
    assert {"value", "low", "high", *MEASURES[measure]} <= set(frame)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"measure": "project"}, "did you mean 'projects'"),
        ({"measure": "projects", "by": ("countries",)}, "did you mean 'country'"),
        ({"measure": "projects", "event": "complete"}, "did you mean 'completed'"),
        ({"measure": "projects", "kind": "constructions"}, "did you mean 'construction'"),
        ({"measure": "amounts", "kind": "loans"}, "did you mean 'loan'"),
        ({"measure": "memberships", "kind": "belt-and-roads"}, "did you mean 'belt-and-road'"),
        ({"measure": "amounts", "currency": "EURO"}, "did you mean 'EUR'"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        panel(PUBLISHED, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"measure": "meetings", "event": "signed"}, "meetings have no events"),
        ({"measure": "projects", "currency": "EUR"}, "projects have no currency"),
        ({"measure": "projects", "by": ()}, "is no grouping"),
        ({"measure": "projects", "by": "year"}, "is no grouping"),
    ],
)
def test_what_a_measure_cannot_do_is_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        panel(PUBLISHED, **options)
