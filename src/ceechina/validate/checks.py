"""Rules asked of loaded tables, whatever the engine: how many places break each, and where the first of them are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from types import MappingProxyType
from typing import TypeVar

from ceechina.errors import nearest, visible
from ceechina.model.tables import Table
from ceechina.quoting import quoted
from ceechina.validate.cells import cell_rules
from ceechina.validate.companions import computed_findings
from ceechina.validate.consistency import consistency_rules
from ceechina.validate.domain import OF_CLAIMS, domain_rules
from ceechina.validate.file_rules import FILE_RULES
from ceechina.validate.findings import PART, Asked, Finding, Found, Screened, finding, first_of
from ceechina.validate.recomputed import recomputed_rules, worked_out
from ceechina.validate.rules import Rule, chosen_claims, derived_rules, format_rules
from ceechina.validate.sql import ROW, key_sql
from ceechina.validate.standing import standing_rules

T = TypeVar("T")

# Rules that say all there is to say of a cell but that it is there, as other cells or the names of tables give it.
WHOLE = (".computed", ".table")
# Longest part of a cell that is taken into a report.
CELL_SHOWN = 500
# No text, as SQL.
NOTHING = "CAST(NULL AS VARCHAR)"
# Cells of a rule that are told with the nearest valid choice, and keys among which it is looked for.
NEARED, KEYS = 20, 5000
# Rules that are asked in one query: more make it slower than two queries.
TOGETHER = 3


def rules_of(table: Table, tables: Mapping[str, Table]) -> list[Rule]:
    """Every rule about a table: of its cells, of it among others, of what is derived in it, of the subject."""
    others = [
        *derived_rules(table, tables),
        *recomputed_rules(table, tables),
        *consistency_rules(table, tables),
        *(standing_rules(tables) if table.name == "claims" else ()),
        *domain_rules(table.name),
    ]
    told = {rule.field for rule in others if rule.kind == "row" and rule.rule_id.endswith(WHOLE)}
    return [*cell_rules(table, tables, told), *others]


def rules_of_no_row(tables: Mapping[str, Table]) -> list[Rule]:
    """The rules that are not about rows: about the formats of each table, and about files."""
    return [*(next(format_rules(table, table.name)) for table in tables.values()), *FILE_RULES]


def every_rule(tables: Mapping[str, Table]) -> list[Rule]:
    """Every rule there is."""
    return [*(rule for table in tables.values() for rule in rules_of(table, tables)), *rules_of_no_row(tables)]


def shared_queries(tables: Mapping[str, Table]) -> dict[str, str]:
    """What several rules ask, by the name under which it is kept, so that it is asked once."""
    return {"chosen_claims": chosen_claims(tables), **OF_CLAIMS, **worked_out(tables)}


def check(
    engine: Asked,
    tables: Mapping[str, Table],
    rules: Sequence[Rule],
    limit: int,
    screened: Iterable[Screened] = (),
    parts: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Which rules are broken, and where.

    Args:
        engine: What holds the tables.
        tables: The tables the rules are about, by name.
        rules: The rules to ask; all they read must be loaded.
        limit: How many places to tell of each, in each part of its table.
        screened: What a look at the tables found.
        parts: Of how many parts the tables are that have more than one.
    """
    known: dict[str, int] = {}
    suspects: dict[str, Sequence[int]] = {}
    for each in screened:
        known.update(each.totals)
        suspects.update(each.suspects)
    yield from computed_findings(engine, tables, [rule for rule in rules if rule.kind == "computed"], limit, parts)
    for table in tables.values():
        about = [rule for rule in rules if rule.table == table.name and suspects.get(rule.rule_id)]
        for found in _suspected_findings(engine, table, about, suspects, limit):
            yield _with_nearest(engine, tables, found)
    asked = [rule for rule in rules if rule.kind != "computed" and rule.rule_id not in suspects]
    known.update(_counted(engine, tables, [rule for rule in asked if rule.rule_id not in known]))
    for some in _together(rule for rule in asked if known[rule.rule_id]):
        for found in _findings(engine, tables, some, limit, known, parts):
            yield _with_nearest(engine, tables, found)


def _with_nearest(engine: Asked, tables: Mapping[str, Table], found: Finding) -> Finding:
    """What is found, with the nearest code or key for the first cells that are none."""
    rule = found.rule
    known = _choices(engine, tables, rule)
    if not known:
        return found
    first = [
        replace(place, expected=f"{rule.expected}; {near}") if (near := nearest(place.value or "", known)) else place
        for place in found.places[:NEARED]
    ]
    return replace(found, places=[*first, *found.places[NEARED:]])


def _choices(engine: Asked, tables: Mapping[str, Table], rule: Rule) -> Sequence[str]:
    """The codes or keys of which a rule says that a cell is one, where these are few enough to compare with."""
    if rule.rule_id.rpartition(".")[2] not in ("code", "reference"):
        return ()
    column = tables[rule.table][rule.field]
    if column.codes:
        return column.codes.names
    key = quoted(column.target)
    rows = engine.ask(f"SELECT DISTINCT {key} FROM {quoted(column.reference)} WHERE {key} IS NOT NULL LIMIT {KEYS + 1}")
    return [key for (key,) in rows] if len(rows) <= KEYS else ()


