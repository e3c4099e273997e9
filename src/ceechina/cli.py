"""The command line: parses, calls, prints; decides nothing.

Exit codes: 0 fine, 1 problems found, 2 wrong usage.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import click

from ceechina.console import print_problems, print_table, progress
from ceechina.errors import CeechinaError, ProblemsError, UnknownNameError, UnsupportedError, suggestion
from ceechina.judging import judged, known_rules

FINE, PROBLEMS, USAGE = 0, 1, 2


RECORDS = click.option(
    "--records",
    type=click.Path(path_type=Path),
    default=Path("records"),
    show_default=True,
    help="Folder of record files.",
)
SOURCES = click.option(
    "--sources", type=click.Path(path_type=Path), required=True, help="Folder of the sources' texts, <source_id>.txt."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        code = cli.main(args=words, prog_name="ceechina", standalone_mode=False)
        return int(code or FINE)
    except (click.ClickException, click.exceptions.Exit, click.Abort, CeechinaError, OSError) as error:
        return _ended(error, as_json="--json" in words or "json" in words)
    except SystemExit as ended:
        # click leaves so when the reader of our output has gone, as `head` does; nobody is left to tell
        if isinstance(ended.__context__, BrokenPipeError):
            return FINE
        raise


def _ended(error: Exception, as_json: bool) -> int:
    """Tell why a command ended early; return the exit code for it."""
    match error:
        case click.exceptions.Exit():
            return int(error.exit_code)
        case click.ClickException():
            error.show()
            return USAGE
        case ProblemsError():
            print_problems(error, as_json)
            return PROBLEMS
        case click.Abort():
            click.echo("Stopped; nothing was changed.", err=True)
            return PROBLEMS
    click.echo(f"Error: {error}", err=True)
    return USAGE


def run() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        # names have letters that the code page of a Windows pipe has not
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())


def _example(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ceechina", message="ceechina %(version)s")
def cli() -> None:
    """China's engagement with Central and Eastern Europe, every value with its passage."""


@cli.command(epilog=_example("ceechina build"))
@RECORDS
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=Path("datapackage"),
    show_default=True,
    help="Folder of the package, replaced as a whole.",
)
@AS_JSON
def build(records: Path, target: Path, as_json: bool) -> int:
    """Build the data package from the record files.

    With any problem nothing is changed.
    """
    from ceechina.model.records import model
    from ceechina.publish.build import build as build_package
    from ceechina.validate.engine import validate as judge
    from ceechina.validate.report import Report, as_text

    with progress() as step:
        counts, warnings = build_package(records, target, lambda folder: judge(folder, model()).problems, step)
    if as_json:
        told = [problem.to_dict() for problem in warnings]
        click.echo(json.dumps({"package": str(target), "rows": counts, "warnings": told}))
        return FINE
    for table, count in counts.items():
        click.echo(f"{count:>7,} {table}")
    click.echo(f"{as_text(Report.of(warnings))} in {target}")
    return FINE


