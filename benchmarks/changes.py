"""The mistakes that `mutations` makes in a table, one function each: what people and programs do to rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from ceechina.errors import Problem
from ceechina.model.tables import Column, Table
from ceechina.model.values import EDTF, canonical

Row = dict[str, str]
Rows = Sequence[Row]
# A cell's new text; nothing where the change does not apply to it. All cells of the column are given too.
Change = Callable[[Random, Column, str, Sequence[str]], str | None]

# Cyrillic letters that look like Latin ones.
LOOK_ALIKES = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


@dataclass(frozen=True)
class Mutation:
    """A table after one change.

    Attributes:
        table: The table's name.
        column: The cell's column; nothing where whole rows were changed.
        rows: All rows, cells as text.
        numbers: Numbers of the rows that are wrong now, from 1; none where a row is gone.
        told: What was changed into what.
    """

    table: str
    column: str
    rows: Rows
    numbers: tuple[int, ...]
    told: str

    @property
    def place(self) -> str:
        """The column with its table, or the table."""
        return f"{self.table}.{self.column}" if self.column else self.table

    def is_at(self, problem: Problem) -> bool:
        """Whether a problem is told where the change was made."""
        is_there = problem.table == self.table and problem.row in self.numbers
        return is_there and self.column in ("", problem.field)


# Changes one row, cell or column at random; nothing where the change does not apply to what was picked.
Mutator = Callable[[Random, Table, Rows], Mutation | None]


def _with(table: Table, column: str, rows: Rows, changed: dict[int, Row]) -> Mutation | None:
    """Some rows replaced, by their number from 0."""
    wrong = {number: row for number, row in changed.items() if row != rows[number]}
    after = [wrong.get(number, row) for number, row in enumerate(rows)]
    if Counter(map(_cells, rows)) == Counter(map(_cells, after)):
        # rows in another order are the same rows
        return None
    told = "; ".join(
        f"{'/'.join(rows[number][name] for name in table.key)}: {name} {rows[number][name]!r} -> {cell!r}"
        for number, row in wrong.items()
        for name, cell in row.items()
        if cell != rows[number][name]
    )
    return Mutation(table.name, column, after, tuple(number + 1 for number in wrong), told)


def _cells(row: Row) -> tuple[str, ...]:
    return tuple(row.values())


def of_cell(change: Change) -> Mutator:
    """The change of one cell."""

    def mutate(random: Random, table: Table, rows: Rows) -> Mutation | None:
        column, number = random.choice(table.columns), random.randrange(len(rows))
        new = change(random, column, rows[number][column.name], [row[column.name] for row in rows])
        return None if new is None else _with(table, column.name, rows, {number: {**rows[number], column.name: new}})

    return mutate


def wrong_type(random: Random, column: Column, text: str, _: Sequence[str]) -> str | None:
    """What the column's scalar names as no value of its."""
    bad = [each for each in column.scalar.bad if each and not column.scalar.has_form(each)]
    return random.choice(bad) if text and not column.codes else None


def emptied(_: Random, column: Column, text: str, __: Sequence[str]) -> str | None:
    """A value that must be there, gone."""
    return "" if text and column.required else None


def emptied_optional(_: Random, column: Column, text: str, __: Sequence[str]) -> str | None:
    """A value that may be missing, gone."""
    return "" if text and not column.required else None


def misspelt_code(random: Random, column: Column, text: str, _: Sequence[str]) -> str | None:
    """A code that lacks a letter."""
    place = random.randrange(len(text) or 1)
    misspelt = text[:place] + text[place + 1 :]
    return misspelt if column.codes and misspelt and not column.has_form(misspelt) else None


def another_code(random: Random, column: Column, text: str, _: Sequence[str]) -> str | None:
    """Another code of the list."""
    return random.choice(column.codes.names) if column.codes and text else None


def dangling(_: Random, column: Column, text: str, __: Sequence[str]) -> str | None:
    """A key that no row has."""
    nobody = "ZZ" if column.scalar.name == "country" else f"{text}-x"
    return nobody if column.reference and text else None


def another_reference(random: Random, column: Column, text: str, others: Sequence[str]) -> str | None:
    """A key that another row refers to."""
    return (random.choice(others) or None) if column.reference and text else None


def renamed(random: Random, table: Table, rows: Rows) -> Mutation | None:
    """A row's own key, where it is named by others: the last part of a composite one."""
    name, number = table.key[-1], random.randrange(len(rows))
    if table[name].reference or table[name].codes:
        return None
    new = "ZZ" if table[name].scalar.name == "country" else f"{rows[number][name]}-x"
    return _with(table, name, rows, {number: {**rows[number], name: new}})


def neighbouring_date(random: Random, column: Column, text: str, _: Sequence[str]) -> str | None:
    """The next or the last day, month or year."""
    if column.scalar.type != "date" and column.scalar is not EDTF:
        return None
    return _counted(random, text)


