"""Coverage: what of a source's text is cited by claims, left out with a reason, or neither.

Shares count folded words; where a claim and an exclusion overlap, the words count as cited.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ceechina.curate.passages import fold

# a text wrapped by its layout has lines about this short; one line a paragraph otherwise
WRAPPED_LINE = 110
# a wrapped line this much shorter than its block's longest, and ending a sentence, ends a paragraph
SHORT_LINE = 0.85
SENTENCE_END = tuple(".!?:”\"')0123456789")


@dataclass(frozen=True)
class Span:
    """Words from `start` up to, not including, `end`; `reason` where they are left out."""

    start: int
    end: int
    reason: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its first line in the file, counted from one, and its words."""

    line: int
    start: int
    end: int


@dataclass
class Coverage:
    """How a source's words and paragraphs are accounted for."""

    source_id: str
    words: int
    cited: int
    left_out: Counter[str] = field(default_factory=Counter)
    paragraphs: int = 0
    unaccounted: list[Paragraph] = field(default_factory=list)
    gaps: list[Span] = field(default_factory=list)


def paragraphs(text: str) -> list[Paragraph]:
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
            found.append(Paragraph(last - len(block) + 1, offset, offset + words))
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


def measure(source_id: str, text: str, spans: Sequence[Span]) -> Coverage:
    """Account for a source's text.

    Args:
        source_id: The source.
        text: Its text.
        spans: Passages of claims (without reason) and of exclusions (with one).
    """
    state: list[str | None] = [None] * len(fold(text))
    for span in sorted(spans, key=lambda span: not span.reason):
        # exclusions first, so that claims overwrite them
        state[span.start : span.end] = [span.reason] * (span.end - span.start)
    parts = paragraphs(text)
    return Coverage(
        source_id=source_id,
        words=len(state),
        cited=state.count(""),
        left_out=Counter(reason for reason in state if reason),
        paragraphs=len(parts),
        unaccounted=[part for part in parts if all(word is None for word in state[part.start : part.end])],
        gaps=_gaps(state),
    )


def _gaps(state: Sequence[str | None]) -> list[Span]:
    """Runs of words accounted for neither way."""
    gaps, start = [], None
    for i, word in enumerate([*state, ""]):
        if word is None and start is None:
            start = i
        elif word is not None and start is not None:
            gaps.append(Span(start, i))
            start = None
    return gaps
