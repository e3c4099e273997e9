"""The codebook: README.md of the data package, generated so that no number in it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ceechina.model.render import codebook_tables
from ceechina.model.tables import Table, core
from ceechina.publish import citation


def codebook(tables: Mapping[str, Table], rows: Mapping[str, Sequence[Mapping[str, Any]]], version: str) -> str:
    """The codebook of a package.

    Args:
        tables: The model.
        rows: Rows by table.
        version: The data version.
    """
    counts = {name: len(content) for name, content in rows.items()}
    records = ", ".join(f"{counts[table.name]:,} {table.name}" for table in core(tables))
    contested = sum(row["is_contested"] for table in core(tables) for row in rows[table.name])
    head = f"""# {citation.TITLE}

Version {version}. {citation.DESCRIPTION}

This version holds {records}, resting on {counts["claims"]:,} claims from {counts["passages"]:,} passages of
{counts["sources"]:,} sources; {contested:,} of these records are contested between sources. In `exclusions` are
{counts["exclusions"]:,} passages that were read and left out, with the reason.

Cite as: {citation.suggested(version)}

Licence of the data: [{citation.DATA_LICENCE["title"]}]({citation.DATA_LICENCE["path"]}).

## How to read it

Every table is `data/<table>.csv` and `data/<table>.parquet` with the same rows; `datapackage.json` describes both
(Data Package v2). In the core tables and their children each column is *claimed* (its cells rest on rows of
`claims`, and through them on passages), *editorial* (written for this dataset) or *derived* (computed).

To see what stands behind a cell, take from `claims` the rows with its `record_id`, `value_table`, `item` (the child
row's key after the record's, empty for the core row) and `value_column`. `standing` tells the value that was chosen
from those that agree, are coarser or contradict it, and `because` gives the reason of a choice. `passage_id` leads to
the first and last words of the passage, its place, its hash and, where the source has an address, a link that opens it.

Dates are EDTF, as precise as the source and no more; `_earliest` and `_latest` give the days a date can mean.
Amounts carry their kind: a plan, a loan and a price are not to be added. An event with `is_planned` true was only
expected.

## Tables
"""
    return f"{head}\n{codebook_tables(tables, counts)}"
