"""What engines are asked and what is found: rows of answers, lines that are no rows, places where a rule is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ceechina.validate.rules import Rule

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
    """A line of a CSV file that is no row; `number` counts records, the header being 1."""

    number: int
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
    """A rule that is broken: in how many places, and the first of them."""

    rule: Rule
    total: int
    places: Sequence[Found]
