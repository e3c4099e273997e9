"""What engines are asked and what is found: rows of answers, lines that are no rows, places where a rule is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ceechina.validate.rules import Rule
from ceechina.validate.sql import ROW

# Rows that a query has for an answer.
Rows = Sequence[tuple[Any, ...]]
# A row's number is told apart from those of other parts of its table by adding this for each part before.
PART = 10**12


class Asked(Protocol):
    """What holds the tables and answers queries put in DuckDB's SQL."""

    def ask(self, query: str) -> Rows:
        """The rows of a query."""

    def ask_all(self, queries: Iterable[str]) -> Sequence[Rows]:
        """The rows of each of several queries, asked at once where the engine can."""


@dataclass(frozen=True)
class Screened:
    """A table after one look.

    Attributes:
        rows: How many it has.
        totals: In how many places rules are broken, by their id, where that is known.
        suspects: The rows that alone may break a rule, by its id, where they are few.
    """

    rows: int
    totals: Mapping[str, int]
    suspects: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Line:
    """A record of a CSV file that is no row: its number, the header being 1, and the line in which it begins."""

    number: int
    line: int
    column: str
    kind: str
    message: str


@dataclass(frozen=True)
class Found:
    """Where a rule is broken: the number of the row, its key, the text of the cell."""

    row: int
    key: str
    value: str | None
    # what was expected there, where that is not the same for every place of the rule
    expected: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule that is broken.

    Attributes:
        rule: Which.
        totals: In how many places, by the number of the part; one at least of each is in `places`.
        places: The first places of each part, in their order.
    """

    rule: Rule
    totals: Mapping[int, int]
    places: Sequence[Found]


def first_of(query: str, limit: int, parts: int) -> str:
    """The first rows of a query, `ROW, key, value` and others, and how many there are in the part that each is in.

    These have two columns more: that number, 0 where it is not counted, and the row's own among them.

    Args:
        query: The query.
        limit: How many rows of each part; all of them where it is 0.
        parts: Of how many parts the table is.
    """
    if not limit or parts == 1:
        # they need be in order only where some are left out
        order = f" ORDER BY 1, 2, 3 LIMIT {limit}" if limit else ""
        return f"SELECT *, 0 AS of_part, 0 AS nth FROM ({query}){order}"
    part = f"PARTITION BY {ROW} - {ROW} % {PART}"
    told = f"*, count(*) OVER ({part}) AS of_part, row_number() OVER ({part} ORDER BY {ROW}, key, value) AS nth"
    return f"SELECT * FROM (SELECT {told} FROM ({query})) WHERE nth <= {limit}"


def finding(rule: Rule, total: int, rows: Iterable[tuple[Found, int]]) -> Finding:
    """A rule that is broken in so many places, the first of which are given with how many there are in their part."""
    found = sorted(rows, key=lambda row: (row[0].row, row[0].key, row[0].value or ""))
    places = [place for place, _ in found]
    held = Counter(place.row // PART for place in places)
    if total == len(places):
        return Finding(rule, held, places)
    stated = {place.row // PART: of_part for place, of_part in found if of_part}
    return Finding(rule, stated or dict.fromkeys(held, total), places)
