"""Rules of the subject: each has an example that breaks it, and it alone, at one place."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from ceechina.model.records import ROWS
from ceechina.model.tables import build
from ceechina.model.values import canonical
from ceechina.validate.domain import BOOKKEEPING, DOMAIN_RULES
from ceechina.validate.engine import check, load
from ceechina.validate.rules import Rule, quoted, table_rules
from conftest import ROOT

TABLES = build(ROWS)


@pytest.fixture(scope="module")
def loaded() -> Iterator[duckdb.DuckDBPyConnection]:
    """The published package, in which every rule holds."""
    with duckdb.connect() as connection:
        for table in TABLES.values():
            load(connection, ROOT / "datapackage", table, "csv")
        yield connection


@pytest.fixture
def package(loaded: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, its changes taken back afterwards."""
    loaded.execute("BEGIN")
    yield loaded
    loaded.execute("ROLLBACK")


def broken(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for table in TABLES.values() for problem in check(connection, table)]


def test_the_published_package_keeps_every_rule(package: duckdb.DuckDBPyConnection) -> None:
    assert broken(package) == []


def mend(connection: duckdb.DuckDBPyConnection) -> None:
    """Put right what follows from a change: computed cells, counts of claims, claims of rows that are gone."""
    for table in TABLES.values():
        for column in table.columns:
            if column.companion:
                source, cell = quoted(column.source), quoted(column.name)
                for (text,) in connection.execute(f"SELECT DISTINCT {source} FROM {table.name}").fetchall():
                    value = None if text is None else column.companion.compute(text)
                    connection.execute(
                        f"UPDATE {table.name} SET {cell} = ? WHERE {source} IS NOT DISTINCT FROM ?",
                        [None if value is None else canonical(value), text],
                    )
        for rule in table_rules(table):
            if rule.rule_id.endswith(".published"):
                connection.execute(f"DELETE FROM claims WHERE claim_id IN (SELECT key FROM ({rule.sql}))")
    for rule in DOMAIN_RULES:
        if rule.rule_id.endswith(".computed"):
            key = TABLES[rule.table].key[0]
            computed = BOOKKEEPING[rule.field]
            connection.execute(
                f"UPDATE {rule.table} SET {rule.field} = (SELECT {computed} FROM claims WHERE record_id = {key})"
            )


@pytest.mark.parametrize("rule", DOMAIN_RULES, ids=lambda rule: rule.rule_id)
def test_its_example_breaks_a_rule_and_no_other(package: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    package.execute(rule.example)
    if not rule.rule_id.endswith(".computed"):
        mend(package)
    assert set(broken(package)) == {(rule.rule_id, rule.severity)}


@pytest.mark.parametrize("rule", DOMAIN_RULES, ids=lambda rule: rule.rule_id)
def test_every_rule_says_what_it_expects_and_what_to_do(rule: Rule) -> None:
    assert rule.expected
    assert rule.hint
    assert rule.field in [column.name for column in TABLES[rule.table].columns]
    assert set(rule.reads) <= set(TABLES)
