"""The commands that judge: packages and rows by the rules, records by what they make."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ceechina.console import AS_JSON, FINE, PROBLEMS, example, progress
from ceechina.errors import UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    from ceechina.validate.engine import Starter
    from ceechina.validate.report import Report

FORMATS = ("text", "json", "frictionless", "sarif", "github")
# Those for programs that open the file of a problem.
LOOKED_UP = ("sarif", "github")


@click.command(
    epilog=example(
        "ceechina validate",
        "ceechina validate path/to/datapackage --format json",
        "ceechina validate mine.csv --table projects --severity error",
        "ceechina validate records --format github",
    )
)
@click.argument("path", required=False)
@click.option("--table", default="", help="The table the rows are of, where no file's name says so.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="For whom.")
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
    from ceechina.validate import formats, report
    from ceechina.validate.file_rules import UNREAD
    from ceechina.validate.inputs import is_records

    place = str(bundled().folder) if path is None else path
    with progress() as step:
        step("validating")
        of_records = is_records(Path(place))
        found = _records_judged(place, table, engine) if of_records else _judged(place, table, max_problems, engine)
    _check_names(wanted, found, of_records=of_records)
    # what is no rule is wrong with record files, of which nothing is made then
    unread = UNREAD | {problem.code for problem in found.problems} - found.expected.keys()
    told = found.only(wanted, severity, unread).first(max_problems)
    if form in LOOKED_UP:
        told = told.from_here()
    click.echo(f"{report.as_text(told, max_problems)} in {place}" if form == "text" else formats.FORMATS[form](told))
    return FINE if told.valid else PROBLEMS


@click.command(epilog=example("ceechina rules", "ceechina rules memberships"))
@click.argument("table", required=False)
@AS_JSON
def rules(table: str | None, as_json: bool) -> int:
    """List the rules a package is held to, all of them or those about one TABLE."""
    from ceechina.model.records import model
    from ceechina.validate.checks import every_rule

    tables = model()
    if table is not None and table not in tables:
        raise UnknownNameError("table", table, list(tables))
    found = [rule for rule in every_rule(tables) if table in (None, rule.table)]
    if as_json:
        told = [
            {"rule": r.rule_id, "severity": r.severity, "expected": r.expected, "hint": r.hint, "example": r.example}
            for r in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(f"{rule.rule_id} ({rule.severity}): expected {rule.expected}" for rule in found))
    return FINE


def _judged(place: str, table: str, limit: int, engine: str) -> Report:
    """Everything wrong with what is at a place, with so many places of each rule."""
    from ceechina.model.records import model
    from ceechina.validate.engine import validate as judge

    return judge(place, model(), table=table, limit=limit, start=_starter(engine))


def _records_judged(place: str, table: str, engine: str) -> Report:
    """Everything wrong with a folder of records, and with the package they make."""
    from ceechina.model.records import model
    from ceechina.publish.build import check_records
    from ceechina.validate.checks import every_rule
    from ceechina.validate.engine import validate as judge
    from ceechina.validate.report import Report

    if table:
        raise UnsupportedError(f"{place} holds records of every table: leave out --table")
    tables = model()
    found = check_records(Path(place), lambda folder: judge(folder, tables, start=_starter(engine)).problems)
    expected = {rule.rule_id: rule.expected for rule in every_rule(tables)}
    return Report.of(found, expected, str(Path(place).resolve().parent))


def _starter(engine: str) -> Callable[[], Starter]:
    from ceechina.validate.duck import Duck
    from ceechina.validate.spark import Spark

    return Spark.started if engine == "spark" else Duck.started


def _check_names(wanted: Sequence[str], report: Report, *, of_records: bool) -> None:
    """Raise UnknownNameError where no rule has a name or matches a pattern."""
    known = {*report.expected, *(problem.code for problem in report.problems)}
    for pattern in wanted:
        # what is wrong with record files has names of one word, which are listed nowhere
        is_of_files = of_records and "." not in pattern
        if not is_of_files and not any(fnmatchcase(rule, pattern) for rule in known):
            raise UnknownNameError("rule", pattern, sorted(known))


COMMANDS = (validate, rules)
