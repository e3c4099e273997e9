"""What the command line prints on a terminal, and what it prints where there is none."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from ceechina.errors import ProblemsError

# columns of a table that a terminal shows
SHOWN_COLUMNS = 8


def print_table(name: str, content: Any) -> None:
    """Rows as a table on a terminal, cut to its width; as tab-separated text elsewhere."""
    if not sys.stdout.isatty():
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
        writer.writerow(content.column_names)
        writer.writerows(row.values() for row in content.to_pylist())
        click.echo(buffer.getvalue(), nl=False)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    filled = [column for column in content.column_names if content[column].null_count < len(content)]
    hidden = len(content.column_names) - len(filled[:SHOWN_COLUMNS])
    caption = f"{hidden} more columns; `ceechina show {name} --json` has all of them" if hidden else None
    shown = Table(title=f"{name}: {len(content):,} rows", caption=caption)
    for column in filled[:SHOWN_COLUMNS]:
        shown.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in content.to_pylist():
        # as `Text`, so that brackets in a cell are not taken for markup
        shown.add_row(*(Text("" if row[column] is None else str(row[column])) for column in filled[:SHOWN_COLUMNS]))
    Console().print(shown)


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
