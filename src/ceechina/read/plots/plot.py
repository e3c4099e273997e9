"""Charts of the data, each with its source line, for screen and print, in colour and in grey.

The charts are Altair's: a chart holds its data, draws in notebooks, and is saved as HTML, SVG or PNG
(`chart.save("chart.png")`) without a browser or a network. The colours are those of Okabe and Ito, which the
colour-blind tell apart, and nothing is told by colour alone: a shape or a word stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ceechina.errors import UnsupportedError
from ceechina.read.package import Package
from ceechina.read.panels.facts import STAGES, record_facts
from ceechina.read.panels.panel import panel
from ceechina.read.plots.data import MARKS, country_row, event_rows, place_rows, spell_rows
from ceechina.read.plots.frame import altair, drawn, framed, inline
from ceechina.read.plots.map import map_layers
from ceechina.read.plots.outlines import outlines

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

# of a row's height in pixels the band is what its padding leaves
WIDTH, STEP, BAND = 620, 17, 13
# years an axis names at most, about
LABELS = 16
BLUE, DARK, PALE = "#0072B2", "#222222", "#E6E6E6"
STATUS_COLOURS = {
    "member": "#56B4E9",
    "participant": "#E69F00",
    "signatory": "#F0E442",
    "observer": "#FFFFFF",
    "candidate": "#CC79A7",
}
# the region in the middle, from the Aegean to the Gulf of Finland
MAP: dict[str, Any] = {
    "type": "conicEqualArea",
    "rotate": [-23, 0],
    "center": [2.2, 47.6],
    "parallels": [40, 57],
    "scale": 1180,
}
MAP_SIZE = (560, 600)
LINES = "split(datum.label, '\\n')"
COUNTED = "What several countries share counts in each."
SHARED = {"amounts": "Sums that several countries share are left out.", "memberships": "Spells, ended ones too."}


def timeline(package: Package | None = None, country: str | None = None) -> alt.VConcatChart:
    """Dated events of projects, agreements and meetings: a mark at each, a line over the days its date can mean.

    Args:
        package: The bundled one where None.
        country: ISO code or name; all of them where None.

    Raises:
        UnknownNameError: There is no such country.
        UnsupportedError: Altair is not installed.
    """
    alt, package = altair(), drawn(package)
    found = country_row(package, country)
    events = event_rows(package, found)
    dated = events[events["middle"].notna()]
    told = f"{len(events) - len(dated)} more have no date, or one open to a side."
    heads = alt.Header(labelFontSize=13, labelFontWeight="bold", labelOrient="top", labelAnchor="start", labelPadding=0)
    rows = alt.Row("table:N", title=None, sort=["projects", "agreements", "meetings"], header=heads)
    return framed(
        _events(dated).facet(row=rows, spacing=8).resolve_scale(y="independent"),
        package,
        f"China and {found['name'] if found else 'Central and Eastern Europe'}, event by event",
        ["Lines span the days a date can mean; hollow marks were only expected.", f"{len(dated)} events; {told}"],
    )


def _events(dated: pd.DataFrame) -> alt.LayerChart:
    """A line and a mark for each event, a row for each record."""
    import altair as alt

    what = [name for name in MARKS if name in set(dated["what"])]
    shown = alt.Legend(title="Events", orient="right", symbolSize=90, symbolOpacity=1)
    colour: dict[str, Any] = {"scale": alt.Scale(domain=what, range=[MARKS[name].colour for name in what])}
    shape: dict[str, Any] = {"scale": alt.Scale(domain=what, range=[MARKS[name].shape for name in what])}
    colour["legend"] = shape["legend"] = shown
    span = (dated["latest"].max() - dated["earliest"].min()).days / 365 if len(dated) else 1
    each = alt.TimeIntervalStep(interval="year", step=max(1, round(span / LABELS)))
    names, years = alt.Axis(labelLimit=420, grid=True), alt.Axis(format="%Y", tickCount=each, labelFlush=False)
    base = alt.Chart(inline(dated)).encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None, axis=names),
        # events of one record at one time stand above each other
        yOffset=alt.YOffset("slot:Q", scale=alt.Scale(domain=[-1, 1], range=[0, BAND])),
        color=alt.Color("what:N", **colour),
    )
    lines = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("earliest:T", title=None, axis=years), x2="latest:T"
    )
    marks = base.mark_point(size=60, opacity=1, strokeWidth=1.8).encode(
        x="middle:T",
        shape=alt.Shape("what:N", **shape),
        fill=alt.Fill("what:N", **colour),
        fillOpacity=alt.condition("datum.is_planned", alt.value(0), alt.value(1)),
        tooltip=["label:N", "kind:N", "date:N", "is_planned:N"],
    )
    return alt.LayerChart(layer=[lines, marks], width=WIDTH, height=alt.Step(STEP))


def memberships(package: Package | None = None) -> alt.VConcatChart:
    """Which country is in which body or format, as what, and since or until when.

    Args:
        package: The bundled one where None.

    Raises:
        UnsupportedError: Altair is not installed.
    """
    alt, package = altair(), drawn(package)
    spells = spell_rows(package)
    status = [name for name in STATUS_COLOURS if name in set(spells["status"])]
    status += sorted(set(spells["status"]) - set(status))
    colours = alt.Scale(domain=status, range=[STATUS_COLOURS.get(name, PALE) for name in status])
    base = alt.Chart(inline(spells)).encode(
        x=alt.X("body:N", title=None, axis=alt.Axis(labelAngle=0, labelLimit=115, labelExpr=LINES, grid=False)),
        y=alt.Y("country:N", title=None, axis=alt.Axis(grid=False)),
    )
    cells = base.mark_rect(stroke=DARK, strokeWidth=0.6).encode(
        color=alt.Color("status:N", scale=colours, legend=None),
        tooltip=["country:N", "body:N", "status:N", "years:N"],
    )
    words = base.mark_text(fontSize=10, color="#000000").encode(text=alt.Text("words:N"))
    body = alt.layer(cells, words).properties(width=alt.Step(118), height=alt.Step(21))
    return framed(
        body,
        package,
        "Memberships the sources name",
        ["Years where a source states them. An empty cell: no source says so, which is not to say that it is not so."],
    )


def funnel(package: Package | None = None) -> alt.VConcatChart:
    """How many projects were announced, signed, started and completed, by what sources report.

    Args:
        package: The bundled one where None.

    Raises:
        UnsupportedError: Altair is not installed.
    """
    alt, package = altair(), drawn(package)
    total = len(package.load("projects"))
    counts = {
        stage: int(record_facts(package, "projects", events, None, "chosen")["record"].nunique())
        for stage, events in STAGES.items()
    }
    rows = [
        {"stage": stage, "projects": count, "words": f"{count}  ({', '.join(STAGES[stage])})"}
        for stage, count in counts.items()
    ]
    # room for the words beside the longest bar
    room = 1.75 * max([1, *counts.values()])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("stage:N", sort=list(STAGES), title=None, axis=alt.Axis(labelFontSize=13, grid=False)),
        x=alt.X(
            "projects:Q",
            title="Projects",
            axis=alt.Axis(tickMinStep=1, grid=False),
            scale=alt.Scale(domainMin=0, domainMax=room),
        ),
    )
    bars = base.mark_bar(color=BLUE)
    words = base.mark_text(align="left", dx=6, fontSize=12, color=DARK).encode(text="words:N")
    return framed(
        alt.layer(bars, words).properties(width=WIDTH, height=alt.Step(38)),
        package,
        "From announcement to completion",
        [
            f"Of {total} projects, those with a reported event of each stage, dated or not; not those expected.",
            "Sources often report only the last stage, so that the bars need not shrink.",
        ],
    )


def map(  # noqa: A001  # called as `plot.map`
    package: Package | None = None,
    measure: str = "projects",
    *,
    event: str | Sequence[str] | None = None,
    kind: str | Sequence[str] | None = None,
    currency: str | None = None,
) -> alt.VConcatChart:
    """Countries by a measure of the panel, over all years; a number stands on each.

    Args:
        package: The bundled one where None.
        measure: "projects", "agreements", "meetings", "memberships" or "amounts".
        event: One or several codes of `event_kind`.
        kind: One or several codes of the measure's kind; one is needed for amounts and memberships.
        currency: The currency of amounts; the stated one where None.

    Raises:
        UnknownNameError: There is no such measure, event, kind or currency.
        UnsupportedError: What is asked is several numbers a country; or a package that maps need is not installed.
    """
    alt, package = altair(), drawn(package)
    rows = panel(package, measure, ("country",), event=event, kind=kind, currency=currency)
    if rows["iso2"].duplicated().any():
        raise UnsupportedError(f"{measure} are several numbers a country: choose one with kind= and currency=")
    shapes = outlines()
    places = place_rows(rows, shapes, package.load("countries"))
    width, height = MAP_SIZE
    unknown_said = f"A dash: no source covers the country{', or there is no rate for a date' if currency else ''}."
    return framed(
        alt.layer(*map_layers(places, shapes, _unit(measure, rows)))
        .project(**MAP, translate=[width / 2, height / 2])
        .properties(width=width, height=height),
        package,
        f"{_unit(measure, rows)} by country",
        [*_asked(event, kind), SHARED.get(measure, COUNTED), unknown_said],
    )


def _unit(measure: str, rows: pd.DataFrame) -> str:
    """What the numbers of a map are, with their unit."""
    stated = next(iter(rows["currency"]), None) if "currency" in rows else None
    return measure.capitalize() + (f", {stated}" if stated else "")


def _asked(event: str | Sequence[str] | None, kind: str | Sequence[str] | None) -> list[str]:
    """What was asked to be counted, in words."""
    lists = [[each] if isinstance(each, str) else list(each) for each in (event, kind) if each is not None]
    return [f"Only: {'; '.join(', '.join(each) for each in lists)}."] if lists else []
