"""Rules asked of loaded tables, whatever the engine: how many places break each, and where the first of them are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.validate.domain import domain_rules
from ceechina.validate.rules import ROW, Rule, derived_rules, form_sql, key_sql, literal, quoted

# Runs a query in DuckDB's SQL and returns its rows.
Ask = Callable[[str], Sequence[tuple[Any, ...]]]

# Longest part of a cell that is taken into a report.
CELL_SHOWN = 500


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
    return [*derived_rules(table, tables), *domain_rules(table.name)]


def check(
    ask: Ask, table: Table, rules: Sequence[Rule], limit: int, cleared: Collection[str] = ()
) -> Iterator[Finding]:
    """Which of the rules about a table are broken, and where.

    Args:
        ask: The engine that holds the tables.
        table: The table the rules are about.
        rules: The rules to ask; all they read must be loaded.
        limit: How many places to tell of each.
        cleared: Ids of rules that hold for certain and need not be asked.
    """
    asked = [rule for rule in rules if rule.rule_id not in cleared]
    by_row = [rule for rule in asked if rule.kind == "row"]
    yield from _row_findings(ask, table, by_row, limit)
    yield from _computed_findings(ask, table, [rule for rule in asked if rule.kind == "computed"], limit)
    for rule in asked:
        if rule.kind in ("lookup", "table"):
            yield from _table_findings(ask, rule, _query(table, rule), limit)


def row_counts(rules: Sequence[Rule]) -> list[str]:
    """What to select from a table for the number of rows that break each row rule."""
    return [f"count_if({rule.sql})" for rule in rules]


def _row_findings(ask: Ask, table: Table, rules: Sequence[Rule], limit: int) -> Iterator[Finding]:
    if not rules:
        return
    counts = ask(f"SELECT {', '.join(row_counts(rules))} FROM {quoted(table.name)}")[0]
    broken = [(rule, count) for rule, count in zip(rules, counts, strict=True) if count]
    if not broken:
        return
    places: dict[int, list[Found]] = {}
    for number, *place in ask(_row_places(table, [rule for rule, _ in broken], limit)):
        places.setdefault(number, []).append(Found(*place))
    for number, (rule, count) in enumerate(broken):
        yield Finding(rule, count, sorted(places[number], key=lambda place: place.row))


def _row_places(table: Table, rules: Sequence[Rule], limit: int) -> str:
    """The first rows that break each of some row rules, as `number of the rule, row, key, value`."""
    fields = dict.fromkeys(rule.field for rule in rules)
    broken = ", ".join(f"CASE WHEN {rule.sql} THEN {number} END" for number, rule in enumerate(rules))
    value = " ".join(f"WHEN {number} THEN {quoted(rule.field)}" for number, rule in enumerate(rules))
    shown = ", ".join(f"{_shown(quoted(field))} AS {quoted(field)}" for field in fields)
    return (
        f"SELECT number, {ROW}, key, CASE number {value} END AS value FROM ("
        f"SELECT {ROW}, {key_sql(table)} AS key, {shown}, unnest([{broken}]) AS number "
        f"FROM {quoted(table.name)}) AS told "
        f"WHERE number IS NOT NULL QUALIFY row_number() OVER (PARTITION BY number ORDER BY {ROW}) <= {limit}"
    )


def _query(table: Table, rule: Rule) -> str:
    """What breaks a rule, as `ROW, key, value`."""
    if rule.kind == "table":
        return rule.sql
    place = f"t.{ROW}, {key_sql(table, 't')} AS key, t.{quoted(rule.field)} AS value"
    return f"SELECT {place} FROM {quoted(table.name)} AS t WHERE {rule.sql}"


def _table_findings(ask: Ask, rule: Rule, query: str, limit: int) -> Iterator[Finding]:
    total = ask(f"SELECT count(*) FROM ({query}) AS found")[0][0]
    if total:
        places = ask(
            f"SELECT {ROW}, key, {_shown('value')} AS value FROM ({query}) AS found ORDER BY 1, 2, 3 LIMIT {limit}"
        )
        yield Finding(rule, total, [Found(*place) for place in places])


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
