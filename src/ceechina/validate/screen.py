"""One look at all tables that counts what breaks their rules row by row, and clears most of the others.

Hashes only ever acquit: what they find suspicious is asked again by the rule itself. Two sums of 64-bit hashes that
are equal by chance would hide a wrong cell once in 10^19 times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ceechina.model.tables import Column, Table
from ceechina.validate.checks import Ask
from ceechina.validate.rules import Rule, claimed_cells, said_by_cell, said_by_claim
from ceechina.validate.sql import comparable, literal, quoted

# Rows up to which a table is small: one core reads so many as fast as two would.
SMALL = 120_000


@dataclass(frozen=True)
class Screened:
    """A table after one look: how many rows it has, and in how many places rules are broken, where that is known."""

    rows: int
    totals: Mapping[str, int]


@dataclass(frozen=True)
class _Look:
    """What to count in a table, as SQL: rows that break one of a few rules, of its key, and sums of cells by column."""

    table: Table
    rows: Mapping[tuple[str, ...], str]
    twice: str
    cells: Mapping[str, str]

    @property
    def query(self) -> str:
        """All of it in one row."""
        counted = ["count(*)", self.twice, *self.rows.values(), *self.cells.values()]
        numbers = ", ".join(f"CAST(coalesce({each}, 0) AS DECIMAL(38, 0))" for each in counted)
        return f"SELECT {literal(self.table.name)} AS name, [{numbers}] AS told FROM {quoted(self.table.name)} AS t"


def screen(ask: Ask, tables: Mapping[str, Table], rules: Mapping[str, Sequence[Rule]]) -> dict[str, Screened]:
    """Count in one scan of each table what breaks its rules.

    Args:
        ask: The engine that holds the tables.
        tables: The tables that are loaded, by name.
        rules: The rules about each that can be asked.
    """
    looks = {name: _look(table, tables, rules[name]) for name, table in tables.items()}
    counted = {name: told for group in _groups(ask, looks) for name, told in ask(" UNION ALL ".join(group))}
    chosen = _chosen(ask, tables) if "claims" in tables else {}
    rows: dict[str, int] = {}
    totals: dict[str, dict[str, int]] = {}
    kept: set[str] = set()
    for name, look in looks.items():
        rows[name], twice, *found = map(int, counted[name])
        totals[name] = _known(dict(zip(look.rows, found, strict=False)))
        if not twice:
            kept.add(f"{name}.key")
        sums = zip(look.cells, found[len(look.rows) :], strict=True)
        kept |= _about_claims(name, {column for column, total in sums if total == chosen.get((name, column), 0)})
    return {
        name: Screened(rows[name], totals[name] | {rule.rule_id: 0 for rule in rules[name] if rule.rule_id in kept})
        for name in tables
    }


def _groups(ask: Ask, looks: Mapping[str, _Look]) -> Iterator[list[str]]:
    """The looks to take together: at many small tables, so that there is work for all cores, or at a large one."""
    sizes = " UNION ALL ".join(
        f"SELECT {literal(name)} AS name, count(*) AS counted FROM {quoted(name)}" for name in looks
    )
    small = []
    for name, counted in ask(sizes):
        if counted > SMALL:
            yield [looks[name].query]
        else:
            small.append(looks[name].query)
    if small:
        yield small


def fingerprints(ask: Ask, names: Mapping[str, Table]) -> dict[str, tuple[int, int]]:
    """How many rows there are under each name, and a sum of them that is equal where they are."""
    asked = (
        f"SELECT {literal(name)} AS name, count(*) AS counted, "
        f"{_sum(', '.join(comparable(column, 't') for column in table.columns))} AS summed FROM {quoted(name)} AS t"
        for name, table in names.items()
    )
    found = ask(" UNION ALL ".join(asked)) if names else ()
    return {name: (counted, int(summed or 0)) for name, counted, summed in found}


def _look(table: Table, tables: Mapping[str, Table], rules: Sequence[Rule]) -> _Look:
    key = ", ".join(map(quoted, table.key))
    columns = claimed_cells(table) if "claims" in tables else []
    return _Look(
        table,
        dict(_counts(rules)),
        f"count(*) - count(DISTINCT hash({key}))",
        {column.name: _cell_sum(table, column) for column in columns},
    )


def _counts(rules: Sequence[Rule]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Rows that break a rule about a column, of all its rules at once: DuckDB plans longer than it counts."""
    by_field: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.kind == "row":
            by_field.setdefault(rule.field, []).append(rule)
    for about in by_field.values():
        yield tuple(rule.rule_id for rule in about), f"count_if({' OR '.join(f'({rule.sql})' for rule in about)})"


def _known(counted: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    """In how many places a rule is broken, by its id: of several that are not all kept, each must be asked."""
    return {name: count for names, count in counted.items() if not count or len(names) == 1 for name in names}


def _sum(cells: str) -> str:
    return f"sum(CAST(hash({cells}) AS DECIMAL(38, 0)))"


def _cell_sum(table: Table, column: Column) -> str:
    return f"{_sum(said_by_cell(table, column))} FILTER (WHERE t.{quoted(column.name)} IS NOT NULL)"


def _chosen(ask: Ask, tables: Mapping[str, Table]) -> dict[tuple[str, str], int]:
    """What the cells of each claimed column come to where each has one chosen claim, of its value."""
    found = ask(
        f"SELECT value_table, value_column, {_sum(said_by_claim(tables))} FROM claims "
        "WHERE standing = 'chosen' GROUP BY 1, 2"
    )
    return {(name, column): int(total) for name, column, total in found}


def _about_claims(table: str, columns: Collection[str]) -> set[str]:
    """Ids of the rules by which the cells of these columns and their claims answer for each other."""
    return {f"{table}.{column}.{rule}" for column in columns for rule in ("claim", "published")}
