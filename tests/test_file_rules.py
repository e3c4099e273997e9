"""What is asked of files: every problem the validator tells of one has its rule."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ceechina.model.records import model
from ceechina.validate.checks import every_rule
from ceechina.validate.file_rules import ABSENT, FILE_RULES, UNREAD
from ceechina.validate.sift import sift
from conftest import ROOT

IDS = [rule.rule_id for rule in FILE_RULES]
# Those that frictionless tells of a descriptor, and those of lines, whose codes are put together.
ELSEWHERE = {f"{part}-error" for part in ("package", "resource", "schema", "field", "dialect")}
LINES = {"csv-missing-columns", "csv-too-many-columns", "csv-unquoted-value", "csv-blank-line"}


def told() -> Iterator[str]:
    """The codes that the validator's modules write out."""
    names = {"ABSENT": ABSENT}
    for path in (ROOT / "src" / "ceechina" / "validate").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "code":
                if isinstance(node.value, ast.Constant):
                    yield str(node.value.value)
                elif isinstance(node.value, ast.Name) and node.value.id in names:
                    yield names[node.value.id]
            # codes that a table of several has
            elif isinstance(node, ast.Tuple) and len(node.elts) == 4:
                yield from (
                    str(each.value)
                    for each in node.elts
                    if isinstance(each, ast.Constant) and str(each.value).startswith("csv-")
                )


def test_every_code_that_is_told_is_a_rule_and_every_rule_is_told() -> None:
    assert set(told()) | ELSEWHERE | LINES == set(IDS)


def test_the_codes_of_lines_are_those_that_are_sifted_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1\n1,2,3\n\n"1"2,3\n', encoding="utf-8")
    assert {f"csv-{kind}" for kind in sift(path, ["a", "b"], 10, tmp_path / "copy.csv").counts} == LINES


def test_no_rule_has_two_entries_and_none_is_called_as_one_about_rows() -> None:
    assert set(Counter(rule.rule_id for rule in every_rule(model())).values()) == {1}
    assert set(IDS) > UNREAD


@pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.rule_id)
def test_each_says_what_is_expected_and_asks_no_table(rule: object) -> None:
    expected, sql, reads = (getattr(rule, name) for name in ("expected", "sql", "reads"))
    assert expected
    assert not expected.endswith(".")
    assert (sql, reads) == ("", ())
