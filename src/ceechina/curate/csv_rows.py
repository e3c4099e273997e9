"""Rows of a CSV file as objects of a class whose fields are text or whole numbers, and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from ceechina.errors import Problem, ProblemsError, visible

Row = TypeVar("Row")


def read_rows(records: Path, name: str, row_class: type[Row], remedy: str) -> list[Row]:
    """Rows of a file in a folder of records, none where there is no file.

    Raises:
        ProblemsError: A line is no such row.
    """
    path = records / name
    if not path.is_file():
        return []
    columns = fields(row_class)  # type: ignore[arg-type]  # a dataclass, which typing cannot say of a type variable
    numbers = {column.name for column in columns if column.type == "int"}
    content = path.read_bytes()
    reader = csv.DictReader(io.StringIO(content.decode("utf-8", "replace"), newline=""), strict=True)
    try:
        content.decode("utf-8")
        _check_header(reader.fieldnames, [column.name for column in columns])
        return [row_class(**{name: _cell(cell, name in numbers) for name, cell in row.items()}) for row in reader]
    except UnicodeDecodeError as error:
        line, why = content.count(b"\n", 0, error.start) + 1, "a byte is no UTF-8"
    except (TypeError, ValueError, csv.Error) as error:
        line, why = max(reader.line_num, 1), str(error)
    told = f"this is not a row of {', '.join(column.name for column in columns)}: {visible(why)}"
    shown = f"{records.resolve().name}/{name}"
    raise ProblemsError([Problem(path=shown, line=line, code="damaged-row", message=told, hint=remedy)])


def _cell(cell: str | None, is_number: bool) -> str | int:
    if cell is None:
        raise ValueError("cells are missing")
    if not is_number:
        return cell
    if not re.fullmatch("0|[1-9][0-9]{0,8}", cell):
        raise ValueError(f"{cell!r} is no whole number of at most nine digits")
    return int(cell)


def _check_header(found: Sequence[str] | None, expected: list[str]) -> None:
    if found != expected:
        raise ValueError(f"the header is {found}")


def render_rows(row_class: type[Row], rows: Sequence[Any]) -> str:
    """Rows as the text of a CSV file, with LF."""
    buffer = io.StringIO()
    names = [column.name for column in fields(row_class)]  # type: ignore[arg-type]  # as above
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return buffer.getvalue()
