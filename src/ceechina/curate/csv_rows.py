"""Rows of a CSV file as objects of a class whose fields are text or whole numbers, and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from ceechina.errors import Problem, ProblemsError

Row = TypeVar("Row")


def read_rows(path: Path, row_class: type[Row], remedy: str) -> list[Row]:
    """Rows of a file, none where there is no file; raise ProblemsError, naming the line, where one is no such row."""
    if not path.is_file():
        return []
    columns = fields(row_class)  # type: ignore[arg-type]  # a dataclass, which typing cannot say of a type variable
    numbers = {column.name for column in columns if column.type == "int"}
    line = 1
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = []
            reader = csv.DictReader(file, strict=True)
            _check_header(reader.fieldnames, [column.name for column in columns])
            for row in reader:
                line = reader.line_num
                found.append(row_class(**{name: _cell(cell, name in numbers) for name, cell in row.items()}))
            return found
    except (TypeError, ValueError, csv.Error) as error:
        told = f"this is not a row of {', '.join(column.name for column in columns)}"
        raise ProblemsError(
            [Problem(path=str(path), line=line, code="damaged-row", message=told, hint=remedy)]
        ) from error


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
