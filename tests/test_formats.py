"""Reports for other programs: each is read back by the program it is for, or by its rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from ceechina import cli_validate
from ceechina.errors import Problem
from ceechina.validate.formats import FORMATS, FRICTIONLESS_TYPES, as_frictionless, as_github, as_sarif
from ceechina.validate.report import Report, as_json, as_text

CSV = "data/projects.csv"
CELL = Problem(
    path=CSV, table="projects", row=3, key="bridge", field="kind", code="projects.kind.code",
    message="kind is 'x', expected a code of kinds", value="x", hint="the codes are a, b",
)  # fmt: skip
LINE = Problem(path="records/a b.yaml", line=3, column=5, code="unknown-key", message="'nam' is not a key here")
WARNING = replace(CELL, code="projects.name.twin", severity="warning")
MORE = Report((CELL, WARNING, LINE), {(CSV, CELL.code): 40})

# every part of a problem, and what breaks formats: their own separators, escapes, controls, directions, half characters
TEXTS = st.one_of(
    st.sampled_from(["", CSV, "projects", "a: b, c::d", "100%0A", "a\r\nb", "\u202e", "\x00\x1b[2J", "\ud800", "../é"]),
    st.text(st.characters(), max_size=20),
)
PROBLEMS = st.builds(
    Problem,
    **dict.fromkeys(("path", "table", "key", "field", "code", "message", "value", "hint"), TEXTS),
    **dict.fromkeys(("line", "column", "row"), st.integers(0, 3)),
    severity=st.sampled_from(["error", "warning"]),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    report = Report.of(draw(st.lists(PROBLEMS, max_size=8)))
    hidden = [(group, draw(st.integers(0, 2000))) for group in report.groups]
    return replace(report, totals={(group.path, group.code): len(group.problems) + more for group, more in hidden})


def sarif_of(report: Report) -> dict[str, Any]:
    """The run of a log that the classes made of the SARIF schema accept: no property more, none of another type."""
    log = from_json(as_sarif(report))
    SarifLog.model_validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:\n\r]*)::(?P<message>[^\n\r]*)")


def commands_of(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub reads them: name, properties, message."""
    found = []
    for line in as_github(report).split("\n"):
        match = COMMAND.fullmatch(line)
        assert match, line
        pairs = (pair.split("=", 1) for pair in match["properties"].split(",") if pair)
        found.append((match["name"], {key: _unescaped(value) for key, value in pairs}, _unescaped(match["message"])))
    return found


def _unescaped(text: str) -> str:
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, plain)
    return text


def _in_text(report: Report) -> tuple[int, int]:
    last = as_text(report).rsplit("\n", maxsplit=1)[-1]
    numbers = (re.search(rf"([0-9,]+) {word}s?\b", last) for word in ("problem", "warning"))
    errors, warnings = (int(match[1].replace(",", "")) if match else 0 for match in numbers)
    return errors, warnings


def _in_json(report: Report) -> tuple[int, int]:
    content = from_json(as_json(report))
    assert sum(total["found"] for total in content["totals"]) == content["errors"] + content["warnings"]
    return content["errors"], content["warnings"]


def _in_frictionless(report: Report) -> tuple[int, int]:
    content = frictionless.Report.from_descriptor(from_json(as_frictionless(report)))
    assert content.valid == report.valid
    assert content.stats["tasks"] == len(content.tasks)
    for key in ("errors", "warnings"):
        assert content.stats[key] == sum(task.stats[key] for task in content.tasks)
    return content.stats["errors"], content.stats["warnings"]


def _in_sarif(report: Report) -> tuple[int, int]:
    run = sarif_of(report)
    hidden = sum(total["found"] - total["held"] for total in run["properties"]["totals"])
    assert len(run["results"]) + hidden == run["properties"]["errors"] + run["properties"]["warnings"]
    return run["properties"]["errors"], run["properties"]["warnings"]


