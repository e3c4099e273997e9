"""Rules by which a derived cell is what the model derives it from: ids made of parts, paths, sums and spans.

What the cells should be is worked out once for the whole table, as `derive.py` has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ceechina.model.codes import AMOUNT_KIND
from ceechina.model.tables import Column, Table, children, core
from ceechina.quoting import literal, quoted
from ceechina.validate.rules import Rule, said_by_claim
from ceechina.validate.sql import comparable

# Parts of what a smallest row is told by; sorts before all that slugs, codes and numbers have.
GAP = "' '"
# The countries each kind of record names: its id and a code.
NAMED = {
    "projects": "SELECT project_id AS id, country_id AS code FROM project_countries",
    "agreements": "SELECT agreement_id AS id, country_id AS code FROM agreement_parties JOIN actors USING (actor_id)",
    "meetings": (
        "SELECT meeting_id AS id, country_id AS code FROM meetings UNION ALL "
        "SELECT p.meeting_id AS id, coalesce(p.represents_country_id, a.country_id) AS code "
        "FROM meeting_participants AS p LEFT JOIN actors AS a ON a.actor_id = p.actor_id"
    ),
    "memberships": "SELECT membership_id AS id, country_id AS code FROM memberships",
}
# The tables these are read from.
NAMED_IN = {
    "projects": ("project_countries",),
    "agreements": ("agreement_parties", "actors"),
    "meetings": ("meeting_participants", "actors"),
    "memberships": (),
}


def recomputed_rules(table: Table, tables: Mapping[str, Table]) -> Iterator[Rule]:
    """The rules about the derived cells of a table."""
    if table.name in NAMED:
        yield _countries(table)
    for child in children(tables, table.name):
        if child.name.endswith("_amounts"):
            yield from _headline(table, child)
        if child.name.endswith("_events"):
            yield from _span(table, child)
    if table.name == "claims":
        yield _claim_id(table)
        yield _field(table, tables)
        yield _standing(table, tables)
    if table.name == "passages":
        made = "source_id || '-' || left(sha256, 8)"
        yield _made_of(table, "passage_id", made, "its source and the first eight digits of its hash")
    if table.name == "exclusions":
        yield _made_of(table, "exclusion_id", "passage_id", "the id of its passage")


def _made_of(table: Table, name: str, made: str, told: str, parts: Sequence[str] = ()) -> Rule:
    """A cell is made of others of its row, none of `parts` being empty: that is told by itself."""
    bad = "coalesce(source_id, '') || '-00000000'" if name.endswith("_id") else "'nothing'"
    key = quoted(table.key[0])
    return Rule(
        f"{table.name}.{name}.computed", table.name, name,
        " AND ".join([f"{quoted(name)} <> {made}", *(f"{part} IS NOT NULL" for part in parts)]),
        told, "build the package again; where a part of it was changed, take that back",
        kind="row", should=made,
        example=f"UPDATE {table.name} SET {quoted(name)} = {bad} WHERE {key} = (SELECT min({key}) FROM {table.name})",
    )  # fmt: skip


def _claim_id(table: Table) -> Rule:
    # put together at once, which is several times faster than piece by piece
    place = "concat(value_table, '|', item, '|', value_column, '|', passage_id)"
    made = f"concat(record_id, '-', left(sha256({place}), 8))"
    told = "its record and a hash of the cell and the passage it is of"
    return _made_of(table, "claim_id", made, told, ("record_id", "value_table", "value_column", "passage_id"))


def _field(table: Table, tables: Mapping[str, Table]) -> Rule:
    """How people write a cell of a record, as `field_path` has it."""
    listed = " ".join(f"WHEN {literal(each.name)} THEN {literal(each.listed)}" for each in _lists(tables))
    names = {column.name: column.written for each in tables.values() for column in each.claimed}
    written = " ".join(f"WHEN {literal(name)} THEN {literal(other)}" for name, other in names.items() if name != other)
    # where a row is nothing but its key, its item is the cell
    keys = " ".join(f"WHEN {literal(each.name)} THEN {literal(each.key[-1])}" for each in _lists(tables))
    name = f"CASE value_column WHEN CASE value_table {keys} END THEN NULL {written} ELSE value_column END"
    made = f"concat_ws('/', CASE value_table {listed} END, item, {name})"
    return _made_of(table, "field", made, "the cell that value_table, item and value_column name")


def _lists(tables: Mapping[str, Table]) -> list[Table]:
    return [child for table in core(tables) for child in children(tables, table.name)]


def _standing(table: Table, tables: Mapping[str, Table]) -> Rule:
    said = f"hash({said_by_claim(tables)}) IN (SELECT said FROM chosen_claims)"
    return Rule(
        "claims.standing.computed", table.name, "standing",
        f"(t.standing <> 'chosen' AND (t.standing = 'agrees') <> ({said}))",
        "agrees where the chosen claim of the cell says the same, and nowhere else",
        "read both passages again; the value may have been changed in one of the claims", shared="chosen_claims",
        kind="lookup",
        example="UPDATE claims SET standing = 'coarser' WHERE claim_id = "
        "(SELECT min(claim_id) FROM claims WHERE standing = 'agrees')",
    )  # fmt: skip


def worked_out(tables: Mapping[str, Table]) -> dict[str, str]:
    """Queries for what derived cells must be: `id` and a column for each, of records that have any."""
    found = {_named(table): _countries_query(name) for name, table in tables.items() if name in NAMED}
    for table in tables.values():
        for child in children(tables, table.name):
            if child.name.endswith("_amounts"):
                found[f"{child.name}_first"] = _headline_query(child)
            if child.name.endswith("_events"):
                found[f"{child.name}_span"] = _span_query(child)
    return found


def _named(table: Table) -> str:
    return f"{table.name}_named"


def _countries(table: Table) -> Rule:
    told = "the countries of the region that its rows name, joined with `; `"
    return _worked_out(
        table, table["country_ids"], _named(table), ("countries", *NAMED_IN[table.name]), told, "'AL; XK'"
    )


def _countries_query(table: str) -> str:
    return (
        "SELECT id, array_to_string(list_sort(list(DISTINCT code)), '; ') AS country_ids FROM "
        f"({NAMED[table]}) AS named JOIN (SELECT country_id AS code FROM countries WHERE scope = 'region') "
        "AS region USING (code) GROUP BY 1"
    )


def _headline(table: Table, amounts: Table) -> Iterator[Rule]:
    """The sum a record shows: first by the order of the kinds, then by its id."""
    other = "CASE headline_currency WHEN 'USD' THEN 'EUR' ELSE 'USD' END"
    for name, bad in {"amount": "'7'", "currency": other, "kind": "'credit-line'"}.items():
        told = f"that of the first of its rows in {amounts.name}, by the order of the kinds and by id"
        yield _worked_out(table, table[f"headline_{name}"], f"{amounts.name}_first", (amounts.name,), told, bad)


def _headline_query(amounts: Table) -> str:
    ranks = " ".join(f"WHEN {literal(kind)} THEN '{rank:03}'" for rank, kind in enumerate(AMOUNT_KIND.names))
    rank = f"CASE kind {ranks} ELSE '999' END"
    shown = ", ".join(f"coalesce({name}, '?')" for name in ("value", "currency", "kind"))
    parts = f"concat_ws({GAP}, {rank}, {amounts.key[-1]}, {shown})"
    cells = ", ".join(
        f"split_part(least, {GAP}, {place}) AS headline_{name}"
        for place, name in enumerate(("amount", "currency", "kind"), start=3)
    )
    return (
        f"SELECT id, {cells} FROM (SELECT {amounts.key[0]} AS id, min({parts}) AS least FROM {amounts.name} GROUP BY 1)"
    )


def _span(table: Table, events: Table) -> Iterator[Rule]:
    """Dates of the earliest and the latest event that is not merely planned."""
    for name in ("first", "last"):
        told = f"the date of the {name} event in {events.name} that is not planned"
        yield _worked_out(table, table[f"{name}_event"], f"{events.name}_span", (events.name,), told, "'1999'")


def _span_query(events: Table) -> str:
    cells = ", ".join(
        f"substr({least}(concat_ws({GAP}, {day}, date)) FILTER (WHERE {day} IS NOT NULL), 12) AS {name}_event"
        for name, least, day in (("first", "min", "date_earliest"), ("last", "max", "date_latest"))
    )
    happened = "is_planned = 'false' AND date IS NOT NULL"
    return f"SELECT {events.key[0]} AS id, {cells} FROM {events.name} WHERE {happened} GROUP BY 1"


def _worked_out(table: Table, column: Column, query: str, reads: tuple[str, ...], told: str, bad: str) -> Rule:
    """A cell is what a query comes to, nothing where it has no row of the record."""
    name, key = table.name, table.key[0]
    return Rule(
        f"{name}.{column.name}.computed", name, column.name,
        f"coalesce({comparable(column, 't')}, '') <> coalesce({comparable(column, 'w')}, '')",
        told, "build the package again; where one of those rows was changed, take that back",
        reads=reads, shared=query, kind="joined", should=f"w.{column.name}",
        example=f"UPDATE {name} SET {column.name} = {bad} WHERE {key} = "
        f"(SELECT {key} FROM {name} ORDER BY {column.name} IS NULL, {key} LIMIT 1)",
    )  # fmt: skip
