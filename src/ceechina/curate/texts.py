"""Texts of sources: the words they are compared by, and their paragraphs."""

from __future__ import annotations

import hashlib
import re
import statistics
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")

# a text wrapped by its layout has lines about this short; one line a paragraph otherwise
WRAPPED_LINE = 110
# a wrapped line this much shorter than its block's longest, and ending a sentence, ends a paragraph
SHORT_LINE = 0.85
SENTENCE_END = tuple(".!?:”\"')0123456789")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a source: its first line in the file, counted from one, and where its words stand."""

    source_id: str
    line: int
    word_offset: int
    word_count: int


def fold(text: str) -> list[str]:
    """The words of a text as they are compared: NFKC, case folded, punctuation and white space dropped."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def digest(words: Iterable[str]) -> str:
    """SHA-256 of folded words joined with single spaces, in UTF-8."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def paragraphs(source_id: str, text: str) -> list[Paragraph]:
    """Paragraphs of a text; blank lines part them, and in wrapped text short last lines do too."""
    lines = text.splitlines()
    filled = [len(line) for line in lines if line.strip()]
    wrapped = bool(filled) and statistics.median(filled) < WRAPPED_LINE
    found: list[Paragraph] = []
    block: list[str] = []
    offset = 0

    def close(last: int) -> None:
        nonlocal offset
        words = len(fold("\n".join(block)))
        if words:
            found.append(Paragraph(source_id, last - len(block) + 1, offset, words))
        offset += words
        block.clear()

    widest = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            close(number - 1)
            widest = 0
            continue
        block.append(line)
        widest = max(widest, len(line))
        ends = line.rstrip().endswith(SENTENCE_END) and len(line) < SHORT_LINE * widest
        if not wrapped or ends:
            close(number)
    close(len(lines))
    return found
