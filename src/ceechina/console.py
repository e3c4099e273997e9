"""What the command line prints on a terminal, and what it prints where there is none."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import click

from ceechina.errors import ProblemsError

# How every command ends: nothing wrong, problems or differences found, a wrong call.
FINE, PROBLEMS, USAGE = 0, 1, 2

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

# how the command line prints a table: for a reader, or for another program
LAYOUTS = ("table", "csv", "json", "md")
# columns of a table that a terminal shows
SHOWN_COLUMNS = 8


def example(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def print_rows(title: str, content: Any, layout: str | None) -> None:
    """A pyarrow table in one of the `LAYOUTS`; by default for a reader on a terminal, tab-separated elsewhere."""
    rows = content.to_pylist()
    match layout or ("table" if sys.stdout.isatty() else "tsv"):
        case "table":
            _print_table(title, content, rows)
        case "json":
            click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        case "md":
            click.echo(_markdown(content.column_names, rows))
        case separated:
            _print_separated(content.column_names, rows, "," if separated == "csv" else "\t")


def _print_separated(names: Sequence[str], rows: Sequence[Mapping[str, Any]], delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_text(row[name]) for name in names] for row in rows)
    click.echo(buffer.getvalue(), nl=False)


def _markdown(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    cells = [names, ["---"] * len(names), *([_text(row[name]) for name in names] for row in rows)]
    escaped = [[cell.replace("|", r"\|").replace("\n", " ") for cell in line] for line in cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def _print_table(title: str, content: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    filled = [column for column in content.column_names if content[column].null_count < len(content)]
    hidden = len(content.column_names) - len(filled[:SHOWN_COLUMNS])
    caption = f"{hidden} more columns; --columns chooses, --json has all of them" if hidden else None
    shown = Table(title=f"{title}: {len(rows):,} rows", caption=caption)
    for column in filled[:SHOWN_COLUMNS]:
        shown.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in rows:
        # as `Text`, so that brackets in a cell are not taken for markup
        shown.add_row(*(Text(_text(row[column])) for column in filled[:SHOWN_COLUMNS]))
    Console().print(shown)


def _text(value: Any) -> str:
    """A cell as the published CSV has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "" if value is None else str(value)


def print_problems(error: ProblemsError, as_json: bool) -> None:
    """Problems as text on standard error, or as JSON on standard output."""
    from ceechina.validate import report

    if as_json:
        click.echo(report.as_json(report.Report.of(error.problems)))
    else:
        click.echo(report.as_text(report.Report.of(error.problems)), err=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Names the step at work, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update
