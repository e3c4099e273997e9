"""What can go wrong, said once: the exceptions of ceechina and the problem, their unit.

Every exception is a `CeechinaError` and also the builtin one would catch without knowing ceechina.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing wrong, with its place, what was expected, and what to do.

    A place is a file with line and column, or a table with row, key and field, or both.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    table: str = ""
    row: int = 0
    key: str = ""
    field: str = ""
    code: str
    message: str
    value: str = ""
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """`file:line:column: code: message (hint)`, or the table's place where there is no file."""
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        cell = "/".join(part for part in (self.table, self.key, self.field) if part)
        row = f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (place, cell, row) if part)
        code = self.code if self.severity == "error" else f"{self.severity}: {self.code}"
        text = f"{where}: {code}: {self.message}" if where else f"{code}: {self.message}"
        return f"{text}\n    {self.hint}" if self.hint else text

    def to_dict(self) -> dict[str, Any]:
        """The problem as a flat mapping, empty parts left out."""
        return {name: value for name, value in asdict(self).items() if value}


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that are errors, not warnings."""
    return [problem for problem in problems if problem.severity == "error"]


class CeechinaError(Exception):
    """Anything ceechina itself raises."""


class ProblemsError(CeechinaError, ValueError):
    """Input has problems; all of them are in `problems`, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownNameError(CeechinaError, LookupError):
    """A table, record, column or field that does not exist was asked for."""

    def __init__(self, what: str, name: str, known: Sequence[str], remedy: str = "") -> None:
        self.what, self.name, self.known = what, name, known
        told = f"no {what} is called {name!r}; {suggestion(name, known)}"
        super().__init__(f"{told}; {remedy}" if remedy else told)


class PackageError(CeechinaError, OSError):
    """A folder or file is not the package, or the records, it was taken for."""


class RoomError(CeechinaError, MemoryError):
    """The machine has too little memory, or too little room for temporary files."""

    def __init__(self, folder: Path) -> None:
        told = f"there is too little room in {folder} for what does not fit into memory"
        super().__init__(f"{told}: make room there, or set TMPDIR to a folder on a larger disk")


class UnsupportedError(CeechinaError, ValueError):
    """An option has a value ceechina does not know."""


class TakenError(CeechinaError, FileExistsError):
    """An id, or the file of a record, that was to be new exists already."""


class QueryError(CeechinaError, ValueError):
    """A query is no SQL, or would do more than read the tables."""


# What the system says where a disk, or what one may have of it, is full.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Raise RoomError where what is done fails as a folder is full, which libraries say in words alone."""
    try:
        yield
    except Exception as error:
        if any(os.strerror(number) in str(error) for number in _FULL):
            raise RoomError(folder) from error
        raise


# how many choices a message lists where none is near
LISTED = 12


def nearest(word: str, known: Sequence[str]) -> str:
    """A question that names the nearest valid choice; nothing where none is near."""
    # who asks from Python may ask for anything: None is near to nothing, and told like any other word
    near = difflib.get_close_matches(str(word), known, n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def suggestion(word: str, known: Sequence[str]) -> str:
    """A half-sentence that names the nearest valid choice, or the choices where none is near."""
    if near := nearest(word, known):
        return near
    if not known:
        return "there is none"
    shown = ", ".join(sorted(known)[:LISTED])
    return f"there is {shown}" + (f" and {len(known) - LISTED} more" if len(known) > LISTED else "")


# how much of a cell a message shows
SHOWN_CHARACTERS = 200
# shown as nothing though Unicode counts them as letters, marks or symbols: fillers, variation selectors, blank Braille
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def clipped(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The first `limit` characters of a text, and how many it has where it has more."""
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text):,} characters)"


def visible(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    r"""A text clipped, on one line, every character to be seen.

    Line ends, control characters, marks of direction, characters without width and spaces other than the common one
    are written as escapes, such as `\u202e`: they cannot move the cursor, reorder the line or pass for nothing.
    """
    return "".join(
        each if each.isprintable() and not _BLANK.match(each) else each.encode("unicode_escape").decode()
        for each in clipped(text, limit)
    )
