"""What a rule is, and those of a table among others that follow from the model: none is written by hand here.

Their SQL is put together in `sql.py`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ceechina.model.tables import Column, Table, core
from ceechina.quoting import literal, quoted
from ceechina.validate.sql import KEY_SEPARATOR, ROW, as_number, comparable, key_sql

# The rule by which no cell has two chosen claims.
CHOSEN_ONCE = "claims.standing.once"


@dataclass(frozen=True)
class Rule:
    """One rule: where it looks, what breaks it, and what to tell.

    A `row` rule's `sql` is a predicate over the cells of one row, `t`, true where it is broken; that of
    a `lookup` looks the row up in other tables too, by hashes of 64 bits: what it finds missing is
    missing. That of a `joined` rule is over `t` and the row `w` of the query named by `shared` that has
    the row's key as `id`. A `table` rule's `sql` is a query for what breaks it, as `ROW, key, value`. A
    `computed` rule has none: the cell must be what the model computes from the column `source`; nor has
    a `file` rule, which is about files or the descriptor and no table. `reads`
    names the tables a rule needs besides its own; where those in `unless` are all there, other rules say
    the same. A cell of the form `clear`, a pattern, keeps a row rule for certain; `should` is SQL for what
    the cell of a row or joined rule should be, where that can be said, or names the column of a table
    rule's query that has what the cell is at odds with. `example` is SQL that makes a good package break
    this rule.
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
    kind: Literal["row", "joined", "lookup", "table", "computed", "file"] = "table"
    source: str = ""
    unless: tuple[str, ...] = ()
    shared: str = ""
    clear: str = ""
    should: str = ""

    def is_asked(self, present: Container[str]) -> bool:
        """Whether the tables that are there allow to ask the rule, and call for it."""
        needed = all(name in present for name in (self.table, *self.reads))
        return needed and not (self.unless and all(name in present for name in self.unless))


def derived_rules(table: Table, tables: Mapping[str, Table]) -> Iterator[Rule]:
    """Every rule about a table among others that follows from the model: of its key, its references, its claims."""
    for column in table.columns:
        if column.companion:
            yield _companion_rule(table, column)
        # what claims say of tables has rules of its own
        if column.name.endswith("_table") and table.name != "claims":
            yield _table_rule(table, column, tables)
    yield _key_rule(table)
    for column in table.columns:
        if column.reference:
            yield _reference_rule(table, column)
    for column in claimed_cells(table):
        yield _claim_rule(table, column)
    if table.name == "claims":
        yield from _claimed_places(tables)
        yield _chosen_rule()
        for other in tables.values():
            for column in claimed_cells(other):
                yield _published_rule(other, column)


def row_rule(table: Table, column: Column, name: str, sql: str, expected: str, hint: str, bad: str) -> Rule:
    """A rule about a cell, broken by the value `bad`."""
    return Rule(
        f"{table.name}.{column.name}.{name}", table.name, column.name, sql, expected, hint,
        example=example(table, column, bad), kind="row",
    )  # fmt: skip


def example(table: Table, column: Column, bad: str) -> str:
    """SQL for another value in the first row that has one; in the first row where none has."""
    name, cell, key = quoted(table.name), quoted(column.name), key_sql(table)
    first = f"(SELECT {key} FROM {name} ORDER BY {cell} IS NULL, {key} LIMIT 1)"
    return f"UPDATE {name} SET {cell} = {bad} WHERE {key} = {first}"


def _companion_rule(table: Table, column: Column) -> Rule:
    other = {"earliest": "'1900-01-01'", "latest": "'9999-12-31'"}.get(column.name.rsplit("_", 1)[-1], "'interval'")
    return Rule(
        f"{table.name}.{column.name}.companion", table.name, column.name, "",
        f"what {column.source} comes to", f"{column.name} is computed from {column.source}",
        example=example(table, column, other), kind="computed", source=column.source,
    )  # fmt: skip


def _table_rule(table: Table, column: Column, tables: Mapping[str, Table]) -> Rule:
    """A cell that names a table names one of those it may."""
    names = [each.name for each in core(tables)]
    if table.name == "changes":
        names = [*("countries", "actors", "sources"), *names]
    broken = f"{quoted(column.name)} NOT IN ({', '.join(map(literal, names))})"
    return row_rule(
        table, column, "table", broken, "a table of records", f"the tables are {', '.join(names)}", "'nothing'"
    )


