"""Scalars: their own examples, EDTF bounds, and text that comes back as it went."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import assume, given
from hypothesis import strategies as st

from ceechina.model.values import (
    BOOLEAN,
    DATE,
    EDTF,
    INTEGER,
    NUMBER,
    SCALARS,
    canonical,
    earliest,
    latest,
    precision,
)

GOOD = [pytest.param(scalar, text, id=f"{scalar.name}-{text}") for scalar in SCALARS for text in scalar.good]
BAD = [pytest.param(scalar, text, id=f"{scalar.name}-{text!r}") for scalar in SCALARS for text in scalar.bad]


@pytest.mark.parametrize(("scalar", "text"), GOOD)
def test_good_examples_are_read_and_printed_back(scalar: object, text: str) -> None:
    assert canonical(scalar.parse(text)) == text  # type: ignore[attr-defined]


@pytest.mark.parametrize(("scalar", "text"), BAD)
def test_bad_examples_are_refused_with_the_value(scalar: object, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        scalar.parse(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda scalar: scalar.name)
def test_patterns_are_portable(scalar: object) -> None:
    pattern = scalar.pattern  # type: ignore[attr-defined]
    assert not re.search(r"\\[dwb]|\(\?[=!<]|\^|\$", pattern.replace("[^", "["))


@pytest.mark.parametrize(
    ("text", "first", "last", "how"),
    [
        ("2016", "2016-01-01", "2016-12-31", "year"),
        ("2016-02", "2016-02-01", "2016-02-29", "month"),
        ("2016-04-18", "2016-04-18", "2016-04-18", "day"),
        ("2019-23", "2019-09-01", "2019-11-30", "season"),
        ("201X", "2010-01-01", "2019-12-31", "decade"),
        ("2016~", "2016-01-01", "2016-12-31", "year"),
        ("2016-04?", "2016-04-01", "2016-04-30", "month"),
        ("2008/2018-03", "2008-01-01", "2018-03-31", "interval"),
        ("../2020-10", None, "2020-10-31", "interval"),
        ("2020-10/..", "2020-10-01", None, "interval"),
    ],
)
def test_edtf_says_which_days_it_can_mean(text: str, first: str | None, last: str | None, how: str) -> None:
    assert earliest(text) == (first and dt.date.fromisoformat(first))
    assert latest(text) == (last and dt.date.fromisoformat(last))
    assert precision(text) == how


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)), st.sampled_from([4, 7, 10]))
def test_edtf_prefix_of_a_day_contains_that_day(day: dt.date, length: int) -> None:
    text = EDTF.parse(day.isoformat()[:length])
    first, last = earliest(text), latest(text)
    assert first is not None
    assert last is not None
    assert first <= day <= last


@given(st.from_regex(re.compile(EDTF.pattern, re.ASCII), fullmatch=True))
def test_edtf_means_the_days_the_edtf_library_says(text: str) -> None:
    # the calendar here begins with the year 1
    assume("0000" not in text and "000X" not in text)
    first, _, last = text.partition("/")
    try:
        expected = (
            None if first == ".." else dt.date(*parse_edtf(first).lower_strict()[:3]),
            None if last == ".." else dt.date(*parse_edtf(last or first).upper_strict()[:3]),
        )
    except (EDTFParseException, ValueError):
        with pytest.raises(ValueError, match="no date of the calendar"):
            earliest(text)
        return
    assert (earliest(text), latest(text)) == expected


@given(st.text(max_size=12))
def test_edtf_refuses_or_bounds_any_text(text: str) -> None:
    try:
        EDTF.parse(text)
    except ValueError:
        return
    assert precision(text) in {"day", "month", "season", "year", "decade", "interval"}
    assert (earliest(text) or dt.date.min) <= (latest(text) or dt.date.max)


@given(st.integers(min_value=0, max_value=10**17))
def test_whole_numbers_come_back(number: int) -> None:
    assert INTEGER.parse(canonical(number)) == number


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=3))
def test_numbers_come_back(units: int, places: int) -> None:
    number = units / 10**places
    assert NUMBER.parse(canonical(number)) == number


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_days_come_back(day: dt.date) -> None:
    assert DATE.parse(canonical(day)) == day


@given(st.booleans())
def test_booleans_come_back(value: bool) -> None:
    assert BOOLEAN.parse(canonical(value)) is value
