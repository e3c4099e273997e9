"""The form of a cell is to an engine what it is to Python, and so to frictionless."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceechina.model.columns import Scalar
from ceechina.model.values import SCALARS
from ceechina.validate.sql import form_sql

# every space, and what is none; a cell has no NUL, which files are told of
SPACES = "".join(chr(code) for code in range(1, 0x10000) if chr(code).isspace())
PIECES = st.sampled_from(["https://", "http:/", "a", "/", ".", "?", "\u200b", "\ufeff", "é", "中", *SPACES])
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def forms(connection: duckdb.DuckDBPyConnection, scalar: Scalar, texts: list[str]) -> list[bool]:
    query = f"SELECT {form_sql('cell', scalar.pattern)} <> '' FROM (SELECT unnest(?::VARCHAR[]) AS cell)"
    return [has for (has,) in connection.execute(query, [texts]).fetchall()]


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda scalar: scalar.name)
def test_examples_have_the_form_that_python_says(connection: duckdb.DuckDBPyConnection, scalar: Scalar) -> None:
    texts = [text for text in (*scalar.good, *scalar.bad) if "\0" not in text]
    assert forms(connection, scalar, texts) == [scalar.has_form(text) for text in texts]


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda scalar: scalar.name)
@settings(max_examples=20)
@given(texts=st.lists(TEXTS, min_size=20, max_size=20))
def test_texts_have_the_form_that_python_says(
    connection: duckdb.DuckDBPyConnection, scalar: Scalar, texts: list[str]
) -> None:
    assert forms(connection, scalar, texts) == [scalar.has_form(text) for text in texts]
