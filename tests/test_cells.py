"""A cell of the form that clears a rule keeps it: what the first look passes over is never wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceechina.model.records import model
from ceechina.model.values import TEXT
from ceechina.quoting import quoted
from ceechina.validate.cells import ODD, UNSUSPICIOUS, cell_rules
from ceechina.validate.rules import Rule

TABLES = model()
CLEARED = {
    (rule.rule_id.rsplit(".", 1)[1], rule.clear): rule
    for table in TABLES.values()
    for rule in cell_rules(table, TABLES)
    if rule.clear
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize("rule", CLEARED.values(), ids=lambda rule: rule.rule_id)
@settings(max_examples=20)
@given(data=st.data())
def test_a_cell_of_the_form_that_clears_a_rule_keeps_it(
    connection: duckdb.DuckDBPyConnection, rule: Rule, data: st.DataObject
) -> None:
    cells = data.draw(st.lists(st.from_regex(rule.clear, fullmatch=True), min_size=1, max_size=20))
    given_cells = f"(SELECT unnest(?::VARCHAR[]) AS {quoted(rule.field)})"
    broken = connection.execute(f"SELECT {quoted(rule.field)} FROM {given_cells} WHERE {rule.sql}", [cells]).fetchall()
    assert broken == []


@given(st.from_regex(UNSUSPICIOUS, fullmatch=True))
def test_text_that_is_not_suspected_has_the_form_of_text_and_nothing_odd(text: str) -> None:
    assert TEXT.has_form(text)
    assert not re.search(ODD, text)
    assert text[0] not in "=+@-"


@pytest.mark.parametrize(
    "text", [*TEXT.bad, "=1+1", "+1", "-1", "@a", "Hua  wei", "Hua\u00a0wei", "e\u0301", "\u0410BC"]
)
def test_text_that_breaks_a_rule_is_suspected(text: str) -> None:
    assert not re.fullmatch(UNSUSPICIOUS, text)


@pytest.mark.parametrize(
    "text", ["HBIS Group", "\u201ciron\u201d friendship (2016)", "Smederevo \u2013 \u017delezara", "\u4e2d\u56fd"]
)
def test_common_text_is_not_suspected(text: str) -> None:
    assert re.fullmatch(UNSUSPICIOUS, text)
