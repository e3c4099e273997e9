"""What every chart has: Altair, a title, and a line that names the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ceechina.errors import UnsupportedError
from ceechina.read.package import Package, bundled
from ceechina.read.tables.descriptor import licence_names

if TYPE_CHECKING:
    from types import ModuleType

    import altair as alt
    import pandas as pd

FONT = "sans-serif"


def altair() -> ModuleType:
    """Altair; raise UnsupportedError where it is not installed."""
    try:
        import altair as alt
    except ModuleNotFoundError as error:
        raise UnsupportedError("charts need more packages: pip install ceechina[plot]") from error
    return alt


def drawn(package: object) -> Package:
    """The package a chart is of, the bundled one where None.

    Raises:
        UnsupportedError: It is no package, such as a country given in its place.
    """
    if package is None:
        return bundled()
    if not isinstance(package, Package):
        raise UnsupportedError(f"{package!r} is not a package: give what is drawn by its name, as in country='Serbia'")
    return package


def inline(rows: pd.DataFrame) -> alt.InlineData:
    """Rows as the chart's own data: days as text, nulls as None; of any number, which Altair's own way is not."""
    import altair as alt

    days = rows.select_dtypes("datetime").columns
    texts = rows.assign(**{day: rows[day].dt.strftime("%Y-%m-%d") for day in days}).astype(object)
    records: Any = texts.where(texts.notna(), None).to_dict("records")
    return alt.InlineData(values=records)


def source(package: Package) -> str:
    """The source line: name and version of the data, and its licence."""
    licences = ", ".join(name.replace("-", " ") for name in licence_names(package.descriptor))
    name = package.descriptor.get("name", "ceechina")
    return f"Source: {name} {package.version}" + (f", {licences}" if licences else "")


def framed(chart: Any, package: Package, title: str, said: Sequence[str]) -> alt.VConcatChart:
    """A chart under its title and what is to be said of it, over its source line."""
    import altair as alt

    above = alt.Title(
        title, subtitle=list(said), anchor="start", fontSize=17, subtitleFontSize=12, subtitleColor="#444444", offset=14
    )
    below = alt.Title(
        source(package), orient="bottom", anchor="start", fontSize=11, fontWeight="normal", color="#444444", offset=10
    )
    # a chart has one title, so that the source line is that of the concatenation around it
    whole: alt.VConcatChart = (
        alt.vconcat(chart.properties(title=above), title=below)
        .configure(font=FONT, background="#FFFFFF", padding=16)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, titleFontSize=12, grid=True, gridColor="#EEEEEE", labelColor="#222222")
        .configure_legend(labelFontSize=12, titleFontSize=12)
    )
    return whole
