"""A package, or anyone's rows in our shape, held to every rule: what it has is checked, what it has not is said."""

from __future__ import annotations

from bisect import bisect_right
from collections import ChainMap, Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from ceechina.errors import Problem, visible
from ceechina.model.render import FORMATS
from ceechina.model.tables import Table
from ceechina.validate.checks import check, rules_of, shared_queries
from ceechina.validate.duck import Duck
from ceechina.validate.files import UNUSABLE, byte_problems, file_problems, lines_with_nothing
from ceechina.validate.findings import PART, Asked, Finding, Found, Line, Screened
from ceechina.validate.inputs import Input, opened
from ceechina.validate.report import Report
from ceechina.validate.rules import Rule, format_rules
from ceechina.validate.screen import fingerprints, screen

# Places that are kept of each rule broken in a file; all of them are counted.
LIMIT = 1000


class Engine(Asked, Protocol):
    """What tables are loaded into, and asked about."""

    @property
    def error(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What it raises where a file cannot be read."""

    def load(self, name: str, table: Table, kind: str, files: Sequence[Path]) -> None:
        """Make the rows of files a table of text cells; raise `error` where they cannot be read."""

    def define(self, queries: Mapping[str, str]) -> None:
        """Keep the rows of queries under their names."""

    def rejected(self, files: Iterable[Path]) -> dict[Path, list[Line]]:
        """Lines that are no rows, by file."""


Starter = AbstractContextManager[Engine]


@dataclass(frozen=True)
class Place:
    """Where the rows of a table are taken from: a format, and one file or its parts."""

    kind: str
    files: tuple[Path, ...]


def validate(
    path: Path | str,
    tables: Mapping[str, Table],
    *,
    table: str = "",
    limit: int = LIMIT,
    start: Callable[[], Starter] = Duck.started,
) -> Report:
    """Every problem of a package, or of what there is of one.

    Args:
        path: A package's folder, datapackage.json or archive; a folder of tables; a CSV or Parquet file, or a pattern
            of many that are parts of one table.
        tables: The model it must follow.
        table: The table the rows are of, where neither a descriptor nor a file's name says so.
        limit: Places that are kept of each rule broken in a file.
        start: The engine to use.

    Raises:
        PackageError: There is nothing to read there.
        UnknownNameError: No table is called so.
    """
    with opened(path, tables, table) as given, ThreadPoolExecutor(1) as beside:
        # one thread reads bytes while the engine reads rows
        of_bytes, blank = beside.submit(byte_problems, given), beside.submit(lines_with_nothing, given)
        problems = file_problems(given, tables)
        # rows of a file that is not there, or has other columns, have no meaning to check
        unusable = {problem.path for problem in problems if problem.code in UNUSABLE}
        files = {
            place: paths
            for place, paths in given.files.items()
            if paths and unusable.isdisjoint(given.shown(part) for part in paths)
        }
        examined = _Examined(given, tables, limit, blank.result)
        examined.run(start, files)
        return examined.report(sorted([*problems, *of_bytes.result()]))


class _Examined:
    """What is found in the rows of a package, as it is found."""

    def __init__(
        self, given: Input, tables: Mapping[str, Table], limit: int, blank: Callable[[], Mapping[Path, Sequence[Line]]]
    ) -> None:
        self._given, self._tables, self._limit, self._blank = given, tables, limit, blank
        self._problems: list[Problem] = []
        self._totals: dict[tuple[str, str], int] = {}
        self._rules = {table.name: rules_of(table, tables) for table in tables.values()}

    def report(self, before: Iterable[Problem]) -> Report:
        """All of it, after problems found elsewhere."""
        expected = {rule.rule_id: rule.expected for rules in self._rules.values() for rule in rules}
        return Report((*before, *self._problems), self._totals, expected)

    def run(self, start: Callable[[], Starter], files: Mapping[tuple[str, str], tuple[Path, ...]]) -> None:
        """Check the rows of one format of each table; those of the others too where they are not the same."""
        by_kind = {
            kind: {name: Place(kind, files[name, kind]) for name in self._tables if (name, kind) in files}
            for kind in FORMATS
        }
        _, *others = FORMATS
        with start() as engine:
            loaded = self._check(engine, ChainMap(*(by_kind[kind] for kind in FORMATS)))
            differing = [kind for kind in others if self._differs(engine, by_kind[kind], loaded)]
        for kind in differing:
            with start() as engine:
                self._check(engine, by_kind[kind])

    def _check(self, engine: Engine, given: Mapping[str, Place]) -> dict[str, tuple[Place, int]]:
        """Hold rows to every rule that can be asked; return the tables that could be read, with their rows."""
        loaded = {name: place for name, place in given.items() if self._load(engine, name, place)}
        places, rules, screened = self._screened(engine, loaded)
        files = [path for place in places.values() for path in place.files]
        rejected = self._lines(engine.rejected(files), files)
        for name, place in places.items():
            self._tell_lines(name, place, rejected)
            self._tell_count(name, place, screened[name].rows)
        asked = [rule for name in places for rule in rules[name]]
        for finding in check(engine, self._tables, asked, self._limit, screened.values()):
            self._tell(finding, places[finding.rule.table], rejected)
        return {name: (place, screened[name].rows) for name, place in places.items()}

    def _lines(self, rejected: Mapping[Path, Sequence[Line]], files: Iterable[Path]) -> dict[Path, list[Line]]:
        """Lines of each file that are no rows, in their order."""
        blank = self._blank()
        return {
            path: sorted([*rejected.get(path, ()), *blank.get(path, ())], key=lambda line: line.number)
            for path in files
        }

    def _screened(
        self, engine: Engine, places: Mapping[str, Place]
    ) -> tuple[Mapping[str, Place], dict[str, list[Rule]], dict[str, Screened]]:
        """A first look at each table; those that turn out damaged are told and left out."""
        rules = {name: [rule for rule in self._rules[name] if rule.is_asked(places)] for name in places}
        if not places:
            return places, rules, {}
        shared = {rule.shared for each in rules.values() for rule in each}
        try:
            engine.define({name: query for name, query in shared_queries(self._tables).items() if name in shared})
            tables = {name: self._tables[name] for name in places}
            return places, rules, screen(engine, tables, rules)
        except engine.error:
            # damage may show only where a file is read to its end
            whole = {name: place for name, place in places.items() if self._is_whole(engine, name, place)}
            if len(whole) == len(places):
                raise
            return self._screened(engine, whole)

    def _is_whole(self, engine: Engine, name: str, place: Place) -> bool:
        try:
            fingerprints(engine, {name: self._tables[name]})
        except engine.error as error:
            self._tell_unreadable(name, place, error)
            return False
        return True

    def _load(self, engine: Engine, name: str, place: Place, shown: str = "") -> bool:
        try:
            engine.load(shown or name, self._tables[name], place.kind, place.files)
        except engine.error as error:
            self._tell_unreadable(name, place, error)
            return False
        return True

    def _differs(self, engine: Engine, others: Mapping[str, Place], loaded: Mapping[str, tuple[Place, int]]) -> bool:
        """Whether a format has other rows than those that were checked; tell which."""
        there = {
            f"{name}__{other.kind}": name
            for name, other in others.items()
            if name in loaded and loaded[name][0].kind != other.kind
        }
        there = {shown: name for shown, name in there.items() if self._load(engine, name, others[name], shown)}
        found = fingerprints(
            engine, {each: self._tables[name] for shown, name in there.items() for each in (shown, name)}
        )
        for shown, name in there.items():
            self._tell_count(name, others[name], found[shown][0])
            if found[shown] != found[name]:
                for rule, where in zip(
                    format_rules(self._tables[name], shown), (loaded[name][0], others[name]), strict=True
                ):
                    for finding in check(engine, self._tables, [rule], self._limit):
                        self._tell(finding, where, {})
        return any(name not in loaded for name in others) or any(
            found[shown] != found[name] for shown, name in there.items()
        )

    def _tell_unreadable(self, name: str, place: Place, error: Exception) -> None:
        told = visible(str(error).splitlines()[0])
        self._problems.append(Problem(path=self._shown(place), table=name, code="unreadable", message=told))

    def _tell_lines(self, name: str, place: Place, rejected: Mapping[Path, Sequence[Line]]) -> None:
        hint = "the line is not read; the rest of the table is checked"
        for path in place.files:
            told = partial(Problem, path=self._given.shown(path), table=name, hint=hint)
            for line in rejected.get(path, ()):
                # bytes that are no UTF-8 are told of the file
                if line.kind == "invalid-encoding":
                    continue
                code, message = f"csv-{line.kind}", visible(line.message)
                self._problems.append(told(row=line.number - 1, field=line.column, code=code, message=message))

    def _tell_count(self, name: str, place: Place, found: int) -> None:
        stated = (self._given.resource(name, place.kind) or {}).get("rows")
        if stated is not None and found != stated:
            told = f"{found} rows are read, the descriptor says {stated}"
            self._problems.append(Problem(path=self._shown(place), table=name, code="row-count", message=told))

    def _tell(self, finding: Finding, place: Place, rejected: Mapping[Path, Sequence[Line]]) -> None:
        rule = finding.rule
        about = partial(Problem, table=rule.table, field=rule.field, code=rule.rule_id, severity=rule.severity)
        held: Counter[str] = Counter()
        for found in finding.places:
            part, row = divmod(found.row, PART)
            path = place.files[part]
            self._problems.append(
                about(
                    path=self._given.shown(path),
                    row=_record(row, rejected.get(path, ())),
                    key=found.key or "",
                    message=_message(rule, found),
                    value=found.value or "",
                    hint=rule.hint,
                )
            )
            held[self._problems[-1].path] += 1
        # of many parts the first that has places stands for those that are not told
        hidden = finding.total - len(finding.places)
        if hidden > 0:
            first = self._given.shown(place.files[finding.places[0].row // PART])
            self._totals[first, rule.rule_id] = held[first] + hidden

    def _shown(self, place: Place) -> str:
        return self._given.shown(place.files[0])


def _message(rule: Rule, found: Found) -> str:
    expected = found.expected or rule.expected
    if not rule.field:
        return f"expected {expected}"
    return f"{rule.field} is {'empty' if found.value is None else visible(repr(found.value))}, expected {expected}"


def _record(row: int, rejected: Sequence[Line]) -> int:
    """The number of a row among all records of its file, those that are no rows among them."""
    # the n-th line that is no row comes after so many rows
    before = [line.number - 1 - n for n, line in enumerate(rejected)]
    return row + bisect_right(before, row) if row else 0
