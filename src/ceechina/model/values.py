"""The scalars: every kind of cell there is, with good and bad examples that double as tests."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Any

from ceechina.model.codes import DATE_PRECISION
from ceechina.model.columns import Companion, Scalar

# Words of a passage that are published, of its beginning as of its end.
MOST_WORDS = 8

_DAY = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?[?~%]?|[0-9]{4}-2[1-3]|[0-9]{3}X"


def _calendar_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error


# months a season of EDTF spans; winter spans two years and is not taken
_SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11)}


def _span(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of an EDTF date that is no interval; raise ValueError for no day of the calendar.

    Only for what `EDTF` takes, and judged against the edtf library by the tests: the library takes
    milliseconds for each date.
    """
    bare = text.rstrip("?~%")
    if bare.endswith("X"):
        year = int(bare[:3]) * 10
        return dt.date(year, 1, 1), dt.date(year + 9, 12, 31)
    if len(bare) == len("2016-04-18"):
        day = dt.date.fromisoformat(bare)
        return day, day
    year, month = int(bare[:4]), bare[5:]
    first, last = _SEASONS[month] if month in _SEASONS else (int(month or 1), int(month or 12))
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _edtf_bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day an EDTF expression can mean; None at an open end."""
    first, _, last = text.partition("/")
    try:
        return (
            None if first == ".." else _span(first)[0],
            None if last == ".." else _span(last or first)[1],
        )
    except ValueError as error:
        raise ValueError(f"{text!r} is no date of the calendar") from error


def earliest(text: str) -> dt.date | None:
    """First day the EDTF expression can mean; None where it is open at the start."""
    return _edtf_bounds(text)[0]


def latest(text: str) -> dt.date | None:
    """Last day the EDTF expression can mean; None where it is open at the end."""
    return _edtf_bounds(text)[1]


def precision(text: str) -> str:
    """Code of `date_precision` for an EDTF expression."""
    bare = text.rstrip("?~%")
    if "/" in bare:
        return "interval"
    if bare.endswith("X"):
        return "decade"
    if re.fullmatch(r"[0-9]{4}-2[1-3]", bare):
        return "season"
    return {4: "year", 7: "month", 10: "day"}[len(bare)]


def _read_edtf(text: str) -> str:
    first, last = _edtf_bounds(text)
    if first and last and first > last:
        raise ValueError(f"{text!r} ends before it starts")
    return text


def _number(text: str) -> float:
    value = float(text)
    if Decimal(text) != Decimal(repr(value)):
        raise ValueError(f"{text!r} has more digits than can be kept; write fewer")
    return value


def _boolean(text: str) -> bool:
    return text == "true"


def canonical(value: Any) -> str:
    """A value as the text published in CSV and in `claims`; the inverse of `Scalar.parse`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


