"""YAML read as text with places: nothing guessed, nothing lost, nothing followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceechina.curate.yaml_tree import Leaf, Mapping, Node, Sequence, parse
from ceechina.errors import Problem


def read(tmp_path: Path, text: str | bytes) -> tuple[Node | None, list[Problem]]:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return parse(path, "records/file.yaml")


@pytest.mark.parametrize("text", ["2016", "2016-04", "2016-04-18", "NO", "true", "null", "~", "1_000", "0x1F", "12:30"])
def test_text_stays_as_written(tmp_path: Path, text: str) -> None:
    tree, problems = read(tmp_path, f"date: {text}\n")
    assert isinstance(tree, Mapping)
    assert isinstance(tree.entries["date"], Leaf)
    assert tree.entries["date"].text == text
    assert problems == []


def test_every_node_knows_its_place(tmp_path: Path) -> None:
    tree, _ = read(tmp_path, "a: x\nlist:\n  - one\n  - {b: y}\n")
    assert isinstance(tree, Mapping)
    listed = tree.entries["list"]
    assert isinstance(listed, Sequence)
    inner = listed.items[1]
    assert isinstance(inner, Mapping)
    assert (inner.keys["b"].line, inner.keys["b"].column) == (4, 6)
    assert str(inner.entries["b"].place) == "records/file.yaml:4"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("a: &x 1\nb: *x\n", "anchor", 1, 4),
        ("a: *x\n", "anchor", 1, 4),
        ("a: !!python/name:os.system x\n", "tag", 1, 4),
        ("a: !!str 1\n", "tag", 1, 4),
        ("a: [1, 2\n", "not-yaml", 2, 1),
        ("a: 1\n---\nb: 2\n", "second-document", 2, 1),
        ("? [1]\n: x\n", "key-not-text", 1, 3),
        ("\ta: 1\n", "not-yaml", 1, 1),
        ("", "empty-file", 1, 1),
        ("# only a comment\n", "empty-file", 1, 1),
    ],
)
def test_what_is_refused_is_told_with_its_place(tmp_path: Path, text: str, code: str, line: int, column: int) -> None:
    _, problems = read(tmp_path, text)
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [(code, line, column)]


@pytest.mark.parametrize("content", [b"a: \xff\n", b"\xfe\xff\x00a"])
def test_other_encodings_are_refused(tmp_path: Path, content: bytes) -> None:
    tree, problems = read(tmp_path, content)
    assert tree is None
    assert [problem.code for problem in problems] == ["not-utf-8"]


def test_control_characters_are_a_problem_not_a_crash(tmp_path: Path) -> None:
    tree, problems = read(tmp_path, "a: \x00\n")
    assert tree is None
    assert [problem.code for problem in problems] == ["not-yaml"]
