"""Reports: every rule broken with its true number, grouped and shown for people, and the same for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from ceechina.errors import Problem
from ceechina.validate.report import Report, as_json, as_text, place, summary

CODE = "projects.kind.code"
CSV = "data/projects.csv"
MANY = [
    Problem(path=CSV, table="projects", row=row, code=CODE, message="bad", hint="one of many") for row in range(1, 31)
]
HASH = Problem(path="data/a.csv", code="hash", message="changed")
TWIN = Problem(path=CSV, table="projects", row=4, code="projects.name.twin", message="again", severity="warning")
MORE = Report((*MANY, TWIN, HASH), {(CSV, CODE): 4700, (CSV, TWIN.code): 3}, {CODE: "a code of kinds"})


def test_text_groups_by_file_and_rule_and_counts_what_it_does_not_show() -> None:
    assert as_text(Report.of([*MANY, TWIN, HASH]), shown=2).splitlines() == [
        "data/a.csv",
        "  hash: 1 problem",
        "    changed",
        "",
        "data/projects.csv",
        "  projects.kind.code: 30 problems",
        "    row 1: bad",
        "    row 2: bad",
        "    ... and 28 more",
        "    hint: one of many",
        "  projects.name.twin: 1 warning",
        "    row 4: again",
        "",
        "3 rules in 2 files: 31 problems and 1 warning found",
    ]


def test_text_tells_true_totals_of_what_is_not_held() -> None:
    lines = as_text(MORE).splitlines()
    assert "  projects.kind.code: 4,700 problems" in lines
    assert "    ... and 4,680 more" in lines
    assert lines[-1] == "3 rules in 2 files: 4,701 problems and 3 warnings found"


def test_text_tells_a_line_as_editors_open_it() -> None:
    problem = Problem(path="records/a.yaml", line=3, column=5, code="unknown-key", message="no such key")
    assert "    records/a.yaml:3:5: no such key" in as_text(Report.of([problem])).splitlines()


def test_text_gives_each_hint_once_where_hints_differ() -> None:
    hints = ["name it", "name it", "date it"]
    problems = [
        Problem(path="a.yaml", line=line, code="missing-key", message="no", hint=h) for line, h in enumerate(hints, 1)
    ]
    assert as_text(Report.of(problems)).splitlines()[2:-2] == [
        "    a.yaml:1: no",
        "    a.yaml:2: no",
        "    hint: name it",
        "    a.yaml:3: no",
        "    hint: date it",
    ]


@pytest.mark.parametrize("part", ["path", "table", "key", "field", "code", "message", "hint"])
def test_text_shows_no_long_or_invisible_text_as_it_is(part: str) -> None:
    hostile = "\x1b]0;" + "n" * 1_000_000 + "\u202e\n"
    parts: dict[str, Any] = {"code": "c", "message": "m", "line": 1, part: hostile}
    text = as_text(Report.of([Problem(**parts)]))
    assert len(text) < 4000
    assert "\x1b" not in text
    assert r"\x1b]0;nnn" in text


def test_problems_of_no_file_are_told_too() -> None:
    problem = Problem(code="lock-differs", message="passage a has moved")
    assert as_text(Report.of([problem])).splitlines() == [
        "in general",
        "  lock-differs: 1 problem",
        "    passage a has moved",
        "",
        "1 rule: 1 problem found",
    ]


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem(path=CSV, table="projects", row=1200, key="bridge", field="kind", code=CODE, message="kind is 'x'"),
         "row 1,200, bridge"),
        (Problem(path=CSV, table="projects", key="bridge", field="kind", code=CODE, message="unkindly"),
         "bridge, kind"),
        (Problem(path=CSV, table="projects", field="kin", code="unknown-column", message="'kin' is no column"), ""),
        (Problem(path="datapackage.json", table="projects", field="path", code="description", message="differs"),
         "projects, path"),
        (Problem(table="projects", row=2, code=CODE, message="bad"), "row 2, projects"),
    ],
)  # fmt: skip
def test_a_place_leaves_out_what_is_said_already(problem: Problem, told: str) -> None:
    assert place(problem) == told


def test_nothing_wrong_is_said_too() -> None:
    assert as_text(Report()) == summary(Report()) == "no problems found"
    assert Report().valid


def test_counts_are_of_all_that_was_found() -> None:
    assert (MORE.error_count, MORE.warning_count, MORE.valid) == (4701, 3, False)
    assert [(group.code, group.total, len(group.problems)) for group in MORE.groups] == [
        (CODE, 4700, 30),
        ("projects.name.twin", 3, 1),
        ("hash", 1, 1),
    ]


def test_warnings_leave_a_package_valid() -> None:
    assert Report.of([TWIN]).valid
    assert summary(Report.of([TWIN])) == "1 rule in 1 file: 1 warning found"


def test_a_report_of_a_list_is_in_the_order_of_places() -> None:
    assert Report.of([TWIN, *reversed(MANY), HASH]) == Report.of([HASH, *MANY, TWIN])


def test_problems_cannot_be_counted_without_one_to_show() -> None:
    with pytest.raises(ValueError, match="none is held"):
        Report((), {(CSV, CODE): 5})


@pytest.mark.parametrize(
    ("rules", "severity", "errors", "warnings"),
    [
        ([], None, 4701, 3),
        (["projects.*"], None, 4700, 3),
        (["*.twin", "hash"], None, 1, 3),
        ([CODE], None, 4700, 0),
        ([], "error", 4701, 0),
        ([], "warning", 0, 3),
        (["projects.*"], "warning", 0, 3),
        (["nothing"], None, 0, 0),
    ],
)
def test_only_some_rules_and_severities_keep_their_true_totals(
    rules: list[str], severity: Literal["error", "warning"] | None, errors: int, warnings: int
) -> None:
    part = MORE.only(rules, severity)
    assert (part.error_count, part.warning_count) == (errors, warnings)
    assert [problem for problem in MORE.problems if problem in part.problems] == list(part.problems)
    assert part.expected == MORE.expected


def test_what_is_not_read_stays_whatever_is_asked_for() -> None:
    unread = Problem(path=CSV, table="projects", code="missing-column", message="'kind' is missing")
    absent = Problem(code="not-in-package", message="there is no file of actors", severity="warning")
    report = Report.of([unread, absent, HASH])
    assert report.only(["projects.*"]).problems == (absent, unread)
    assert report.only([], "warning").problems == (absent, unread)
    assert report.only(["projects.*"], unread={"hash"}).problems == (absent, HASH)


@pytest.mark.parametrize("places", [1, 2, 30, 5000])
def test_the_first_places_of_each_rule_are_kept_and_all_are_counted(places: int) -> None:
    part = MORE.first(places)
    assert (part.error_count, part.warning_count) == (MORE.error_count, MORE.warning_count)
    assert [problem for problem in MORE.problems if problem in part.problems] == list(part.problems)
    assert max(len(group.problems) for group in part.groups) == min(places, 30)
    assert [group.code for group in part.groups] == [group.code for group in MORE.groups]


@pytest.mark.parametrize(
    ("folder", "path"),
    [("package", "package/data/a.csv"), (".", "data/a.csv"), ("..", "{above}/data/a.csv"), ("", "data/a.csv")],
)
def test_programs_are_given_paths_from_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, path: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    problem = Problem(path="data/a.csv", code="hash", message="differs")
    report = Report((problem, Problem(code="x", message="y")), {("data/a.csv", "hash"): 7}, folder=folder).from_here()
    expected = path.format(above=tmp_path.as_posix())
    assert [each.path for each in report.problems] == [expected, ""]
    assert report.totals == {(expected, "hash"): 7}
    assert report.from_here() == report


def test_json_holds_every_problem_and_the_true_totals() -> None:
    content = json.loads(as_json(MORE))
    assert (content["valid"], content["errors"], content["warnings"]) == (False, 4701, 3)
    assert content["problems"] == [problem.to_dict() for problem in MORE.problems]
    assert content["totals"] == [
        {"path": CSV, "code": CODE, "found": 4700, "held": 30},
        {"path": CSV, "code": "projects.name.twin", "found": 3, "held": 1},
        {"path": "data/a.csv", "code": "hash", "found": 1, "held": 1},
    ]
    assert json.loads(as_json(Report())) == {"valid": True, "errors": 0, "warnings": 0, "problems": [], "totals": []}


def test_json_keeps_a_value_as_it_is_and_clips_a_very_long_one() -> None:
    values = ["a\u202eb", "n" * 1_000_000]
    report = Report.of(Problem(code="c", message="m", row=row, value=value) for row, value in enumerate(values, 1))
    text = as_json(report)
    assert text.isascii()
    assert len(text) < 4000
    first, second = json.loads(text)["problems"]
    assert first["value"] == "a\u202eb"
    assert second["value"].endswith("nnn... (1,000,000 characters)")
