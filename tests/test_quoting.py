"""SQL of ours: any name and any text stands in it as itself."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from ceechina.quoting import literal, quoted

# DuckDB ends a statement at a zero byte, and has no half of a surrogate pair
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
CONNECTION = duckdb.connect()


@given(name=TEXTS.filter(bool), text=TEXTS)
def test_names_and_texts_are_taken_as_they_are(name: str, text: str) -> None:
    found = CONNECTION.execute(f"SELECT {literal(text)} AS {quoted(name)}")
    columns = [column[0] for column in found.description]
    assert (columns, found.fetchall()) == ([name], [(text,)])
