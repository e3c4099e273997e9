"""Names, texts and files as SQL has them: nothing that is read from a file is ever taken for SQL."""

import glob
from pathlib import Path


def quoted(name: str) -> str:
    """A name of a table or column, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def exactly(path: Path) -> str:
    """A file's path as DuckDB takes it: for a pattern, that matches this file alone."""
    return glob.escape(str(path.absolute()))


def parquet(path: Path) -> str:
    """The rows of a Parquet file as they are in it: the name of its folder is no cell, as `key=value` would be."""
    return f"read_parquet({literal(exactly(path))}, hive_partitioning = false)"