def off_by_one(random: Random, column: Column, text: str, _: Sequence[str]) -> str | None:
    """The next number."""
    return _counted(random, text) if column.scalar.type in ("integer", "number") else None


def _counted(random: Random, text: str) -> str | None:
    """The last number in a text, one more or less."""
    end = len(text.rstrip("X?~%./"))
    start = len(text[:end].rstrip("0123456789"))
    if start == end:
        return None
    return f"{text[:start]}{int(text[start:end]) + random.choice((-1, 1)):0{end - start}d}{text[end:]}"


def reversed_interval(_: Random, column: Column, text: str, __: Sequence[str]) -> str | None:
    """An interval that ends before it starts."""
    return f"{text}/{int(text[:4]) - 1}" if column.scalar is EDTF and text[:4].isdigit() and "/" not in text else None


def white_space_at_end(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A space or line end before or after."""
    return random.choice((" {}", "{} ", "{}\n", "\t{}")).format(text) if text else None


def white_space_within(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A space twice, or of another kind."""
    return text.replace(" ", random.choice(("  ", "\u00a0", "\u2009", "\n")), 1) if text else None


def no_width(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A character that is not to be seen."""
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice("\u200b\u200e\ufeff\u00ad") + text[place:] if text else None


def look_alike(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A Cyrillic letter for a Latin one."""
    places = [place for place, letter in enumerate(text) if letter.translate(LOOK_ALIKES) != letter]
    if not places:
        return None
    place = random.choice(places)
    return text[:place] + text[place].translate(LOOK_ALIKES) + text[place + 1 :]


def accent(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """An accent of its own after a letter."""
    places = [place for place, letter in enumerate(text, 1) if letter.isalpha()]
    place = random.choice(places) if places else 0
    return text[:place] + "\u0301" + text[place:] if places else None


def other_case(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A capital for a small letter, or the reverse."""
    place = random.randrange(len(text) or 1)
    return text[:place] + text[place : place + 1].swapcase() + text[place + 1 :]


def truncated(random: Random, _: Column, text: str, __: Sequence[str]) -> str | None:
    """A text cut short."""
    return text[: random.randrange(1, len(text))].rstrip() if len(text) > 1 else None


def end_before_start(random: Random, table: Table, rows: Rows) -> Mutation | None:
    """An end in the year before the start, and what is computed of it."""
    number = random.randrange(len(rows))
    start = rows[number].get("start", "")[:4]
    if not start.isdigit():
        return None
    return _with(table, "end", rows, {number: {**rows[number], **_dated(table["end"], table, str(int(start) - 1))}})


def _dated(column: Column, table: Table, text: str) -> Row:
    computed = {each.name: each.companion for each in table.columns if each.companion and each.source == column.name}
    return {column.name: text} | {name: canonical(each.compute(text) or "") for name, each in computed.items()}


def dates_exchanged(random: Random, table: Table, rows: Rows) -> Mutation | None:
    """The dates of two events of one record, one for the other."""
    dated = [name for name in rows[0] if name.startswith("date")]
    number = random.randrange(len(rows))
    siblings = [other for other, row in enumerate(rows) if row[table.key[0]] == rows[number][table.key[0]]]
    return _exchanged(table, "date", rows, number, random.choice(siblings), dated) if dated else None


def cells_exchanged(random: Random, table: Table, rows: Rows) -> Mutation | None:
    """The cells of two rows, one for the other."""
    column = random.choice(table.columns)
    one, other = random.randrange(len(rows)), random.randrange(len(rows))
    return _exchanged(table, column.name, rows, one, other, [column.name])


def _exchanged(table: Table, column: str, rows: Rows, one: int, other: int, names: Sequence[str]) -> Mutation | None:
    pairs = (one, other), (other, one)
    changed = {here: {**rows[here], **{name: rows[there][name] for name in names}} for here, there in pairs}
    return _with(table, column, rows, changed)


def columns_exchanged(random: Random, table: Table, rows: Rows) -> Mutation | None:
    """Two columns of one type, one for the other, in all rows."""
    one, other = random.choice(table.columns), random.choice(table.columns)
    if one.scalar != other.scalar:
        return None
    swapped = {number: {**row, one.name: row[other.name], other.name: row[one.name]} for number, row in enumerate(rows)}
    return _with(table, "", rows, swapped)


def row_twice(random: Random, table: Table, rows: Rows) -> Mutation:
    """A row copied to another place."""
    row, place = random.choice(rows), random.randrange(len(rows) + 1)
    return Mutation(table.name, "", [*rows[:place], row, *rows[place:]], (place + 1,), _key(table, row))


def row_gone(random: Random, table: Table, rows: Rows) -> Mutation:
    """A row lost."""
    place = random.randrange(len(rows))
    return Mutation(table.name, "", [*rows[:place], *rows[place + 1 :]], (), _key(table, rows[place]))


def _key(table: Table, row: Row) -> str:
    return "/".join(row[name] for name in table.key)
