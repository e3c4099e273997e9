"""Passages: how they are written, and how they are found in the text of a source.

A passage is written `first words … last words`, three to eight each, or as its three to eight words
alone. It is compared by folded words: NFKC, case folded, punctuation and white space dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from ceechina.curate.texts import fold
from ceechina.model.values import MOST_WORDS

FEWEST_WORDS = 3
ELLIPSIS = " … "


@dataclass(frozen=True)
class Quote:
    """A passage as a record file writes it; `last_words` is empty where the whole is written."""

    source_id: str
    first_words: str
    last_words: str = ""

    def __str__(self) -> str:
        return f"{self.first_words}{ELLIPSIS}{self.last_words}" if self.last_words else self.first_words


def parse_quote(source_id: str, text: str) -> Quote:
    """A passage as written; raise ValueError saying what is wrong with its form."""
    first, separator, last = text.partition(ELLIPSIS)
    if ELLIPSIS in last or "..." in text or ("…" in text and not separator):
        raise ValueError("a passage is `first words … last words`, with one ` … ` between spaces")
    for words in (first, last) if separator else (first,):
        if not FEWEST_WORDS <= len(fold(words)) <= MOST_WORDS:
            count = len(fold(words))
            raise ValueError(f"{words!r} has {count} words; write {FEWEST_WORDS} to {MOST_WORDS} on each side")
    return Quote(source_id, first.strip(), last.strip())


def find(quote: Quote, words: list[str]) -> tuple[int, int]:
    """Where a passage stands among the folded words of its source.

    Returns:
        Offset and length in words.

    Raises:
        ValueError: It is not there, or its first words stand in more than one place.
    """
    first, last = fold(quote.first_words), fold(quote.last_words)
    starts = _occurrences(first, words, 0)
    if not starts:
        raise ValueError(f"the first words {quote.first_words!r} are not in the text{_near(first, words)}")
    if len(starts) > 1:
        raise ValueError(f"the first words {quote.first_words!r} stand in {len(starts)} places; write more of them")
    offset = starts[0]
    if not last:
        return offset, len(first)
    ends = _occurrences(last, words, offset + len(first))
    if not ends:
        raise ValueError(f"the last words {quote.last_words!r} do not follow the first ones{_near(last, words)}")
    if ends[0] == offset + len(first) and len(first) + len(last) > MOST_WORDS:
        raise ValueError(f"nothing is left out between the two sides; write fewer than {MOST_WORDS + 1} words in all")
    return offset, ends[0] + len(last) - offset


def _occurrences(needle: list[str], words: list[str], begin: int) -> list[int]:
    size = len(needle)
    return [i for i in range(begin, len(words) - size + 1) if words[i] == needle[0] and words[i : i + size] == needle]


def _near(needle: list[str], words: list[str]) -> str:
    """Where the words begin to differ from the nearest place in the text, for the message."""
    for size in range(len(needle) - 1, 1, -1):
        found = _occurrences(needle[:size], words, 0)
        if found:
            there = " ".join(words[found[0] : found[0] + len(needle)])
            return f"; it has {there!r}"
    return ""
