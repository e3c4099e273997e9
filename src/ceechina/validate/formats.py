"""Reports for other programs: Frictionless, SARIF and the annotations of GitHub; and every format by its name.

Each is a function of the report alone: the same report gives the same text, whenever and wherever.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from ceechina.errors import Problem, visible
from ceechina.validate.report import MESSAGE, Group, Report, as_json, as_text, place, storable, summary, totals

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# the error type by which Frictionless knows a kind of rule, the last word of its id: rules of the model are named
# `<table>.<column>.<kind>`, those of files by their kind alone
FRICTIONLESS_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("required", "code", "form", "range"), "constraint-error"),
        **dict.fromkeys(("companion", "computed", "claim", "published"), "row-constraint"),
        "calendar": "type-error",
        "unique": "unique-error",
        "key": "primary-key",
        "reference": "foreign-key",
        "row-count": "row-count",
        "byte-count": "byte-count",
        "hash": "hash-count",
        "missing-file": "scheme-error",
        "unreadable": "source-error",
        "missing-column": "missing-label",
        "unknown-column": "extra-label",
        "column-order": "header-error",
        "csv-missing-columns": "missing-cell",
        "csv-too-many-columns": "extra-cell",
        "csv-blank-line": "blank-row",
        "csv-encoding": "encoding-error",
    }
)

_ROW = ("cells", "rowNumber")
_CELL = (*_ROW, "cell", "fieldName", "fieldNumber")
_LABELS = ("labels", "rowNumbers")
# the properties without which Frictionless does not take an error of a type
NEEDED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        **dict.fromkeys(("constraint-error", "type-error", "unique-error", "missing-cell", "extra-cell"), _CELL),
        **dict.fromkeys(("primary-key", "row-constraint", "blank-row"), _ROW),
        **dict.fromkeys(("missing-label", "extra-label"), (*_LABELS, "label", "fieldName", "fieldNumber")),
        "header-error": _LABELS,
        "foreign-key": (*_ROW, "fieldNames", "fieldCells", "referenceName", "referenceFieldNames"),
    }
)


def as_frictionless(report: Report) -> str:
    """A Frictionless Report, as `frictionless` 5 writes and reads it: one task for each file with problems.

    Rows are counted as Frictionless does, the header being row 1; what it asks for and we do not know (the number of
    a column, the other cells of a row, the table referred to) is 0 or empty. An error has our rule as `code` besides,
    and `key` and `hint` where known. Warnings are sentences there. `stats` counts all that were found.
    """
    tasks = [_task(section, groups) for section, groups in report.sections.items()]
    content = {
        "valid": report.valid,
        "stats": {**_stats(report.groups), "tasks": len(tasks)},
        "warnings": [],
        "errors": [],
        "tasks": tasks,
    }
    return json.dumps(content, indent=2)


def _stats(groups: Sequence[Group]) -> dict[str, int]:
    counts = {f"{each}s": sum(group.count(each) for group in groups) for each in ("error", "warning")}
    # the clock is left out, or no two reports would be the same
    return {**counts, "seconds": 0}


def _task(section: str, groups: Sequence[Group]) -> dict[str, Any]:
    problems = [problem for group in groups for problem in group.problems]
    warnings = [_sentence(problem) for problem in problems if problem.severity != "error"]
    more = [f"{group.hidden:,} more of {visible(group.code)} are not listed" for group in groups if group.hidden]
    stats = _stats(groups)
    return {
        "name": re.sub(r"[^-a-z0-9._/]", "-", section.lower()) or "package",
        "type": "table" if any(problem.table for problem in problems) else "file",
        "valid": not stats["errors"],
        "place": visible(section, MESSAGE),
        "labels": [],
        "stats": stats,
        "warnings": [*warnings, *more],
        "errors": [_frictionless_error(problem) for problem in problems if problem.severity == "error"],
    }


def _frictionless_error(problem: Problem) -> dict[str, Any]:
    type_ = frictionless_type(problem)
    cell, name = visible(problem.value), visible(problem.field)
    known: dict[str, Any] = {
        "rowNumber": problem.row + 1 if problem.row else problem.line,
        "cell": cell,
        "fieldName": name,
        "key": visible(problem.key),
        "hint": visible(problem.hint, MESSAGE),
    }
    asked: dict[str, Any] = {
        **known, "cells": [], "fieldNumber": 0, "label": name, "labels": [], "rowNumbers": [1],
        "fieldNames": [name], "fieldCells": [cell], "referenceName": "", "referenceFieldNames": [],
    }  # fmt: skip
    code = visible(problem.code)
    return {
        "type": type_,
        "title": code,
        "description": f"The rule {code} is broken.",
        "message": _sentence(problem),
        "tags": [],
        "note": visible(problem.message, MESSAGE),
        "code": code,
        **{key: value for key, value in known.items() if value},
        **{key: asked[key] for key in NEEDED.get(type_, ())},
    }


def frictionless_type(problem: Problem) -> str:
    """The error type of Frictionless for the rule of a problem, or for its place where there is none for the rule."""
    scopes = ((problem.row, "row-constraint"), (problem.table, "table-error"), (problem.path, "file-error"))
    by_place = next((type_ for known, type_ in scopes if known), "error")
    return FRICTIONLESS_TYPES.get(problem.code.rpartition(".")[2], by_place)


def _sentence(problem: Problem) -> str:
    """Place and message, for formats that show nothing else of a problem."""
    return ": ".join(filter(None, (place(problem), visible(problem.message, MESSAGE))))


def as_sarif(report: Report) -> str:
    """A SARIF 2.1.0 log of one run.

    A result has the file, with line and column where known, and the row's place in its table as a logical location.
    Its fingerprint is made of what stays when rows move: rule, file, key, field and value. `properties` of the run
    have the counts and `totals` as in JSON.
    """
    from importlib.metadata import version

    rules = {group.code: group for group in report.groups}
    index = {code: number for number, code in enumerate(sorted(rules))}
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "ceechina",
                "version": version("ceechina"),
                "rules": [_sarif_rule(rules[code], report.expected.get(code, "")) for code in index],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem, index[problem.code], seen) for problem in report.problems],
        "properties": {"errors": report.error_count, "warnings": report.warning_count, "totals": totals(report)},
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _sarif_rule(group: Group, expected: str) -> dict[str, Any]:
    description = f"Expected {visible(expected, MESSAGE)}." if expected else visible(group.code)
    return {
        "id": storable(group.code),
        "shortDescription": {"text": description},
        "help": {"text": visible(group.problems[0].hint, MESSAGE) or description},
        "defaultConfiguration": {"level": group.severity},
    }


def _sarif_result(problem: Problem, rule: int, seen: Counter[str]) -> dict[str, Any]:
    mark = _fingerprint(problem)
    seen[mark] += 1
    location: dict[str, Any] = {}
    if problem.path:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(problem.path)}}
    if problem.path and problem.line:
        region = {"startLine": problem.line, "startColumn": problem.column}
        location["physicalLocation"]["region"] = {key: number for key, number in region.items() if number}
    name = "/".join(filter(None, map(visible, (problem.table, problem.key, problem.field))))
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "value"}]
    return {
        "ruleId": storable(problem.code),
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": _sentence(problem) or visible(problem.code)},
        "locations": [location] if location else [],
        # numbered, so that two alike stay two
        "partialFingerprints": {"place/v1": f"{mark}:{seen[mark]}"},
        "properties": {"row": problem.row} if problem.row else {},
    }


def _fingerprint(problem: Problem) -> str:
    what = [problem.code, problem.path, problem.table, problem.key, problem.field, problem.value]
    if not problem.table:
        # outside tables only the message tells two problems of a file apart
        what.append(problem.message)
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def _uri(path: str) -> str:
    # a name of bytes that are no UTF-8 has characters that no address can hold
    return quote(path, errors="replace")


def as_github(report: Report) -> str:
    """Workflow commands of GitHub, one a line: an annotation for each problem, then a notice that sums up."""
    lines = []
    for group in report.groups:
        lines += [_annotation(problem) for problem in group.problems]
        if group.hidden:
            told = f"... and {group.hidden:,} more"
            lines.append(_command(group.severity, told, file=group.path, title=group.code))
    return "\n".join([*lines, _command("notice", summary(report), title="ceechina")])


def _annotation(problem: Problem) -> str:
    hint = visible(problem.hint, MESSAGE)
    return _command(
        problem.severity,
        _sentence(problem) + (f"\n{hint}" if hint else ""),
        file=problem.path,
        line=problem.line,
        col=problem.column,
        title=problem.code,
    )


def _command(name: str, message: str, **properties: str | int) -> str:
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text, MESSAGE)).replace(":", "%3A").replace(",", "%2C")


FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "frictionless": as_frictionless, "sarif": as_sarif, "github": as_github}
)
