"""Spells of membership by year: known to hold, known not to, or not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ceechina.read.panels.facts import TOGETHER, chosen_codes

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package

NEVER = -1


def spell_facts(package: Package, kind: str | Sequence[str] | None, policy: str) -> pd.DataFrame:
    """A fact for each spell, without a year; its `kind` is the body, or those asked for together."""
    frame = package.load("memberships", policy=policy)
    bodies = chosen_codes("body", kind, sorted(set(frame["body_actor_id"])))
    found = frame if bodies is None else frame[frame["body_actor_id"].isin(bodies)]
    body = found["body_actor_id"]
    return found.assign(
        # two spells in one year are still one membership
        record=found["country_id"] + "/" + body,
        kind=body if bodies is None or isinstance(kind, str) else TOGETHER.join(bodies),
        status=found["status"].astype("string"),
        country_ids=found["country_id"],
        value=1.0,
        low=1.0,
        high=1.0,
    )


def spell_years(package: Package, facts: pd.DataFrame, span: range) -> pd.DataFrame:
    """Spells, once for each year of the span: `value` 1 for in, 0 for not, null for not known.

    A spell without a start is known from the year of the first source that speaks of it, or from its end
    where that is earlier; one without an end lasts as long as sources cover its country.
    """
    import pandas as pd

    published = package.load("sources").set_index("source_id")["published_latest"].dt.year
    spoken = facts["source_ids"].str.split(TOGETHER).explode().map(published).groupby(level=0).min()
    ended = facts["end"].notna()
    last = facts["end_latest"].dt.year.fillna(span.stop)
    surely_last = facts["end_earliest"].dt.year.fillna(last.mask(ended, NEVER))
    known = pd.concat([spoken, surely_last], axis=1).min(axis=1)
    bounds = facts.assign(
        first=facts["start_earliest"].dt.year.fillna(NEVER),
        last=last,
        surely_first=facts["start_latest"].dt.year.fillna(known),
        surely_last=surely_last,
    )
    rows = bounds.merge(pd.DataFrame({"year": pd.array(span, dtype="Int64")}), how="cross")
    low = rows["year"].between(rows["surely_first"], rows["surely_last"]).astype("float64")
    high = rows["year"].between(rows["first"], rows["last"]).astype("float64")
    return rows.assign(low=low, high=high, value=low.where(low == high))
