"""The model itself is linted: one meaning per name, everything described, everything reachable."""

from __future__ import annotations

import re

import pytest

from ceechina.model import values
from ceechina.model.records import ROWS, Core
from ceechina.model.tables import Column, Table, build

TABLES = build(ROWS)
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
]
REFERENCES = [(table, column) for table in TABLES.values() for column in table.columns if column.reference]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_is_described_in_a_sentence(table: Table, column: Column) -> None:
    assert re.fullmatch(r"[A-Z].*\.", column.description), table.name


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_names_are_snake_case_and_say_what_they_are(table: Table, column: Column) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", column.name), table.name
    assert column.name.startswith("is_") == (column.scalar.type == "boolean")
    if column.reference:
        assert column.name.endswith(column.target)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_same_name_means_same_type_and_description(table: Table, column: Column) -> None:
    for other in TABLES.values():
        for twin in other.columns:
            if twin.name == column.name:
                assert (twin.scalar.type, twin.description) == (column.scalar.type, column.description), other.name


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_exist_and_are_required(table: Table) -> None:
    assert table.description.endswith(".")
    for name in table.key:
        assert table[name].required
    assert table.columns[0].name == table.key[0]
    if table.parent:
        assert table.key[0] == TABLES[table.parent].key[0]
        assert table.listed


@pytest.mark.parametrize(("table", "column"), REFERENCES)
def test_references_point_to_the_key_of_a_table(table: Table, column: Column) -> None:
    assert TABLES[column.reference].key == (column.target,), table.name


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.is_core], ids=lambda table: table.name)
def test_core_tables_carry_the_bookkeeping_columns_last(table: Table) -> None:
    own = [column.name for column in table.columns]
    assert own[-len(Core.model_fields) :] == list(Core.model_fields)


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.parent], ids=lambda table: table.name)
def test_child_rows_hold_nothing_but_their_key_and_claims(table: Table) -> None:
    for column in table.columns:
        assert column.name in table.key or column.origin == "claimed" or column.companion


def test_dates_come_with_their_three_companions() -> None:
    names = [column.name for column in TABLES["project_events"].columns]
    assert names[3:7] == ["date", "date_earliest", "date_latest", "date_precision"]


def test_every_scalar_is_used() -> None:
    used = {column.scalar.name for table in TABLES.values() for column in table.columns}
    assert {scalar.name for scalar in values.SCALARS} <= used


def test_retired_and_derived_columns_are_not_written_by_people() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert not (column.companion and column.origin != "derived")
