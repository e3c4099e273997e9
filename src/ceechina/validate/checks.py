"""Rules asked of loaded tables, whatever the engine: how many places break each, and where the first of them are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.validate.cells import cell_rules
from ceechina.validate.domain import OF_CLAIMS, domain_rules
from ceechina.validate.recomputed import recomputed_rules, worked_out
from ceechina.validate.rules import Rule, chosen_claims, derived_rules
from ceechina.validate.sql import ROW, form_sql, key_sql, literal, quoted

T = TypeVar("T")
# Rows that a query has for an answer.
Rows = Sequence[tuple[Any, ...]]


class Asked(Protocol):
    """What holds the tables and answers queries put in DuckDB's SQL."""

    def ask(self, query: str) -> Rows:
        """The rows of a query."""

    def ask_all(self, queries: Iterable[str]) -> Sequence[Rows]:
        """The rows of each of several queries, asked at once where the engine can."""


# Longest part of a cell that is taken into a report.
CELL_SHOWN = 500
# Rules that are asked in one query: with many more, DuckDB takes longer to plan it than to answer.
TOGETHER = 10


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
    """Every rule about a table: of its cells, of it among others, of what is derived in it, of the subject."""
    recomputed = list(recomputed_rules(table, tables))
    # a cell made of others of its row has the form they give it
    made = {rule.field for rule in recomputed if rule.kind == "row"}
    return [*cell_rules(table, tables, made), *derived_rules(table, tables), *recomputed, *domain_rules(table.name)]


def shared_queries(tables: Mapping[str, Table]) -> dict[str, str]:
    """What several rules ask, by the name under which it is kept, so that it is asked once."""
    return {"chosen_claims": chosen_claims(tables), **OF_CLAIMS, **worked_out(tables)}


