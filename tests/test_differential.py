"""What an independent judge finds, and what a changed package must give away: the validator sees both."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ceechina.errors import Problem
from ceechina.model.records import model
from ceechina.model.tables import Table
from ceechina.model.values import SCALARS
from ceechina.validate.engine import validate
from ceechina.validate.files import UNUSABLE
from conftest import ROOT, World

TABLES = model()
FILLED = [
    "countries", "actors", "sources", "projects", "project_countries", "project_places", "project_participants",
    "project_amounts", "project_events", "memberships", "passages", "claims", "exclusions",
]  # fmt: skip

Records = list[list[str]]

# Cells that readers of CSV take for different things, besides those that every scalar takes and refuses.
TREACHEROUS = [
    "1.5", "1e5", "1_000", "0x1F", "+1", "-0", "٣", "１２", "NaN", "inf", "TRUE", "yes", "1577836800", "2016-04-18T00:00:00",
    "18/04/2016", "0000-00-00", "99999999999999999999", "a,b", 'a"b', "a\nb", "\u00a0", "\u200b", "é", "😀", "RS ", "cepa-2021",
    "cepa-2021 ", "CEPA-2021", "serbia", "nobody", "=1+1", "#", "null", "None", "ZZ",
]  # fmt: skip
CELLS = st.sampled_from(sorted({*TREACHEROUS, *(text for each in SCALARS for text in (*each.good, *each.bad))})) | st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), max_size=8
)


@dataclass(frozen=True)
class Damage:
    """Something done to a table's file; numbers beyond its rows and columns start again from the first."""

    table: str
    kind: str
    row: int
    column: int
    text: str

    def edit(self, records: Records) -> None:
        """Change the records of a file, the header being the first."""
        rows = [row for row in records[1:] if row] or records[:1]
        row = rows[self.row % len(rows)]
        EDITS[self.kind](records, row, self.column % len(row), self.text)


def _cell(_: Records, row: list[str], place: int, text: str) -> None:
    row[place] = text


def _of_another_row(records: Records, row: list[str], place: int, _: str) -> None:
    others = [other[place] for other in records[1:] if other is not row and place < len(other)]
    row[place] = others[0] if others else row[place]


def _gone(records: Records, row: list[str], _: int, __: str) -> None:
    if row is not records[0]:
        records.remove(row)


def _for_all(change: Callable[[list[str], int], object]) -> Callable[[Records, list[str], int, str], None]:
    def edit(records: Records, _: list[str], place: int, __: str) -> None:
        for row in filter(None, records):
            change(row, min(place, len(row) - 1))

    return edit


def _exchange(row: list[str], place: int) -> None:
    row[place], row[0] = row[0], row[place]


EDITS: Mapping[str, Callable[[Records, list[str], int, str], None]] = {
    "cell": _cell,
    "empty cell": lambda _, row, place, __: row.__setitem__(place, ""),
    "cell of another row": _of_another_row,
    "row twice": lambda records, row, _, __: records.append(list(row)),
    "row gone": _gone,
    "blank line": lambda records, _, place, __: records.insert(1 + place % len(records), []),
    "extra cell": lambda _, row, __, text: row.append(text),
    "missing cells": lambda _, row, place, __: row.__delitem__(slice(place + 1, None)),
    "column renamed": lambda records, _, place, text: records[0].__setitem__(place, text),
    "columns exchanged": _for_all(_exchange),
    "names of columns exchanged": lambda records, _, place, __: _exchange(records[0], place),
    "column gone": _for_all(lambda row, place: row.pop(place)),
    "column twice": _for_all(lambda row, place: row.insert(place, row[place])),
}
# Bytes put into a file somewhere, at its start, or for its end.
BYTES: Mapping[str, Callable[[bytes, int], bytes]] = {
    "no UTF-8": lambda content, place: content[:place] + b"\xff" + content[place:],
    "NUL": lambda content, place: content[:place] + b"\x00" + content[place:],
    "quote": lambda content, place: content[:place] + b'"' + content[place:],
    "byte order mark": lambda content, _: b"\xef\xbb\xbf" + content,
    "cut short": lambda content, place: content[:place],
    "nothing": lambda _, __: b"",
}
KINDS = [*EDITS, *BYTES, "missing file"]

DAMAGES = st.lists(
    st.builds(
        Damage,
        table=st.sampled_from(FILLED),
        # most are done to cells
        kind=st.sampled_from(["cell"] * len(KINDS) + KINDS),
        row=st.integers(0, 30),
        column=st.integers(0, 30),
        text=CELLS,
    ),
    min_size=1,
    max_size=4,
)


