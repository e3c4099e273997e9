"""The commands that judge: packages and rows by the rules, records by what they make."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ceechina.console import AS_JSON, FINE, PROBLEMS, example, progress
from ceechina.errors import UnknownNameError

if TYPE_CHECKING:
    from ceechina.validate.report import Report

FORMATS = ("text", "json", "frictionless", "sarif", "github")


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

    place = str(bundled().folder) if path is None else path
    with progress() as step:
        step("validating")
        found = _judged(place, table, max_problems, engine)
    told = found.only(_known(wanted, found), severity)
    click.echo(f"{report.as_text(told, max_problems)} in {place}" if form == "text" else formats.FORMATS[form](told))
    return FINE if told.valid else PROBLEMS


@click.command(epilog=example("ceechina rules", "ceechina rules memberships"))
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


def _judged(place: str, table: str, limit: int, engine: str) -> Report:
    """Everything wrong with what is at a place, with so many places of each rule."""
    from ceechina.model.records import model
    from ceechina.validate.duck import Duck
    from ceechina.validate.engine import validate as judge
    from ceechina.validate.inputs import is_records
    from ceechina.validate.report import Report
    from ceechina.validate.spark import Spark

    start = Spark.started if engine == "spark" else Duck.started
    tables = model()
    if is_records(Path(place)):
        from ceechina.publish.build import check_records

        return Report.of(check_records(Path(place), lambda folder: judge(folder, tables, start=start).problems))
    return judge(place, tables, table=table, limit=limit, start=start)


def _known(wanted: Sequence[str], report: Report) -> Sequence[str]:
    """Rule ids and patterns as they were asked for; raise UnknownNameError where no rule is called so."""
    known = {*report.expected, *(problem.code for problem in report.problems)}
    for pattern in wanted:
        if not any(fnmatchcase(rule, pattern) for rule in known):
            raise UnknownNameError("rule", pattern, sorted(known))
    return wanted


COMMANDS = (validate, rules)
