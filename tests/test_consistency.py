"""Rules that follow from what a column is: here how words are counted, and rows that name each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ceechina.curate.texts import fold
from ceechina.model.records import model
from ceechina.model.values import MOST_WORDS
from ceechina.quoting import literal
from ceechina.validate.checks import query, rules_of
from ceechina.validate.duck import Duck
from ceechina.validate.rules import Rule
from ceechina.validate.sql import ROW

TABLES = model()
WORDS = [
    "one two three four five six seven eight",
    "one two three four five six seven eight nine",
    "one two three four five six seven eight.",
    "’one’ – two, three (four) five + six = seven; eight —",
    "the U.S.-led talks of 17+1 in Đà Nẵng",
    "one-two-three-four-five-six-seven-eight-nine",
    "Želimo čvrsto prijateljstvo sa Kinom i svim zemljama regiona",
    "Китай и страны Центральной и Восточной Европы: итоги встречи",
    "中国 和 中东欧 国家 一 二 三 四 五",
    "Hungary signed 1.5 billion",
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Duck]:
    with Duck.started() as engine:
        yield engine


def rule(rule_id: str) -> Rule:
    table = rule_id.partition(".")[0]
    return next(rule for rule in rules_of(TABLES[table], TABLES) if rule.rule_id == rule_id)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("column", ["first_words", "last_words"])
def test_words_of_a_passage_are_counted_as_they_are_compared(engine: Duck, column: str, words: str) -> None:
    short = rule(f"passages.{column}.short").sql
    assert engine.ask(f"SELECT {short} FROM (SELECT {literal(words)} AS {column})") == [
        (len(fold(words)) > MOST_WORDS,)
    ]


PARENTS = [
    ({"a": "b", "b": "a"}, {"a", "b"}),
    ({"a": "b", "b": None}, set()),
    ({"a": "b", "b": "c", "c": None}, set()),
    # told by another rule
    ({"a": "a"}, set()),
    ({"a": "b", "b": "a", "c": "a"}, {"a", "b"}),
]


@pytest.mark.parametrize("name", ["actors.parent_actor_id", "projects.parent_project_id"])
@pytest.mark.parametrize(("parents", "broken"), PARENTS)
def test_two_rows_that_name_each_other_are_both_told(
    engine: Duck, name: str, parents: dict[str, str | None], broken: set[str]
) -> None:
    table, column = name.split(".")
    rows = ", ".join(
        f"({n}, {literal(key)}, {literal(parent) if parent else 'NULL'})"
        for n, (key, parent) in enumerate(parents.items())
    )
    engine.ask(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM (VALUES {rows}) AS t({ROW}, {table[:-1]}_id, {column})"
    )
    found = engine.ask(query(TABLES[table], rule(f"{name}.mutual")))
    assert {key for _, key, *_ in found} == broken
