"""Rules follow from the model: every column has those its definition calls for, and no others."""

from __future__ import annotations

import pytest

from ceechina.model.records import ROWS
from ceechina.model.tables import Column, Table, build
from ceechina.validate.domain import DOMAIN_RULES
from ceechina.validate.rules import literal, quoted, row_rules, table_rules

TABLES = build(ROWS)
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_columns_rules_follow_from_its_definition(table: Table, column: Column) -> None:
    kinds = {
        rule.rule_id.rsplit(".", 1)[1] for rule in (*row_rules(table), *table_rules(table)) if rule.field == column.name
    }
    assert ("required" in kinds) == column.required
    assert ("code" in kinds) == bool(column.codes)
    assert ("form" in kinds) == (not column.codes)
    assert ("reference" in kinds) == bool(column.reference)
    assert ("calendar" in kinds) == (column.scalar.type == "date")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_table_has_one_key_rule(table: Table) -> None:
    assert [rule.rule_id for rule in table_rules(table)].count(f"{table.name}.key") == 1


def test_rule_ids_are_unique_and_every_rule_says_what_it_expected() -> None:
    rules = [rule for table in TABLES.values() for rule in (*row_rules(table), *table_rules(table))]
    rules += DOMAIN_RULES
    assert len({rule.rule_id for rule in rules}) == len(rules)
    assert all(rule.expected for rule in rules)


@pytest.mark.parametrize(("name", "sql"), [('a"b', '"a""b"'), ("a; DROP", '"a; DROP"')])
def test_names_are_quoted(name: str, sql: str) -> None:
    assert quoted(name) == sql


def test_literals_are_quoted() -> None:
    assert literal("o'clock") == "'o''clock'"
