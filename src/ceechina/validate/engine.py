"""A package, or anyone's rows in our shape, held to every rule: what it has is checked, what it has not is said."""

from __future__ import annotations

import tempfile
from collections import ChainMap, Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from ceechina.errors import Problem, UnsupportedError, room_in, visible
from ceechina.model.render import FORMATS
from ceechina.model.tables import Table
from ceechina.validate.checks import check, rules_of, rules_of_no_row, shared_queries
from ceechina.validate.duck import Duck
from ceechina.validate.file_rules import NOT_READ, UNREAD
from ceechina.validate.files import blank_in, byte_problems, file_problems
from ceechina.validate.findings import PART, Asked, Finding, Found, Screened
from ceechina.validate.inputs import Input, opened
from ceechina.validate.report import Report
from ceechina.validate.rules import Rule, format_rules
from ceechina.validate.screen import fingerprints, screen
from ceechina.validate.sift import Sifted, sift

# Places that are kept of each rule broken in a file; all of them are counted.
LIMIT = 1000


class Engine(Asked, Protocol):
    """What tables are loaded into, and asked about."""

    @property
    def error(self) -> tuple[type[Exception], ...]:
        """What it raises where a file cannot be read."""

    def load(self, name: str, table: Table, kind: str, files: Sequence[Path]) -> None:
        """Make the rows of files a table of text cells; raise `error` where one cannot be read whole."""

    def define(self, queries: Mapping[str, str]) -> None:
        """Keep the rows of queries under their names."""


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
        UnsupportedError: No place of each rule is to be kept.
    """
    if limit < 1:
        raise UnsupportedError(f"limit is {limit!r}, expected 1 or more")
    with (
        opened(path, tables, table) as given,
        tempfile.TemporaryDirectory(prefix="ceechina-") as scratch,
        ThreadPoolExecutor(1) as beside,
    ):
        # one thread reads bytes while the engine reads rows
        of_bytes, blank = beside.submit(byte_problems, given), beside.submit(blank_in, given)
        problems = file_problems(given, tables)
        # rows of a file that is not there, or has other columns, have no meaning to check
        unusable = {problem.path for problem in problems if problem.code in UNREAD}
        files = {
            place: paths
            for place, paths in given.files.items()
            if paths and unusable.isdisjoint(given.shown(part) for part in paths)
        }
        examined = _Examined(given, tables, limit, blank.result, Path(scratch))
        examined.run(start, files)
        return examined.report(sorted([*problems, *of_bytes.result()]))


class _Examined:
    """What is found in the rows of a package, as it is found."""

    def __init__(
        self,
        given: Input,
        tables: Mapping[str, Table],
        limit: int,
        blank: Callable[[], Container[Path]],
        scratch: Path,
    ) -> None:
        self._given, self._tables, self._limit, self._blank, self._scratch = given, tables, limit, blank, scratch
        self._problems: list[Problem] = []
        self._sifted: dict[Path, Sifted] = {}
        self._copies: dict[Path, Path] = {}
        self._totals: dict[tuple[str, str], int] = {}
        self._rules = {table.name: rules_of(table, tables) for table in tables.values()}

    def report(self, before: Iterable[Problem]) -> Report:
        """All of it, after problems found elsewhere."""
        rules = (*chain.from_iterable(self._rules.values()), *rules_of_no_row(self._tables))
        expected = {rule.rule_id: rule.expected for rule in rules}
        folder = str(self._given.folder) if self._given.is_here else ""
        return Report((*before, *self._problems), self._totals, expected, folder)

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
            told = len(self._problems)
            with start() as engine:
                self._check(engine, by_kind[kind])
            # tables of which there is no other format were checked before
            before = set(self._problems[:told])
            self._problems[told:] = [problem for problem in self._problems[told:] if problem not in before]

    def _check(self, engine: Engine, given: Mapping[str, Place]) -> dict[str, tuple[Place, int]]:
        """Hold rows to every rule that can be asked; return the tables that could be read, with their rows."""
        loaded = {name: place for name, place in given.items() if self._load(engine, name, place)}
        places, rules, screened = self._screened(engine, loaded)
        for name, place in places.items():
            self._tell_lines(name, place)
            self._tell_count(name, place, screened[name].rows)
        asked = [rule for name in places for rule in rules[name]]
        parts = {name: len(place.files) for name, place in places.items()}
        for finding in check(engine, self._tables, asked, self._limit, screened.values(), parts):
            self._tell(finding, places[finding.rule.table])
        return {name: (place, screened[name].rows) for name, place in places.items()}

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
        table = self._tables[name]
        unreadable: tuple[type[Exception], ...] = (*engine.error, OSError)
        try:
            try:
                engine.load(shown or name, table, place.kind, place.files)
            except engine.error:
                if place.kind != "csv":
                    raise
                engine.load(shown or name, table, place.kind, [self._rows_of(table, path) for path in place.files])
        except unreadable as error:
            self._tell_unreadable(name, place, error)
            return False
        return True

    def _rows_of(self, table: Table, path: Path) -> Path:
        """A copy of a CSV file that has its rows alone."""
        if path not in self._copies:
            self._copies[path] = self._scratch / f"{len(self._copies)}.csv"
            with room_in(self._scratch.parent):
                self._sifted[path] = self._sift(table, path, self._copies[path])
        return self._copies[path]

    def _no_rows(self, table: Table, path: Path) -> Sifted:
        """The records of a CSV file that are no rows: of one that an engine reads whole, blank lines alone."""
        if path not in self._sifted:
            self._sifted[path] = self._sift(table, path) if path in self._blank() else Sifted()
        return self._sifted[path]

    def _sift(self, table: Table, path: Path, copy: Path | None = None) -> Sifted:
        return sift(path, [column.name for column in table.columns], self._limit, copy)

    def _differs(self, engine: Engine, others: Mapping[str, Place], loaded: Mapping[str, tuple[Place, int]]) -> bool:
        """Whether a format has other rows than those that were checked; tell which."""
        there = {
            f"{name}__{other.kind}": name
            for name, other in others.items()
            if name in loaded and loaded[name][0].kind != other.kind
        }
        there = {shown: name for shown, name in there.items() if self._load(engine, name, others[name], shown)}
        both = {each: self._tables[name] for shown, name in there.items() for each in (shown, name)}
        try:
            found = fingerprints(engine, both)
        except engine.error:
            # damage shows where a file is read to its end; which it is comes out as they are looked at again
            return True
        differs = any(name not in loaded for name in others) or any(
            found[shown] != found[name] for shown, name in there.items()
        )
        for shown, name in there.items():
            # where any differs, all of the format are looked at again
            if not differs:
                self._tell_count(name, others[name], found[shown][0])
            if found[shown] != found[name]:
                for rule, where in zip(
                    format_rules(self._tables[name], shown), (loaded[name][0], others[name]), strict=True
                ):
                    for finding in check(engine, self._tables, [rule], self._limit):
                        self._tell(finding, where)
        return differs

    def _tell_unreadable(self, name: str, place: Place, error: Exception) -> None:
        told = visible(str(error).splitlines()[0])
        # engines name the part that they could not read
        part = next((path for path in place.files if str(path.absolute()) in str(error)), place.files[0])
        problem = Problem(path=self._given.shown(part), table=name, code="unreadable", message=told, hint=NOT_READ)
        self._problems.append(problem)

    def _tell_lines(self, name: str, place: Place) -> None:
        hint = "what is told here is not read; the rest of the table is checked"
        for path in place.files if place.kind == "csv" else ():
            shown, found = self._given.shown(path), self._no_rows(self._tables[name], path)
            told = partial(Problem, path=shown, table=name, hint=hint)
            for line in found.lines:
                where = partial(told, line=line.line, row=line.number - 1, field=line.column)
                self._problems.append(where(code=f"csv-{line.kind}", message=line.message))
            self._totals |= {(shown, f"csv-{kind}"): n for kind, n in found.counts.items() if n > self._limit}

    def _tell_count(self, name: str, place: Place, found: int) -> None:
        stated = (self._given.resource(name, place.kind) or {}).get("rows")
        if stated is not None and found != stated:
            told = f"{found} rows are read, the descriptor says {stated}"
            self._problems.append(Problem(path=self._shown(place), table=name, code="row-count", message=told))

    def _tell(self, finding: Finding, place: Place) -> None:
        rule = finding.rule
        about = partial(Problem, table=rule.table, field=rule.field, code=rule.rule_id, severity=rule.severity)
        held = Counter(found.row // PART for found in finding.places)
        for found in finding.places:
            part, row = divmod(found.row, PART)
            path = place.files[part]
            self._problems.append(
                about(
                    path=self._given.shown(path),
                    row=self._sifted.get(path, Sifted()).record(row),
                    key=found.key or "",
                    message=_message(rule, found),
                    value=found.value or "",
                    hint=rule.hint,
                )
            )
        for part, total in finding.totals.items():
            if total > held[part]:
                self._totals[self._given.shown(place.files[part]), rule.rule_id] = total

    def _shown(self, place: Place) -> str:
        return self._given.shown(place.files[0])


def _message(rule: Rule, found: Found) -> str:
    expected = found.expected or rule.expected
    if not rule.field:
        return f"expected {expected}"
    return f"{rule.field} is {'empty' if found.value is None else visible(repr(found.value))}, expected {expected}"
