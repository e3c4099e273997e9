"""The codebook: README.md of the data package, generated so that no number in it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceechina.curate import double_coding
from ceechina.curate.coverage import Coverage
from ceechina.curate.double_coding import Fact
from ceechina.model.render import codebook_tables
from ceechina.model.tables import Table, core
from ceechina.publish import citation
from ceechina.publish.rules_told import rules_section

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Background:
    """What the codebook tells besides the rows: the coding rules, the coverage, the facts of the two codings."""

    rules: str
    coverage: Sequence[Coverage]
    codings: Sequence[set[Fact]]


def codebook(tables: Mapping[str, Table], rows: Rows, version: str, background: Background) -> str:
    """The codebook of a package.

    Args:
        tables: The model.
        rows: Rows by table.
        version: The data version.
        background: What it tells besides the rows.
    """
    counts = {name: len(content) for name, content in rows.items()}
    parts = [
        _head(tables, rows, version),
        background.rules.strip(),
        _contradictions(rows),
        _coverage(background.coverage),
        _double_coding(background.codings, rows, tables),
        rules_section(tables),
        f"## Tables\n\n{codebook_tables(tables, counts).strip()}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(tables: Mapping[str, Table], rows: Rows, version: str) -> str:
    counts = {name: len(content) for name, content in rows.items()}
    records = ", ".join(f"{counts[table.name]:,} {table.name}" for table in core(tables))
    contested = sum(row["is_contested"] for table in core(tables) for row in rows[table.name])
    return f"""# {citation.TITLE}

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
expected."""


def _contradictions(rows: Rows) -> str:
    """Every contested field with what stands, what gave way, and why."""
    reasons = [row for row in rows["claims"] if row["because"]]
    rivals = [row for row in rows["claims"] if row["standing"] == "rival"]
    if not rivals:
        return ""
    lines = [
        "## Contradictions and how they are decided",
        "",
        "| record | stands | gave way | because |",
        "|---|---|---|---|",
    ]
    for record in sorted({row["record_id"] for row in rivals}):
        stands = [row for row in reasons if row["record_id"] == record]
        because = _cell(" ".join(dict.fromkeys(row["because"] for row in stands)))
        told = (_told(stands), _told([row for row in rivals if row["record_id"] == record]), because)
        lines.append(f"| `{record}` | {' | '.join(told)} |")
    return "\n".join(lines)


def _told(claims: Sequence[Mapping[str, Any]]) -> str:
    told = (f"`{row['field']}` {row['claimed_value']} ({row['source_id']})" for row in claims)
    return _cell("; ".join(dict.fromkeys(told)))


def _cell(text: str) -> str:
    """Text as it may stand in a cell of a Markdown table."""
    return " ".join(text.replace("|", r"\|").split())


def _coverage(found: Sequence[Coverage]) -> str:
    lines = [
        "## Coverage",
        "",
        "Share of each source's words that a claim cites, that were left out with a reason, or neither; and paragraphs",
        "of which at least a part is cited or left out.",
        "",
        "| source | words | cited | left out | neither | paragraphs | reasons for leaving out |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for each in found:
        left = sum(each.left_out.values())
        reasons = ", ".join(f"{reason} {each.share(words)}" for reason, words in each.left_out.items())
        lines.append(
            f"| {each.source_id} | {each.words:,} | {each.share(each.cited)} | {each.share(left)} | "
            f"{each.share(each.words - each.cited - left)} | "
            f"{each.paragraphs - len(each.unaccounted)} of {each.paragraphs} | {reasons} |"
        )
    return "\n".join(lines)


def _double_coding(codings: Sequence[set[Fact]], rows: Rows, tables: Mapping[str, Table]) -> str:
    if not all(codings):
        return ""
    method = " ".join((double_coding.__doc__ or "").split("\n\n", 1)[1].split())
    first, second = codings
    tables_told = double_coding.report(first, second, double_coding.settled(rows["claims"], tables), tables)
    return f"""## Double coding

Every document was coded twice, independently, and every difference settled by going back to the passage. Precision,
recall and F1 hold each coding against the settled one; kappa (Cohen) holds the two against each other.

{method}

Read the figures with care: the two coders were of one training and worked by the same rules, and the settled coding
began as a copy of the first. They tell how firmly the rules lead to the same facts, not how other readers would code.

{tables_told}"""
