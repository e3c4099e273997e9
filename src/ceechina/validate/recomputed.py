"""Rules by which a derived cell is what the model derives it from: ids made of parts, paths, sums and spans.

What the cells should be is worked out once for the whole table, as `derive.py` has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ceechina.model.codes import AMOUNT_KIND
from ceechina.model.tables import Table, children, core
from ceechina.quoting import literal, quoted
from ceechina.validate.rules import Rule, said_by_claim
from ceechina.validate.sql import comparable, malformed_sql

# Between parts of what a smallest row is told by: a control character, which sorts before all that cells have.
GAP = "'\x1f'"
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
    for each in _derivations(table, tables):
        yield from (_worked_out(table, each, name) for name in each.bad)
    if table.name == "claims":
        yield _claim_id(table)
        yield _field(table, tables)
        yield _standing(table, tables)
    if table.name == "passages":
        told = "its source and the first eight digits of its hash"
        yield _made_of(table, "passage_id", "source_id || '-' || left(sha256, 8)", told, ("source_id", "sha256"))
    if table.name == "exclusions":
        yield _made_of(table, "exclusion_id", "passage_id", "the id of its passage", ("passage_id",))


def _made_of(table: Table, name: str, made: str, told: str, parts: Sequence[str]) -> Rule:
    """A cell is made of others of its row; where one of these is missing, which is told by itself, it has its form."""
    bad = "coalesce(source_id, '') || '-00000000'" if name.endswith("_id") else "'nothing'"
    key = quoted(table.key[0])
    there = " AND ".join(f"{quoted(part)} IS NOT NULL" for part in parts)
    malformed = malformed_sql(name, table[name].scalar.pattern)
    return Rule(
        f"{table.name}.{name}.computed", table.name, name,
        f"CASE WHEN {there} THEN {quoted(name)} <> {made} ELSE {malformed} END",
        told, "build the package again; where a part of it was changed, take that back",
        kind="row", should=f"CASE WHEN {there} THEN {made} END",
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
    name = f"CASE value_column WHEN CASE value_table {keys} ELSE '' END THEN NULL {written} ELSE value_column END"
    made = f"concat_ws('/', CASE value_table {listed} END, item, {name})"
    told = "the cell that value_table, item and value_column name"
    return _made_of(table, "field", made, told, ("value_table", "value_column"))


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


@dataclass(frozen=True)
class _Derivation:
    """Cells of a table that one query works out.

    Attributes:
        name: The name under which the query is kept.
        query: It has the record as `id`, and the columns by their names, of records that have any.
        reads: The tables it reads besides that of the cells.
        told: What the cells are, after the name of the column.
        bad: A value for each column that is not that of the first record, as SQL.
    """

    name: str
    query: str
    reads: tuple[str, ...]
    told: str
    bad: Mapping[str, str]


def worked_out(tables: Mapping[str, Table]) -> dict[str, str]:
    """The queries for what derived cells must be, by the name under which they are kept."""
    return {each.name: each.query for table in tables.values() for each in _derivations(table, tables)}


def _derivations(table: Table, tables: Mapping[str, Table]) -> Iterator[_Derivation]:
    if table.name in NAMED:
        yield _countries(table)
    for child in children(tables, table.name):
        if child.name.endswith("_amounts"):
            yield _headline(child)
        if child.name.endswith("_events"):
            yield _span(child)


def _countries(table: Table) -> _Derivation:
    query = (
        "SELECT id, array_to_string(list_sort(list(DISTINCT code)), '; ') AS country_ids FROM "
        f"({NAMED[table.name]}) AS named JOIN (SELECT country_id AS code FROM countries WHERE scope = 'region') "
        "AS region USING (code) GROUP BY 1"
    )
    told = "the countries of the region that its rows name, joined with `; `"
    reads = ("countries", *NAMED_IN[table.name])
    return _Derivation(f"{table.name}_named", query, reads, told, {"country_ids": "'AL; XK'"})


def _headline(amounts: Table) -> _Derivation:
    """The sum a record shows: first by the order of the kinds, then by its id."""
    ranks = " ".join(f"WHEN {literal(kind)} THEN '{rank:03}'" for rank, kind in enumerate(AMOUNT_KIND.names))
    rank = f"CASE kind {ranks} ELSE '999' END"
    columns = {"headline_amount": "value", "headline_currency": "currency", "headline_kind": "kind"}
    shown = ", ".join(f"coalesce({name}, '?')" for name in columns.values())
    parts = f"concat_ws({GAP}, {rank}, {amounts.key[-1]}, {shown})"
    cells = ", ".join(f"split_part(least, {GAP}, {place}) AS {name}" for place, name in enumerate(columns, start=3))
    least = f"SELECT {amounts.key[0]} AS id, min({parts}) AS least FROM {amounts.name} GROUP BY 1"
    told = f"that of the first of its rows in {amounts.name}, by the order of the kinds and by id"
    other = "CASE headline_currency WHEN 'USD' THEN 'EUR' ELSE 'USD' END"
    bad = dict(zip(columns, ("'7'", other, "'credit-line'"), strict=True))
    return _Derivation(f"{amounts.name}_first", f"SELECT id, {cells} FROM ({least})", (amounts.name,), told, bad)


def _span(events: Table) -> _Derivation:
    """Dates of the earliest and the latest event that is not merely planned."""
    cells = ", ".join(
        f"split_part({least}(concat_ws({GAP}, {day}, date)) FILTER (WHERE {day} IS NOT NULL), {GAP}, 2) AS {name}"
        for name, least, day in (("first_event", "min", "date_earliest"), ("last_event", "max", "date_latest"))
    )
    happened = "is_planned = 'false' AND date IS NOT NULL"
    query = f"SELECT {events.key[0]} AS id, {cells} FROM {events.name} WHERE {happened} GROUP BY 1"
    told = f"the date of the {{}} event in {events.name} that is not planned"
    return _Derivation(
        f"{events.name}_span", query, (events.name,), told, dict.fromkeys(("first_event", "last_event"), "'1999'")
    )


def _worked_out(table: Table, derivation: _Derivation, name: str) -> Rule:
    """A cell is what a query comes to, nothing where it has no row of the record."""
    key, column = table.key[0], table[name]
    return Rule(
        f"{table.name}.{name}.computed", table.name, name,
        f"coalesce({comparable(column, 't')}, '') <> coalesce({comparable(column, 'w')}, '')",
        derivation.told.format(name.partition("_")[0]),
        "build the package again; where one of those rows was changed, take that back",
        reads=derivation.reads, shared=derivation.name, kind="joined", should=f"coalesce(w.{name}, '')",
        example=f"UPDATE {table.name} SET {name} = {derivation.bad[name]} WHERE {key} = "
        f"(SELECT {key} FROM {table.name} ORDER BY {name} IS NULL, {key} LIMIT 1)",
    )  # fmt: skip
