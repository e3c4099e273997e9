"""EDTF dates read: the first and last day one can mean, and how fine it is."""

from __future__ import annotations

import datetime as dt
from functools import cache

from ceechina.errors import PackageError

Bounds = tuple[dt.date | None, dt.date | None]

# by the length of a plain date
_PRECISION = {4: "year", 7: "month", 10: "day"}
# months 21 to 23 are spring to autumn
_FIRST_SEASON = 21


@cache
def bounds(text: str) -> Bounds:
    """First and last day an EDTF date can mean; None at an open end. Kept, as parsing one takes milliseconds.

    >>> bounds("2016-04")
    (datetime.date(2016, 4, 1), datetime.date(2016, 4, 30))
    >>> bounds("../2020")
    (None, datetime.date(2020, 12, 31))
    """
    from edtf import EDTFParseException, parse_edtf

    # an interval is taken apart here: python-edtf has no bounds for one with an open end
    first, _, last = text.partition("/")
    try:
        return (
            None if first == ".." else dt.date(*parse_edtf(first).lower_strict()[:3]),
            None if last == ".." else dt.date(*parse_edtf(last or first).upper_strict()[:3]),
        )
    except (EDTFParseException, ValueError) as error:
        raise PackageError(f"the package is damaged: {text!r} is no date") from error


def precision(text: str) -> str:
    """How fine an EDTF date is: day, month, season, year, decade or interval.

    >>> precision("2016-04~"), precision("201X"), precision("2008/2018")
    ('month', 'decade', 'interval')
    """
    bare = text.rstrip("?~%")
    if "/" in bare:
        return "interval"
    if bare.endswith("X"):
        return "decade"
    found = _PRECISION[len(bare)]
    return "season" if found == "month" and int(bare[-2:]) >= _FIRST_SEASON else found


def is_within(inner: str, outer: str) -> bool:
    """Whether one date lies within another and says more; a plain date says more than an uncertain one."""
    (first, last), (outer_first, outer_last) = bounds(inner), bounds(outer)
    if (first, last) == (outer_first, outer_last):
        return len(inner) < len(outer)
    starts = outer_first is None or (first is not None and first >= outer_first)
    ends = outer_last is None or (last is not None and last <= outer_last)
    return starts and ends