def _in_github(report: Report) -> tuple[int, int]:
    *places, last = commands_of(report)
    assert last[0] == "notice"
    counts = {"error": 0, "warning": 0}
    for name, properties, message in places:
        more = re.fullmatch(r"\.\.\. and ([0-9,]+) more", message)
        hidden = more and "line" not in properties
        counts[name] += int(more[1].replace(",", "")) if more and hidden else 1
    return counts["error"], counts["warning"]


COUNTS: dict[str, Callable[[Report], tuple[int, int]]] = {
    "text": _in_text,
    "json": _in_json,
    "frictionless": _in_frictionless,
    "sarif": _in_sarif,
    "github": _in_github,
}


def test_every_format_is_counted_here() -> None:
    assert FORMATS.keys() == COUNTS.keys() == set(cli_validate.FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_every_format_is_read_back_with_the_same_counts(name: str, report: Report) -> None:
    assert COUNTS[name](report) == (report.error_count, report.warning_count)


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_no_format_has_characters_that_cannot_be_seen_or_encoded(name: str, report: Report) -> None:
    text = FORMATS[name](report)
    assert text.replace("\n", "").isprintable()
    assert text.encode().decode() == text


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_a_format_depends_on_what_was_found_alone(name: str, report: Report) -> None:
    again = Report.of(reversed(report.problems))
    assert FORMATS[name](replace(again, totals=report.totals)) == FORMATS[name](report)


@pytest.mark.parametrize("name", FORMATS)
def test_a_cell_of_megabytes_is_not_printed_whole(name: str) -> None:
    big = "n" * 10_000_000
    report = Report.of([replace(CELL, value=big, key=big, message=f"kind is {big}")])
    assert len(FORMATS[name](report)) < 10_000


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_without_problems_is_valid_in_every_format(name: str) -> None:
    assert COUNTS[name](Report()) == (0, 0)


# one fault of a table each, what frictionless says of it, and the problem that is ours
FAULTS = {
    "required": ("id,n\na,1\n,2\n", Problem(row=2, field="id", code="t.id.required", message="m")),
    "code": ("id,n\na,1\nz,2\n", Problem(row=2, field="id", code="t.id.code", message="m", value="z")),
    "range": ("id,n\na,1\nb,9\n", Problem(row=2, field="n", code="t.n.range", message="m", value="9")),
    "key": ("id,n\na,1\na,2\n", Problem(row=2, field="", code="t.key", message="m")),
    "missing cell": ("id,n\na\n", Problem(line=2, field="n", code="csv-missing-columns", message="m")),
    "extra cell": ("id,n\na,1,x\n", Problem(line=2, code="csv-too-many-columns", message="m", value="x")),
    "blank line": ("id,n\n\na,1\n", Problem(row=1, code="csv-blank-line", message="m")),
    "missing column": ("id\na\n", Problem(field="n", code="missing-column", message="m")),
    "unknown column": ("id,n,x\na,1,2\n", Problem(field="x", code="unknown-column", message="m")),
}
SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "enum": ["a", "b"]}},
        {"name": "n", "type": "integer", "constraints": {"maximum": 5}},
    ],
    "primaryKey": ["id"],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_frictionless_says_the_same_of_the_same_fault(fault: str, tmp_path: Path) -> None:
    content, problem = FAULTS[fault]
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    schema = frictionless.Schema.from_descriptor(SCHEMA)
    theirs = frictionless.Resource(path=path.name, basepath=str(tmp_path), schema=schema).validate()
    descriptor = from_json(as_frictionless(Report.of([replace(problem, path="t.csv", table="t")])))
    ours = frictionless.Report.from_descriptor(descriptor)
    compared = ["type", "rowNumber"] + (["fieldName"] if "unknown" not in fault and "extra" not in fault else [])
    assert ours.flatten(compared)[0] in theirs.flatten(compared)


@pytest.mark.parametrize("kind", sorted(FRICTIONLESS_TYPES))
def test_frictionless_takes_every_type_we_give(kind: str) -> None:
    descriptor = from_json(as_frictionless(Report.of([Problem(code=f"t.c.{kind}", message="m")])))
    assert frictionless.Report.from_descriptor(descriptor).flatten(["type"]) == [[FRICTIONLESS_TYPES[kind]]]


