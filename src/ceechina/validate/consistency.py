"""Rules by which the cells of a row, and a row and what it names, do not contradict each other.

They follow from what the model's columns are: a reference, an upper end, a version, the body of a spell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ceechina.model.tables import Column, Table, core
from ceechina.model.values import MOST_WORDS
from ceechina.quoting import literal, quoted
from ceechina.validate.rules import Rule, example, records_sql, row_rule
from ceechina.validate.sql import ROW, key_sql

# Parts of a version, with leading zeros so that texts compare as numbers do.
_PARTS = "lpad(split_part({0}, '.', {1}), 9, '0')"


def consistency_rules(table: Table, tables: Mapping[str, Table]) -> Iterator[Rule]:
    """The rules about one table."""
    names = {column.name for column in table.columns}
    for column in table.columns:
        if column.reference == table.name:
            key = quoted(table.key[0])
            told = f"another row of {table.name} than its own"
            yield row_rule(
                table, column, "self", f"{quoted(column.name)} = {key}", told, "leave it empty, or name the other", key
            )
            yield _mutual(table, column)
    if table.is_core and (before := core(tables)[: core(tables).index(table)]):
        yield _shared_id(table, before)
    if {"value", "value_max"} <= names:
        yield from _range(table)
    if {"added_in", "changed_in"} <= names:
        yield row_rule(
            table, table["changed_in"], "order", f"{_version('changed_in')} < {_version('added_in')}",
            "no version before added_in", "build the package again", "'0.0.1'",
        )  # fmt: skip
    if table.group:
        yield row_rule(
            table, table[table.key[0]], "body", f"NOT starts_with({table.key[0]}, {table.group} || '-')",
            f"a slug that begins with {table.group} and a hyphen", "name the spell by its body",
            f"'x-' || {table.key[0]}",
        )  # fmt: skip
    if table.name == "passages":
        yield from (_short(table, table[name]) for name in ("first_words", "last_words"))
    if table.name == "project_countries":
        yield _region(table)
    if table.name == "retired_ids":
        yield from _retired(table, tables)


def _shared_id(table: Table, before: Sequence[Table]) -> Rule:
    """Claims name records of all core tables alike, so no two share an id."""
    key, names = quoted(table.key[0]), [other.name for other in before]
    ids = " UNION ALL ".join(f"SELECT hash({quoted(other.key[0])}) FROM {quoted(other.name)}" for other in before)
    return Rule(
        f"{table.name}.{table.key[0]}.shared", table.name, table.key[0],
        f"(t.{key} IS NOT NULL AND hash(t.{key}) IN ({ids}))",
        f"an id that no row of {', '.join(names)} has", "give one of the two another id",
        reads=tuple(names), kind="lookup",
        example=example(table, table[table.key[0]], f"(SELECT min({before[0].key[0]}) FROM {before[0].name})"),
    )  # fmt: skip


def _mutual(table: Table, column: Column) -> Rule:
    """Of two rows one names the other, and not each the other."""
    key, name = quoted(table.key[0]), quoted(column.name)
    first = f"(SELECT min({key}) FROM {table.name} WHERE {name} IS NOT NULL)"
    return Rule(
        f"{table.name}.{column.name}.mutual", table.name, column.name,
        f"SELECT a.{ROW}, a.{key} AS key, a.{name} AS value FROM {table.name} AS a JOIN {table.name} AS b "
        f"ON a.{name} = b.{key} AND b.{name} = a.{key} WHERE a.{name} <> a.{key}",
        f"a row of {table.name} that does not name this one in turn", "read which is before or above the other",
        example=f"UPDATE {table.name} SET {name} = {first} "
        f"WHERE {key} = (SELECT {name} FROM {table.name} WHERE {key} = {first})",
    )  # fmt: skip


def _short(table: Table, column: Column) -> Rule:
    """The text of a source is its own: no more of it is published than finds the passage."""
    # from the beginning on: an engine that tried from every place would take ten times as long
    more = rf"^[^\p{{L}}\p{{N}}]*(?:[\p{{L}}\p{{N}}]+[^\p{{L}}\p{{N}}]+){{{MOST_WORDS}}}[\p{{L}}\p{{N}}]"
    return row_rule(
        table, column, "short", f"regexp_extract({quoted(column.name)}, {literal(more)}) <> ''",
        f"at most {MOST_WORDS} words", "leave out what the passage is found without",
        literal(" ".join(map(str, range(MOST_WORDS + 1)))),
    )  # fmt: skip


def _range(table: Table) -> Iterator[Rule]:
    """A range goes up, and is one where it is said to be."""
    upper = table["value_max"]
    yield row_rule(
        table, upper, "order", "TRY_CAST(value_max AS DOUBLE) <= TRY_CAST(value AS DOUBLE)",
        "a number above value", "read the range in its passage again", "'0'",
    )  # fmt: skip
    key = key_sql(table)
    yield Rule(
        f"{table.name}.qualifier.range", table.name, "qualifier", "qualifier = 'between' AND value_max IS NULL",
        "another qualifier where value_max is empty", "give the upper end, or say how the source qualifies the number",
        kind="row", example=f"UPDATE {table.name} SET qualifier = 'between' "
        f"WHERE {key} = (SELECT min({key}) FROM {table.name} WHERE value_max IS NULL)",
    )  # fmt: skip


def _version(name: str) -> str:
    return f"({' || '.join(_PARTS.format(name, number) for number in (1, 2, 3))})"


def _region(table: Table) -> Rule:
    column = table["country_id"]
    return Rule(
        f"{table.name}.country_id.region", table.name, "country_id",
        "(hash(t.country_id) IN (SELECT hash(country_id) FROM countries WHERE scope <> 'region'))",
        "a country of the region", "who else takes part is a participant", reads=("countries",), kind="lookup",
        example=example(table, column, "'CN'"),
    )  # fmt: skip


def _retired(table: Table, tables: Mapping[str, Table]) -> Iterator[Rule]:
    """An id that is retired is no record's, and its successor is one."""
    reads, records = tuple(each.name for each in core(tables)), records_sql(tables)
    yield Rule(
        "retired_ids.retired_id.used", table.name, "retired_id",
        f"(hash(t.record_table, t.retired_id) IN ({records}))",
        "an id that no record has", "give the record another id, or take this line back", reads=reads, kind="lookup",
        example="UPDATE retired_ids SET retired_id = (SELECT min(project_id) FROM projects), record_table = 'projects' "
        "WHERE retired_id = (SELECT min(retired_id) FROM retired_ids)",
    )  # fmt: skip
    yield Rule(
        "retired_ids.successor_id.record", table.name, "successor_id",
        f"(t.successor_id IS NOT NULL AND hash(t.record_table, t.successor_id) NOT IN ({records}))",
        "a record of record_table", "name the record that took its place, or leave it empty",
        reads=reads, kind="lookup", example="UPDATE retired_ids SET successor_id = 'nothing' "
        "WHERE retired_id = (SELECT min(retired_id) FROM retired_ids)",
    )  # fmt: skip
