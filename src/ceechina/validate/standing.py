"""Rules about what a claim says by itself: the form of its value, how it may stand, what must be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ceechina.model.tables import Column, Table, children, core
from ceechina.model.values import TEXT
from ceechina.quoting import literal
from ceechina.validate.rules import Rule, claimed_cells
from ceechina.validate.sql import malformed_sql


def standing_rules(tables: Mapping[str, Table]) -> Iterator[Rule]:
    """The rules about one row of `claims`."""
    yield _rule(
        "claimed_value.column", _by_column(tables, _malformed),
        "a value of value_column", "`ceechina show TABLE --describe` tells what the columns hold",
        # of one that is not published: that has rules of its own
        "UPDATE claims SET claimed_value = 'no-such-role' WHERE claim_id = "
        "(SELECT min(claim_id) FROM claims WHERE standing = 'rival' AND value_column = 'role')",
    )  # fmt: skip
    yield _rule(
        "claimed_value.item", _by_column(tables, _not_of_item),
        "the last part of item, which it is the key of", "correct one of the two",
        "UPDATE claims SET claimed_value = 'lender' WHERE claim_id = "
        "(SELECT min(claim_id) FROM claims WHERE standing = 'rival' AND claimed_value = 'acquirer')",
    )  # fmt: skip
    yield from _places(tables)
    no_date = _by_column(tables, lambda _, column: _unless(column.scalar.companions))
    yield _rule(
        "standing.dates", f"standing = 'coarser' AND {no_date}",
        "another standing: none but a date is coarser than another", "build the package again",
        f"UPDATE claims SET standing = 'coarser' WHERE claim_id = {_first_rival()}",
    )  # fmt: skip
    no_state = _by_column(tables, lambda _, column: _unless(column.latest))
    yield _rule(
        "standing.current", f"standing = 'earlier' AND {no_state}",
        "another standing: none but a state of things is earlier than another", "build the package again",
        f"UPDATE claims SET standing = 'earlier' WHERE claim_id = {_first_rival()}",
    )  # fmt: skip
    yield _rule(
        "because.chosen", "because IS NOT NULL AND standing <> 'chosen'",
        "nothing: a reason is given for the claim that is chosen", "give it there",
        f"UPDATE claims SET because = 'It is later.' WHERE claim_id = {_first_rival()}",
    )  # fmt: skip
    yield Rule(
        "claims.because.rival", "claims", "because",
        "(t.because IS NULL AND t.standing = 'chosen' AND hash(t.record_id, t.field) IN "
        "(SELECT hash(record_id, field) FROM claims WHERE standing = 'rival'))",
        "why this claim is chosen and not its rival", "say it in a sentence a reader can check", kind="lookup",
        example="UPDATE claims SET standing = 'rival' WHERE claim_id = "
        "(SELECT min(claim_id) FROM claims WHERE standing = 'agrees')",
    )  # fmt: skip
    yield _rule(
        "note.inferred", "basis = 'inferred' AND note IS NULL",
        "what the passage alone does not show", "say from what the value is inferred",
        "UPDATE claims SET note = NULL WHERE claim_id = (SELECT min(claim_id) FROM claims WHERE basis = 'inferred')",
    )  # fmt: skip


def _places(tables: Mapping[str, Table]) -> Iterator[Rule]:
    """A claim is of a table of its record, and of an item as that table has them."""
    yield _rule(
        "value_table.within", _by_record(tables), "record_table, or a table of what is listed in its records",
        "correct one of the two",
        "UPDATE claims SET value_table = 'agreement_parties' WHERE claim_id = "
        "(SELECT min(claim_id) FROM claims WHERE standing = 'rival' AND value_table = 'project_participants')",
    )  # fmt: skip
    yield _rule(
        "item.parts", _by_parts(tables), "the key of a row of value_table but for its record, joined with slashes",
        "name the row of value_table; a value of the record itself is of no item",
        f"UPDATE claims SET item = concat_ws('/', item, 'x') WHERE claim_id = {_first_rival()}",
    )  # fmt: skip


def _rule(name: str, sql: str, expected: str, hint: str, example: str) -> Rule:
    field, _, _ = name.partition(".")
    return Rule(f"claims.{name}", "claims", field, sql, expected, hint, kind="row", example=example)


def _first_rival() -> str:
    return "(SELECT min(claim_id) FROM claims WHERE standing = 'rival')"


def _by_column(tables: Mapping[str, Table], broken: Callable[[Table, Column], str]) -> str:
    """A predicate that asks of each claimed column its own; columns of which the same is asked are asked at once."""
    of_tables = []
    for table in tables.values():
        asked: dict[str, list[str]] = {}
        for column in claimed_cells(table):
            if sql := broken(table, column):
                asked.setdefault(sql, []).append(literal(column.name))
        cases = " ".join(f"WHEN value_column IN ({', '.join(names)}) THEN {sql}" for sql, names in asked.items())
        if cases:
            of_tables.append(f"WHEN {literal(table.name)} THEN CASE {cases} ELSE false END")
    return f"CASE value_table {' '.join(of_tables)} ELSE false END"


def _by_record(tables: Mapping[str, Table]) -> str:
    cases = (
        f"WHEN {literal(table.name)} THEN value_table NOT IN ({', '.join(map(literal, _of_record(table, tables)))})"
        for table in core(tables)
    )
    return f"CASE record_table {' '.join(cases)} ELSE false END"


def _of_record(table: Table, tables: Mapping[str, Table]) -> list[str]:
    return [table.name, *(child.name for child in children(tables, table.name))]


def _by_parts(tables: Mapping[str, Table]) -> str:
    slashes = "length(item) - length(replace(item, '/', ''))"
    cases = (
        f"WHEN {literal(child.name)} THEN item IS NULL OR {slashes} <> {len(child.item_key) - 1}"
        for table in core(tables)
        for child in children(tables, table.name)
    )
    cores = " ".join(f"WHEN {literal(table.name)} THEN item IS NOT NULL" for table in core(tables))
    return f"CASE value_table {cores} {' '.join(cases)} ELSE false END"


def _malformed(_: Table, column: Column) -> str:
    if column.codes:
        return f"claimed_value NOT IN ({', '.join(map(literal, column.codes.names))})"
    # that it is text is asked of every value
    return "" if column.scalar is TEXT else malformed_sql("claimed_value", column.scalar.pattern)


def _not_of_item(table: Table, column: Column) -> str:
    is_key = bool(table.parent) and column.name == table.key[-1]
    return "claimed_value <> regexp_extract(item, '[^/]*$')" if is_key else ""


def _unless(holds: object) -> str:
    return "" if holds else "true"