def _key_rule(table: Table) -> Rule:
    name, columns = quoted(table.name), ", ".join(quoted(name) for name in table.key)
    twice = f"SELECT {columns} FROM {name} GROUP BY {columns} HAVING count(*) > 1"
    key = key_sql(table, "t")
    return Rule(
        f"{table.name}.key", table.name, table.key[0],
        f"SELECT t.{ROW}, {key} AS key, {key} AS value FROM {name} AS t JOIN ({twice}) AS twice USING ({columns})",
        "a key no other row has", f"the key is {', '.join(table.key)}",
        example=f"INSERT INTO {name} SELECT * FROM {name} LIMIT 1",
    )  # fmt: skip


def _reference_rule(table: Table, column: Column) -> Rule:
    cell = f"t.{quoted(column.name)}"
    known = f"SELECT hash({quoted(column.target)}) FROM {quoted(column.reference)}"
    return Rule(
        f"{table.name}.{column.name}.reference", table.name, column.name,
        f"({cell} IS NOT NULL AND hash({cell}) NOT IN ({known}))",
        f"a key of {column.reference}", f"add the row to {column.reference}, or correct the key",
        reads=(column.reference,), kind="lookup",
        example=example(table, column, "'ZZ'" if column.scalar.name == "country" else "'nothing'"),
    )  # fmt: skip


def claimed_cells(table: Table) -> list[Column]:
    """Columns whose cells have claims of their own: of the parts of an item's key only the last has."""
    return [column for column in table.claimed if column.name not in table.key or column.name == table.key[-1]]


def said_by_cell(table: Table, column: Column) -> str:
    """SQL for what a cell of the row `t` says: of which column, record and item, and the value in one form."""
    record, *item = (f"t.{quoted(name)}" for name in table.key)
    path = f"concat_ws({literal(KEY_SEPARATOR)}, {', '.join(item)})" if table.parent else "''"
    return f"{_place(table, column)}, {record}, {path}, {comparable(column, 't')}"


def said_by_claim(tables: Mapping[str, Table]) -> str:
    """SQL for what a row of `claims` says, as `said_by_cell` has it."""
    cases = " ".join(
        f"WHEN value_table = {literal(table.name)} AND value_column IN ({', '.join(map(literal, numbers))}) "
        f"THEN {as_number('claimed_value')}"
        for table in tables.values()
        if (numbers := [column.name for column in claimed_cells(table) if column.scalar.type == "number"])
    )
    value = f"CASE {cases} ELSE claimed_value END" if cases else "claimed_value"
    return f"value_table, value_column, record_id, coalesce(item, ''), {value}"


def chosen_claims(tables: Mapping[str, Table]) -> str:
    """Query for the chosen claims: their row, hashes of the column they are of, and of what they say of which cell."""
    return (
        f"SELECT {ROW}, hash(value_table, value_column) AS place, hash({said_by_claim(tables)}) AS said "
        "FROM claims WHERE standing = 'chosen'"
    )


def _place(table: Table, column: Column) -> str:
    return f"{literal(table.name)}, {literal(column.name)}"


def _claim_rule(table: Table, column: Column) -> Rule:
    """A cell rests on a chosen claim of its value."""
    name, cell, place = table.name, f"t.{quoted(column.name)}", _place(table, column)
    claims = f"SELECT said FROM chosen_claims WHERE place = hash({place})"
    return Rule(
        f"{name}.{column.name}.claim", name, column.name,
        f"({cell} IS NOT NULL AND hash({said_by_cell(table, column)}) NOT IN ({claims}))",
        "a chosen claim of this value", "a value is published with the passage that states it or not at all",
        reads=("claims",), shared="chosen_claims", kind="lookup",
        example=f"DELETE FROM claims WHERE claim_id = {_first_claim(table, column)}",
    )  # fmt: skip


