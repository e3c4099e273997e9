"""Coverage: every word of a source is cited, left out with a reason, or told to be neither."""

from __future__ import annotations

from ceechina.curate.coverage import Span, measure, paragraphs
from ceechina.curate.passages import fold

TEXT = "One two three four.\n\nFive six seven.\nEight nine ten eleven.\n"


def test_paragraphs_are_parted_by_blank_lines_and_short_last_lines() -> None:
    first, second = (
        "A long line that the page has broken in the\nmiddle ends here.",
        "A new one begins on the line\nand ends.",
    )
    wrapped = f"{first}\n{second}"
    assert [(part.line, part.start, part.end) for part in paragraphs(wrapped)] == [(1, 0, 13), (3, 13, 22)]


def test_a_text_of_long_lines_has_one_paragraph_a_line() -> None:
    text = "\n".join(["word " * 60] * 3)
    assert [part.line for part in paragraphs(text)] == [1, 2, 3]


def test_paragraphs_hold_every_word_once() -> None:
    parts = paragraphs(TEXT)
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert parts[-1].end == len(fold(TEXT))


def test_words_are_cited_left_out_or_neither() -> None:
    found = measure("s", TEXT, [Span(0, 3), Span(2, 4, "opinion"), Span(9, 11, "forecast")])
    assert (found.words, found.cited, dict(found.left_out)) == (11, 3, {"opinion": 1, "forecast": 2})
    assert found.gaps == [Span(4, 9)]


def test_a_paragraph_nobody_accounts_for_is_named_by_its_line() -> None:
    found = measure("s", TEXT, [Span(0, 1), Span(10, 11, "opinion")])
    assert found.unaccounted == []
    assert [part.line for part in measure("s", TEXT, [Span(0, 1)]).unaccounted] == [3]
