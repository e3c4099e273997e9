"""The rules a package must keep, derived from the model's columns: none is written by hand here.

A row rule is a SQL predicate over the cells of one row as text, true where the rule is broken. A
table rule is a query that returns the rows that break it as `row, key, value`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ceechina.model.tables import Column, Table

# Separates the parts of a composite key in messages and in `item` of claims.
KEY_SEPARATOR = "/"


@dataclass(frozen=True)
class Rule:
    """One rule: where it looks, what breaks it, and what to tell.

    `sql` is a predicate for a row rule, a query for a table rule. `reads` names the tables it needs
    besides its own. `example` is SQL that makes a good package break this rule and no other.
    """

    rule_id: str
    table: str
    field: str
    sql: str
    expected: str
    hint: str = ""
    severity: str = "error"
    reads: tuple[str, ...] = ()
    example: str = ""


def row_rules(table: Table) -> list[Rule]:
    """Rules about single rows of a table."""
    return [rule for column in table.columns for rule in _column_rules(table, column)]


def table_rules(table: Table) -> list[Rule]:
    """Rules about a table among others: its key, the keys it refers to, the claims its cells rest on."""
    references = [_reference_rule(table, column) for column in table.columns if column.reference]
    claims = [rule for column in table.claimed if _has_claims(table, column) for rule in _claim_rules(table, column)]
    return [_key_rule(table), *references, *claims]


def _column_rules(table: Table, column: Column) -> Iterable[Rule]:
    cell, place = quoted(column.name), f"{table.name}.{column.name}"
    if column.required:
        yield Rule(f"{place}.required", table.name, column.name, f"{cell} IS NULL", "a value", column.description)
    if column.codes:
        known = ", ".join(literal(code) for code in column.codes.names)
        yield Rule(
            f"{place}.code",
            table.name,
            column.name,
            f"{cell} NOT IN ({known})",
            f"a code of {column.codes.name}",
            f"the codes are {', '.join(column.codes.names)}",
        )
        return
    pattern = literal(f"(?:{column.scalar.pattern})")
    yield Rule(
        f"{place}.form",
        table.name,
        column.name,
        f"NOT regexp_full_match({cell}, {pattern})",
        column.scalar.description,
        f"such as {column.scalar.good[0]}",
    )
    if column.scalar.type == "date":
        yield Rule(
            f"{place}.calendar",
            table.name,
            column.name,
            f"TRY_CAST({cell} AS DATE) IS NULL AND {cell} IS NOT NULL",
            "a day of the calendar",
        )


def _key_rule(table: Table) -> Rule:
    columns = ", ".join(quoted(name) for name in table.key)
    sql = (
        f"SELECT {ROW}, {key_sql(table)} AS key, {key_sql(table)} AS value FROM {quoted(table.name)} "
        f"WHERE ({columns}) IN (SELECT ({columns}) FROM {quoted(table.name)} GROUP BY ALL HAVING count(*) > 1)"
    )
    return Rule(
        f"{table.name}.key",
        table.name,
        table.key[0],
        sql,
        "a key no other row has",
        f"the key is {', '.join(table.key)}",
    )


def _reference_rule(table: Table, column: Column) -> Rule:
    cell = quoted(column.name)
    target = quoted(column.target)
    sql = (
        f"SELECT {ROW}, {key_sql(table)} AS key, {cell} AS value FROM {quoted(table.name)} "
        f"WHERE {cell} IS NOT NULL AND {cell} NOT IN "
        f"(SELECT {target} FROM {quoted(column.reference)} WHERE {target} IS NOT NULL)"
    )
    return Rule(
        f"{table.name}.{column.name}.reference",
        table.name,
        column.name,
        sql,
        f"a key of {column.reference}",
        f"add the row to {column.reference}, or correct the key",
        reads=(column.reference,),
    )


def _has_claims(table: Table, column: Column) -> bool:
    """Whether a cell has claims of its own: of the parts of an item's key only the last has."""
    return column.name not in table.key or column.name == table.key[-1]


def _claim_rules(table: Table, column: Column) -> Iterable[Rule]:
    """A cell rests on a chosen claim of its value, and a chosen claim is of a cell."""
    name, cell, record, *item = table.name, quoted(column.name), *(quoted(key) for key in table.key)
    same = (
        f"TRY_CAST(claims.claimed_value AS DOUBLE) = TRY_CAST(t.{cell} AS DOUBLE)"
        if column.scalar.type == "number"
        else f"claims.claimed_value = t.{cell}"
    )
    where = f"concat_ws({literal(KEY_SEPARATOR)}, {', '.join(f't.{part}' for part in item)})" if table.parent else "''"
    theirs = f"claims.value_table = {literal(name)} AND claims.value_column = {literal(column.name)}"
    match = f"claims.record_id = t.{record} AND coalesce(claims.item, '') = {where} AND {same}"
    yield Rule(
        f"{name}.{column.name}.claim",
        name,
        column.name,
        f"SELECT {ROW}, {key_sql(table)} AS key, {cell} AS value FROM {quoted(name)} AS t WHERE {cell} IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM claims WHERE {theirs} AND standing = 'chosen' AND {match})",
        "a chosen claim of this value",
        "a value is published with the passage that states it or not at all",
        reads=("claims",),
    )
    yield Rule(
        f"{name}.{column.name}.published",
        "claims",
        "claimed_value",
        f"SELECT {ROW}, claim_id AS key, claimed_value AS value FROM claims WHERE {theirs} AND standing = 'chosen' "
        f"AND NOT EXISTS (SELECT 1 FROM {quoted(name)} AS t WHERE {match})",
        f"this value in {name}.{column.name}",
        "a chosen claim is the published value; the row may have been lost",
        reads=(name,),
    )


# Name of the column with a row's number, counted from one without the header.
ROW = "ceechina_row"


def key_sql(table: Table) -> str:
    """The key of a row as text."""
    return f"concat_ws({literal(KEY_SEPARATOR)}, {', '.join(quoted(name) for name in table.key)})"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"