def _published_rule(table: Table, column: Column) -> Rule:
    """A chosen claim is of a cell."""
    name, place = table.name, _place(table, column)
    there = f"{quoted(name)} AS t WHERE t.{quoted(column.name)} IS NOT NULL"
    cells = f"SELECT hash({said_by_cell(table, column)}) FROM {there}"
    lost = f"SELECT {ROW} FROM chosen_claims WHERE place = hash({place}) AND said NOT IN ({cells})"
    return Rule(
        f"{name}.{column.name}.published", "claims", "claimed_value",
        f"(t.{ROW} IN ({lost}))",
        f"this value in {name}.{column.name}", "a chosen claim is the published value; the row may have been lost",
        reads=(name,), shared="chosen_claims", kind="lookup",
        example="INSERT INTO claims SELECT * REPLACE ('x-' || claim_id AS claim_id, 'another value' AS claimed_value, "
        f"(SELECT max({ROW}) + 1 FROM claims) AS {ROW}) FROM claims WHERE claim_id = {_first_claim(table, column)}",
    )  # fmt: skip


def _first_claim(table: Table, column: Column) -> str:
    place = f"value_table = {literal(table.name)} AND value_column = {literal(column.name)}"
    return f"(SELECT min(claim_id) FROM claims WHERE {place} AND standing = 'chosen')"


def _claimed_places(tables: Mapping[str, Table]) -> Iterator[Rule]:
    """A claim is of a record there is, and of a column that rests on claims."""
    # by table: DuckDB compares a word with few others much faster than two put together with all
    cases = " ".join(
        f"WHEN {literal(table.name)} THEN value_column NOT IN ({', '.join(literal(each.name) for each in columns)})"
        for table in tables.values()
        if (columns := claimed_cells(table))
    )
    yield Rule(
        "claims.value_column.claimed", "claims", "value_column", f"CASE value_table {cases} ELSE true END",
        "a column of value_table that rests on claims", "`ceechina show TABLE --describe` tells which columns do",
        example="UPDATE claims SET value_column = 'summary' WHERE claim_id = (SELECT min(claim_id) FROM claims)",
        kind="row",
    )  # fmt: skip
    yield Rule(
        "claims.record_id.record", "claims", "record_id",
        f"(t.record_id IS NOT NULL AND hash(t.record_table, t.record_id) NOT IN ({records_sql(tables)}))",
        "a record of record_table", "correct the id, or the table it is in",
        reads=tuple(table.name for table in core(tables)), kind="lookup",
        example="UPDATE claims SET record_id = 'nothing' WHERE claim_id = (SELECT min(claim_id) FROM claims)",
    )  # fmt: skip


def records_sql(tables: Mapping[str, Table]) -> str:
    """Query for hashes of the records there are, of the table and the id of each."""
    return " UNION ALL ".join(
        f"SELECT hash({literal(table.name)}, {quoted(table.key[0])}) FROM {quoted(table.name)}"
        for table in core(tables)
    )


def _chosen_rule() -> Rule:
    """Of the claims of a cell one alone is chosen; that it is of the published value other rules say."""
    alike = "SELECT said FROM chosen_claims GROUP BY said HAVING count(*) > 1"
    return Rule(
        CHOSEN_ONCE, "claims", "standing",
        f"SELECT {ROW}, claim_id AS key, standing AS value FROM claims "
        f"WHERE {ROW} IN (SELECT {ROW} FROM chosen_claims WHERE said IN ({alike}))",
        "one chosen claim of a cell, and no other that says the same", "mark all but one as `agrees`",
        shared="chosen_claims",
        example="UPDATE claims SET standing = 'chosen' "
        "WHERE claim_id = (SELECT min(claim_id) FROM claims WHERE standing = 'agrees')",
    )  # fmt: skip


def format_rules(table: Table, other: str) -> Iterator[Rule]:
    """That a table holds the same rows as `other`, the same table of another format."""
    cells = ", ".join(f"{comparable(column)} AS {quoted(column.name)}" for column in table.columns)
    for here, there in ((table.name, other), (other, table.name)):
        sides = (f"SELECT {key_sql(table)} AS key, {cells} FROM {quoted(name)}" for name in (here, there))
        yield Rule(
            f"{table.name}.formats", table.name, "",
            f"SELECT 0 AS {ROW}, key, key AS value FROM ({' EXCEPT ALL '.join(sides)}) AS other",
            "a row that every format of the table has", "build the package again",
        )  # fmt: skip
