"""Excel: a first sheet that says what this is, one sheet per table, the columns and the codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ceechina.errors import UnsupportedError
from ceechina.read.exports.content import CODES, COLUMNS, Content

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# what Excel can hold
CELL_CHARACTERS = 32_767
SHEET_ROWS = 1_048_576
FIRST_YEAR = 1900
OTHERS = "sqlite and duckdb hold it"
# a column's width, in characters; wider text runs on, or is read in the cell
WIDEST = 60


def write_xlsx(content: Content, path: Path) -> None:
    """An Excel workbook: dates as dates, text as text, header frozen, filters set.

    Text is never a formula, whatever it starts with, and never cut. Dates before 1900, which Excel has
    not, are written as ISO 8601 text.

    Raises:
        UnsupportedError: XlsxWriter is not installed, or a table or cell is larger than Excel can hold.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import XlsxWriterException
    except ImportError as error:
        raise UnsupportedError("Excel files need XlsxWriter: pip install 'ceechina[export]'") from error
    try:
        with Workbook(path) as book:
            bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
            _about(content, book, bold)
            for info in content.tables:
                table = content.arrow(info)
                rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
                _fill(book.add_worksheet(info.name), table.column_names, rows, bold, date)
            _fill(book.add_worksheet("Columns"), COLUMNS, content.columns(), bold, date)
            _fill(book.add_worksheet("Codes"), CODES, content.codes(), bold, date)
    except XlsxWriterException as error:
        raise UnsupportedError(f"Excel cannot hold this: {error}") from error


def _about(content: Content, book: Workbook, bold: Format) -> None:
    """The first sheet: what the file is, and its tables with links to them."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, WIDEST // 2, bold)
    sheet.set_column(1, 1, 2 * WIDEST, book.add_format({"text_wrap": True, "valign": "top"}))
    told = content.about()
    for row, (label, text) in enumerate(told):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, text)
    for row, info in enumerate(content.tables, start=len(told) + 1):
        sheet.write_url(row, 0, f"internal:'{info.name}'!A1", string=info.name)
        sheet.write_string(row, 1, info.description)


def _fill(sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[Any]], bold: Format, date: Format) -> None:
    """A header that stays in sight and the rows below it."""
    widths = [len(name) + 2 for name in header]  # two for the button of the filter
    number = 0
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        if number == SHEET_ROWS:
            raise UnsupportedError(f"{sheet.name} has more rows than the {SHEET_ROWS:,} of an Excel sheet; {OTHERS}")
        for column, value in enumerate(row):
            if isinstance(value, str) and len(value) > CELL_CHARACTERS:
                place = f"{sheet.name}, row {number}, {header[column]}"
                raise UnsupportedError(f"{place}: {len(value):,} characters; Excel has {CELL_CHARACTERS:,}; {OTHERS}")
            _write(sheet, number, column, value, date)
            widths[column] = max(widths[column], len(str(value)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, number, len(header) - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 1, WIDEST))


def _write(sheet: Worksheet, row: int, column: int, value: Any, date: Format) -> None:
    """A cell by the type of its value; `Worksheet.write` would guess formulas and links from text."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case dt.date() if value.year >= FIRST_YEAR:
            sheet.write_datetime(row, column, value, date)
        case _:
            sheet.write_string(row, column, str(value))
