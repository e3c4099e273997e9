"""Tables written as CSV and Parquet: the same rows, the same bytes every time."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ceechina.model.render import arrow_schema
from ceechina.model.tables import Table
from ceechina.model.values import canonical

Rows = Sequence[Mapping[str, Any]]


def write_csv(table: Table, rows: Rows, path: Path) -> None:
    """UTF-8, LF, a header, quotes only where needed, empty cells for nothing."""
    names = [column.name for column in table.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(["" if row[name] is None else canonical(row[name]) for name in names] for row in rows)


def write_parquet(table: Table, rows: Rows, path: Path) -> None:
    """Format 2.6, zstd, row groups of a fixed size: bytes repeat with the same pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = pa.Table.from_pylist([dict(row) for row in rows], schema=arrow_schema(table))
    pq.write_table(
        content,
        path,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        row_group_size=100_000,
        use_dictionary=True,
        write_statistics=True,
    )
