"""Texts: folded to words, hashed, parted into paragraphs."""

from __future__ import annotations

from ceechina.curate.texts import digest, fold, paragraphs

TEXT = "One two three four.\n\nFive six seven.\nEight nine ten eleven.\n"


def test_paragraphs_are_parted_by_blank_lines_and_short_last_lines() -> None:
    first, second = (
        "A long line that the page has broken in the\nmiddle ends here.",
        "A new one begins on the line\nand ends.",
    )
    wrapped = f"{first}\n{second}"
    assert [(part.line, part.word_offset, part.word_count) for part in paragraphs("s", wrapped)] == [
        (1, 0, 13),
        (3, 13, 9),
    ]


def test_a_text_of_long_lines_has_one_paragraph_a_line() -> None:
    text = "\n".join(["word " * 60] * 3)
    assert [part.line for part in paragraphs("s", text)] == [1, 2, 3]


def test_paragraphs_hold_every_word_once() -> None:
    parts = paragraphs("s", TEXT)
    assert [part.word_offset for part in parts] == [0, 4]
    assert sum(part.word_count for part in parts) == len(fold(TEXT))


def test_the_hash_is_of_the_folded_words() -> None:
    assert digest(fold("Niš  COSTS “more”")) == digest(["niš", "costs", "more"])
