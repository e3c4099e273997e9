"""Records and their lock assembled into the rows of every table."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent

from pydantic import ValidationError

from ceechina.curate import derive
from ceechina.curate.lockfile import REMEDY, Lock
from ceechina.curate.passages import Quote
from ceechina.curate.records import Claimed, Record, Records
from ceechina.curate.resolve import Bounds, Judged, field_path, resolve
from ceechina.curate.yaml_tree import Place
from ceechina.errors import Problem
from ceechina.model.codes import BASIS
from ceechina.model.tables import Table, children
from ceechina.model.values import canonical, earliest, latest

Row = dict[str, Any]


@dataclass(frozen=True)
class Assembled:
    """What records make.

    Attributes:
        rows: Rows by table, sorted by key; with problems they are not fit to be published.
        places: Where each is written, by table and key; the parts of a key are joined with slashes.
        problems: Every problem.
    """

    rows: dict[str, list[Row]]
    places: Mapping[tuple[str, str], Place]
    problems: list[Problem]


def assemble(records: Records, lock: Lock, tables: Mapping[str, Table], version: str) -> Assembled:
    """Rows of every table, companions included.

    Args:
        records: What people wrote.
        lock: Where its passages stand.
        tables: The model.
        version: The data version being built.
    """
    maker = _Assembly(records, lock, tables, version)
    maker.reference_tables()
    for record in records.records:
        maker.record(record)
    maker.exclusions()
    maker.passages()
    rows = {name: sorted(maker.rows[name], key=lambda row: tuple(row[k] for k in tables[name].key)) for name in tables}
    return Assembled(rows, maker.places, maker.problems)


class _Assembly:
    """Holds what the tables share while they are filled one after the other."""

    def __init__(self, records: Records, lock: Lock, tables: Mapping[str, Table], version: str) -> None:
        self.records, self.lock, self.tables, self.version = records, lock, dict(tables), version
        self.rows: dict[str, list[Row]] = {name: [] for name in tables}
        self.places: dict[tuple[str, str], Place] = {}
        self.problems: list[Problem] = []
        self.sources = {row["source_id"]: row for row in records.reference["sources"]}
        self.actors = {row["actor_id"]: row for row in records.reference["actors"]}
        self.region = frozenset(
            row["country_id"] for row in records.reference["countries"] if row.get("scope") == "region"
        )
        self.unlocked: set[Quote] = set()
        self.broken = {problem.path for problem in records.problems}

    def add(self, table: Table, row: Row, place: Place) -> None:
        """Check a row against its class, compute its companions and keep it."""
        given = {name: value for name, value in row.items() if value is not None}
        try:
            table.row.model_validate(given)
        except ValidationError as error:
            # what a file with problems of its own lacks is lacking because of them
            if place.path not in self.broken:
                self.problems += [_row_problem(table, row, detail, place) for detail in error.errors()]
            return
        for column in table.columns:
            if column.companion and given.get(column.source) is not None:
                given[column.name] = column.companion.compute(given[column.source])
        self.places[table.name, _key(table, row)] = place
        self.rows[table.name].append({column.name: given.get(column.name) for column in table.columns})

    def reference_tables(self) -> None:
        for name, rows in self.records.reference.items():
            table = self.tables[name]
            for row in rows:
                place = self.records.places[name, row[table.key[0]]]
                of_text = self.text_columns(row["source_id"], place) if name == "sources" else {}
                self.add(table, {**row, **of_text}, place)

    def text_columns(self, source_id: str, place: Place) -> Row:
        text = self.lock.texts.get(source_id)
        if text is None:
            self.problems.append(place.problem("not-locked", f"the text of {source_id} is not locked", hint=REMEDY))
            return {"word_count": 0, "text_sha256": "0" * 64}
        return {"word_count": text.word_count, "text_sha256": text.text_sha256}

    def published(self, source_id: str) -> Bounds:
        text = self.sources.get(source_id, {}).get("published")
        return (earliest(text), latest(text)) if text else (None, None)

    def passage_id(self, quote: Quote, place: Place) -> str:
        locked = self.lock.passages.get(quote)
        if locked:
            return locked.passage_id
        if quote not in self.unlocked:
            self.unlocked.add(quote)
            self.problems.append(
                place.problem(
                    "not-locked", f"this passage of {quote.source_id} is not locked", value=str(quote), hint=REMEDY
                )
            )
        return f"{quote.source_id}-unlocked"

    def order(self, claim: Claimed) -> tuple[int, dt.date, str, int]:
        """Stated before hedged before inferred, then by publication and the text: among equals the first is chosen."""
        locked = self.lock.passages.get(claim.quote)
        first, _ = self.published(claim.quote.source_id)
        return (
            BASIS.names.index(claim.basis),
            first or dt.date.max,
            claim.quote.source_id,
            locked.word_offset if locked else 0,
        )

    def record(self, record: Record) -> None:
        record.claims.sort(key=self.order)
        self.drop_repeated(record)
        judged, problems = resolve(record, self.tables, self.published)
        self.problems += problems
        if problems:
            return
        items: dict[tuple[str, tuple[str, ...]], Row] = {}
        places: dict[tuple[str, tuple[str, ...]], Place] = {}
        for judgement in judged:
            claim = judgement.claim
            self.claim_row(record, judgement)
            if judgement.standing == "chosen":
                where = (claim.value_table, claim.item)
                items.setdefault(where, {})[claim.column] = claim.value
                places.setdefault(where, claim.place)
        kids: dict[str, list[Row]] = {kid.name: [] for kid in children(self.tables, record.table.name)}
        for (name, item), values in items.items():
            if item:
                kid = self.tables[name]
                keys = dict(zip(kid.key, (record.record_id, *item), strict=True))
                kids[name].append({**keys, **values})
                self.add(kid, kids[name][-1], places[name, item])
        core_row = {**record.editorial, **items.get((record.table.name, ()), {})}
        self.add(record.table, {**core_row, **self.derived(record.table, core_row, kids, judged)}, record.place)

    def drop_repeated(self, record: Record) -> None:
        """One passage makes one claim on a cell, however many blocks cite it; two values are a problem."""
        first: dict[tuple[str, tuple[str, ...], str, Quote], Claimed] = {}
        for claim in record.claims:
            cell = (claim.value_table, claim.item, claim.column, claim.quote)
            other = first.setdefault(cell, claim)
            if other.value != claim.value:
                path = field_path(self.tables[claim.value_table], claim.item, claim.column)
                self.problems.append(
                    claim.place.problem(
                        "claimed-twice",
                        f"{path} is {claim.value!r} and, in line {other.place.line}, {other.value!r} by one passage",
                        value=str(claim.value),
                        hint="keep one, or cite two passages",
                    )
                )
        record.claims = list(first.values())

    def derived(self, table: Table, row: Row, kids: Mapping[str, list[Row]], judged: list[Judged]) -> Row:
        found: Row = {
            **derive.bookkeeping(judged),
            "country_ids": derive.countries(table.name, row, kids, self.actors, self.region),
            "added_in": self.version,
            "changed_in": self.version,
        }
        for kid, compute in (
            ("project_amounts", derive.headline),
            ("project_events", derive.event_span),
            ("agreement_events", derive.event_span),
        ):
            if kid in kids:
                # a row short of a required value is reported by `add`, and tells nothing here
                found.update(compute([row for row in kids[kid] if self.is_complete(kid, row)]))
        return found

    def is_complete(self, name: str, row: Row) -> bool:
        return all(row.get(column.name) is not None for column in self.tables[name].columns if column.required)

    def claim_row(self, record: Record, judgement: Judged) -> None:
        claim = judgement.claim
        passage_id = self.passage_id(claim.quote, claim.place)
        item = "/".join(claim.item) or None
        identity = "|".join((claim.value_table, item or "", claim.column, passage_id))
        row = {
            "claim_id": f"{record.record_id}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}",
            "record_id": record.record_id,
            "record_table": record.table.name,
            "field": field_path(self.tables[claim.value_table], claim.item, claim.column),
            "value_table": claim.value_table,
            "item": item,
            "value_column": claim.column,
            "claimed_value": canonical(claim.value),
            "source_id": claim.quote.source_id,
            "passage_id": passage_id,
            "basis": claim.basis,
            "standing": judgement.standing,
            "note": claim.note,
            "because": judgement.because,
        }
        self.add(self.tables["claims"], row, claim.place)

    def exclusions(self) -> None:
        for left in self.records.left_out:
            passage_id = self.passage_id(left.quote, left.place)
            row = {
                "exclusion_id": passage_id,
                "source_id": left.quote.source_id,
                "passage_id": passage_id,
                "reason": left.reason,
                "note": left.note,
            }
            self.add(self.tables["exclusions"], row, left.place)

    def passages(self) -> None:
        used = self.records.quotes()
        for quote, locked in self.lock.passages.items():
            if quote not in used:
                continue
            row = {
                "passage_id": locked.passage_id,
                "source_id": locked.source_id,
                "first_words": locked.first_words,
                "last_words": locked.last_words or None,
                "word_offset": locked.word_offset,
                "word_count": locked.word_count,
                "sha256": locked.sha256,
                "link": passage_link(self.sources.get(locked.source_id, {}).get("url"), quote),
            }
            self.add(self.tables["passages"], row, used[quote])


def passage_link(url: str | None, quote: Quote) -> str | None:
    """Address that opens a page at a passage (URL text fragment); None without an address."""
    if not url:
        return None
    # a fragment's own syntax uses commas, hyphens and ampersands: inside the words they are escaped
    sides = [percent(words, safe="").replace("-", "%2D") for words in (quote.first_words, quote.last_words) if words]
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(sides)}"


def _key(table: Table, row: Row) -> str:
    return "/".join(str(row.get(part)) for part in table.key)


def _row_problem(table: Table, row: Row, detail: Any, place: Place) -> Problem:
    name, key = str(detail["loc"][0]), _key(table, row)
    if detail["type"] == "missing":
        return place.problem(
            "missing-value",
            f"{table.name} {key}: no passage claims {table[name].written!r}",
            table=table.name,
            key=key,
            field=name,
            hint=table[name].description,
        )
    return place.problem(
        "invalid-value", f"{table.name} {key}: {name}: {detail['msg']}", table=table.name, key=key, field=name
    )
