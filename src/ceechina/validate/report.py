"""The problems of a package, counted and grouped by the rule they break; told as text for people, as JSON for programs.

What other programs read (Frictionless, SARIF, GitHub) is in `formats`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import groupby
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Literal

from ceechina.errors import Problem, clipped, visible
from ceechina.validate.file_rules import ABSENT, UNREAD

# places of one rule in one file that the text shows
SHOWN = 20
# characters of a message or a hint: whole code lists fit in, a cell of megabytes does not
MESSAGE = 1000


@dataclass(frozen=True)
class Group:
    """The problems of one rule in one file.

    `problems` are those at hand, one at least; `hidden` is how many more were found.
    """

    problems: tuple[Problem, ...]
    hidden: int = 0

    @property
    def path(self) -> str:
        """The file, or nothing where a table is checked that is in none."""
        return self.problems[0].path

    @property
    def code(self) -> str:
        """The rule."""
        return self.problems[0].code

    @property
    def severity(self) -> str:
        """How grave: that of its first problem, as a rule has but one."""
        return self.problems[0].severity

    @property
    def section(self) -> str:
        """What the problems are in: the file, else the table, else nothing."""
        return self.problems[0].path or self.problems[0].table

    @property
    def total(self) -> int:
        """How many problems were found."""
        return len(self.problems) + self.hidden

    def count(self, severity: str) -> int:
        """How many of them are errors, or warnings."""
        held = sum(problem.severity == severity for problem in self.problems)
        return held + (self.hidden if severity == self.severity else 0)


@dataclass(frozen=True)
class Report:
    """What was found wrong.

    Attributes:
        problems: The first problems of each rule in each file, in a stable order.
        totals: How many were found, by path and code, where that is more than are held.
        expected: What a rule expects, by its code, for the formats that describe rules.
        folder: What the paths are within, where that is a folder.

    Raises:
        ValueError: `totals` counts problems of which none is held.
    """

    problems: tuple[Problem, ...] = ()
    totals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""

    def __post_init__(self) -> None:
        unheld = {key for key, total in self.totals.items() if total} - self._held.keys()
        if unheld:
            # a report must not be valid because it shows nothing
            raise ValueError(f"problems are counted of which none is held: {sorted(unheld)}")

    @classmethod
    def of(
        cls, problems: Iterable[Problem], expected: Mapping[str, str] = MappingProxyType({}), folder: str = ""
    ) -> Report:
        """A report that holds all its problems, in the order of their places."""
        return cls(tuple(sorted(problems)), expected=expected, folder=folder)

    @cached_property
    def _held(self) -> dict[tuple[str, str], list[Problem]]:
        held: dict[tuple[str, str], list[Problem]] = {}
        for problem in self.problems:
            held.setdefault((problem.path, problem.code), []).append(problem)
        return held

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The problems by file and rule, in the order of their first."""
        return tuple(
            Group(tuple(held), max(self.totals.get(key, 0) - len(held), 0)) for key, held in self._held.items()
        )

    @cached_property
    def sections(self) -> dict[str, list[Group]]:
        """The groups of each file, or table that is in none, sorted by its name."""
        found: dict[str, list[Group]] = {}
        for group in sorted(self.groups, key=lambda group: group.section):
            found.setdefault(group.section, []).append(group)
        return found

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings may be."""
        return not self.error_count

    @property
    def error_count(self) -> int:
        """How many errors were found, held or not."""
        return sum(group.count("error") for group in self.groups)

    @property
    def warning_count(self) -> int:
        """How many warnings were found, held or not."""
        return sum(group.count("warning") for group in self.groups)

    def only(
        self,
        rules: Collection[str] = (),
        severity: Literal["error", "warning"] | None = None,
        unread: Collection[str] = UNREAD,
    ) -> Report:
        """The part of the report about some rules, of one severity, or both.

        Args:
            rules: Rule ids or patterns of them, such as `projects.*` or `*.reference`; all where empty. What keeps
                rules from being asked stays in the report.
            severity: Errors only, or warnings only; both where None.
            unread: Codes of problems for which something is not read at all: they stay in the report.
        """

        def wanted(problem: Problem) -> bool:
            named = not rules or problem.code == ABSENT or any(fnmatchcase(problem.code, rule) for rule in rules)
            return problem.code in unread or (named and severity in (None, problem.severity))

        totals = {
            (group.path, group.code): group.hidden + sum(map(wanted, group.problems))
            for group in self.groups
            if group.hidden and wanted(group.problems[0])
        }
        return replace(self, problems=tuple(filter(wanted, self.problems)), totals=totals)

    def first(self, places: int) -> Report:
        """The report with so many places of each rule in each file; what is left out is counted."""
        seen: Counter[tuple[str, str]] = Counter()
        kept = []
        for problem in self.problems:
            seen[problem.path, problem.code] += 1
            if seen[problem.path, problem.code] <= places:
                kept.append(problem)
        cut = {(group.path, group.code): group.total for group in self.groups if group.total > places}
        return replace(self, problems=tuple(kept), totals={**self.totals, **cut})

    def from_here(self) -> Report:
        """The report with paths from the working directory on, as programs need them that look files up."""
        here = Path.cwd()

        def placed(path: str) -> str:
            if not path or not self.folder:
                return path
            whole = Path(os.path.normpath(here / self.folder / path))
            return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()

        problems = tuple(replace(problem, path=placed(problem.path)) for problem in self.problems)
        totals = {(placed(path), code): total for (path, code), total in self.totals.items()}
        return replace(self, problems=problems, totals=totals, folder="")


def counted(number: int, word: str) -> str:
    """A number with its noun, such as `1 problem` and `1,200 problems`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def summary(report: Report) -> str:
    """One line: how many rules are broken in how many files or tables, and how often."""
    if not report.groups:
        return "no problems found"
    rules = len({group.code for group in report.groups})
    files = len(report.sections.keys() - {""})
    where = f"{counted(rules, 'rule')} in {counted(files, 'file')}" if files else counted(rules, "rule")
    return f"{where}: {_counts(report.error_count, report.warning_count)} found"


