"""A rule's example planted in the published package, and what follows from it elsewhere put right.

So that a test can ask for exactly one rule: a renamed record is renamed wherever it is named, a changed cell is
changed in its claim, and what is counted or computed is counted and computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ceechina.model.tables import Column, Table
from ceechina.model.values import canonical
from ceechina.quoting import literal, quoted
from ceechina.validate.checks import check, query, rules_of, shared_queries
from ceechina.validate.domain import BOOKKEEPING, CORE, DOMAIN_RULES, RECORD_CLAIMS
from ceechina.validate.duck import Duck
from ceechina.validate.findings import Finding
from ceechina.validate.rules import Rule
from ceechina.validate.screen import screen
from ceechina.validate.sql import KEY_SEPARATOR, ROW

Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A cell that an example changed, with the row it is in, before and after."""

    table: Table
    column: Column
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def old(self) -> Any:
        return self.before[self.column.name]

    @property
    def new(self) -> Any:
        return self.after[self.column.name]


class Planted:
    """The published package in DuckDB, to be changed and asked."""

    def __init__(self, engine: Duck, tables: Mapping[str, Table]) -> None:
        self.engine, self.tables = engine, tables
        self.rules: dict[str, list[Rule]] = {
            name: [rule for rule in rules_of(table, tables) if rule.is_asked(tables)] for name, table in tables.items()
        }
        self._before = {name: self._rows(name) for name in tables}
        self._spoilt: set[tuple[str, str]] = set()
        self._changed = set(tables)
        self._miscounted = False

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.engine.ask(query)

    def ask_all(self, queries: Iterable[str]) -> list[list[tuple[Any, ...]]]:
        """The rows of each of several queries, in the transaction that is open."""
        return [self.ask(query) for query in queries]

    def broken(self) -> list[Finding]:
        """Every rule that is broken; rules that read no table that was changed cannot be."""
        if self._miscounted:
            self._count()
        self._share()
        rules = {
            name: [rule for rule in rules if self._changed & {rule.table, *rule.reads}]
            for name, rules in self.rules.items()
        }
        self._spoilt.clear()
        self._miscounted = False
        self._changed = set(self.tables)
        screened = screen(self, {name: self.tables[name] for name in rules if rules[name]}, rules)
        asked = [rule for name in screened for rule in rules[name]]
        return list(check(self, self.tables, asked, 100, screened.values()))

    def _share(self) -> None:
        for name, shared in shared_queries(self.tables).items():
            self.ask(f"CREATE OR REPLACE TABLE {name} AS {shared}")

    def plant(self, rule: Rule) -> tuple[int, str | None] | None:
        """Run a rule's example and put right what follows from it.

        Returns:
            The row and the text of the cell that was changed; None where the example does more than change one.
        """
        self.engine.ask(rule.example)
        renames = rule in DOMAIN_RULES or rule.field in self.tables[rule.table].key
        touched = set(self.tables) if renames else {name for name in self.tables if name in rule.example}
        self._changed = touched if not self._spoilt else self._changed | touched
        self._spoilt.add((rule.table, rule.field))
        place = None
        if rule in DOMAIN_RULES:
            self._mend(rule)
        elif rule.kind != "table":
            for change in list(self._changes(rule)):
                if (change.table.name, change.column.name) == (rule.table, rule.field):
                    place = change.after[ROW], change.new
                self._follow(change)
        if self._rows("claims") != self._before["claims"]:
            self._changed |= {"claims", *CORE}
            self._miscounted = True
        return place

    def _mend(self, rule: Rule) -> None:
        """What follows from an example that says itself what else must change."""
        for table in self.tables.values():
            for column in table.columns:
                if column.scalar.companions and table.name in rule.example:
                    self._compute(table, column)
        self._drop_claims_of_nothing()

    def _rows(self, name: str) -> Rows:
        names = [ROW, *(column.name for column in self.tables[name].columns)]
        found = self.engine.ask(f"SELECT {', '.join(map(quoted, names))} FROM {quoted(name)}")
        return {row[0]: dict(zip(names, row, strict=True)) for row in found}

    def _changes(self, rule: Rule) -> Iterator[Change]:
        for name, table in self.tables.items():
            if name not in rule.example:
                continue
            before, after = self._before[name], self._rows(name)
            if before != after:
                for row in before.keys() & after.keys():
                    for column in table.columns:
                        if before[row][column.name] != after[row][column.name]:
                            yield Change(table, column, before[row], after[row])

    def _follow(self, change: Change) -> None:
        table, column = change.table, change.column
        if column.scalar.companions:
            self._compute(table, column)
        if column.name == table.key[0] and not table.parent:
            self._rename(table, change.old, change.new)
        elif table.name != "claims" and column.origin != "derived":
            self._claim_again(change)

    def _rename(self, table: Table, old: str, new: str) -> None:
        """A record's new id, wherever it is named."""
        for other in self.tables.values():
            for column in other.columns:
                if column.reference == table.name:
                    self._set(other.name, column.name, new, f"{quoted(column.name)} = {literal(old)}")
                    places = f"value_table = {literal(other.name)} AND value_column = {literal(column.name)}"
                    self._set("claims", "claimed_value", new, f"{places} AND claimed_value = {literal(old)}")
                    if column.name in [part.name for part in other.item_key[:1]]:
                        rest = f"{_sql(new)} || substr(item, {len(old) + 1})"
                        self.engine.ask(
                            f"UPDATE claims SET item = {rest} WHERE value_table = {literal(other.name)} "
                            f"AND split_part(item, '/', 1) = {literal(old)}"
                        )
        self._set("claims", "record_id", new, f"record_table = {literal(table.name)} AND record_id = {literal(old)}")

    def _claim_again(self, change: Change) -> None:
        """A cell's new value in its claims, or its item's new name in all of theirs."""
        table, column = change.table, change.column
        record, *item = (change.before[name] for name in table.key)
        row = f"value_table = {literal(table.name)} AND record_id = {_sql(record)}"
        row += f" AND coalesce(item, '') = {literal(KEY_SEPARATOR.join(item))}" if table.parent else ""
        same = f"{row} AND value_column = {literal(column.name)}"
        if column.name == table.key[0]:
            self.engine.ask(f"DELETE FROM claims WHERE {row}")
        elif change.new is None:
            self.engine.ask(f"DELETE FROM claims WHERE {same if column.name not in table.key else row}")
        elif column.origin == "claimed" and change.old is None:
            copied = f"claim_id || '-2' AS claim_id, {literal(column.name)} AS value_column"
            self.engine.ask(
                f"INSERT INTO claims SELECT * REPLACE ({copied}, {literal(change.new)} AS claimed_value) "
                f"FROM claims WHERE {row} AND standing = 'chosen' LIMIT 1"
            )
        else:
            self._set("claims", "claimed_value", change.new, f"{same} AND standing = 'chosen'")
        if column.name in table.key[1:] and change.new is not None:
            self._set("claims", "item", KEY_SEPARATOR.join(change.after[name] for name in table.key[1:]), row)

    def _set(self, table: str, column: str, value: str | None, where: str) -> None:
        self.engine.ask(f"UPDATE {quoted(table)} SET {quoted(column)} = {_sql(value)} WHERE {where}")

    def _compute(self, table: Table, source: Column) -> None:
        """What is computed from a date."""
        for column in table.columns:
            if column.companion and column.source == source.name:
                for (text,) in self.engine.ask(f"SELECT DISTINCT {quoted(source.name)} FROM {table.name}"):
                    same = f"{quoted(source.name)} IS NOT DISTINCT FROM {_sql(text)}"
                    self._set(table.name, column.name, _computed(source, column, text), same)

    def _drop_claims_of_nothing(self) -> None:
        self._share()
        for rules in self.rules.values():
            for rule in rules:
                if rule.rule_id.endswith(".published"):
                    lost = query(self.tables["claims"], rule)
                    self.engine.ask(f"DELETE FROM claims WHERE {ROW} IN (SELECT {ROW} FROM ({lost}))")

    def _count(self) -> None:
        """What core rows say of their claims, but for what was spoilt."""
        for table in CORE:
            kept = [f"{column} = c.{column}" for column in BOOKKEEPING if (table, column) not in self._spoilt]
            if kept:
                same = f"c.id = {table}.{self.tables[table].key[0]}"
                self.engine.ask(f"UPDATE {table} SET {', '.join(kept)} FROM ({RECORD_CLAIMS}) AS c WHERE {same}")


def _computed(source: Column, column: Column, text: str | None) -> str | None:
    try:
        value = None if text is None or column.companion is None else column.companion.compute(source.parse(text))
    except ValueError:
        return None
    return None if value is None else canonical(value)


def _sql(value: str | None) -> str:
    return "NULL" if value is None else literal(value)
