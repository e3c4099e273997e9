"""Coverage: every word of a source is cited, left out with a reason, or told to be neither."""

from __future__ import annotations

from ceechina.curate.coverage import Coverage, Span, measure
from ceechina.curate.texts import fold, paragraphs

TEXT = "One two three four.\n\nFive six seven.\nEight nine ten eleven.\n"


def account(spans: list[Span]) -> Coverage:
    return measure("s", len(fold(TEXT)), paragraphs("s", TEXT), spans)


def test_words_are_cited_left_out_or_neither() -> None:
    found = account([Span(0, 3), Span(2, 4, "opinion"), Span(9, 11, "forecast")])
    assert (found.words, found.cited, dict(found.left_out)) == (11, 3, {"opinion": 1, "forecast": 2})
    assert found.neither == [Span(4, 9)]


def test_a_paragraph_nobody_accounts_for_is_named_by_its_line() -> None:
    found = account([Span(0, 1), Span(10, 11, "opinion")])
    assert found.unaccounted == []
    assert [part.line for part in account([Span(0, 1)]).unaccounted] == [3]
