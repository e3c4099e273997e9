"""One look at each table that clears most rules: what is left is asked rule by rule.

Hashes only ever acquit: what they find suspicious is asked again by the rule itself. Two sums of 64-bit hashes that
are equal by chance would hide a wrong cell once in 10^19 times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ceechina.model.tables import Column, Table
from ceechina.validate.rules import ClaimedCell, Rule, as_number, claimed_cells, comparable, literal, quoted


class Counting(Protocol):
    """What an engine must be able to do for a look at its tables."""

    @property
    def looks_up_while_counting(self) -> bool:
        """Whether rows can be counted by whether other tables have them."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, put in DuckDB's SQL."""

    def hashed(self, cells: str) -> str:
        """SQL for a number that is the same where the cells are, and hardly ever where they are not."""

    def summed(self, cells: str) -> str:
        """SQL for the sum of these numbers."""


@dataclass(frozen=True)
class Screened:
    """A table after one look: how many rows it has, and the ids of rules that it keeps for certain."""

    rows: int
    cleared: Collection[str]


@dataclass(frozen=True)
class _Look:
    """A table by itself; `claimed` are the sums of the columns that rest on claims."""

    rows: int
    clean: frozenset[str]
    claimed: Mapping[str, int]


def screen(engine: Counting, tables: Mapping[str, Table], rules: Mapping[str, Sequence[Rule]]) -> dict[str, Screened]:
    """Count in one scan of each table what breaks its rules.

    Args:
        engine: Where the tables are.
        tables: The tables that are loaded, by name.
        rules: The rules about each that can be asked.
    """
    looks = {name: _look(engine, table, tables, rules[name]) for name, table in tables.items()}
    chosen = _chosen(engine, tables) if "claims" in tables else {}
    told = {
        name: {column for column, total in look.claimed.items() if total == chosen.get((name, column), 0)}
        for name, look in looks.items()
    }
    return {name: Screened(look.rows, look.clean | _about_claims(name, told[name])) for name, look in looks.items()}


def fingerprint(engine: Counting, name: str, table: Table) -> tuple[int, int]:
    """How many rows there are under a name, and a sum of them that is equal where they are."""
    cells = ", ".join(comparable(column, "t") for column in table.columns)
    rows, total = engine.ask(f"SELECT count(*), {engine.summed(cells)} FROM {quoted(name)} AS t")[0]
    return rows, int(total or 0)


def _look(engine: Counting, table: Table, tables: Mapping[str, Table], rules: Sequence[Rule]) -> _Look:
    counts = {f"{table.name}.key": f"count(*) - count(DISTINCT {engine.hashed(', '.join(map(quoted, table.key)))})"}
    counts |= {rule.rule_id: f"count_if({rule.sql})" for rule in rules if rule.kind == "row"}
    lookups = {rule.rule_id: f"count_if({rule.sql})" for rule in rules if rule.kind == "lookup"}
    columns = claimed_cells(table) if "claims" in tables else []
    cells = [_cell_sum(engine, table, column) for column in columns]
    rows, *found = _selected(engine, table, ["count(*)", *counts.values(), *cells])
    # a scan of their own: DuckDB looks at each entry of a dictionary, but after a join at each cell
    asked = lookups if engine.looks_up_while_counting else {}
    found_there = _selected(engine, table, list(asked.values())) if asked else ()
    told = zip([*counts, *asked], [*found[: len(counts)], *found_there], strict=True)
    claimed = {column.name: int(total or 0) for column, total in zip(columns, found[len(counts) :], strict=True)}
    return _Look(rows, frozenset(rule_id for rule_id, count in told if not count), claimed)


def _selected(engine: Counting, table: Table, what: Sequence[str]) -> tuple[Any, ...]:
    return engine.ask(f"SELECT {', '.join(what)} FROM {quoted(table.name)} AS t")[0]


def _cell_sum(engine: Counting, table: Table, column: Column) -> str:
    cell = ClaimedCell.of(table, column)
    place = f"{literal(table.name)}, {literal(column.name)}, {cell.record}, {cell.item}, {cell.value}"
    return f"{engine.summed(place)} FILTER (WHERE t.{quoted(column.name)} IS NOT NULL)"


def _chosen(engine: Counting, tables: Mapping[str, Table]) -> dict[tuple[str, str], int]:
    """What the cells of each claimed column come to where each has one chosen claim, of its value."""
    columns = {f"{table.name}.{column.name}": column for table in tables.values() for column in claimed_cells(table)}
    numbers = [place for place, column in columns.items() if column.scalar.type == "number"]
    value = f"CASE WHEN {_among(numbers)} THEN {as_number('claimed_value')} ELSE claimed_value END"
    cells = f"value_table, value_column, record_id, coalesce(item, ''), {value}"
    found = engine.ask(
        f"SELECT value_table, value_column, {engine.summed(cells)} FROM claims "
        f"WHERE standing = 'chosen' AND {_among(columns)} GROUP BY 1, 2"
    )
    return {(name, column): int(total or 0) for name, column, total in found}


def _among(places: Iterable[str]) -> str:
    """SQL for whether a claim is of one of these columns."""
    # of none where there is none
    known = ", ".join(map(literal, ["", *places]))
    return f"concat_ws('.', value_table, value_column) IN ({known})"


def _about_claims(table: str, columns: Collection[str]) -> set[str]:
    """Ids of the rules by which the cells of these columns and their claims answer for each other."""
    return {f"{table}.{column}.{rule}" for column in columns for rule in ("claim", "published")}
