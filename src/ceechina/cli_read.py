"""The commands that read a package: they parse, call and print, and decide nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ceechina.console import AS_JSON, FINE, LAYOUTS, PROBLEMS, example, print_rows
from ceechina.errors import UnsupportedError

if TYPE_CHECKING:
    from ceechina.read.package import Package


PACKAGE = click.option("--package", help="Another than the one that ships: a folder, an archive or a version.")
POLICY = click.option(
    "--policy", default="chosen", show_default=True, help="How disagreements are decided, such as latest-source."
)
LAYOUT = click.option(
    "--format", "layout", type=click.Choice(LAYOUTS), help="For readers or programs; by default as fits where it goes."
)


def _opened(given: str | None) -> Package:
    from ceechina.read.package import Package, bundled

    return bundled() if given is None else Package(given)


def _layout(layout: str | None, as_json: bool) -> str | None:
    return "json" if as_json else layout


@click.command(
    epilog=example(
        "ceechina show",
        "ceechina show projects --describe",
        "ceechina show projects --country Serbia --columns name,status --as-of 2020-12-31 --format md",
    )
)
@click.argument("table", required=False)
@PACKAGE
@click.option("--describe", is_flag=True, help="Show the columns and their meaning instead of rows.")
@click.option("--country", help="Only rows of one country, by ISO 3166-1 code or by name.")
@click.option("--columns", help="Only these columns, separated by commas.")
@POLICY
@click.option("--as-of", help="Only what sources published by this day say, YYYY-MM-DD.")
@LAYOUT
@AS_JSON
def show(
    table: str | None,
    package: str | None,
    describe: bool,
    layout: str | None,
    as_json: bool,
    columns: str | None,
    **selection: str,
) -> int:
    """Show a TABLE, or without one the list of tables."""
    opened = _opened(package)
    if table is None or describe:
        if columns is not None or layout or selection != {"country": None, "policy": "chosen", "as_of": None}:
            raise UnsupportedError("name a table, without --describe, to choose from its rows")
        _show_about(opened, table, as_json)
        return FINE
    names = [name.strip() for name in columns.split(",")] if columns is not None else None
    content = opened.load(table, "arrow", columns=names, **selection)
    print_rows(table, content, _layout(layout, as_json))
    return FINE


def _show_about(package: Package, table: str | None, as_json: bool) -> None:
    """What a table holds, or which tables there are."""
    if table is not None:
        info = package.describe(table)
        click.echo(json.dumps(asdict(info), ensure_ascii=False, indent=2) if as_json else str(info))
        return
    infos = package.tables()
    told = [{"table": info.name, "rows": info.rows, "description": info.description} for info in infos]
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else str(infos))


@click.command(
    epilog=example(
        "ceechina explain smederevo-steelworks", "ceechina explain smederevo-steelworks amounts/purchase-price"
    )
)
@click.argument("record_id")
@click.argument("field", required=False)
@PACKAGE
@AS_JSON
def explain(record_id: str, field: str | None, package: str | None, as_json: bool) -> int:
    """Show what stands behind a record, or one FIELD of it: claims, rivals, passages, links."""
    found = _opened(package).explain(record_id, field)
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) if as_json else str(found))
    return FINE


@click.command(epilog=example("ceechina conflicts", "ceechina conflicts --format csv"))
@PACKAGE
@LAYOUT
@AS_JSON
def conflicts(package: str | None, layout: str | None, as_json: bool) -> int:
    """Show every disagreement between sources: what was chosen, over what, and why."""
    print_rows("conflicts", _opened(package).conflicts("arrow"), _layout(layout, as_json))
    return FINE


@click.command(
    epilog=example('ceechina query "SELECT kind, count(*) AS projects FROM projects GROUP BY kind ORDER BY kind"')
)
@click.argument("sql")
@PACKAGE
@LAYOUT
@AS_JSON
def query(sql: str, package: str | None, layout: str | None, as_json: bool) -> int:
    """Answer one SQL query over the tables; it can read them and do nothing else."""
    print_rows("query", _opened(package).query(sql, "arrow"), _layout(layout, as_json))
    return FINE


@click.command(epilog=example("ceechina cite", "ceechina cite bibtex --record smederevo-steelworks"))
@click.argument("style", default="text")
@click.option("--record", help="A record, cited with the sources behind it.")
@click.option("--query", "sql", help="An SQL query, cited with the hash of its result.")
@PACKAGE
def cite(style: str, record: str | None, sql: str | None, package: str | None) -> int:
    """Print how to cite the dataset, in a STYLE: text, apa, chicago, bibtex, ris or csl-json."""
    click.echo(_opened(package).cite(style, record, sql).rstrip("\n"))
    return FINE


@click.command(epilog=example("ceechina export ceechina.xlsx", "ceechina export projects.zip --to dta"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", help="xlsx, sqlite, dta, geojson or duckdb; by default what the file's name ends with.")
@POLICY
@PACKAGE
def export(path: Path, to: str | None, policy: str, package: str | None) -> int:
    """Write the whole package to a file of another program."""
    click.echo(f"written to {_opened(package).export(path, to, policy)}")
    return FINE


@click.command(epilog=example("ceechina info"))
@PACKAGE
@AS_JSON
def info(package: str | None, as_json: bool) -> int:
    """Tell what the package is: version, licence, size, where it lies and how to cite it."""
    from ceechina.read.tables.descriptor import licence_names

    opened = _opened(package)
    # first, as it asks the most of the descriptor: what is told is told whole or not at all
    cited = opened.cite()
    told = {
        "title": opened.descriptor["title"],
        "version": opened.version,
        "licence": ", ".join(licence_names(opened.descriptor)),
        "folder": str(opened.folder),
        **{table.name: table.rows for table in (*opened.core(), opened.describe("claims"), opened.describe("sources"))},
    }
    if as_json:
        click.echo(json.dumps({**told, "cite": cited}, ensure_ascii=False, indent=2))
        return FINE
    for name, value in told.items():
        click.echo(f"{name + ':':<13}{value:,}" if isinstance(value, int) else f"{name + ':':<13}{value}")
    click.echo(f"\n{cited}")
    return FINE


@click.command(epilog=example("ceechina diff 1.0.0 1.1.0", "ceechina diff v1.0.0 datapackage --format md"))
@click.argument("a")
@click.argument("b")
@click.option(
    "--format",
    "layout",
    type=click.Choice(("text", "md", "json", "csv")),
    default="text",
    show_default=True,
    help="For readers, for the changelog, or for programs.",
)
def diff(a: str, b: str, layout: str) -> int:
    """Tell what differs from package A to package B, and why.

    A and B are versions, package folders, their datapackage.json or archives, or git revisions of this checkout. The
    exit code is 0 where they hold the same, 1 where they differ, 2 where they cannot be compared.
    """
    from ceechina.read.access.revisions import package_at
    from ceechina.read.differences.diff import diff as compare

    with package_at(a) as before, package_at(b) as after:
        found = compare(before, after)
    match layout:
        case "json":
            click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        case "csv":
            click.echo(found.to_frame().to_csv(index=False, lineterminator="\n"), nl=False)
        case "md":
            click.echo(found.to_markdown(), nl=False)
        case _:
            click.echo(str(found))
    return PROBLEMS if found else FINE


COMMANDS = (show, explain, conflicts, query, cite, export, info, diff)