def test_frictionless_counts_rows_with_the_header_and_keeps_our_rule() -> None:
    report = frictionless.Report.from_descriptor(from_json(as_frictionless(Report.of([CELL]))))
    spec = ["type", "rowNumber", "fieldName", "cell", "note", "code", "key", "hint"]
    assert report.flatten(spec) == [
        ["constraint-error", 4, "kind", "x", CELL.message, CELL.code, "bridge", "the codes are a, b"]
    ]


def test_frictionless_tells_warnings_and_what_is_not_listed() -> None:
    (task, _) = frictionless.Report.from_descriptor(from_json(as_frictionless(MORE))).tasks
    assert task.place == CSV
    assert task.warnings == [f"row 3, bridge: {CELL.message}", "39 more of projects.kind.code are not listed"]
    assert (task.stats["errors"], task.stats["warnings"], len(task.errors)) == (40, 1, 1)


@pytest.mark.parametrize(
    ("problem", "type_"),
    [
        (Problem(code="projects.name.twin", table="projects", row=3, message="m"), "row-constraint"),
        (Problem(code="new-rule", table="projects", message="m"), "table-error"),
        (LINE, "file-error"),
        (Problem(code="lock-differs", message="m"), "error"),
    ],
)
def test_a_rule_frictionless_has_no_type_for_is_told_by_its_place(problem: Problem, type_: str) -> None:
    assert frictionless.Report.from_descriptor(from_json(as_frictionless(Report.of([problem])))).flatten(["type"]) == [
        [type_]
    ]


def test_sarif_gives_file_line_and_column_or_the_place_in_the_table() -> None:
    cell, _, line = sarif_of(MORE)["results"]
    assert line["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "records/a%20b.yaml"},
                "region": {"startLine": 3, "startColumn": 5},
            }
        }
    ]
    assert cell["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": CSV}},
            "logicalLocations": [{"fullyQualifiedName": "projects/bridge/kind", "kind": "value"}],
        }
    ]
    assert (cell["level"], cell["properties"]) == ("error", {"row": 3})


def test_sarif_lists_each_rule_once_with_what_it_expects() -> None:
    report = replace(MORE, problems=MORE.problems[::-1], expected={CELL.code: "a code of kinds"})
    run = sarif_of(report)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({problem.code for problem in MORE.problems})
    assert rules[0]["shortDescription"]["text"] == "Expected a code of kinds."
    assert rules[0]["help"]["text"] == "the codes are a, b"
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [p.code for p in report.problems]


def test_sarif_knows_a_problem_again_when_its_row_has_moved() -> None:
    moved = replace(CELL, row=300)
    other = replace(CELL, value="y")
    marks = [sarif_of(Report.of([problem]))["results"][0]["partialFingerprints"] for problem in (CELL, moved, other)]
    assert marks[0] == marks[1] != marks[2]


@given(report=reports())
def test_no_two_results_of_sarif_have_the_same_fingerprint(report: Report) -> None:
    marks = [result["partialFingerprints"]["place/v1"] for result in sarif_of(report)["results"]]
    assert len(set(marks)) == len(marks)


def test_github_gets_a_command_for_each_place_and_a_summary() -> None:
    hostile = replace(LINE, path="a,b:c.yaml", message="100% wrong\n::error::injected")
    assert as_github(Report((CELL, hostile), {(CSV, CELL.code): 40})).splitlines() == [
        f"::error file={CSV},title={CELL.code}::row 3, bridge: {CELL.message}%0Athe codes are a, b",
        f"::error file={CSV},title={CELL.code}::... and 39 more",
        r"::error file=a%2Cb%3Ac.yaml,line=3,col=5,title=unknown-key::100%25 wrong\n::error::injected",
        "::notice title=ceechina::2 rules in 2 files: 41 problems found",
    ]


def test_github_gets_back_what_was_escaped() -> None:
    problem = replace(LINE, path="a,b:c%25.yaml")
    assert commands_of(Report.of([problem]))[0] == (
        "error",
        {"file": problem.path, "line": "3", "col": "5", "title": "unknown-key"},
        problem.message,
    )
