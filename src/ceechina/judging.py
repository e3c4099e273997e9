"""What the command line has judged: packages and rows by the rules, records by what they make."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ceechina.errors import UnknownNameError
from ceechina.validate.report import Report


def judged(place: str, table: str, shown: int, engine: str) -> Report:
    """Everything wrong with what is at a place.

    Args:
        place: A path, or a pattern of files.
        table: The table its rows are of, where no file's name says so.
        shown: Places to tell of each rule.
        engine: "duckdb" or "spark".

    Raises:
        PackageError: There is nothing to judge.
        UnknownNameError: There is no such table.
        UnsupportedError: Spark cannot be started.
    """
    from ceechina.model.records import model
    from ceechina.publish.build import check_records
    from ceechina.validate.duck import Duck
    from ceechina.validate.engine import validate
    from ceechina.validate.inputs import is_records
    from ceechina.validate.spark import Spark

    start = Spark.started if engine == "spark" else Duck.started
    tables = model()
    if is_records(Path(place)):
        return Report.of(check_records(Path(place), lambda folder: validate(folder, tables, start=start).problems))
    return validate(place, tables, table=table, limit=shown, start=start)


def known_rules(wanted: Sequence[str], report: Report) -> Sequence[str]:
    """Rule ids and patterns as they were asked for; raise UnknownNameError where no rule is called so."""
    if wanted:
        known = {*report.expected, *(problem.code for problem in report.problems)}
        for pattern in wanted:
            if not any(fnmatchcase(rule, pattern) for rule in known):
                raise UnknownNameError("rule", pattern, sorted(known))
    return wanted