def as_text(report: Report, shown: int = SHOWN) -> str:
    """The report for people: by file and rule, the first `shown` places of each, then the summary."""
    lines: list[str] = []
    for section, groups in report.sections.items():
        lines.append(visible(section, MESSAGE) or "in general")
        for group in groups:
            lines += _group_lines(group, shown)
        lines.append("")
    return "\n".join([*lines, summary(report)])


def _group_lines(group: Group, shown: int) -> Iterator[str]:
    yield f"  {visible(group.code)}: {_counts(group.count('error'), group.count('warning'))}"
    listed = group.problems[:shown]
    for hint, problems in groupby(listed, lambda problem: problem.hint):
        for problem in problems:
            parts = (_line(problem), place(problem), visible(problem.message, MESSAGE))
            yield f"    {': '.join(filter(None, parts))}"
            if problem is listed[-1] and group.total > len(listed):
                yield f"    ... and {group.total - len(listed):,} more"
        if hint:
            yield f"    hint: {visible(hint, MESSAGE)}"


def _line(problem: Problem) -> str:
    """File, line and column joined as editors and terminals make a link of them."""
    parts = (visible(problem.path), problem.line, problem.column)
    return ":".join(str(part) for part in parts if part) if problem.line else ""


def _counts(errors: int, warnings: int) -> str:
    return " and ".join(counted(n, word) for n, word in ((errors, "problem"), (warnings, "warning")) if n)


def place(problem: Problem) -> str:
    """Where in its file a problem is: row, table, key, field, but for what the file's name or the message says."""
    row = f"row {problem.row:,}" if problem.row else ""
    table = "" if PurePosixPath(problem.path).stem == problem.table else problem.table
    named = {word.strip("'\"") for word in clipped(problem.message, MESSAGE).split()}
    field_name = "" if problem.field in named else problem.field
    return ", ".join(filter(None, (row, visible(table), visible(problem.key), visible(field_name))))


def as_json(report: Report) -> str:
    """The report as JSON in ASCII, where nothing can hide.

    `{"valid": bool, "errors": int, "warnings": int, "problems": [...], "totals": [...]}`: the numbers are of all that
    were found. A problem has `code`, `message` and `severity`, and what is known of `path`, `line`, `column`, `table`,
    `row` (from 1, without the header), `key`, `field`, `value` and `hint`; texts beyond 1,000 characters are clipped.
    A total says for a `path` and `code` how many problems were `found` and how many of them are listed (`held`).
    """
    content = {
        "valid": report.valid,
        "errors": report.error_count,
        "warnings": report.warning_count,
        "problems": [_stored(problem) for problem in report.problems],
        "totals": totals(report),
    }
    return json.dumps(content, indent=2)


def totals(report: Report) -> list[dict[str, Any]]:
    """How many problems of each rule in each file were found, and how many of them are listed."""
    return [
        {"path": storable(group.path), "code": storable(group.code), "found": group.total, "held": len(group.problems)}
        for group in report.groups
    ]


def storable(text: str) -> str:
    """A text as it is, but clipped, and without the halves of characters that strict readers of JSON refuse."""
    return clipped(text, MESSAGE).encode(errors="backslashreplace").decode()


def _stored(problem: Problem) -> dict[str, Any]:
    return {name: storable(value) if isinstance(value, str) else value for name, value in problem.to_dict().items()}
