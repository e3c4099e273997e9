"""What every query of ours needs: names and texts as SQL has them, and what is said where a file cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ceechina.errors import PackageError

if TYPE_CHECKING:
    import duckdb


def quoted(name: str) -> str:
    """A name of a table or column, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def unreadable(path: Path, error: duckdb.Error) -> PackageError:
    """The error to raise where DuckDB cannot read the file of a table."""
    return PackageError(f"{path} cannot be read: {str(error).strip().splitlines()[0]}")
