"""A damaged CSV file, read record by record: those that are rows go into a copy, those that are none are told.

Engines read whole files many times faster, and refuse one with a record that is no row; what they refuse comes here.
"""

from __future__ import annotations

import csv
import re
import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TextIO

from ceechina.validate.findings import Line
from ceechina.validate.scan import LINE

# What ends a record: the longest first, as one is the end of another.
ENDS = ("\r\n", "\n", "\r")
# What DuckDB passes over and Python's reader does not: a space before the quote that opens a cell, and those after the
# one that closes it. Within a quoted cell their loss moves no quote and no comma.
BEFORE_QUOTE, AFTER_QUOTE = re.compile('(^|,) "'), re.compile(r'" +(?=[,\r\n]|\Z)')
# A cell with nothing.
NOTHING = '(?:,(?: ?"" *)?)'


@dataclass(frozen=True)
class Sifted:
    """What of a file is no row.

    Attributes:
        lost: Numbers of the records that are none, the header being 1.
        lines: The first of each kind of them.
        counts: How many there are of each kind.
    """

    lost: array[int] = field(default_factory=lambda: array("Q"))
    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def record(self, row: int) -> int:
        """The number of a row among all records, the first after the header being 1; 0 stays 0."""
        # the n-th that is lost comes after so many rows
        before = bisect_right(range(len(self.lost)), row, key=lambda n: self.lost[n] - 1 - n)
        return row + before if row else 0


def sift(path: Path, names: Sequence[str], limit: int, copy: Path | None = None) -> Sifted:
    """Tell the records of a CSV file that are no rows.

    Args:
        path: The file; its first record is a header.
        names: The columns of the header.
        limit: Lines that are told of each kind.
        copy: Where to write the header and the rows, in UTF-8, a line feed after each; bytes that are no UTF-8 become
            U+FFFD. Without one an engine has read the file whole, so that blank lines alone are told.

    Raises:
        OSError: The file cannot be read, or the copy not written.
    """
    found = Sifted()
    _allow_long_cells()
    with (
        path.open(encoding="utf-8-sig", errors="replace", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") if copy else nullcontext() as clean,
    ):
        lines = _Lines(file)
        for number, cells, told in _records(lines):
            line = None if number == 1 else _no_row(number, lines, cells, told, names)
            if line and (copy or line.kind == "blank-line"):
                found.lost.append(number)
                # a line that is too long is told of the file
                if line.kind:
                    found.counts[line.kind] += 1
                if line.kind and found.counts[line.kind] <= limit:
                    found.lines.append(line)
            elif clean:
                clean.write(f"{lines.text}\n")
    return found


def unclosed(path: Path) -> int:
    """Line of the first record that is longer than `LINE` characters for its quotes, 0 where none is."""
    _allow_long_cells()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _Lines(file, LINE)
        return next((lines.first for _ in _records(lines) if lines.is_over), 0)


def _allow_long_cells() -> None:
    # the limit is that of the process, so that it is raised and not lowered again
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LINE))


class _Lines:
    """The lines of a file one by one, those of the record that is being read kept, up to so many characters of it."""

    def __init__(self, file: TextIO, most: int = sys.maxsize) -> None:
        self._file, self._most = file, most
        self._taken: list[str] = []
        self._length = 0
        self.first, self.last, self.is_long = 1, 0, False

    def begin(self) -> None:
        """Forget the record before."""
        self._taken, self._length, self.first, self.is_long = [], 0, self.last + 1, False

    @property
    def is_over(self) -> bool:
        """Whether the record has more characters than it may have, in lines that are not too long themselves."""
        return self._length > self._most

    def __iter__(self) -> Iterator[str]:
        while not self.is_over and (line := self._file.readline(LINE + 1)):
            self.last += 1
            if not line.endswith(ENDS) and len(line) > LINE:
                line = self._cut(line)
            else:
                self._length += len(line)
            self._taken.append(line)
            yield BEFORE_QUOTE.sub(r'\1"', AFTER_QUOTE.sub('"', line)) if '"' in line else line

    def _cut(self, line: str) -> str:
        """The first of a line that is too long; the rest is passed over."""
        self.is_long = True
        while (more := self._file.readline(LINE)) and not more.endswith(ENDS):
            pass
        return f"{line}\n"

    @property
    def text(self) -> str:
        """The record without its end."""
        whole = "".join(self._taken)
        return whole.removesuffix(next((end for end in ENDS if whole.endswith(end)), ""))


def _records(lines: _Lines) -> Iterator[tuple[int, Sequence[str], str]]:
    """Each record, of which `lines` has the text meanwhile: its number, its cells, and why it has none."""
    reader = csv.reader(lines, strict=True)
    for number in count(1):
        lines.begin()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield number, [], str(error)
        else:
            if cells is None:
                return
            yield number, cells, ""


def _no_row(number: int, lines: _Lines, cells: Sequence[str], told: str, names: Sequence[str]) -> Line | None:
    """What is wrong with a record, where it is no row."""
    if lines.is_long:
        return Line(number, lines.first, "", "", "")
    if told:
        span = f"lines {lines.first:,} to {lines.last:,} are one record: " if lines.last > lines.first else ""
        why = "a quote is not closed" if "end of data" in told else "a quote is not closed, or not written twice"
        return Line(number, lines.first, "", "unquoted-value", f"{span}{why}")
    if not cells:
        return Line(number, lines.first, "", "blank-line", "the line has nothing")
    counted = f"the line has {len(cells):,} cells, expected {len(names):,}"
    if len(cells) < len(names):
        return Line(number, lines.first, names[len(cells)], "missing-columns", counted)
    # engines pass over cells with nothing after the last
    more = len(cells) - len(names)
    if more and not re.search(f"{NOTHING}{{{more}}}\\Z", lines.text):
        return Line(number, lines.first, "", "too-many-columns", counted)
    return None
