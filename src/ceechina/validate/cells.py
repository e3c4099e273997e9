"""Rules about cells one by one, derived from the model's columns: a value, a code, a form, text that is plain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ceechina.model.tables import Column, Table, core
from ceechina.model.values import TEXT
from ceechina.quoting import literal, quoted
from ceechina.validate.rules import Rule, example, row_rule
from ceechina.validate.sql import form_sql, malformed_sql

# What a reader does not see and a comparison does: other white space than a space, two spaces, a soft hyphen, an accent
# of its own, a Greek or Cyrillic letter beside a Latin one. One pattern without look-around, as it is for every engine.
_LATIN, _GREEK_CYRILLIC = "[A-Za-z\u00c0-\u024f]", "[\u0370-\u052f]"
ODD = (
    "  |[\t\n\u0080-\u00a0\u00ad\ufffd\u0300-\u036f\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    f"|{_LATIN}{_GREEK_CYRILLIC}|{_GREEK_CYRILLIC}{_LATIN}"
)
PLAIN = "words of one alphabet with one space between them, each accent in one character with its letter"
PLAIN_HINT = (
    "type the text again: it has two spaces, a tab, a line break, a no-break space or a soft hyphen, an accent apart "
    "from its letter (not in NFC), or a Greek or Cyrillic letter that looks Latin"
)
# Text that keeps every rule about text for certain, in characters that need no second look: Latin and Chinese ones.
_FIRST = "[!-*,./0-9:-<>?A-~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac\u4e00-\u9fff]"
_NEXT = "[!-~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac\u4e00-\u9fff]"
UNSUSPICIOUS = f"{_FIRST}{_NEXT}*(?: {_NEXT}+)*"


def cell_rules(table: Table, tables: Mapping[str, Table], told: Collection[str] = ()) -> Iterator[Rule]:
    """Every rule about one cell of a row.

    Args:
        table: The table they are about.
        tables: The model it belongs to.
        told: Columns of which other rules say all but that they are there.
    """
    for column in table.columns:
        if column.required:
            cell = quoted(column.name)
            yield row_rule(table, column, "required", f"{cell} IS NULL", "a value", column.description, "NULL")
        if column.name not in told:
            yield from _value_rules(table, column, tables)


def _value_rules(table: Table, column: Column, tables: Mapping[str, Table]) -> Iterable[Rule]:
    cell = quoted(column.name)
    if column.codes:
        known, told = ", ".join(map(literal, column.codes.names)), f"the codes are {', '.join(column.codes.names)}"
        bad = literal(column.scalar.bad[0])
        rule = row_rule(table, column, "code", f"{cell} NOT IN ({known})", f"a code of {column.codes.name}", told, bad)
        yield replace(rule, clear="|".join(map(re.escape, column.codes.names)))
        return
    malformed = malformed_sql(column.name, column.scalar.pattern)
    bad = literal(next(text for text in column.scalar.bad if text and not column.scalar.has_form(text)))
    hint = f"such as {column.scalar.good[0]}"
    # what names a key that is there has the form of that key
    if column.reference != table.name:
        form = row_rule(table, column, "form", malformed, column.scalar.description, hint, bad)
        clear = UNSUSPICIOUS if column.scalar is TEXT else column.scalar.pattern
        yield replace(form, unless=_referred_to(table, column, tables), clear=clear)
    if column.scalar is TEXT:
        formula = f"regexp_extract({cell}, '^[=+@-]') <> ''"
        hint = "a spreadsheet takes it for a formula and may run it; put it in other words"
        rule = row_rule(table, column, "formula", formula, "text that begins with a word", hint, "'=1+1'")
        yield replace(rule, severity="warning", clear=UNSUSPICIOUS)
        if column.origin != "derived":
            odd = f"regexp_extract({cell}, {literal(ODD)}) <> ''"
            rule = row_rule(table, column, "plain", odd, PLAIN, PLAIN_HINT, "'Hua  wei'")
            yield replace(rule, severity="warning", clear=UNSUSPICIOUS)
    if column.scalar.type == "date":
        # DuckDB's calendar has a year 0
        none = f"TRY_CAST({cell} AS DATE) IS NULL OR left({cell}, 4) = '0000'"
        no_day = f"{form_sql(column.name, column.scalar.pattern)} <> '' AND ({none})"
        hint = "a month has no such day"
        yield row_rule(table, column, "calendar", no_day, "a day of the calendar", hint, "'2019-02-30'")
    elif column.scalar.companions:
        yield Rule(
            f"{table.name}.{column.name}.calendar", table.name, column.name, "",
            "a date of the calendar that does not end before it starts", f"such as {column.scalar.good[0]}",
            example=example(table, column, "'2019-02-30'"), kind="computed", source=column.name,
        )  # fmt: skip


def _referred_to(table: Table, column: Column, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """The tables that a cell names a key of: those of records for the record of a claim."""
    if (table.name, column.name) == ("claims", "record_id"):
        return tuple(other.name for other in core(tables))
    return (column.reference,) if column.reference in tables else ()
