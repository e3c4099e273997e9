"""Charts: what they show is what the tables hold, under a title, over a source line, in shapes one can tell apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.package import Package
from ceechina.read.panels.facts import STAGES
from ceechina.read.panels.panel import panel
from ceechina.read.plots import plot
from ceechina.read.plots.data import MARKS
from ceechina.read.plots.frame import source
from ceechina.read.plots.outlines import centre, outlines
from conftest import ROOT, World
from test_panel import without_records

pytestmark = pytest.mark.slow

PUBLISHED = Package(ROOT / "datapackage")
CHARTS: dict[str, Callable[[Package], Any]] = {
    "timeline": plot.timeline,
    "timeline of a country": lambda package: plot.timeline(package, "Serbia"),
    "memberships": plot.memberships,
    "funnel": plot.funnel,
    "map": plot.map,
    "map of amounts": lambda package: plot.map(package, "amounts", kind="budget", currency="EUR"),
}


def values(chart: Any, column: str) -> list[dict[str, Any]]:
    """The rows a chart holds that have a column."""
    held: Iterable[list[dict[str, Any]]] = chart.to_dict()["datasets"].values()
    return next(rows for rows in held if rows and column in rows[0])


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_a_title_and_its_source(name: str) -> None:
    specification = CHARTS[name](PUBLISHED).to_dict()
    assert specification["title"]["text"] == f"Source: ceechina {PUBLISHED.version}, CC BY 4.0" == source(PUBLISHED)
    assert specification["vconcat"][0]["title"]["text"]
    assert specification["vconcat"][0]["title"]["subtitle"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_draws(name: str, tmp_path: Path) -> None:
    CHARTS[name](PUBLISHED).save(tmp_path / "chart.svg")
    text = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert f"Source: ceechina {PUBLISHED.version}" in text


@pytest.mark.parametrize("name", ["timeline", "memberships", "funnel", "map"])
def test_a_chart_of_a_package_without_records_is_no_trouble(name: str, built: World, tmp_path: Path) -> None:
    CHARTS[name](without_records(built)).save(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").stat().st_size


def test_the_timeline_shows_every_dated_event() -> None:
    shown = values(plot.timeline(PUBLISHED), "what")
    events = sum(
        int((PUBLISHED.load(table)["date_earliest"].notna() & PUBLISHED.load(table)["date_latest"].notna()).sum())
        for table in ("project_events", "agreement_events")
    )
    assert len(shown) == events + int(PUBLISHED.load("meetings")["start_earliest"].notna().sum())
    assert {row["what"] for row in shown} <= set(MARKS)


@pytest.mark.parametrize("country", ["RS", "srb", "Serbia"])
def test_a_timeline_of_a_country_shows_its_records(country: str) -> None:
    shown = {row["record"] for row in values(plot.timeline(PUBLISHED, country), "what")}
    core = {"projects": "project_id", "agreements": "agreement_id", "meetings": "meeting_id"}
    of_serbia = {
        row[key]
        for table, key in core.items()
        for row in PUBLISHED.load(table, "arrow").to_pylist()
        if "RS" in (row["country_ids"] or "").split("; ")
    }
    assert "smederevo-steelworks" in shown
    assert "hungary-solar-plant" not in shown
    assert shown <= of_serbia


def test_every_code_of_an_event_has_its_mark() -> None:
    column = next(each for each in PUBLISHED.describe("project_events").columns if each.name == "kind")
    marked = {event for mark in MARKS.values() for event in mark.events}
    assert set(column.codes) | {"held"} == marked


def test_memberships_are_those_of_the_table() -> None:
    shown = values(plot.memberships(PUBLISHED), "body")
    assert len(shown) == len(PUBLISHED.load("memberships"))
    estonia = next(row for row in shown if row["country"] == "Estonia")
    assert estonia["words"] == "member –2022"


def test_the_funnel_counts_projects_with_an_event_that_came_about() -> None:
    events = PUBLISHED.load("project_events")
    events = events[~events["is_planned"]]
    for row in values(plot.funnel(PUBLISHED), "stage"):
        mine = events[events["kind"].isin(STAGES[row["stage"]])]
        assert row["projects"] == mine["project_id"].nunique() > 0


def test_the_map_shows_the_panel() -> None:
    shapes = values(plot.map(PUBLISHED), "longitude")
    frame = panel(PUBLISHED, "projects", ("country",))
    shown = {row["iso2"]: row["value"] for row in shapes}
    expected = zip(frame["iso2"], frame["value"].astype(object), frame["value"].isna(), strict=True)
    assert shown == {code: None if is_null else value for code, value, is_null in expected}
    assert shown["XK"] is None


def test_every_country_of_the_region_has_an_outline_and_a_label_within_europe() -> None:
    places = values(plot.map(PUBLISHED), "longitude")
    assert len(places) == (PUBLISHED.load("countries")["scope"] == "region").sum()
    assert all(13 < place["longitude"] < 33 and 38 < place["latitude"] < 60 for place in places)


def test_outlines_are_closed_rings() -> None:
    for shape in outlines():
        for polygon in shape["geometry"]["coordinates"]:
            assert all(ring[0] == pytest.approx(ring[-1]) for ring in polygon)


def test_the_centre_of_a_square_is_its_middle() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
    speck = [(9.0, 9.0), (9.1, 9.0), (9.1, 9.1), (9.0, 9.0)]
    assert centre({"geometry": {"coordinates": [[speck], [square]]}}) == pytest.approx((1, 1))


def test_marks_differ_in_shape_where_they_share_a_lane() -> None:
    shapes = [mark.shape for name, mark in MARKS.items() if name != "held"]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("colour", sorted(set(plot.STATUS_COLOURS.values())))
def test_black_words_are_read_on_every_status(colour: str) -> None:
    assert (luminance(colour) + 0.05) / 0.05 > 4.5  # WCAG 2, contrast of text


@pytest.mark.parametrize("colour", sorted({mark.colour for mark in MARKS.values()}))
def test_marks_stand_out_from_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) > 2


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_chart_is_json_without_what_json_lacks() -> None:
    json.dumps(plot.timeline(PUBLISHED).to_dict(), allow_nan=False)
    json.dumps(plot.map(PUBLISHED).to_dict(), allow_nan=False)


@pytest.mark.parametrize("chart", [plot.timeline, plot.memberships, plot.funnel, plot.map])
def test_a_country_in_the_place_of_the_package_is_told(chart: Callable[..., object]) -> None:
    with pytest.raises(UnsupportedError, match="'Serbia' is not a package: give what is drawn by its name"):
        chart("Serbia")


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Serbia'"):
        plot.timeline(PUBLISHED, "Serbija")
    with pytest.raises(UnknownNameError, match="did you mean 'projects'"):
        plot.map(PUBLISHED, "project")


@pytest.mark.parametrize("measure", ["amounts", "memberships"])
def test_a_map_of_several_numbers_a_country_is_refused(measure: str) -> None:
    with pytest.raises(UnsupportedError, match="several numbers a country"):
        plot.map(PUBLISHED, measure)


@pytest.mark.parametrize("name", CHARTS)
def test_without_altair_it_is_said_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(UnsupportedError, match=r"pip install ceechina\[plot\]"):
        CHARTS[name](PUBLISHED)


def test_without_outlines_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ceechina.read.plots.outlines.PACKAGE", "no_such_package")
    with pytest.raises(UnsupportedError, match=r"pip install ceechina\[plot\]"):
        plot.map(PUBLISHED)
