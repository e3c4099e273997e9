"""Which countries and years the sources of a package cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ceechina.read.panels.facts import TOGETHER

if TYPE_CHECKING:
    import pandas as pd

    from ceechina.read.package import Package


def years(package: Package) -> range:
    """From the first year any record is dated in to that of the last source; empty where nothing is dated."""
    published = package.load("sources")["published_latest"].dt.year
    frames = [package.load(info.name) for info in package.core()]
    firsts = [frame[name].min() for frame in frames for name in frame.columns if name.endswith("_earliest")]
    starts = [first.year for first in firsts if first == first]  # noqa: PLR0124  # a missing time differs from itself
    return range(min(starts), int(published.max()) + 1) if starts and published.notna().any() else range(0)


def last_years(package: Package) -> pd.Series[int]:
    """The last year covered of each country that is covered, by its ISO code.

    A source covers a country where it claims anything of a record of that country, up to its own publication.
    """
    import pandas as pd

    published = package.load("sources").set_index("source_id")["published_latest"].dt.year
    pairs = pd.concat([package.load(info.name)[["country_ids", "source_ids"]] for info in package.core()])
    for column in pairs.columns:
        pairs = pairs.assign(**{column: pairs[column].str.split(TOGETHER)}).explode(column)
    last = pairs["source_ids"].map(published).groupby(pairs["country_ids"]).max().dropna()
    return last.astype("int64")