def _together(each: Iterable[T]) -> Iterator[list[T]]:
    left = iter(each)
    while some := list(islice(left, TOGETHER)):
        yield some


def _suspected_findings(
    engine: Asked, table: Table, rules: Sequence[Rule], suspects: Mapping[str, Sequence[int]], limit: int
) -> Iterator[Finding]:
    """Those of a table's rules that are broken by rows that may break them, asked of these rows at once."""
    if not rules:
        return
    fields = list(dict.fromkeys(rule.field for rule in rules))
    rows = sorted({row for rule in rules for row in suspects[rule.rule_id]})
    broken: dict[Rule, list[Found]] = {rule: [] for rule in rules}
    for row, key, answers, cells, should in engine.ask(
        f"SELECT {ROW}, {key_sql(table)}, [{', '.join(rule.sql for rule in rules)}], "
        f"[{', '.join(_shown(quoted(field)) for field in fields)}], [{', '.join(_should(rule) for rule in rules)}] "
        f"FROM {quoted(table.name)} AS t WHERE {ROW} IN ({', '.join(map(str, rows))}) ORDER BY 1"
    ):
        texts = dict(zip(fields, cells, strict=True))
        for rule, is_broken, expected in zip(rules, answers, should, strict=True):
            if is_broken:
                broken[rule].append(Found(row, key, texts[rule.field], _expected(rule, expected)))
    for rule, places in broken.items():
        parts = {part: list(found) for part, found in groupby(places, lambda place: place.row // PART)}
        if parts:
            first = [place for found in parts.values() for place in found[:limit]]
            yield Finding(rule, {part: len(found) for part, found in parts.items()}, first)


def _counted(engine: Asked, tables: Mapping[str, Table], rules: Sequence[Rule]) -> dict[str, int]:
    """In how many places each of some rules is broken, by its id."""
    queries = (
        f"SELECT {number} AS number, count(*) AS counted FROM ({query(tables[rule.table], rule)})"
        for number, rule in enumerate(rules)
    )
    answers = engine.ask_all(" UNION ALL ".join(some) for some in _together(queries))
    return {rules[number].rule_id: counted for answer in answers for number, counted in answer}


def query(table: Table, rule: Rule) -> str:
    """What breaks a rule, as `ROW, key, value, should`.

    Of a rule about rows `_cells` has the key and the value; `should` is what the value should be, where that is known.
    """
    if rule.kind == "table":
        return f"SELECT {ROW}, key, {_shown('value')} AS value, {_should(rule)} AS should FROM ({rule.sql}) AS found"
    joined = f" {beside(table, rule.shared)}" if rule.kind == "joined" else ""
    return (
        f"SELECT t.{ROW}, {NOTHING} AS key, {NOTHING} AS value, {_should(rule)} AS should "
        f"FROM {quoted(table.name)} AS t{joined} WHERE {rule.sql}"
    )


def _should(rule: Rule) -> str:
    return _shown(rule.should) if rule.should else NOTHING


def _expected(rule: Rule, should: str | None) -> str:
    """What was expected in a place, where that is known."""
    if should is None:
        return ""
    shown = visible(repr(should)) if should else "nothing"
    return f"{rule.expected}: there is {shown}" if rule.kind == "table" else f"{shown}, {rule.expected}"


def beside(table: Table, shared: str) -> str:
    """SQL that puts beside each row `t` the row `w` of a shared query that is about it."""
    return f"LEFT JOIN {shared} AS w ON w.id = t.{quoted(table.key[0])}"


def _findings(
    engine: Asked,
    tables: Mapping[str, Table],
    rules: Sequence[Rule],
    limit: int,
    known: Mapping[str, int],
    parts: Mapping[str, int],
) -> Iterator[Finding]:
    """The first places of a few rules that are broken, in so many places each."""
    queries = [query(tables[rule.table], rule) for rule in rules]
    limits = [limit if known[rule.rule_id] > limit else 0 for rule in rules]
    first = [first_of(queries[n], limits[n], parts.get(rule.table, 1)) for n, rule in enumerate(rules)]
    each = (f"(SELECT {n} AS number, * FROM ({query}))" for n, query in enumerate(first))
    found: dict[int, list[tuple[Found, int]]] = {}
    for number, row, key, value, should, of_part, _ in engine.ask(" UNION ALL ".join(each)):
        found.setdefault(number, []).append((Found(row, key, value, _expected(rules[number], should)), of_part))
    cells = _cells(engine, tables, {rules[number]: [place for place, _ in rows] for number, rows in found.items()})
    for number, rows in sorted(found.items()):
        rule = rules[number]
        told = rows
        if rule.kind != "table":
            told = [
                (Found(place.row, *cells[rule.table, place.row][rule.field], place.expected), of_part)
                for place, of_part in rows
            ]
        yield finding(rule, known[rule.rule_id], told)


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
