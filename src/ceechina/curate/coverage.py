"""Coverage: what of a source's text is cited by claims, left out with a reason, or neither.

Shares count folded words; where a claim and an exclusion overlap, the words count as cited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ceechina.curate.lockfile import Lock
from ceechina.curate.records import Records
from ceechina.curate.texts import Paragraph


@dataclass(frozen=True)
class Span:
    """Words from `start` up to, not including, `end`; `reason` where they are left out."""

    start: int
    end: int
    reason: str = ""


@dataclass
class Coverage:
    """How a source's words and paragraphs are accounted for; `neither` are the runs of words that are not."""

    source_id: str
    words: int
    cited: int
    left_out: dict[str, int] = field(default_factory=dict)
    paragraphs: int = 0
    unaccounted: list[Paragraph] = field(default_factory=list)
    neither: list[Span] = field(default_factory=list)

    def share(self, words: int) -> str:
        """Words as a share of the whole, in percent."""
        return f"{words / self.words:.1%}" if self.words else "0.0%"

    def __str__(self) -> str:
        open_words = sum(span.end - span.start for span in self.neither)
        head = (
            f"{self.source_id}: {self.words:,} words, {self.share(self.cited)} cited, "
            f"{self.share(sum(self.left_out.values()))} left out, {self.share(open_words)} neither; "
            f"{self.paragraphs - len(self.unaccounted)} of {self.paragraphs} paragraphs accounted for"
        )
        lines = [head]
        lines += [f"    left out: {reason} {self.share(words)}" for reason, words in self.left_out.items()]
        lines += [f"    neither cited nor left out: the paragraph at line {part.line}" for part in self.unaccounted]
        return "\n".join(lines)


def measure(source_id: str, words: int, parts: Sequence[Paragraph], spans: Sequence[Span]) -> Coverage:
    """Account for a source's text.

    Args:
        source_id: The source.
        words: How many folded words it has.
        parts: Its paragraphs.
        spans: Passages of claims (without reason) and of exclusions (with one).
    """
    state: list[str | None] = [None] * words
    for span in sorted(spans, key=lambda span: not span.reason):
        # exclusions first, so that claims overwrite them
        state[span.start : span.end] = [span.reason] * (span.end - span.start)
    return Coverage(
        source_id=source_id,
        words=words,
        cited=state.count(""),
        left_out=dict(Counter(reason for reason in state if reason).most_common()),
        paragraphs=len(parts),
        unaccounted=[part for part in parts if set(_words(state, part)) == {None}],
        neither=_gaps(state),
    )


def measure_all(found: Records, lock: Lock) -> list[Coverage]:
    """Coverage of every locked source, by the records as they are."""
    cited = {claim.quote for record in found.records for claim in record.claims}
    reasons = {left.quote: left.reason for left in found.left_out}
    spans: dict[str, list[Span]] = {source: [] for source in lock.texts}
    for quote, row in lock.passages.items():
        end = row.word_offset + row.word_count
        if quote in cited:
            spans[quote.source_id].append(Span(row.word_offset, end))
        if quote in reasons:
            spans[quote.source_id].append(Span(row.word_offset, end, reasons[quote]))
    return [
        measure(source, text.word_count, lock.paragraphs.get(source, ()), spans[source])
        for source, text in sorted(lock.texts.items())
    ]


def _words(state: list[str | None], part: Paragraph) -> list[str | None]:
    return state[part.word_offset : part.word_offset + part.word_count]


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
