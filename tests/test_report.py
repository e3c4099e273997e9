"""Reports: every kind of problem with its true number, and the same for programs."""

from __future__ import annotations

import json

from ceechina.errors import Problem
from ceechina.validate import report

MANY = [Problem(table="projects", row=row, code="projects.kind.code", message="bad") for row in range(1, 31)]
ONE = Problem(path="data/a.csv", code="hash", message="changed")


def test_text_shows_the_first_of_a_kind_and_counts_the_rest() -> None:
    text = report.as_text([*MANY, ONE], shown=3)
    assert text.splitlines() == [
        "projects, row 1: projects.kind.code: bad",
        "projects, row 2: projects.kind.code: bad",
        "projects, row 3: projects.kind.code: bad",
        "... and 27 more projects.kind.code",
        "data/a.csv: hash: changed",
        "31 problems found",
    ]


def test_nothing_wrong_is_said_too() -> None:
    assert report.as_text([]) == "no problems found"
    assert report.as_text([ONE]).endswith("1 problem found")


def test_json_holds_every_problem() -> None:
    content = json.loads(report.as_json([*MANY, ONE]))
    assert content["valid"] is False
    assert len(content["problems"]) == 31
    assert content["problems"][-1] == {"path": "data/a.csv", "code": "hash", "message": "changed", "severity": "error"}
    assert json.loads(report.as_json([])) == {"valid": True, "problems": []}
