"""Currency: rates of days and periods as the bank published them, and none where there is none."""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd
import pytest

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.panels.currency import convert, reference_rates


def amounts(currency: str, first: str | None, last: str | None) -> pd.DataFrame:
    """One amount of 1,000, and its date."""
    days = {"first": [first], "last": [last]}
    return pd.DataFrame({"value": [1000.0], "low": [900.0], "high": [1100.0], "currency": [currency], **days}).astype(
        {"first": "datetime64[s]", "last": "datetime64[s]"}
    )


def converted(currency: str, wanted: str, first: str | None, last: str | None) -> pd.Series[Any]:
    return convert(amounts(currency, first, last), wanted).iloc[0]


def test_a_day_has_its_own_rate() -> None:
    # 1.3759 dollars for a euro on 28 March 2014
    row = converted("USD", "EUR", "2014-03-28", "2014-03-28")
    assert row["value"] == pytest.approx(1000 / 1.3759)
    assert row["low"] == pytest.approx(900 / 1.3759)
    assert row["high"] == pytest.approx(1100 / 1.3759)
    assert (row["rate_date"], row["currency"], row["stated_currency"]) == ("2014-03-28", "EUR", "USD")
    assert row["stated_value"] == 1000
    assert row["rate_source"].startswith("ECB")


def test_a_sunday_has_the_rate_of_friday() -> None:
    row = converted("USD", "EUR", "2014-03-30", "2014-03-30")
    assert row["value"] == pytest.approx(1000 / 1.3759)
    assert row["rate_date"] == "2014-03-28"


def test_a_year_has_the_average_of_its_days() -> None:
    # the average of 2018 the bank publishes: 1.1810 dollars for a euro
    row = converted("EUR", "USD", "2018-01-01", "2018-12-31")
    assert row["rate"] == pytest.approx(1.1810, abs=5e-5)
    assert row["rate_date"] == "2018-01-01/2018-12-31"


def test_two_currencies_meet_in_the_euro() -> None:
    there, back = (converted(*pair, "2014-03-28", "2014-03-28")["rate"] for pair in (("USD", "CNY"), ("CNY", "USD")))
    # 8.5474 yuan for a euro on that day
    assert there * back == pytest.approx(1)
    assert there == pytest.approx(8.5474 / 1.3759)


def test_the_same_currency_needs_no_rate_and_no_date() -> None:
    row = converted("EUR", "EUR", None, None)
    assert (row["value"], row["rate"]) == (1000, 1)
    assert pd.isna(row["rate_date"])


@pytest.mark.parametrize(
    ("currency", "first", "last"),
    [
        ("USD", None, None),
        ("USD", None, "2014-03-28"),  # open to a side
        ("USD", "1998-05-01", "1998-05-31"),  # before the euro
        ("USD", "2008-01-01", "2018-12-31"),  # wider than a year
        ("USD", "2099-01-01", "2099-12-31"),  # not over
        ("HRK", "2023-05-01", "2023-05-01"),  # gave way to the euro
        ("XDR", "2014-03-28", "2014-03-28"),  # never quoted
    ],
)
def test_without_a_rate_there_is_no_number(currency: str, first: str | None, last: str | None) -> None:
    row = converted(currency, "EUR", first, last)
    assert row[["value", "low", "high", "rate", "rate_date", "rate_source"]].isna().all()
    assert row["stated_value"] == 1000


def test_a_period_that_is_not_over_has_no_average() -> None:
    last = reference_rates()[0].index[-1]
    year = converted("USD", "EUR", f"{last:%Y}-01-01", f"{last.year + 1}-01-01")
    assert pd.isna(year["rate"])


def test_no_amounts_are_no_trouble() -> None:
    assert convert(amounts("USD", None, None).iloc[:0], "EUR").empty


def test_an_unknown_currency_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'CNY'"):
        convert(amounts("USD", None, None), "CNYY")


def test_without_the_package_of_rates_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "currency_converter", None)
    with pytest.raises(UnsupportedError, match=r"pip install ceechina\[currency\]"):
        convert(amounts("USD", None, None), "EUR")
