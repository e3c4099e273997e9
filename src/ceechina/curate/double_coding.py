"""Double coding: how far two independent codings of the same texts agree with what was settled, and with each other.

A fact is a value of one column of one record, as one source states it; for an item that is all key (a country, a
participant, a party) its key. Slugs of events, amounts and places are not compared, nor are passages. A fact claimed
by two passages counts once. Ids of records and actors are those they were settled under; a record that was dropped
keeps an id of its own, so that its facts count against the coding that had it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceechina.curate.csv_rows import read_rows
from ceechina.model.tables import Table, core

FOLDER = "double_coding"
CODINGS = ("first", "second")


@dataclass(frozen=True, order=True)
class Fact:
    """One value of one record by one source."""

    source_id: str
    value_table: str
    value_column: str
    record_id: str
    value: str


@dataclass(frozen=True)
class Score:
    """A coding held against the settled one: facts in both, in the coding alone, in the settled one alone."""

    both: int
    only_coded: int
    only_settled: int

    @property
    def precision(self) -> float | None:
        """Share of the coding's facts that were settled on; None where it has none."""
        return _ratio(self.both, self.both + self.only_coded)

    @property
    def recall(self) -> float | None:
        """Share of the settled facts that the coding has; None where there are none."""
        return _ratio(self.both, self.both + self.only_settled)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; None where there is nothing to compare."""
        return _ratio(2 * self.both, 2 * self.both + self.only_coded + self.only_settled)


@dataclass(frozen=True)
class Kappa:
    """Agreement of two coders on a code, beyond chance (Cohen); `value` is None where only one code was ever used."""

    units: int
    observed: float
    value: float | None


def read_coding(records: Path, name: str) -> set[Fact]:
    """The facts of a coding, from `double_coding/<name>.csv`; none where the file is not there."""
    remedy = "its rows are those of a coding as handed in"
    return set(read_rows(records, f"{FOLDER}/{name}.csv", Fact, remedy))


def settled(claims: Iterable[Mapping[str, Any]], tables: Mapping[str, Table]) -> set[Fact]:
    """The facts of the published claims, rivals included."""

    def value(row: Mapping[str, Any]) -> str:
        table = tables[row["value_table"]]
        is_all_key = table.parent and row["value_column"] == table.key[-1]
        return str(row["item"] if is_all_key else row["claimed_value"])

    return {
        Fact(row["source_id"], row["value_table"], row["value_column"], row["record_id"], value(row)) for row in claims
    }


def score(coding: set[Fact], truth: set[Fact]) -> Score:
    """A coding held against the settled one."""
    return Score(len(coding & truth), len(coding - truth), len(truth - coding))


def kappa(first: set[Fact], second: set[Fact], table: str, column: str) -> Kappa | None:
    """Cohen's kappa of two codings on a coded column, over what both coded; None where there is nothing.

    A unit is a record as one source tells it. Where a coding has two codes for it, the first in order is taken.
    """
    one, two = (_codes(coding, table, column) for coding in (first, second))
    units = sorted(one.keys() & two.keys())
    if not units:
        return None
    pairs = [(one[unit], two[unit]) for unit in units]
    observed = sum(a == b for a, b in pairs) / len(pairs)
    used = {code for pair in pairs for code in pair}
    chance = sum(sum(a == code for a, _ in pairs) * sum(b == code for _, b in pairs) / len(pairs) ** 2 for code in used)
    return Kappa(len(units), observed, None if len(used) == 1 else (observed - chance) / (1 - chance))


def _codes(coding: set[Fact], table: str, column: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for fact in sorted(coding):
        if (fact.value_table, fact.value_column) == (table, column):
            found.setdefault((fact.source_id, fact.record_id), fact.value)
    return found


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def report(first: set[Fact], second: set[Fact], truth: set[Fact], tables: Mapping[str, Table]) -> str:
    """Markdown tables of the agreement: by source, by column, and kappa for the coded columns of core tables."""
    lines = _score_table("source", lambda fact: fact.source_id, first, second, truth)
    lines += ["", *_score_table("column", lambda fact: f"{fact.value_table}.{fact.value_column}", first, second, truth)]
    lines += ["", "| coded column | units | same code | kappa |", "|---|---:|---:|---:|"]
    coded = [(table.name, column.name) for table in core(tables) for column in table.claimed if column.codes]
    for table, column in coded:
        found = kappa(first, second, table, column)
        if found:
            shown = "undefined" if found.value is None else f"{found.value:.2f}"
            lines.append(f"| {table}.{column} | {found.units} | {found.observed:.1%} | {shown} |")
    return "\n".join(lines)


def _score_table(
    what: str, group: Callable[[Fact], str], first: set[Fact], second: set[Fact], truth: set[Fact]
) -> list[str]:
    """Scores of both codings for each group of facts, and for all of them."""
    lines = [
        f"| {what} | settled | first: precision | recall | F1 | second: precision | recall | F1 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in [*dict.fromkeys(group(fact) for fact in sorted(truth | first | second)), "all"]:
        parts = [{fact for fact in facts if name in (group(fact), "all")} for facts in (first, second, truth)]
        wanted = parts.pop()
        scores = [score(part, wanted) for part in parts]
        cells = [cell for each in scores for cell in (each.precision, each.recall, each.f1)]
        shown = " | ".join("–" if cell is None else f"{cell:.2f}" for cell in cells)
        lines.append(f"| {name} | {len(wanted):,} | {shown} |")
    return lines