# characters that turn the direction of writing or have no width: two names may look the same and differ in them
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_EDGE = rf"[^\x00-\x20\x7f{_SPACES}{_UNSEEN}]"
TEXT = Scalar(
    "text",
    "text without white space at its ends, without control characters and characters that cannot be seen",
    "string",
    rf"{_EDGE}(?:[^\x00-\x08\x0b-\x1f\x7f{_UNSEEN}]*{_EDGE})?",
    str,
    good=("HBIS Group", "Niš", "“iron” friendship"),
    bad=("", " HBIS", "HBIS\n", "a\rb", "a\x00b", "HBIS\u00a0", "Hua\u200bwei", "\u202eiewauH"),
)
SLUG = Scalar(
    "slug",
    "a slug of lower-case letters, digits and single hyphens",
    "string",
    r"[a-z0-9]+(?:-[a-z0-9]+)*",
    str,
    good=("smederevo-steelworks", "e-763", "17-plus-1"),
    bad=("Smederevo", "a--b", "-a", "a_b", "š"),
)
COUNTRY = Scalar(
    "country",
    "an ISO 3166-1 alpha-2 code in capitals",
    "string",
    r"[A-Z]{2}",
    str,
    good=("RS", "XK"),
    bad=("rs", "SRB", "Serbia"),
)
DATE = Scalar(
    "date",
    "a calendar day as YYYY-MM-DD",
    "date",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    _calendar_day,
    good=("2016-04-18",),
    bad=("2016-04", "2016-02-30", "18.04.2016", "1577836800"),
)
EDTF = Scalar(
    "edtf",
    "an EDTF date as precise as the source (year, month, day, decade, spring to autumn as 21 to 23, or an "
    "interval; `..` for an open end, `~` about, `?` uncertain)",
    "string",
    rf"(?:{_DAY})(?:/(?:{_DAY}|\.\.))?|\.\./(?:{_DAY})",
    _read_edtf,
    good=("2016", "2016-04", "2016-04-18", "2019-23", "201X", "2016~", "2008/2018", "../2020-10"),
    bad=(
        "2016-13",
        "2016-02-30",
        "April 2016",
        "16",
        "2016-4",
        "2018/2008",
        "../..",
        "2016 ",
        "2016/",
        "2019-24",
        "0000",
    ),
    companions=(
        Companion("earliest", "First day `{0}` can mean; empty where its start is open.", DATE, earliest),
        Companion("latest", "Last day `{0}` can mean; empty where its end is open.", DATE, latest),
        Companion("precision", "How finely the source gives `{0}`.", TEXT, precision, DATE_PRECISION),
    ),
)
INTEGER = Scalar(
    "integer",
    "a whole number of digits alone",
    "integer",
    r"0|[1-9][0-9]{0,17}",
    int,
    good=("13", "0"),
    bad=("1.5", "1,000", "-1", "1e3", "007", "thirteen"),
)
NUMBER = Scalar(
    "number",
    "a number of digits with at most one decimal point, no separators",
    "number",
    r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?",
    _number,
    good=("46000000", "2.89"),
    bad=("46 million", "1,000", "-3", "1e6", "NaN", "inf", ".5", "123456789012345.123456"),
)
BOOLEAN = Scalar(
    "boolean",
    "true or false",
    "boolean",
    r"true|false",
    _boolean,
    good=("true", "false"),
    bad=("yes", "1", "True", ""),
)
URL = Scalar(
    "url",
    "an http or https address",
    "string",
    r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?",
    str,
    good=("https://example.org/a?b#c",),
    bad=("example.org", "ftp://example.org", "https://a b.org", "https://a\u00a0b.org", "https://a.org/\u2028b"),
)
LANGUAGE = Scalar(
    "language",
    "a BCP 47 language tag",
    "string",
    r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*",
    str,
    good=("en", "sr-Latn", "zh-Hans"),
    bad=("English", "EN", "e"),
)
LICENCE = Scalar(
    "licence",
    "an SPDX licence identifier",
    "string",
    r"[A-Za-z0-9]+(?:[.+-][A-Za-z0-9]+)*",
    str,
    good=("CC-BY-4.0",),
    bad=("CC BY 4.0", ""),
)
SHA256 = Scalar(
    "sha256",
    "64 lower-case hexadecimal digits",
    "string",
    r"[0-9a-f]{64}",
    str,
    good=("0" * 64,),
    bad=("0" * 63, "g" * 64, "A" * 64),
)
VERSION = Scalar(
    "version",
    "a version of three numbers",
    "string",
    r"[0-9]+\.[0-9]+\.[0-9]+",
    str,
    good=("1.0.0",),
    bad=("1.0", "v1.0.0"),
)

SCALARS = (
    TEXT,
    SLUG,
    COUNTRY,
    EDTF,
    DATE,
    INTEGER,
    NUMBER,
    BOOLEAN,
    URL,
    LANGUAGE,
    LICENCE,
    SHA256,
    VERSION,
)
