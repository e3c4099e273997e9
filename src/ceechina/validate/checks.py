"""Rules asked of loaded tables, whatever the engine: how many places break each, and where the first of them are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.validate.domain import domain_rules
from ceechina.validate.recomputed import recomputed_rules
from ceechina.validate.rules import Rule, derived_rules
from ceechina.validate.sql import ROW, form_sql, key_sql, literal, quoted

# Runs a query in DuckDB's SQL and returns its rows.
Ask = Callable[[str], Sequence[tuple[Any, ...]]]

# Longest part of a cell that is taken into a report.
CELL_SHOWN = 500
# Rules that are asked in one query: with many more, DuckDB takes longer to plan it than to answer.
TOGETHER = 20


# A row's number is told apart from those of other parts of its table by adding this for each part before.
PART = 10**12


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


def rules_of(table: Table, tables: Mapping[str, Table]) -> list[Rule]:
    """Every rule about a table: of its cells, of it among others, of the subject."""
    return [*derived_rules(table, tables), *recomputed_rules(table, tables), *domain_rules(table.name)]


def check(
    ask: Ask, tables: Mapping[str, Table], rules: Sequence[Rule], limit: int, totals: Mapping[str, int] | None = None
) -> Iterator[Finding]:
    """Which rules are broken, and where.

    Args:
        ask: The engine that holds the tables.
        tables: The tables the rules are about, by name.
        rules: The rules to ask; all they read must be loaded.
        limit: How many places to tell of each.
        totals: How many places break a rule, by its id, where that is known already.
    """
    known = totals or {}
    for table in tables.values():
        computed = [rule for rule in rules if rule.kind == "computed" and rule.table == table.name]
        yield from _computed_findings(ask, table, computed, limit)
    asked = [rule for rule in rules if rule.kind != "computed" and known.get(rule.rule_id) != 0]
    for start in range(0, len(asked), TOGETHER):
        yield from _findings(ask, tables, asked[start : start + TOGETHER], limit, known)


def query(table: Table, rule: Rule) -> str:
    """What breaks a rule, as `ROW, key, value`; of a rule about rows `ROW` alone, as `_cells` has the others."""
    if rule.kind == "table":
        return f"SELECT {ROW}, key, {_shown('value')} AS value FROM ({rule.sql}) AS found"
    none = "CAST(NULL AS VARCHAR)"
    return f"SELECT t.{ROW}, {none} AS key, {none} AS value FROM {quoted(table.name)} AS t WHERE {rule.sql}"


def _findings(
    ask: Ask, tables: Mapping[str, Table], rules: Sequence[Rule], limit: int, known: Mapping[str, int]
) -> Iterator[Finding]:
    """Those of a few rules that are broken, asked at once: one place too many tells that there are more."""
    queries = [query(tables[rule.table], rule) for rule in rules]
    each = (f"(SELECT {number} AS number, * FROM ({query}) LIMIT {limit + 1})" for number, query in enumerate(queries))
    found: dict[int, list[Found]] = {}
    for number, *place in ask(" UNION ALL ".join(each)):
        found.setdefault(number, []).append(Found(*place))
    totals = {number: len(places) for number, places in found.items()}
    for number in [number for number, total in totals.items() if total > limit]:
        totals[number] = known.get(rules[number].rule_id) or ask(f"SELECT count(*) FROM ({queries[number]})")[0][0]
        found[number] = [Found(*place) for place in ask(f"{queries[number]} ORDER BY 1, 2, 3 LIMIT {limit}")]
    cells = _cells(ask, tables, {rules[number]: places for number, places in found.items()})
    for number, places in sorted(found.items()):
        rule = rules[number]
        told = places
        if rule.kind != "table":
            told = [Found(place.row, *cells[rule.table, place.row][rule.field]) for place in places]
        yield Finding(rule, totals[number], sorted(told, key=lambda place: (place.row, place.key, place.value or "")))


def _cells(
    ask: Ask, tables: Mapping[str, Table], found: Mapping[Rule, Sequence[Found]]
) -> dict[tuple[str, int], dict[str, tuple[str, str | None]]]:
    """Key and cell by field, of rows by table and number: read where shown, as rules read only what they judge."""
    cells: dict[tuple[str, int], dict[str, tuple[str, str | None]]] = {}
    for name, table in tables.items():
        about = {rule: places for rule, places in found.items() if rule.table == name and rule.kind != "table"}
        if about:
            fields = list(dict.fromkeys(rule.field for rule in about))
            rows = sorted({place.row for places in about.values() for place in places})
            shown = ", ".join(_shown(quoted(field)) for field in fields)
            chosen = ", ".join(map(str, rows))
            for row, key, *texts in ask(
                f"SELECT {ROW}, {key_sql(table)}, {shown} FROM {quoted(name)} WHERE {ROW} IN ({chosen})"
            ):
                cells[name, row] = {field: (key, text) for field, text in zip(fields, texts, strict=True)}
    return cells


def _shown(cell: str) -> str:
    return f"left({cell}, {CELL_SHOWN})"


def _computed_findings(ask: Ask, table: Table, rules: Sequence[Rule], limit: int) -> Iterator[Finding]:
    """Dates that are none, and cells that are not what their date comes to; each distinct set is judged once."""
    for source in dict.fromkeys(rule.source for rule in rules):
        asked = [rule for rule in rules if rule.source == source]
        wrong: list[dict[tuple[str | None, ...], str]] = [{} for _ in asked]
        totals = [0] * len(asked)
        for *cells, count in ask(_distinct(table, table[source], asked)):
            text, *values = cells
            for number, (rule, value) in enumerate(zip(asked, values, strict=True)):
                expected = _judged(table[source], table[rule.field], text, value)
                if expected is not None:
                    totals[number] += count
                    if len(wrong[number]) < limit:
                        wrong[number][text, value] = expected
        for rule, total, pairs in zip(asked, totals, wrong, strict=True):
            if total:
                yield Finding(rule, total, _computed_places(ask, table, rule, pairs, limit))


def _distinct(table: Table, source: Column, rules: Sequence[Rule]) -> str:
    """A cell with those computed from it; a cell of a wrong form has a rule of its own."""
    names = ", ".join(quoted(name) for name in (source.name, *(rule.field for rule in rules)))
    places = ", ".join(str(place + 1) for place in range(len(rules) + 1))
    known = f"{quoted(source.name)} IS NULL OR {form_sql(source)} <> ''"
    return f"SELECT {names}, count(*) FROM {quoted(table.name)} WHERE {known} GROUP BY {places} ORDER BY {places}"


def _computed_places(
    ask: Ask, table: Table, rule: Rule, wrong: Mapping[tuple[str | None, ...], str], limit: int
) -> list[Found]:
    """The first rows that have one of the wrong pairs."""
    names = quoted(rule.source), quoted(rule.field)
    pairs = " OR ".join(" AND ".join(_is(name, text) for name, text in zip(names, pair, strict=True)) for pair in wrong)
    found = ask(
        f"SELECT {ROW}, {key_sql(table)} AS key, {names[1]} AS value, {names[0]} AS source FROM {quoted(table.name)} "
        f"WHERE {pairs} ORDER BY 1 LIMIT {limit}"
    )
    return [Found(row, key, value, wrong[text, value]) for row, key, value, text in found]


def _is(cell: str, text: str | None) -> str:
    return f"{cell} IS NULL" if text is None else f"{cell} = {literal(text)}"


def _judged(source: Column, cell: Column, text: str | None, value: str | None) -> str | None:
    """What was expected of a computed cell, or of a date as such; None where nothing is wrong."""
    try:
        parsed = None if text is None else source.parse(text)
    except ValueError:
        # nothing can be computed from a date there is not, and the date has a rule of its own
        return "" if cell is source else None
    if cell.companion is None or not _is_value(cell, value):
        return None
    result = None if parsed is None else cell.companion.compute(parsed)
    expected = None if result is None else canonical(result)
    if value == expected:
        return None
    return repr(expected) if expected else f"nothing, as {source.name} has none"


def _is_value(cell: Column, text: str | None) -> bool:
    """Whether a cell may hold this; where it may not, another rule says so."""
    try:
        return text is None or cell.parse(text) is not None
    except ValueError:
        return False
