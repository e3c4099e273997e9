"""A country-year panel, ready to merge: counts and sums with the keys of common datasets.

Zero says that sources which cover the country report nothing; null, that none covers it (`covered`). Events that
were only planned never count. The measures:

- "projects", "agreements": records in the year of their first event; with `event`, in each year of such an event
  (`facts.STAGES` has the events that belong together). A project of two countries counts in both; by year alone once.
- "meetings": meetings held, for each country that took part or was the place.
- "amounts": sums by kind and currency, in the year of `as_of`, else of the project's first event or of `event`. A
  project counts with the latest of its amounts of a kind and currency, as a revised budget replaces the first; once
  converted, with one of each kind, as sums in two currencies may be two estimates of one. What several
  countries share is in `shared` of each, not in `value`. Most sources give no `as_of`: the year is then that of the
  event, which may not be the year the sum was agreed or paid in.
- "memberships": by body, which is their `kind`, and status: 1, 0 before the start and after the end, null where that
  is not known. No zero for bodies a country is not said to have been in: sources name memberships in passing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.panels import covered
from ceechina.read.panels.facts import TOGETHER, amount_facts, meeting_facts, record_facts
from ceechina.read.panels.spells import spell_facts, spell_years

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package

# the columns that tell the rows of a measure apart, beside country and year
MEASURES: dict[str, tuple[str, ...]] = {
    "projects": (),
    "agreements": (),
    "meetings": (),
    "memberships": ("kind", "status"),
    "amounts": ("kind", "currency"),
}
BY = ("country", "year")
KEYS = {"country_id": "iso2", "iso3": "iso3", "cow": "cow", "gw": "gw", "vdem": "vdem", "name": "country"}
# why something is in no row, or is to be known of a row, in words
TOLD = {
    "undated": "no date, in no year",
    "wide": "a date wider than a year, in no year",
    "regional": "no country named, in no country's row",
    "shared": "several countries: in `shared` of each, in `value` of none",
    "several": "a number of meetings, not the meetings: not counted",
    "set_aside": "gave way to another amount of the same project and kind",
    "parts": "part of another project, counted beside it",
    "unconverted": "no rate for the date: no value where it belongs",
}


def panel(
    package: Package,
    measure: str,
    by: Sequence[str] = BY,
    *,
    event: str | Sequence[str] | None = None,
    kind: str | Sequence[str] | None = None,
    currency: str | None = None,
    policy: str = "chosen",
) -> pd.DataFrame:
    """Count or add up by country and year; what each measure is, the module says.

    Args:
        package: Where the tables are.
        measure: "projects", "agreements", "meetings", "memberships" or "amounts".
        by: "country", "year" or both. Without "year", records count whatever their date.
        event: One or several codes of `event_kind`, such as "signed".
        kind: One or several codes of the measure's kind; several are taken together.
        currency: ISO 4217 code of a currency to convert amounts to; see `currency.convert`.
        policy: How disagreements are decided, as in `load`.

    Returns:
        A row for each country of the region, each year from the first dated record to the last source, and each
        kind, status and currency there is: keys (iso2, iso3, cow, gw, vdem, country, year), `value`, and `low` and
        `high`, its bounds where sources disagree. With `currency` also `rate` (where all rests on one), `rate_date`
        and `rate_source`. `attrs` has the ids of what is in no row, by reason ("undated", "wide" ...), and `notes`.

    Raises:
        UnknownNameError: There is no such measure, grouping, event, kind or currency.
        UnsupportedError: The measure has no events or no currency.
    """
    _check(measure, by, event, currency)
    alike = ("kind", "currency") if currency is None else ("kind",)
    facts, told = _facts(package, measure, event, kind, policy, alike)
    if currency is not None:
        from ceechina.read.panels.currency import convert

        facts = convert(facts, currency)
        told["unconverted"] = _ids(facts[facts["rate"].isna()])
    if "year" in by:
        facts = _by_year(package, measure, facts, told)
    if "country" in by:
        facts = _by_country(measure, facts, told)
    groups = [{"country": "country_id"}.get(each, each) for each in BY if each in by]
    sums = _summed(facts, groups, measure)
    result = _balanced(package, sums, groups, MEASURES[measure], zero=measure != "memberships")
    result.attrs = _attrs(told)
    return result


def _attrs(told: dict[str, list[str]]) -> dict[Hashable | None, tuple[str, ...]]:
    """Ids by reason, and the same in words."""
    notes = tuple(f"{TOLD[reason]}: {', '.join(ids)}" for reason, ids in told.items() if ids)
    return {**{reason: tuple(ids) for reason, ids in told.items() if ids}, "notes": notes}


def _check(measure: str, by: Sequence[str], event: object, currency: str | None) -> None:
    if measure not in MEASURES:
        raise UnknownNameError("measure", measure, list(MEASURES))
    if isinstance(by, str) or not by or len(set(by)) != len(by):
        raise UnsupportedError(f'by={by!r} is no grouping; there is ("country", "year"), ("country",) and ("year",)')
    for each in by:
        if each not in BY:
            raise UnknownNameError("grouping", each, list(BY))
    if event is not None and measure not in ("projects", "agreements", "amounts"):
        raise UnsupportedError(f"{measure} have no events to choose; projects, agreements and amounts have")
    if currency is not None and measure != "amounts":
        raise UnsupportedError(f"{measure} have no currency; amounts have")


def _ids(facts: pd.DataFrame) -> list[str]:
    return sorted(set(facts["record"]))


def _facts(
    package: Package,
    measure: str,
    event: str | Sequence[str] | None,
    kind: str | Sequence[str] | None,
    policy: str,
    alike: Sequence[str],
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """The facts of a measure, and the ids of what is to be told of them, by reason."""
    if measure == "meetings":
        facts, several = meeting_facts(package, kind, policy)
        return facts, {"several": several}
    if measure == "memberships":
        return spell_facts(package, kind, policy), {}
    if measure == "agreements":
        return record_facts(package, measure, event, kind, policy), {}
    set_aside: list[str] = []
    if measure == "projects":
        facts = record_facts(package, measure, event, kind, policy)
    else:
        facts, set_aside = amount_facts(package, event, kind, policy, alike)
    projects = package.load("projects", policy=policy)
    parts = set(projects.loc[projects["parent_project_id"].notna(), "project_id"])
    return facts, {"set_aside": set_aside, "parts": sorted(parts.intersection(facts["record"]))}


def _by_year(package: Package, measure: str, facts: pd.DataFrame, told: dict[str, list[str]]) -> pd.DataFrame:
    """Facts once for each year they may be of, with what they add to `value`, `low` and `high` there."""
    if measure == "memberships":
        return spell_years(package, facts, covered.years(package))
    told["undated"] = _ids(facts[facts["date"].isna()])
    told["wide"] = _ids(facts[facts["is_wide"]])
    dated = facts[facts["year"].notna()]
    dated = dated.assign(is_sure=dated["years"].str.len() == 1).explode("years").astype({"years": "Int64"})
    return dated.assign(
        value=dated["value"].where(dated["years"] == dated["year"], 0.0),
        low=dated["low"].where(dated["is_sure"], 0.0),
        year=dated["years"],
    )


def _by_country(measure: str, facts: pd.DataFrame, told: dict[str, list[str]]) -> pd.DataFrame:
    """Facts once for each of their countries; a sum of several is moved to `shared`."""
    facts = facts.assign(country_id=facts["country_ids"].str.split(TOGETHER))
    told["regional"] = _ids(facts[facts["country_id"].isna()])
    if measure == "amounts":
        is_shared = facts["country_id"].str.len() > 1
        told["shared"] = _ids(facts[is_shared])
        facts = facts.assign(shared=facts["value"].where(is_shared, 0.0))
        facts = facts.assign(**{bound: facts[bound].mask(is_shared, 0.0) for bound in ("value", "low", "high")})
    return facts.explode("country_id").dropna(subset="country_id")


def _summed(facts: pd.DataFrame, groups: list[str], measure: str) -> pd.DataFrame:
    """Facts added up by group and code; null where one of them is. Records count once in a group."""
    keys = [*groups, *MEASURES[measure]]
    columns = [name for name in ("value", "low", "high", "shared") if name in facts]
    # grouping by a categorical would make rows of every code there is
    facts = facts.astype(dict.fromkeys(MEASURES[measure], "string"))
    if measure != "amounts":
        facts = facts.groupby([*keys, "record"], as_index=False)[columns].agg("max")
    by_key = facts.groupby(keys)
    sums = by_key[columns].sum().mask(facts[columns].isna().groupby([facts[key] for key in keys]).any())
    if "rate" in facts:
        sums["rate"] = by_key["rate"].first().where(by_key["rate"].min() == by_key["rate"].max())
        dates = by_key["rate_date"].agg(lambda dates: TOGETHER.join(sorted(set(dates.dropna()))))
        sums["rate_date"] = dates.where(dates != "")
        sums["rate_source"] = by_key["rate_source"].first()
    return sums.reset_index()


def _balanced(
    package: Package, sums: pd.DataFrame, groups: list[str], codes: Sequence[str], *, zero: bool
) -> pd.DataFrame:
    """Every country and year with every combination of codes; zero where covered and nothing is reported."""
    import pandas as pd

    countries = package.load("countries")
    countries = countries[countries["scope"] == "region"]
    years = pd.DataFrame({"year": pd.array(covered.years(package), dtype="Int64")})
    grid = sums[[*codes]].drop_duplicates().sort_values([*codes]) if codes else pd.DataFrame(index=[0])
    for group in reversed(groups):
        grid = {"country_id": countries[["country_id"]], "year": years}[group].merge(grid, how="cross")
    found = grid.merge(sums, on=[*groups, *codes], how="left", indicator="origin")
    numbers = [name for name in ("value", "low", "high", "shared") if name in found]
    if zero:
        empty = (found["origin"] == "left_only") & _is_covered(package, found)
        found[numbers] = found[numbers].mask(empty, 0.0)
    found = found.astype(dict.fromkeys(numbers, "Float64" if "currency" in codes else "Int64"))
    if "country_id" in groups:
        found = (
            countries[list(KEYS)].merge(found, on="country_id").astype({"country_id": "string"}).rename(columns=KEYS)
        )
    return found.drop(columns="origin")


def _is_covered(package: Package, rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether a source covers the country of a row, and its year."""
    import pandas as pd

    if "country_id" not in rows:
        return pd.Series(data=True, index=rows.index)
    last = rows["country_id"].map(covered.last_years(package))
    return last.notna() if "year" not in rows else (rows["year"] <= last).fillna(value=False).astype("bool")
