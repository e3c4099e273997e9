"""The command line: parses, calls, prints; decides nothing.

Exit codes: 0 fine, 1 problems found, 2 wrong usage.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from ceechina.cli_read import COMMANDS as READING
from ceechina.cli_release import release
from ceechina.cli_validate import COMMANDS as VALIDATING
from ceechina.console import AS_JSON, FINE, PROBLEMS, USAGE, example, print_problems, progress
from ceechina.errors import CeechinaError, ProblemsError

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
    # the system's own way leaves temporary folders behind
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ceechina", message="ceechina %(version)s")
def cli() -> None:
    """China's engagement with Central and Eastern Europe, every value with its passage."""


@cli.command(epilog=example("ceechina build", "ceechina build --check"))
@RECORDS
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=Path("datapackage"),
    show_default=True,
    help="Folder of the package, replaced as a whole.",
)
@click.option("--check", is_flag=True, help="Build nothing; fail where the records cannot be built.")
@AS_JSON
def build(records: Path, target: Path, check: bool, as_json: bool) -> int:
    """Build the data package from the record files.

    With any problem nothing is changed.
    """
    from ceechina.model.records import model
    from ceechina.publish.build import build as build_package
    from ceechina.publish.build import check as check_records
    from ceechina.validate.engine import validate as judge
    from ceechina.validate.report import Report, as_text

    if check:
        count = check_records(records)
        click.echo(json.dumps({"records": count}) if as_json else f"{count:,} records can be built")
        return FINE
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


@cli.command(epilog=example("ceechina new project smederevo-2", "ceechina new membership belt-and-road"))
@click.argument("kind")
@click.argument("record_id")
@RECORDS
def new(kind: str, record_id: str, records: Path) -> int:
    """Start a record: a file to fill in, with the keys of its table and their meaning.

    KIND is project, agreement, meeting or membership; a membership is named by its body.
    """
    from ceechina.publish.new import new_record

    path = new_record(kind, record_id, records)
    click.echo(f"{path.as_posix()} written; fill it in, then run ceechina lock and ceechina build")
    return FINE


@cli.command(epilog=example("ceechina lock --sources ../texts", "ceechina lock --check --sources ../texts"))
@RECORDS
@SOURCES
@click.option("--check", is_flag=True, help="Change nothing; fail where a passage does not stand as locked.")
@click.option("--all", "every", is_flag=True, help="With --check: fail also where the text of a source is missing.")
def lock(records: Path, sources: Path, check: bool, every: bool) -> int:
    """Find every passage in the texts of the sources and lock where it stands.

    The check proves what it can by the texts at hand, and says which passages it could not prove.
    """
    from ceechina.publish.build import check_lock, write_lock

    with progress() as step:
        step("finding passages")
        if not check:
            locked = write_lock(records, sources)
        else:
            locked, unproved = check_lock(records, sources, partly=not every)
    what = "stand as locked" if check else "locked"
    click.echo(f"{len(locked.passages):,} passages of {len(locked.texts)} sources {what}")
    if check and unproved.texts:
        missing = ", ".join(sorted(unproved.texts))
        click.echo(f"{len(unproved.passages):,} passages not proved: no text of {missing} in {sources}")
    return FINE


@cli.command(epilog=example("ceechina coverage --sources ../texts"))
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


@cli.command(epilog=example("ceechina schema", "ceechina schema --check"))
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


for command in (*VALIDATING, *READING, release):
    cli.add_command(command)


if __name__ == "__main__":
    run()