def apply(damages: Iterable[Damage], package: Path, *, signed: bool) -> None:
    """Damage files of a package; sizes and hashes are made true again where it is `signed`."""
    for damage in damages:
        path = package / "data" / f"{damage.table}.csv"
        if not path.exists():
            continue
        content = path.read_bytes()
        if damage.kind in EDITS:
            records = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
            if records and records[0]:
                damage.edit(records)
                written = io.StringIO(newline="")
                csv.writer(written, lineterminator="\n").writerows(records)
                path.write_bytes(written.getvalue().encode("utf-8", "replace"))
        elif damage.kind in BYTES:
            path.write_bytes(BYTES[damage.kind](content, (damage.row * 31 + damage.column) % (len(content) or 1)))
        else:
            path.unlink()
    if signed:
        sign(package)


def sign(package: Path) -> None:
    """Make sizes and hashes true again, so that only the rows are wrong."""
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        file = package / resource["path"]
        content = file.read_bytes() if file.exists() else b""
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """Where frictionless found something, in our terms; no row stands for the file, no field for the whole row."""

    kind: str
    table: str
    row: int
    field: str
    note: str


def judged(package: Path, names: Iterable[str]) -> Iterator[Place]:
    """What frictionless finds in tables of a package; it must not guess what separates cells."""
    from frictionless import Package

    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource["dialect"] = {"csv": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "skipInitialSpace": False}}
    judge = Package.from_descriptor(descriptor, basepath=str(package))
    for name in names:
        for error in judge.get_resource(name).validate().tasks[0].errors:
            row = getattr(error, "row_number", 0)
            fields = getattr(error, "field_names", None) or [getattr(error, "field_name", "")]
            field = TABLES[name].key[0] if error.type == "primary-key" else fields[0]
            yield Place(error.type, name, row - 1 if row else 0, field, error.note)


CELL, LINE = {"form", "calendar", "code", "required", "reference"}, {"csv-missing-columns", "csv-too-many-columns"}
# What we call what frictionless finds in a cell, a row or a file, by the code or the last part of the rule's id.
IN_CELL = {
    "type-error": CELL,
    "constraint-error": CELL,
    "foreign-key": CELL,
    "primary-key": {"key", "required"},
}
IN_ROW = {"missing-cell": LINE, "extra-cell": LINE, "blank-row": LINE}
IN_FILE = {
    "extra-label": UNUSABLE,
    "missing-label": UNUSABLE,
    "incorrect-label": UNUSABLE,
    "duplicate-label": UNUSABLE,
    "blank-label": UNUSABLE,
    "blank-header": UNUSABLE,
    "hash-count": {"hash", "byte-count"},
    "byte-count": {"byte-count"},
    "row-count": {"row-count"},
    "encoding-error": {"csv-encoding"},
    "scheme-error": {"missing-file"},
    "source-error": {"missing-column"},
}
NAMED: Mapping[str, Collection[str]] = IN_CELL | IN_ROW | IN_FILE


@dataclass(frozen=True)
class Ours:
    """What our validator finds."""

    problems: Collection[Problem]

    def has(self, place: Place) -> bool:
        """Whether something of the kind is found there."""
        return any(
            problem.table == place.table
            and problem.code.rpartition(".")[2] in NAMED.get(place.kind, ())
            and (place.kind in IN_FILE or problem.row == place.row)
            and (place.kind not in IN_CELL or problem.field == place.field)
            for problem in self.problems
        )

    def codes(self, table: str, row: int | None = None) -> set[str]:
        """What is wrong with a table, or one row of it."""
        return {each.code for each in self.problems if each.table == table and row in (None, each.row)}

    def is_unread(self, table: str) -> bool:
        """Whether a table's rows are not checked."""
        return not (UNUSABLE | {"missing-file"}).isdisjoint(self.codes(table))


def _is_about_unread(place: Place, ours: Ours) -> bool:
    return ours.is_unread(place.table) and (place.kind not in IN_FILE or place.kind == "row-count")


def _names_unread(place: Place, ours: Ours) -> bool:
    targets = {column.reference for column in TABLES[place.table].columns if column.reference}
    bad = [name for name in targets if ours.is_unread(name) or "csv-encoding" in ours.codes(name)]
    return bool(bad) and place.kind in ("foreign-key", "encoding-error", "scheme-error", "source-error")


def _is_in_no_row(place: Place, ours: Ours) -> bool:
    return place.kind in IN_CELL and any(code.startswith("csv-") for code in ours.codes(place.table, place.row))


# What frictionless finds and we need not, each with its reason.
EXCEPTIONS: Mapping[str, Callable[[Place, Ours], bool]] = {
    "rows under other names of columns, or of no file, have no meaning to check": _is_about_unread,
    "keys of a table that cannot be read are held against no one": _names_unread,
    "a line that is no row is told once, and its cells are not": _is_in_no_row,
}


def unseen(theirs: Iterable[Place], ours: Ours) -> list[Place]:
    """What frictionless finds and we do not."""
    return [
        place
        for place in theirs
        if not ours.has(place) and not any(holds(place, ours) for holds in EXCEPTIONS.values())
    ]
