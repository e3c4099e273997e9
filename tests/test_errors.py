"""Problems print with their place, and exceptions are caught by the builtin one would expect."""

from __future__ import annotations

from typing import Any

import pytest

from ceechina import errors
from ceechina.errors import Problem, ProblemsError, UnknownNameError, clipped, suggestion, visible


def test_problem_prints_file_line_column_and_hint() -> None:
    problem = Problem(path="records/a.yaml", line=3, column=5, code="unknown-key", message="no", hint="do that")
    assert str(problem) == "records/a.yaml:3:5: unknown-key: no\n    do that"


def test_problem_prints_table_key_field_and_row() -> None:
    problem = Problem(path="data/a.csv", table="projects", key="bridge", field="kind", row=7, code="x", message="no")
    assert str(problem) == "data/a.csv, projects/bridge/kind, row 7: x: no"


def test_problem_as_mapping_leaves_out_what_is_empty() -> None:
    assert Problem(code="x", message="m").to_dict() == {"code": "x", "message": "m", "severity": "error"}


def test_problems_are_all_told_in_the_order_of_their_places() -> None:
    late, early = (Problem(path="a", line=line, code="x", message=str(line)) for line in (9, 2))
    error = ProblemsError([late, early])
    assert [problem.line for problem in error.problems] == [2, 9]
    assert str(error) == "a:2: x: 2\na:9: x: 9"


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("ProblemsError", ValueError),
        ("UnknownNameError", LookupError),
        ("PackageError", OSError),
        ("RoomError", MemoryError),
        ("UnsupportedError", ValueError),
        ("TakenError", FileExistsError),
    ],
)
def test_exceptions_are_also_builtin_ones(name: str, builtin: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), errors.CeechinaError)
    assert issubclass(getattr(errors, name), builtin)


def test_unknown_name_names_the_nearest() -> None:
    error = UnknownNameError("table", "projcts", ["projects", "claims"])
    assert str(error) == "no table is called 'projcts'; did you mean 'projects'?"
    assert (error.what, error.name, error.known) == ("table", "projcts", ["projects", "claims"])


@pytest.mark.parametrize("name", [None, 3, ["projects"]])
def test_what_is_no_text_is_told_as_unknown_too(name: Any) -> None:
    assert str(UnknownNameError("policy", name, ["chosen"])) == f"no policy is called {name!r}; there is chosen"


@pytest.mark.parametrize(
    ("known", "said"),
    [([], "there is none"), (["b", "a"], "there is a, b"), ([f"n{i:02}" for i in range(14)], "and 2 more")],
)
def test_suggestion_lists_choices_where_none_is_near(known: list[str], said: str) -> None:
    assert said in suggestion("zzz", known)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Čačak, 北京, Ӂ", "Čačak, 北京, Ӂ"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("abc\u202egnp", r"abc\u202egnp"),
        ("nato\u200b", r"nato\u200b"),
        ("a\u00a0b", r"a\xa0b"),
        ("\u3164\ufe0f", r"\u3164\ufe0f"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_every_character_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_long_text_is_clipped_and_its_length_told() -> None:
    assert visible("n" * 10_000_000, 5) == "nnnnn... (10,000,000 characters)"
    assert clipped("n" * 5, 5) == "nnnnn"
    assert clipped("\n" * 7, 5) == "\n\n\n\n\n... (7 characters)"
