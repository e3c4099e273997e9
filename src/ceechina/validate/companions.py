"""Dates that are none, and cells that are not what the model computes from a date: each distinct set is judged once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.quoting import literal, quoted
from ceechina.validate.findings import PART, Asked, Finding, Found, Rows, first_of
from ceechina.validate.rules import Rule
from ceechina.validate.sql import ROW, form_sql, key_sql, malformed_sql

# A cell and what is computed from it; between them, and for one that is empty, a control character, which no date has.
Pair = tuple[str | None, str | None]
_GAP = "\x1f"


def computed_findings(
    engine: Asked, tables: Mapping[str, Table], rules: Sequence[Rule], limit: int, parts: Mapping[str, int]
) -> Iterator[Finding]:
    """Those of the rules that are broken, all of the kind `computed`, with the first places of each."""
    by_source: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        by_source.setdefault((rule.table, rule.source), []).append(rule)
    queries = [
        _distinct(tables[name], tables[name][source], about, parts.get(name, 1))
        for (name, source), about in by_source.items()
    ]
    for about, answer in zip(by_source.values(), engine.ask_all(queries), strict=True):
        table = tables[about[0].table]
        yield from _judged_findings(engine, table, about, answer, limit, parts.get(table.name, 1))


def _judged_findings(
    engine: Asked, table: Table, rules: Sequence[Rule], answer: Rows, limit: int, parts: int
) -> Iterator[Finding]:
    """What is wrong in the distinct sets of a date and the cells computed from it."""
    source = table[rules[0].source]
    wrong: list[dict[int, dict[Pair, str]]] = [{} for _ in rules]
    totals: list[Counter[int]] = [Counter() for _ in rules]
    for part, text, *values, count in answer:
        for number, (rule, value) in enumerate(zip(rules, values, strict=True)):
            expected = _judged(source, table[rule.field], text, value)
            if expected is not None:
                totals[number][part] += count
                pairs = wrong[number].setdefault(part, {})
                if len(pairs) < limit:
                    pairs[text, value] = expected
    for rule, total, of_parts in zip(rules, totals, wrong, strict=True):
        if total:
            pairs = {pair: expected for pairs in of_parts.values() for pair, expected in pairs.items()}
            yield Finding(rule, total, _computed_places(engine, table, rule, pairs, limit, parts))


def _distinct(table: Table, source: Column, rules: Sequence[Rule], parts: int) -> str:
    """The part of the table, a cell and those computed from it; a cell of a wrong form has a rule of its own."""
    # what has no form of its own is left out, so that there are no more sets than the calendar has dates
    cells = (_formed(table[rule.field]) for rule in rules)
    part = f"({ROW} - {ROW} % {PART}) // {PART}" if parts > 1 else "CAST(0 AS BIGINT)"
    names = ", ".join([part, quoted(source.name), *cells])
    places = ", ".join(str(place + 1) for place in range(len(rules) + 2))
    known = f"{quoted(source.name)} IS NULL OR {form_sql(source.name, source.scalar.pattern)} <> ''"
    return f"SELECT {names}, count(*) FROM {quoted(table.name)} WHERE {known} GROUP BY {places} ORDER BY {places}"


def _formed(column: Column) -> str:
    """A cell, and a text that no cell may hold for one of a wrong form, which is told by itself."""
    cell = quoted(column.name)
    malformed = malformed_sql(column.name, column.scalar.pattern)
    return f"CASE WHEN {malformed} THEN '' ELSE {cell} END"


def _computed_places(
    engine: Asked, table: Table, rule: Rule, wrong: Mapping[Pair, str], limit: int, parts: int
) -> list[Found]:
    """The first rows of each part that have one of the wrong pairs."""
    names = quoted(rule.source), quoted(rule.field)
    told = f"concat(coalesce({names[0]}, {literal(_GAP)}), {literal(_GAP)}, coalesce({names[1]}, {literal(_GAP)}))"
    pairs = ", ".join(literal(_GAP.join(_GAP if text is None else text for text in pair)) for pair in wrong)
    query = (
        f"SELECT {ROW}, {key_sql(table)} AS key, {names[1]} AS value, {names[0]} AS source FROM {quoted(table.name)} "
        f"WHERE {told} IN ({pairs})"
    )
    found = engine.ask(first_of(query, limit, parts))
    return sorted(
        (Found(row, key, value, wrong[text, value]) for row, key, value, text, *_ in found), key=attrgetter("row")
    )


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