def check(
    engine: Asked,
    tables: Mapping[str, Table],
    rules: Sequence[Rule],
    limit: int,
    totals: Mapping[str, int] = MappingProxyType({}),
    suspects: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Which rules are broken, and where.

    Args:
        engine: What holds the tables.
        tables: The tables the rules are about, by name.
        rules: The rules to ask; all they read must be loaded.
        limit: How many places to tell of each.
        totals: How many places break a rule, by its id, where that is known already.
        suspects: The rows that alone may break a rule, by its id, where they are known to be few.
    """
    known = dict(totals)
    yield from _computed_findings(engine, tables, [rule for rule in rules if rule.kind == "computed"], limit)
    for table in tables.values():
        about = [rule for rule in rules if rule.table == table.name and suspects.get(rule.rule_id)]
        yield from _suspected_findings(engine, table, about, suspects)
    asked = [rule for rule in rules if rule.kind != "computed" and rule.rule_id not in suspects]
    known.update(_counted(engine, tables, [rule for rule in asked if rule.rule_id not in known]))
    for some in _together(rule for rule in asked if known[rule.rule_id]):
        yield from _findings(engine, tables, some, limit, known)


def _together(each: Iterable[T]) -> Iterator[list[T]]:
    left = iter(each)
    while some := list(islice(left, TOGETHER)):
        yield some


def _suspected_findings(
    engine: Asked, table: Table, rules: Sequence[Rule], suspects: Mapping[str, Sequence[int]]
) -> Iterator[Finding]:
    """Those of a table's rules that are broken by rows that may break them, asked of these rows at once."""
    if not rules:
        return
    fields = list(dict.fromkeys(rule.field for rule in rules))
    rows = sorted({row for rule in rules for row in suspects[rule.rule_id]})
    broken: dict[Rule, list[Found]] = {rule: [] for rule in rules}
    for row, key, answers, cells in engine.ask(
        f"SELECT {ROW}, {key_sql(table)}, [{', '.join(rule.sql for rule in rules)}], "
        f"[{', '.join(_shown(quoted(field)) for field in fields)}] "
        f"FROM {quoted(table.name)} AS t WHERE {ROW} IN ({', '.join(map(str, rows))}) ORDER BY 1"
    ):
        texts = dict(zip(fields, cells, strict=True))
        for rule, is_broken in zip(rules, answers, strict=True):
            if is_broken:
                broken[rule].append(Found(row, key, texts[rule.field]))
    yield from (Finding(rule, len(places), places) for rule, places in broken.items() if places)


def _counted(engine: Asked, tables: Mapping[str, Table], rules: Sequence[Rule]) -> dict[str, int]:
    """In how many places each of some rules is broken, by its id."""
    queries = (
        f"SELECT {number} AS number, count(*) AS counted FROM ({query(tables[rule.table], rule)})"
        for number, rule in enumerate(rules)
    )
    answers = engine.ask_all(" UNION ALL ".join(some) for some in _together(queries))
    return {rules[number].rule_id: counted for answer in answers for number, counted in answer}


def query(table: Table, rule: Rule) -> str:
    """What breaks a rule, as `ROW, key, value`; of a rule about rows `ROW` alone, as `_cells` has the others."""
    if rule.kind == "table":
        return f"SELECT {ROW}, key, {_shown('value')} AS value FROM ({rule.sql}) AS found"
    none = "CAST(NULL AS VARCHAR)"
    joined = f" {beside(table, rule.shared)}" if rule.kind == "joined" else ""
    return f"SELECT t.{ROW}, {none} AS key, {none} AS value FROM {quoted(table.name)} AS t{joined} WHERE {rule.sql}"


def beside(table: Table, shared: str) -> str:
    """SQL that puts beside each row `t` the row `w` of a shared query that is about it."""
    return f"LEFT JOIN {shared} AS w ON w.id = t.{quoted(table.key[0])}"


def _findings(
    engine: Asked, tables: Mapping[str, Table], rules: Sequence[Rule], limit: int, known: Mapping[str, int]
) -> Iterator[Finding]:
    """The first places of a few rules that are broken, in so many places each."""
    queries = [query(tables[rule.table], rule) for rule in rules]
    # they need be in order only where some are left out
    first = [f" ORDER BY 1, 2, 3 LIMIT {limit}" if known[rule.rule_id] > limit else "" for rule in rules]
    each = (f"(SELECT {n} AS number, * FROM ({queries[n]}){order})" for n, order in enumerate(first))
    found: dict[int, list[Found]] = {}
    for number, *place in engine.ask(" UNION ALL ".join(each)):
        found.setdefault(number, []).append(Found(*place))
    cells = _cells(engine, tables, {rules[number]: places for number, places in found.items()})
    for number, places in sorted(found.items()):
        rule = rules[number]
        told = places
        if rule.kind != "table":
            told = [Found(place.row, *cells[rule.table, place.row][rule.field]) for place in places]
        yield Finding(
            rule, known[rule.rule_id], sorted(told, key=lambda place: (place.row, place.key, place.value or ""))
        )


def _cells(
    engine: Asked, tables: Mapping[str, Table], found: Mapping[Rule, Sequence[Found]]
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
            for row, key, *texts in engine.ask(
                f"SELECT {ROW}, {key_sql(table)}, {shown} FROM {quoted(name)} WHERE {ROW} IN ({chosen})"
            ):
                cells[name, row] = {field: (key, text) for field, text in zip(fields, texts, strict=True)}
    return cells


def _shown(cell: str) -> str:
    return f"left({cell}, {CELL_SHOWN})"


def _computed_findings(
    engine: Asked, tables: Mapping[str, Table], rules: Sequence[Rule], limit: int
) -> Iterator[Finding]:
    """Dates that are none, and cells that are not what their date comes to; each distinct set is judged once."""
    by_source: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        by_source.setdefault((rule.table, rule.source), []).append(rule)
    queries = [_distinct(tables[name], tables[name][source], about) for (name, source), about in by_source.items()]
    for about, answer in zip(by_source.values(), engine.ask_all(queries), strict=True):
        yield from _judged_findings(engine, tables[about[0].table], about, answer, limit)


def _judged_findings(engine: Asked, table: Table, rules: Sequence[Rule], answer: Rows, limit: int) -> Iterator[Finding]:
    """What is wrong in the distinct sets of a date and the cells computed from it."""
    source = table[rules[0].source]
    wrong: list[dict[tuple[str | None, ...], str]] = [{} for _ in rules]
    totals = [0] * len(rules)
    for *cells, count in answer:
        text, *values = cells
        for number, (rule, value) in enumerate(zip(rules, values, strict=True)):
            expected = _judged(source, table[rule.field], text, value)
            if expected is not None:
                totals[number] += count
                if len(wrong[number]) < limit:
                    wrong[number][text, value] = expected
    for rule, total, pairs in zip(rules, totals, wrong, strict=True):
        if total:
            yield Finding(rule, total, _computed_places(engine, table, rule, pairs, limit))


def _distinct(table: Table, source: Column, rules: Sequence[Rule]) -> str:
    """A cell with those computed from it; a cell of a wrong form has a rule of its own."""
    names = ", ".join(quoted(name) for name in (source.name, *(rule.field for rule in rules)))
    places = ", ".join(str(place + 1) for place in range(len(rules) + 1))
    known = f"{quoted(source.name)} IS NULL OR {form_sql(source.name, source.scalar.pattern)} <> ''"
    return f"SELECT {names}, count(*) FROM {quoted(table.name)} WHERE {known} GROUP BY {places} ORDER BY {places}"


def _computed_places(
    engine: Asked, table: Table, rule: Rule, wrong: Mapping[tuple[str | None, ...], str], limit: int
) -> list[Found]:
    """The first rows that have one of the wrong pairs."""
    names = quoted(rule.source), quoted(rule.field)
    pairs = " OR ".join(" AND ".join(_is(name, text) for name, text in zip(names, pair, strict=True)) for pair in wrong)
    found = engine.ask(
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
