"""Damage done to the CSV files of a package at random, as hypothesis builds it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from ceechina.model.values import SCALARS

# Tables that have rows in the small world.
FILLED = [
    "countries", "actors", "sources", "projects", "project_countries", "project_places", "project_participants",
    "project_amounts", "project_events", "memberships", "passages", "claims", "exclusions",
]  # fmt: skip

Records = list[list[str]]

# Cells that readers of CSV take for different things, besides those that every scalar takes and refuses.
TREACHEROUS = [
    "1.5", "1e5", "1_000", "0x1F", "+1", "-0", "٣", "１２", "NaN", "inf", "TRUE", "yes", "1577836800", "18/04/2016",
    "2016-04-18T00:00:00", "0000-00-00", "99999999999999999999", "a,b", 'a"b', "a\nb", "\u00a0", "\u200b", "é", "😀",
    "RS ", "cepa-2021", "cepa-2021 ", "CEPA-2021", "serbia", "nobody", "=1+1", "#", "null", "None", "ZZ",
]  # fmt: skip
OF_SCALARS = {text for scalar in SCALARS for text in (*scalar.good, *scalar.bad)}
LETTERS = st.characters(codec="utf-8", exclude_characters="\r")
CELLS = st.sampled_from(sorted({*TREACHEROUS, *OF_SCALARS})) | st.text(LETTERS, max_size=8)


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
    """Make sizes and hashes true again, so that only the rows are wrong; a file that is gone has none."""
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        file = package / resource["path"]
        content = file.read_bytes() if file.exists() else b""
        resource["bytes" if "bytes" in resource else "fileBytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = file.with_suffix(".csv")
        if "contentHash" in resource and rows.exists():
            resource["contentHash"] = f"sha256:{hashlib.sha256(rows.read_bytes()).hexdigest()}"
    path.write_text(json.dumps(descriptor), encoding="utf-8")


def edit_csv(path: Path, edit: Callable[[list[dict[str, str]]], object]) -> None:
    """Rewrite a CSV file with its rows changed."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    edit(rows)
    write_csv(path, names, rows)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a header and rows, of which what is not given is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
