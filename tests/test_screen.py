"""The first look at tables: sums of hashes hide no cells that were exchanged."""

from __future__ import annotations

import pytest

from ceechina.model.records import model
from ceechina.validate.duck import Duck
from ceechina.validate.rules import said_by_cell
from ceechina.validate.screen import _sum

QUANTITIES = model()["project_quantities"]
SAID = said_by_cell(QUANTITIES, QUANTITIES["value"])


def summed(duck: Duck, hashed: str, rows: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    values = ", ".join(f"('zz-test', '{quantity}', '{value}')" for quantity, value in rows)
    return duck.ask(f"SELECT {hashed} FROM (VALUES {values}) AS t(project_id, quantity_id, value)")


# two rows of which DuckDB's hashes come to the same sum when their values are exchanged
RIGHT = [("q-592", "5"), ("q-2998", "357")]
EXCHANGED = [("q-592", "357"), ("q-2998", "5")]


def test_exchanged_cells_come_to_another_sum() -> None:
    with Duck.started() as duck:
        plain = f"sum(CAST(hash({SAID}) AS DECIMAL(38, 0)))"
        assert summed(duck, plain, RIGHT) == summed(duck, plain, EXCHANGED), "the example is none any more"
        assert summed(duck, _sum(SAID), RIGHT) != summed(duck, _sum(SAID), EXCHANGED)


@pytest.mark.parametrize("rows", [RIGHT, EXCHANGED, RIGHT[:1]])
def test_the_order_of_rows_is_no_matter(rows: list[tuple[str, str]]) -> None:
    with Duck.started() as duck:
        assert summed(duck, _sum(SAID), rows) == summed(duck, _sum(SAID), rows[::-1])
