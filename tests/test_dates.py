"""Dates as readers compute them: the same bounds and precision that are published."""

from __future__ import annotations

import pytest

from ceechina.errors import PackageError
from ceechina.model.values import EDTF, earliest, latest, precision
from ceechina.read.package import Package
from ceechina.read.tables import dates
from conftest import ROOT

PUBLISHED = Package(ROOT / "datapackage")
DATED = [(info.name, column) for info in PUBLISHED.tables() for column in info.dated]


@pytest.mark.parametrize("text", [*EDTF.good, "2020-21", "2016%", "../2020-10", "2008/.."])
def test_bounds_and_precision_are_those_of_the_model(text: str) -> None:
    assert dates.bounds(text) == (earliest(text), latest(text))
    assert dates.precision(text) == precision(text)


@pytest.mark.parametrize(("table", "column"), DATED)
def test_bounds_and_precision_are_those_published(table: str, column: str) -> None:
    for row in PUBLISHED.load(table, "arrow").to_pylist():
        if row[column]:
            assert dates.bounds(row[column]) == (row[f"{column}_earliest"], row[f"{column}_latest"])
            assert dates.precision(row[column]) == row[f"{column}_precision"]


@pytest.mark.parametrize(
    ("inner", "outer"), [("2016-04", "2016"), ("2016", "2015/2017"), ("2016", "2016~"), ("2020", "../2020")]
)
def test_a_finer_date_is_within_a_coarser_and_not_the_other_way(inner: str, outer: str) -> None:
    assert dates.is_within(inner, outer)
    assert not dates.is_within(outer, inner)


def test_no_date_is_told() -> None:
    with pytest.raises(PackageError, match="'soon' is no date"):
        dates.bounds("soon")
