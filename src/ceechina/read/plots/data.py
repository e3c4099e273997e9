"""What the charts show, as rows taken from the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from ceechina.read.panels.facts import STAGES, TOGETHER
from ceechina.read.plots.outlines import centre
from ceechina.read.tables.select import country_code

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package


class Mark(NamedTuple):
    """The events a timeline shows alike, and their shape and colour."""

    events: tuple[str, ...]
    shape: str
    colour: str


# shapes differ, but for what stands in a lane of its own; colours: promised, under way or done, seen, ended
MARKS = {
    "proposed": Mark(("proposed", "negotiated"), "circle", "#E69F00"),
    "announced": Mark(STAGES["announced"], "diamond", "#E69F00"),
    "signed": Mark(STAGES["signed"], "triangle-up", "#E69F00"),
    "started": Mark(STAGES["started"], "triangle-right", "#0072B2"),
    "completed": Mark(STAGES["completed"], "square", "#0072B2"),
    "renewed": Mark(("elevated", "renewed"), "triangle-down", "#0072B2"),
    "observed": Mark(("observed", "revealed"), "triangle-left", "#56B4E9"),
    "halted": Mark(("suspended", "cancelled"), "cross", "#D55E00"),
    "held": Mark(("held",), "circle", "#000000"),
}
WHAT = {event: name for name, mark in MARKS.items() for event in mark.events}
# countries a label names at most
NAMED = 6
EVENT_COLUMNS = ["table", "record", "kind", "date", "earliest", "latest", "is_planned"]


def country_row(package: Package, country: str | None) -> dict[str, Any] | None:
    """A country's row as `load` takes it; raise UnknownNameError where there is none."""
    if country is None:
        return None
    code = country_code(package, country)
    found: list[dict[str, Any]] = package.arrow("countries").to_pylist()
    return next(row for row in found if row["country_id"] == code)


def event_rows(package: Package, country: Mapping[str, Any] | None) -> pd.DataFrame:
    """Every event of a country's projects and agreements, and its meetings, in the order of their days.

    `middle` is the middle of the days the date can mean, null where it has none or is open to a side.
    """
    import pandas as pd

    rows = pd.concat([_happened(package, "projects"), _happened(package, "agreements"), _held(package)])
    if country is not None:
        ids = rows["country_ids"].str.split(TOGETHER)
        rows = rows[[isinstance(each, list) and country["country_id"] in each for each in ids]]
    rows = rows.reset_index(drop=True)
    where = "" if country is not None else " (" + rows["country_ids"].map(_where, na_action=None) + ")"
    rows = rows.assign(
        label=rows["name"] + where,
        what=rows["kind"].map(lambda kind: WHAT.get(kind, "observed")),
        middle=rows["earliest"] + (rows["latest"] - rows["earliest"]) / 2,
    )
    alike = rows.groupby(["label", "middle"], dropna=False)["middle"]
    rows = rows.assign(slot=alike.cumcount() - (alike.transform("size") - 1) / 2)
    # a record stands where its first event does
    order = rows.groupby("label")["middle"].transform("min").rank(method="dense", na_option="bottom")
    return rows.assign(order=order).sort_values(["order", "label", "middle"], kind="stable")


def _where(country_ids: Any) -> str:
    """Countries in the words of a label."""
    if not isinstance(country_ids, str):
        return "region"
    countries = country_ids.split(TOGETHER)
    return ", ".join(countries) if len(countries) <= NAMED else f"{len(countries)} countries"


def _happened(package: Package, table: str) -> pd.DataFrame:
    key, children = package.describe(table).key[0], f"{table.removesuffix('s')}_events"
    core, events = package.load(table), package.load(children)
    rows = events.merge(core[[key, "name", "country_ids"]], on=key).rename(
        columns={key: "record", "date_earliest": "earliest", "date_latest": "latest"}
    )
    return rows.assign(table=table, kind=rows["kind"].astype("string"))[[*EVENT_COLUMNS, "name", "country_ids"]]


def _held(package: Package) -> pd.DataFrame:
    rows = package.load("meetings")
    ended = rows["end"].notna()
    rows = rows.assign(
        table="meetings",
        record=rows["meeting_id"],
        kind=rows["outcome"].astype("string"),
        date=rows["start"].where(~ended, rows["start"] + "/" + rows["end"]),
        earliest=rows["start_earliest"],
        latest=rows["start_latest"].where(~ended, rows["end_latest"]),
        is_planned=rows["outcome"].isin(["planned"]),
    )
    return rows[[*EVENT_COLUMNS, "name", "country_ids"]]


def spell_rows(package: Package) -> pd.DataFrame:
    """Every spell of membership, with the names of country and body and its years in words."""
    rows = package.load("memberships")
    countries = package.load("countries").set_index("country_id")["name"]
    bodies = package.load("actors").set_index("actor_id")["name"]
    start, end = rows["start"].fillna(""), rows["end"].fillna("")
    years = (start + "–" + end).where((start + end) != "", "")
    return rows.assign(
        country=rows["country_id"].map(countries),
        # a long name on several lines
        body=rows["body_actor_id"].map(bodies).map(lambda name: "\n".join(wrap(name, 18))),
        status=rows["status"].astype("string"),
        years=years,
        words=(rows["status"].astype("string") + " " + years).str.strip(),
    )[["country", "body", "status", "years", "words"]]


def place_rows(
    values: pd.DataFrame, shapes: Sequence[Mapping[str, Any]], countries: pd.DataFrame
) -> list[dict[str, Any]]:
    """Features of the countries of a panel: `iso2`, `country`, `value` (None for not covered), a label's place."""
    import pandas as pd

    numbers = dict(zip(countries["country_id"], countries["m49"], strict=True))
    by_number = {shape["id"]: shape for shape in shapes if shape["id"] > 0}
    by_name = {shape["properties"]["name"]: shape for shape in shapes}
    places: list[dict[str, Any]] = []
    for row in values.to_dict("records"):
        number = numbers[row["iso2"]]
        # Kosovo has no number of the United Nations
        shape: Mapping[str, Any] | None = by_name.get(row["country"]) if pd.isna(number) else by_number.get(int(number))
        if shape is None:
            continue
        longitude, latitude = centre(shape)
        value = None if pd.isna(row["value"]) else float(row["value"])
        about = {"iso2": row["iso2"], "country": row["country"], "value": value}
        places.append({**shape, "properties": {**about, "longitude": longitude, "latitude": latitude}})
    return places
