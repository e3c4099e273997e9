"""The layers of a map: the ground, the countries in their shades, and the numbers on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

GROUND: dict[str, Any] = {"fill": "#F7F7F7", "stroke": "#CCCCCC", "strokeWidth": 0.5}
OUTLINE: dict[str, Any] = {"stroke": "#666666", "strokeWidth": 0.7}
UNKNOWN: dict[str, Any] = {"fill": "#DDDDDD", "strokeDash": [3, 2]}
WHITE, BLUE, BLACK = "#FFFFFF", "#08306B", "#000000"
# on shades from this part of the highest value on white is read better than black
DARK = 0.3


def map_layers(places: Sequence[Mapping[str, Any]], shapes: Sequence[Mapping[str, Any]], unit: str) -> list[alt.Chart]:
    """The world in grey, the countries from white for nothing to dark blue for the most, and their labels."""
    import altair as alt

    highest = max([1, *(place["properties"]["value"] or 0 for place in places)])
    shades = alt.Color(
        "properties.value:Q",
        title=unit,
        # by the square root, so that one country far ahead does not leave the others white
        scale=alt.Scale(type="sqrt", range=[WHITE, BLUE], interpolate="lab", domainMin=0, domainMax=highest),
        legend=alt.Legend(orient="bottom", gradientLength=220, tickCount=4, format="~s"),
    )
    region = alt.Chart(alt.InlineData(values=[dict(place) for place in places]))
    return [
        alt.Chart(alt.InlineData(values=[dict(shape) for shape in shapes])).mark_geoshape(clip=True, **GROUND),
        region.transform_filter("!isValid(datum.properties.value)").mark_geoshape(clip=True, **OUTLINE, **UNKNOWN),
        region.transform_filter("isValid(datum.properties.value)")
        .mark_geoshape(clip=True, **OUTLINE)
        .encode(color=shades, tooltip=["properties.country:N", "properties.value:Q"]),
        _labels(places, highest),
    ]


def _labels(places: Sequence[Mapping[str, Any]], highest: float) -> alt.Chart:
    import altair as alt

    about = [place["properties"] for place in places]
    rows = [{**each, "words": f"{each['iso2']}\n{_short(each['value'])}"} for each in about]
    labels = alt.Chart(alt.InlineData(values=rows)).mark_text(fontSize=11, fontWeight="bold", lineBreak="\n", dy=-8)
    encoded: alt.Chart = labels.encode(
        longitude="longitude:Q",
        latitude="latitude:Q",
        text="words:N",
        color=alt.condition(f"datum.value > {highest * DARK}", alt.value(WHITE), alt.value(BLACK)),
    )
    return encoded


def _short(value: float | None) -> str:
    """A number short enough to stand on a small country."""
    if value is None:
        return "–"
    for size, letters in ((1e9, "bn"), (1e6, "m")):
        if value >= size:
            return f"{value / size:.3g}{letters}"
    return f"{value:.0f}"
