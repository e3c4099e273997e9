"""What a column can be made of: scalars, code lists, references, origins.

Machinery: the scalars themselves stand in `values`, the code lists in `codes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ceechina.errors import suggestion

Relation = Literal["exact", "close", "broad", "narrow"]


@dataclass(frozen=True)
class Match:
    """The nearest entry of an outside vocabulary, and how near it is (SKOS mapping relations)."""

    relation: Relation
    scheme: str
    notation: str


@dataclass(frozen=True)
class Code:
    """One entry of a code list."""

    code: str
    label: str
    definition: str
    match: Match | None = None
    reserved: bool = False


@dataclass(frozen=True)
class Checked:
    """Annotation whose `check` pydantic runs on every value that is not null."""

    def check(self, value: Any) -> Any:
        """Return the value; raise ValueError saying what was expected."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: Any) -> Any:
            return None if value is None else self.check(value)

        return core_schema.no_info_after_validator_function(check, handler(source))


@dataclass(frozen=True)
class CodeList(Checked):
    """A closed list of codes; `ordered` where their order means more or less of something."""

    name: str
    description: str
    codes: tuple[Code, ...]
    ordered: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The codes themselves, in the order of the list."""
        return tuple(code.code for code in self.codes)

    def check(self, value: str) -> str:
        """Return the code; raise ValueError naming the nearest one where it is unknown."""
        if value not in self.names:
            message = f"{value!r} is not a code of {self.name}; {suggestion(value, self.names)}"
            raise ValueError(message)
        return value


@dataclass(frozen=True)
class Companion:
    """A column computed from another and published beside it as `<column>_<suffix>`."""

    suffix: str
    description: str
    scalar: Scalar
    compute: Callable[[str], Any]
    codes: CodeList | None = None


@dataclass(frozen=True)
class Scalar(Checked):
    """A kind of cell: its type in Table Schema, its form as text, and how text is read.

    `pattern` is a portable regular expression for the whole cell: `[0-9]` rather than classes
    engines read differently, no look-around, no anchors (who uses it adds `^(?:...)$`).
    """

    name: str
    description: str
    type: str
    pattern: str
    read: Callable[[str], Any]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    companions: tuple[Companion, ...] = ()

    def has_form(self, text: str) -> bool:
        """Whether text looks like a value; a day the calendar has not does too."""
        return re.fullmatch(self.pattern, text) is not None

    def parse(self, text: str) -> Any:
        """Text as a value; raise ValueError saying what was expected."""
        if not self.has_form(text):
            raise ValueError(f"{text!r} is not {self.description}, such as {self.good[0]}")
        return self.read(text)

    def check(self, value: Any) -> Any:
        """Strings must have the form of the scalar; other types are pydantic's to check."""
        if isinstance(value, str):
            self.parse(value)
        return value


Origin = Literal["claimed", "editorial", "derived"]


@dataclass(frozen=True)
class Mark:
    """Where the values of a column come from.

    `latest` marks a claimed column that describes the state of things when its source was
    published: a later source does not contradict an earlier one, it follows it.
    """

    origin: Origin
    latest: bool = False


CLAIMED = Mark("claimed")
CURRENT = Mark("claimed", latest=True)
EDITORIAL = Mark("editorial")
DERIVED = Mark("derived")


@dataclass(frozen=True)
class Ref:
    """The cell names a row of this table by its key."""

    table: str


@dataclass(frozen=True)
class Beside:
    """The column's default is claimed by silence wherever this other column is claimed."""

    column: str


@dataclass(frozen=True)
class Meta:
    """What a row class says of its table as a whole.

    `parent` is the table a child row belongs to, `listed` the name of the table's list within a
    claim. A table that is listed without a parent is written many records to a file.
    """

    table: str
    key: tuple[str, ...]
    parent: str = ""
    listed: str = ""
