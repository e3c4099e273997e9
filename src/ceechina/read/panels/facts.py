"""What a panel counts or adds up: one row a fact, with its record, its countries and the years it can be of.

A fact is a data frame row with `record`, `country_ids`, `value`, `low`, `high`, the columns of its measure
(`kind`, `status`, `currency`), and its time: `year`, null where it has no date or one wider than a
year; `is_wide`, for the latter; `years`, all that sources which disagree give. `first` and `last` are the days
the chosen date can mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ceechina.errors import UnknownNameError
from ceechina.quoting import parquet
from ceechina.read.tables.query import unreadable

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package

# how far a project or an agreement has come, by the events that show it; for charts, and for `event=`
STAGES: dict[str, tuple[str, ...]] = {
    "announced": ("announced",),
    "signed": ("agreed", "signed", "ordered", "approved"),
    "started": ("started",),
    "completed": ("acquired", "delivered", "completed", "opened"),
}
TOGETHER = "; "
ONE_YEAR = re.compile(r"(\d{4})(?:-\d{2}){0,2}[?~%]?")


def chosen_codes(what: str, asked: str | Sequence[str] | None, known: Sequence[str]) -> tuple[str, ...] | None:
    """The codes asked for, None for all; raise UnknownNameError for one there is not."""
    if asked is None:
        return None
    codes = (asked,) if isinstance(asked, str) else tuple(asked)
    for code in codes:
        if code not in known:
            raise UnknownNameError(what, str(code), list(known))
    return codes


def codes_of(package: Package, table: str, column: str) -> tuple[str, ...]:
    """The code list of a column."""
    return next((each.codes for each in package.describe(table).columns if each.name == column), ())


def record_facts(
    package: Package, table: str, event: str | Sequence[str] | None, kind: str | Sequence[str] | None, policy: str
) -> pd.DataFrame:
    """A fact for each project or agreement, or for each that had one of the events asked."""
    core = _of_kind(package.load(table, policy=policy), chosen_codes("kind", kind, codes_of(package, table, "kind")))
    dated = _dated_by(package, table, core, event, policy, once=False)
    return dated.assign(value=1.0, low=1.0, high=1.0)


def meeting_facts(package: Package, kind: str | Sequence[str] | None, policy: str) -> tuple[pd.DataFrame, list[str]]:
    """A fact for each meeting held, of the countries that took part; and the rows that only state a number."""
    core = _of_kind(
        package.load("meetings", policy=policy), chosen_codes("kind", kind, codes_of(package, "meetings", "kind"))
    )
    core = core[core["outcome"].isin(["held"])]
    several = core.loc[core["count"].notna(), "meeting_id"].tolist()
    core = core[core["count"].isna()].assign(item="", record=lambda rows: rows["meeting_id"])
    # a meeting runs from the first day its start can mean to the last its end can, where it has one
    core = core.assign(
        date=core["start"],
        first=core["start_earliest"],
        last=core["end_latest"].where(core["end"].notna(), core["start_latest"]),
    )
    facts = _timed(core, _rivals(package, "meetings", "start")).assign(value=1.0, low=1.0, high=1.0)
    return facts.assign(country_ids=_without_absent(package, core, policy)), several


def amount_facts(
    package: Package,
    event: str | Sequence[str] | None,
    kind: str | Sequence[str] | None,
    policy: str,
    alike: Sequence[str],
) -> tuple[pd.DataFrame, list[str]]:
    """A fact for each amount, dated by its `as_of` or else by its project; and the amounts that gave way to another.

    Of the amounts of a project that are alike in some columns only the latest counts, or the first by its id:
    a budget and its revision, or one plan in two currencies, are not to be added.
    """
    codes = chosen_codes("kind of amount", kind, codes_of(package, "project_amounts", "kind"))
    amounts = _of_kind(package.load("project_amounts", policy=policy), codes)
    amounts = amounts[amounts["value"].notna()].sort_values(
        ["project_id", "as_of_latest", "amount_id"], ascending=[True, False, True], na_position="last"
    )
    earlier = amounts.duplicated(["project_id", *alike])
    set_aside = [f"{row.project_id}/{row.amount_id}" for row in amounts[earlier].itertuples()]
    projects = _dated_by(package, "projects", package.load("projects", policy=policy), event, policy, once=True)
    by_event = projects[["record", "country_ids", "date", "first", "last", "item"]]
    found = amounts[~earlier].merge(by_event, left_on="project_id", right_on="record")
    own = found["as_of"].notna()
    found = found.assign(
        date=found["as_of"].where(own, found["date"]),
        first=found["as_of_earliest"].where(own, found["first"]),
        last=found["as_of_latest"].where(own, found["last"]),
        item=found["item"].where(~own, found["amount_id"]),
    )
    rivals = _rivals(package, "project_events", "date") | _rivals(package, "project_amounts", "as_of")
    facts = _timed(found, rivals).astype({"value": "float64", "kind": "string"})
    if codes is not None and not isinstance(kind, str):
        facts = facts.assign(kind=TOGETHER.join(codes))
    return _bounded(facts, _rivals(package, "project_amounts", "value")), set_aside


def _of_kind(frame: pd.DataFrame, codes: tuple[str, ...] | None) -> pd.DataFrame:
    return frame if codes is None else frame[frame["kind"].isin(codes)]


def _dated_by(
    package: Package, table: str, core: pd.DataFrame, event: str | Sequence[str] | None, policy: str, *, once: bool
) -> pd.DataFrame:
    """Records with the date of their first event, or those with one of the kinds asked; planned events never count.

    With kinds asked a record stands once for each such event, or with `once` at the first of them.
    """
    key, children = package.describe(table).key[0], f"{table.removesuffix('s')}_events"
    kinds = chosen_codes("event", event, codes_of(package, children, "kind"))
    events = package.load(children, policy=policy)
    events = events[~events["is_planned"].astype(bool)]
    events = events if kinds is None else events[events["kind"].isin(kinds)]
    # the earliest first; those without a first day come last
    events = events.sort_values([key, "date_earliest", "event_id"])
    events = events.drop_duplicates(key) if once or kinds is None else events
    found = core[[key, "country_ids"]].merge(events, on=key, how="left" if kinds is None else "inner")
    found = found.rename(columns={key: "record", "date_earliest": "first", "date_latest": "last", "event_id": "item"})
    return _timed(found, _rivals(package, children, "date"))


def _timed(frame: pd.DataFrame, rivals: dict[tuple[str, str], list[str]]) -> pd.DataFrame:
    """Facts with `year`, `years` and `is_wide`."""
    import pandas as pd

    first, last = frame["first"].dt.year.astype("Int64"), frame["last"].dt.year.astype("Int64")
    year = first.where((first == last).fillna(value=False))
    cells = zip(frame["record"], frame["item"].fillna(""), strict=True)
    said = [[int(found[1]) for date in rivals.get(cell, ()) if (found := ONE_YEAR.fullmatch(date))] for cell in cells]
    own = [[] if year is pd.NA else [year] for year in year.array]
    years = pd.Series(
        [sorted({*mine, *others}) for mine, others in zip(own, said, strict=True)], index=frame.index, dtype=object
    )
    return frame.assign(year=year, years=years, is_wide=frame["date"].notna() & year.isna())


def _bounded(facts: pd.DataFrame, rivals: dict[tuple[str, str], list[str]]) -> pd.DataFrame:
    """Amounts with the least and the most any source says."""
    said = [
        [value, *map(float, rivals.get((record, item), ()))]
        for record, item, value in zip(facts["project_id"], facts["amount_id"], facts["value"], strict=True)
    ]
    most = facts["value_max"].astype("float64").fillna(facts["value"])
    return facts.assign(low=[min(values) for values in said], high=[max(values) for values in said]).assign(
        high=lambda rows: rows["high"].where(rows["high"] >= most, most)
    )


def _rivals(package: Package, table: str, column: str) -> dict[tuple[str, str], list[str]]:
    """The values sources give for the cells of a column on which they disagree, by record and item."""
    import duckdb

    path = package.file("claims")
    sql = f"""
        SELECT record_id, coalesce(item, ''), list(claimed_value)
        FROM {parquet(path)} WHERE value_table = ? AND value_column = ? AND standing IN ('chosen', 'rival')
        GROUP BY ALL HAVING count(DISTINCT claimed_value) > 1
    """
    try:
        with duckdb.connect() as connection:
            found = connection.execute(sql, [table, column]).fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from error
    return {(record, item): values for record, item, values in found}


def _without_absent(package: Package, meetings: pd.DataFrame, policy: str) -> pd.Series[str]:
    """The countries of meetings, less those that only stayed away."""
    import pandas as pd

    taking = package.load("meeting_participants", policy=policy)
    home = package.load("actors", policy=policy).set_index("actor_id")["country_id"]
    country = taking["represents_country_id"].fillna(taking["actor_id"].map(home))
    away = taking["role"].isin(["absent"])
    pairs = set(zip(taking["meeting_id"], country, strict=True))
    present = {
        pair for pair, gone in zip(zip(taking["meeting_id"], country, strict=True), away, strict=True) if not gone
    }
    present |= set(zip(meetings["meeting_id"], meetings["country_id"], strict=True))
    listed = meetings["country_ids"].fillna("").str.split(TOGETHER)
    kept = [
        TOGETHER.join(one for one in ones if (meeting, one) in present or (meeting, one) not in pairs)
        for meeting, ones in zip(meetings["meeting_id"], listed, strict=True)
    ]
    return pd.Series([text or None for text in kept], index=meetings.index, dtype="string")
