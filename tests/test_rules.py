"""Rules follow from the model, and each is broken by its example: it alone, at that place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest

from ceechina.model.records import model
from ceechina.model.tables import Column, Table
from ceechina.validate.checks import check, rules_of
from ceechina.validate.duck import Duck
from ceechina.validate.rules import Rule
from ceechina.validate.sql import ROW
from conftest import ROOT
from planting import Planted

TABLES = model()
RULES = [rule for table in TABLES.values() for rule in rules_of(table, TABLES)]
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
]
# what else a wrong cell breaks: a row without its key has lost its claims and its parent a party, a lost claim leaves
# its passage unused, a date of publication makes others foretold, a wrong count is no sum, a wrong place is wrong in
# its claim too, a claim in the wrong table is of no record and no column, another source is not that of the passage, a
# claim that stands twice is chosen twice, a source of another address has other links, a standing that is wrong is of
# no date, a spell of another body is called after its own, a retired id of no table has no successor,
# an item without its actor is of fewer parts
CONSEQUENCES = (
    *("claim", "published", "parties.two", "unused", "foretold", "computed", "required", "claimed_value.form"),
    *("claimed_value.formula", "claimed_value.plain", "claimed_value.column", "claimed_value.item"),
    *("value_column.claimed", "record_id.record", "source_id.passage", "standing.once", "link.source"),
    *("standing.dates", "membership_id.body", "successor_id.record", "item.parts"),
)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_columns_rules_follow_from_its_definition(table: Table, column: Column) -> None:
    kinds = {
        rule.rule_id.rsplit(".", 1)[1]
        for rule in RULES
        if rule.table == table.name and rule.rule_id.startswith(f"{table.name}.{column.name}.")
    }
    whole = {f"{table.name}.{column.name}.{kind}" for kind in ("computed", "table")}
    is_told = any(rule.rule_id in whole and rule.kind == "row" for rule in RULES)
    assert ("required" in kinds) == column.required
    assert ("code" in kinds) == bool(column.codes)
    assert ("form" in kinds) == (not column.codes and column.reference != table.name and not is_told)
    assert ("reference" in kinds) == bool(column.reference)
    assert ("calendar" in kinds) == (column.scalar.type == "date" or bool(column.scalar.companions))
    assert ("companion" in kinds) == bool(column.companion)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_table_has_one_key_rule(table: Table) -> None:
    assert [rule.rule_id for rule in RULES].count(f"{table.name}.key") == 1


def test_rule_ids_are_unique_and_every_rule_says_what_it_expected_and_what_breaks_it() -> None:
    assert len({rule.rule_id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.expected
        assert rule.hint
        assert rule.example
        assert {rule.table, *rule.reads, *rule.unless} <= set(TABLES)
        assert rule.field in {column.name for column in TABLES[rule.table].columns}


# columns in which nothing is published yet, with a value each could have
UNUSED = [
    ("project_amounts", "value_max", "999999999999999"),
    ("project_quantities", "value_max", "999999999999999"),
    ("agreements", "previous_agreement_id", "china-serbia-economic-cooperation-2009"),
]
# of the claim that is copied from one of a kind
CLAIM_ID = "record_id || '-' || left(sha256(concat_ws('|', value_table, coalesce(item, ''), '{}', passage_id)), 8)"


@pytest.fixture(scope="module")
def published() -> Iterator[Planted]:
    """The published package, with a row and a value where it has none, so that each can be spoilt."""
    with Duck.started() as engine:
        for name, table in TABLES.items():
            engine.load(name, table, "csv", [ROOT / "datapackage" / "data" / f"{name}.csv"])
        engine.ask("INSERT INTO retired_ids VALUES (1, 'old-bridge', 'projects', 'pupin-bridge', 'Coded twice.')")
        engine.ask(
            "INSERT INTO changes VALUES (1, 'bridge-status', '0.1.0', 'projects', 'pupin-bridge', 'status', "
            "'correction', 'Read again.')"
        )
        for name, column, value in UNUSED:
            key = f"concat_ws('/', {', '.join(TABLES[name].key)})"
            first = f"(SELECT min({key}) FROM {name})"
            engine.ask(f"UPDATE {name} SET {column} = '{value}' WHERE {key} = {first}")
            engine.ask(
                f"INSERT INTO claims SELECT * REPLACE ({CLAIM_ID.format(column)} AS claim_id, "
                f"'{column}' AS value_column, "
                f"left(field, length(field) - 4) || '{TABLES[name][column].written}' AS field, "
                f"'{value}' AS claimed_value, 5000 + {ROW} AS {ROW}) FROM claims WHERE value_table = '{name}' "
                f"AND value_column = 'kind' AND concat_ws('/', record_id, item) = {first}"
            )
        for name in ("projects", "agreements"):
            counted = f"(SELECT count(*) FROM claims WHERE record_id = {name}.{TABLES[name].key[0]})"
            engine.ask(f"UPDATE {name} SET claim_count = {counted}")
        yield Planted(engine, TABLES)


@pytest.fixture
def package(published: Planted) -> Iterator[Planted]:
    """The same, its changes taken back afterwards."""
    published.engine.ask("BEGIN")
    yield published
    published.engine.ask("ROLLBACK")


def test_the_published_package_keeps_every_rule(package: Planted) -> None:
    assert package.broken() == []


def batches() -> Iterator[list[Rule]]:
    """Rules whose examples can be planted at once: of one kind, about different cells that are no keys."""

    def kind(rule: Rule) -> str:
        table, _, last = rule.rule_id.rpartition(".")
        if last in ("claim", "published"):
            return f"{table.partition('.')[0]} {last}"
        column = TABLES[rule.table][rule.field]
        alone = rule.field in TABLES[rule.table].key or rule.kind == "table" or bool(column.scalar.companions)
        return rule.rule_id if alone else f"{rule.table} {rule.rule_id.rsplit('.', 1)[1]}"

    for _, batch in groupby(sorted((rule for rule in RULES if rule.is_asked(TABLES)), key=kind), kind):
        yield list(batch)


PLANTED = list(batches())


NEEDLESS = [pytest.param(rule, id=rule.rule_id) for rule in RULES if not rule.is_asked(TABLES)]


def test_every_rule_is_planted() -> None:
    assert sum(map(len, PLANTED)) + len(NEEDLESS) == len(RULES)


@pytest.mark.parametrize("batch", PLANTED, ids=lambda batch: f"{batch[0].rule_id} and {len(batch) - 1} more")
def test_an_example_breaks_its_rule_at_its_place_and_no_other(package: Planted, batch: list[Rule]) -> None:
    places = [package.plant(rule) for rule in batch]
    found = {finding.rule.rule_id: finding for finding in package.broken()}
    assert {rule.rule_id for rule in batch} <= found.keys()
    for rule, place in zip(batch, places, strict=True):
        finding = found.pop(rule.rule_id)
        assert sum(finding.totals.values()) == len(finding.places)
        if place is not None:
            assert [(each.row, each.value) for each in finding.places] == [place]
    assert [name for name in found if not name.endswith(CONSEQUENCES)] == []


@pytest.mark.parametrize("rule", NEEDLESS)
def test_a_rule_that_others_make_needless_is_asked_without_them(package: Planted, rule: Rule) -> None:
    assert rule.unless
    assert rule.is_asked({rule.table, *rule.reads})
    place = package.plant(rule)
    (finding,) = check(package, TABLES, [rule], 10)
    assert place in [(each.row, each.value) for each in finding.places]