@cli.command(
    epilog=_example(
        "ceechina validate",
        "ceechina validate path/to/datapackage --format json",
        "ceechina validate mine.csv --table projects --severity error",
        "ceechina validate records --format github",
    )
)
@click.argument("path", required=False)
@click.option("--table", default="", help="The table the rows are of, where no file's name says so.")
@click.option("--format", "form", default="text", help="text (the default), json, frictionless, sarif or github.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--max-problems", type=click.IntRange(1), default=20, show_default=True, help="Places told of each rule.")
@click.option("--rules", "wanted", multiple=True, metavar="RULE", help="Only this rule, or `projects.*`; repeatable.")
@click.option("--severity", type=click.Choice(["error", "warning"]), help="Only errors, or only warnings.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="What runs the rules.")
def validate(
    path: str | None,
    table: str,
    form: str,
    max_problems: int,
    wanted: tuple[str, ...],
    severity: Literal["error", "warning"] | None,
    engine: str,
) -> int:
    """Check the package that ships with ceechina, or what is at PATH.

    PATH is a data package (its folder, datapackage.json or archive), a folder of tables, a CSV or Parquet file, a
    pattern of files that are parts of one table, or a folder of records. What is there is checked; what is not is said.
    """
    from ceechina.read.package import bundled
    from ceechina.validate.formats import FORMATS

    if form not in FORMATS:
        raise UnsupportedError(f"--format {form!r} is not known; {suggestion(form, list(FORMATS))}")
    place = path or str(bundled().folder)
    with progress() as step:
        step("validating")
        found = judged(place, table, max_problems, engine)
    report = found.only(known_rules(wanted, found), severity)
    click.echo(f"{FORMATS[form](report)} in {place}" if form == "text" else FORMATS[form](report))
    return FINE if report.valid else PROBLEMS


@cli.command(epilog=_example("ceechina rules", "ceechina rules memberships"))
@click.argument("table", required=False)
@AS_JSON
def rules(table: str | None, as_json: bool) -> int:
    """List the rules a package is held to, all of them or those about one TABLE."""
    from ceechina.model.records import model
    from ceechina.validate.checks import rules_of

    tables = model()
    if table is not None and table not in tables:
        raise UnknownNameError("table", table, list(tables))
    found = [rule for name in ([table] if table else tables) for rule in rules_of(tables[name], tables)]
    if as_json:
        told = [
            {"rule": r.rule_id, "severity": r.severity, "expected": r.expected, "hint": r.hint, "example": r.example}
            for r in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(f"{rule.rule_id} ({rule.severity}): expected {rule.expected}" for rule in found))
    return FINE


@cli.command(epilog=_example("ceechina lock --sources ../texts", "ceechina lock --check --sources ../texts"))
@RECORDS
@SOURCES
@click.option("--check", is_flag=True, help="Change nothing; fail where a passage does not stand as locked.")
def lock(records: Path, sources: Path, check: bool) -> int:
    """Find every passage in the texts of the sources and lock where it stands."""
    from ceechina.publish.build import check_lock, write_lock

    with progress() as step:
        step("finding passages")
        locked = check_lock(records, sources) if check else write_lock(records, sources)
    what = "stand as locked" if check else "locked"
    click.echo(f"{len(locked.passages):,} passages of {len(locked.texts)} sources {what}")
    return FINE


@cli.command(epilog=_example("ceechina coverage --sources ../texts"))
@RECORDS
@SOURCES
@AS_JSON
def coverage(records: Path, sources: Path, as_json: bool) -> int:
    """Account for every word of every source: cited, left out with a reason, or neither.

    Fails where a paragraph is accounted for neither way.
    """
    from ceechina.publish.build import coverage as account

    with progress() as step:
        step("reading records and texts")
        found = account(records, sources)
    click.echo(json.dumps([asdict(each) for each in found], indent=2) if as_json else "\n".join(map(str, found)))
    return PROBLEMS if any(each.unaccounted for each in found) else FINE


@cli.command(epilog=_example("ceechina schema", "ceechina schema --check"))
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), help="The checkout."
)
@click.option("--check", is_flag=True, help="Change nothing; fail where a generated file differs from the model.")
def schema(root: Path, check: bool) -> int:
    """Write the files generated from the model: schema/ and CITATION.cff."""
    from ceechina.publish.schema_files import check_schema, write_schema

    if not check:
        click.echo(f"{write_schema(root)} files written")
        return FINE
    problems = check_schema(root)
    if problems:
        raise ProblemsError(problems)
    click.echo("generated files are in step with the model")
    return FINE


@cli.command(epilog=_example("ceechina show", "ceechina show projects", "ceechina show projects --describe"))
@click.argument("table", required=False)
@click.option("--package", type=click.Path(path_type=Path), help="Another package than the one that ships.")
@click.option("--describe", is_flag=True, help="Show the columns and their meaning instead of rows.")
@AS_JSON
def show(table: str | None, package: Path | None, describe: bool, as_json: bool) -> int:
    """Show a TABLE, or without one the list of tables."""
    opened = _package(package)
    if table is None:
        infos = opened.tables()
        click.echo(
            json.dumps([{"table": info.name, "rows": info.rows, "description": info.description} for info in infos])
            if as_json
            else str(infos)
        )
    elif describe:
        info = opened.describe(table)
        click.echo(json.dumps(asdict(info), ensure_ascii=False, indent=2) if as_json else str(info))
    elif as_json:
        rows = opened.load(table, "arrow").to_pylist()
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
    else:
        print_table(table, opened.load(table, "arrow"))
    return FINE


@cli.command(
    epilog=_example(
        "ceechina explain smederevo-steelworks", "ceechina explain smederevo-steelworks amounts/purchase-price"
    )
)
@click.argument("record_id")
@click.argument("field", required=False)
@click.option("--package", type=click.Path(path_type=Path), help="Another package than the one that ships.")
@AS_JSON
def explain(record_id: str, field: str | None, package: Path | None, as_json: bool) -> int:
    """Show what stands behind a record, or one FIELD of it: claims, rivals, passages, links."""
    found = _package(package).explain(record_id, field)
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) if as_json else str(found))
    return FINE


def _package(path: Path | None) -> Any:
    from ceechina.read.package import Package, bundled

    return bundled() if path is None else Package(path)


if __name__ == "__main__":
    run()
