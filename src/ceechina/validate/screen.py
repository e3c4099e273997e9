"""One look at all tables that finds the rows that may break a rule, and clears most rules about whole tables.

Hashes only ever acquit: what they find suspicious is asked again by the rule itself. Two sums of 64-bit hashes that
are equal by chance would hide a wrong cell once in 10^19 times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.model.tables import Column, Table
from ceechina.quoting import literal, quoted
from ceechina.validate.checks import beside
from ceechina.validate.findings import Asked, Screened
from ceechina.validate.rules import CHOSEN_ONCE, Rule, claimed_cells, said_by_cell
from ceechina.validate.sql import ROW, comparable, malformed_sql

# Rows up to which a table is small: one core reads so many as fast as two would.
SMALL = 120_000
# Rows that may break the rules about a column, up to which they are asked of these rows alone.
FEW = 1000


@dataclass(frozen=True)
class _Look:
    """What to find in a table, as SQL: rows that may break one of a few rules, keys not alone, sums of cells."""

    table: Table
    suspects: Mapping[tuple[str, ...], str]
    twice: str
    sums: Mapping[str, str]

    @property
    def query(self) -> str:
        """All of it in one row."""
        return (
            f"SELECT {literal(self.table.name)} AS name, count(*) AS counted, {self.twice} AS twice, "
            f"[{', '.join(self.suspects.values())}] AS suspects, [{', '.join(self.sums.values())}] AS summed "
            f"FROM {quoted(self.table.name)} AS t"
        )


def screen(engine: Asked, tables: Mapping[str, Table], rules: Mapping[str, Sequence[Rule]]) -> dict[str, Screened]:
    """Find in one scan of each table what may break its rules.

    Args:
        engine: What holds the tables.
        tables: The tables that are loaded, by name, with the shared queries of their rules.
        rules: The rules about each that can be asked.
    """
    looks = {name: _look(table, tables, rules[name]) for name, table in tables.items()}
    found = {name: told for name, *told in _answers(engine, looks)}
    chosen = _chosen(engine) if "claims" in tables else {}
    totals = _joined(engine, tables, rules)
    kept: set[str] = set()
    matched = 0
    suspects: dict[str, dict[str, Sequence[int]]] = {}
    for name, look in looks.items():
        _, twice, lists, summed = found[name]
        if not twice:
            kept.add(f"{name}.key")
        few = zip(look.suspects, lists, strict=True)
        suspects[name] = {rule: rows or () for about, rows in few if len(rows or ()) <= FEW for rule in about}
        kept.update(rule for rule, rows in suspects[name].items() if not rows)
        # where what cells say comes to what is claimed of them, each has one claim, of its value
        right = {column for column, sum_ in zip(look.sums, summed, strict=True) if sum_ == chosen.get((name, column))}
        kept |= _about_claims(name, right)
        matched += len(right & {column for of, column in chosen if of == name})
    if matched == len(chosen):
        kept.add(CHOSEN_ONCE)
    return {
        name: Screened(
            found[name][0],
            totals.get(name, {}) | {rule.rule_id: 0 for rule in rules[name] if rule.rule_id in kept},
            suspects[name],
        )
        for name in tables
    }


def _joined(
    engine: Asked, tables: Mapping[str, Table], rules: Mapping[str, Sequence[Rule]]
) -> dict[str, dict[str, int]]:
    """In how many rows rules are broken that put one shared query beside a table, by table and id."""
    together: dict[tuple[str, str], list[Rule]] = {}
    for name in tables:
        for rule in rules[name]:
            if rule.kind == "joined":
                together.setdefault((name, rule.shared), []).append(rule)
    queries = (
        f"SELECT {number} AS number, [{', '.join(f'count_if({rule.sql})' for rule in about)}] AS counted "
        f"FROM {quoted(name)} AS t {beside(tables[name], shared)}"
        for number, ((name, shared), about) in enumerate(together.items())
    )
    found: dict[int, list[int]] = dict(engine.ask(" UNION ALL ".join(queries))) if together else {}
    known: dict[str, dict[str, int]] = {}
    for number, ((name, _), about) in enumerate(together.items()):
        counts = zip(about, found[number], strict=True)
        known.setdefault(name, {}).update((rule.rule_id, count) for rule, count in counts)
    return known


def _answers(engine: Asked, looks: Mapping[str, _Look]) -> Iterator[tuple[Any, ...]]:
    """What each look finds: at large tables one after the other, for memory, at small ones in two parts at once."""
    sizes = " UNION ALL ".join(
        f"SELECT {literal(name)} AS name, count(*) AS counted FROM {quoted(name)}" for name in looks
    )
    large = {name for name, counted in engine.ask(sizes) if counted > SMALL}
    small = [look.query for name, look in looks.items() if name not in large]
    for name in large:
        yield from engine.ask(looks[name].query)
    for answer in engine.ask_all(" UNION ALL ".join(part) for part in (small[::2], small[1::2]) if part):
        yield from answer


def fingerprints(engine: Asked, names: Mapping[str, Table]) -> dict[str, tuple[int, int]]:
    """How many rows there are under each name, and a sum of them that is equal where they are."""
    asked = (
        f"SELECT {literal(name)} AS name, count(*) AS counted, "
        f"{_sum(', '.join(comparable(column, 't') for column in table.columns))} AS summed FROM {quoted(name)} AS t"
        for name, table in names.items()
    )
    return {name: (counted, int(summed or 0)) for ((name, counted, summed),) in engine.ask_all(asked)}


def _look(table: Table, tables: Mapping[str, Table], rules: Sequence[Rule]) -> _Look:
    key = ", ".join(map(quoted, table.key))
    columns = claimed_cells(table) if "claims" in tables else []
    return _Look(
        table,
        dict(_suspects(rules)),
        # by itself: beside other aggregates DuckDB groups all rows for it
        f"count(*) - (SELECT count(DISTINCT hash({key})) FROM {quoted(table.name)})",
        {column.name: _cell_sum(table, column) for column in columns},
    )


def _suspects(rules: Sequence[Rule]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The first rows that may break a rule about a column, of all its rules at once: DuckDB plans longer than it reads.

    One more than are few, which tells that there are more.
    """
    by_field: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.kind == "row":
            by_field.setdefault(rule.field, []).append(rule)
    for field, about in by_field.items():
        patterns = dict.fromkeys(rule.clear for rule in about if rule.clear)
        broken = [rule.sql for rule in about if not rule.clear]
        unclear = (malformed_sql(field, pattern) for pattern in patterns)
        suspected = " OR ".join([*broken, *unclear])
        yield tuple(rule.rule_id for rule in about), f"min(CASE WHEN {suspected} THEN {ROW} END, {FEW + 1})"


def _sum(cells: str) -> str:
    return _sum_of_hashes(f"hash({cells})")


def _sum_of_hashes(hashes: str) -> str:
    # hashed again: DuckDB's hash of several cells is so put together that two rows may exchange cells for nothing
    return f"sum(CAST(hash({hashes}) AS DECIMAL(38, 0)))"


def _cell_sum(table: Table, column: Column) -> str:
    return f"{_sum(said_by_cell(table, column))} FILTER (WHERE t.{quoted(column.name)} IS NOT NULL)"


def _chosen(engine: Asked) -> dict[tuple[str, str], int]:
    """What the cells of each claimed column come to where each has one chosen claim, of its value."""
    found = engine.ask(
        f"SELECT value_table, value_column, total FROM (SELECT min({ROW}) AS first, "
        f"{_sum_of_hashes('said')} AS total FROM chosen_claims GROUP BY place) AS places "
        f"JOIN claims ON claims.{ROW} = places.first"
    )
    return {(name, column): int(total) for name, column, total in found}


def _about_claims(table: str, columns: Collection[str]) -> set[str]:
    """Ids of the rules by which the cells of these columns and their claims answer for each other."""
    return {f"{table}.{column}.{rule}" for column in columns for rule in ("claim", "published")}
