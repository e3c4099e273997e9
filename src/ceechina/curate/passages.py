"""Passages: found in the text of a source, hashed, and locked so that a build needs no text.

A passage is written `first words … last words`, three to eight each, or as its three to eight words
alone. It is compared by folded words: NFKC, case folded, punctuation and white space dropped.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ceechina.curate.yaml_tree import Place
from ceechina.errors import Problem

MOST_WORDS = 8
FEWEST_WORDS = 3
ELLIPSIS = " … "
PASSAGES = "passages.csv"
TEXTS = "texts.csv"

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Quote:
    """A passage as a record file writes it; `last_words` is empty where the whole is written."""

    source_id: str
    first_words: str
    last_words: str = ""

    def __str__(self) -> str:
        return f"{self.first_words}{ELLIPSIS}{self.last_words}" if self.last_words else self.first_words


@dataclass(frozen=True)
class Locked:
    """A passage as the lock file keeps it: where it stands and the hash of its folded words."""

    passage_id: str
    source_id: str
    first_words: str
    last_words: str
    word_offset: int
    word_count: int
    sha256: str

    @property
    def quote(self) -> Quote:
        """The passage as record files write it."""
        return Quote(self.source_id, self.first_words, self.last_words)


@dataclass(frozen=True)
class LockedText:
    """A source's whole text as the lock file keeps it."""

    source_id: str
    word_count: int
    text_sha256: str


@dataclass(frozen=True)
class Lock:
    """What the lock files say: passages by quote, texts by source."""

    passages: dict[Quote, Locked]
    texts: dict[str, LockedText]


def fold(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def digest(words: Iterable[str]) -> str:
    """SHA-256 of folded words joined with single spaces, in UTF-8."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


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


def lock(
    quotes: Mapping[Quote, Place], sources: Mapping[str, Place], folder: Path, known: Lock
) -> tuple[Lock, list[Problem]]:
    """Find and hash every passage.

    Args:
        quotes: Passages in use, each with the place that uses it first.
        sources: Sources by id, each with its place.
        folder: Folder of `<source_id>.txt`.
        known: The lock as it stands; kept for sources whose text is not in the folder.

    Returns:
        The new lock, and problems: texts missing, passages not found or written in two ways.
    """
    problems: list[Problem] = []
    found = Lock({}, {})
    words_of = {source: _text_words(folder, source) for source in sources}
    for source, place in sources.items():
        words = words_of[source]
        if words is not None:
            found.texts[source] = LockedText(source, len(words), digest(words))
            continue
        problems.append(
            place.problem(
                "text-missing",
                f"{source}.txt is not in {folder.name}",
                hint="put a copy of the source there, or point --sources elsewhere",
            )
        )
        if source in known.texts:
            found.texts[source] = known.texts[source]
    taken: dict[str, Quote] = {}
    for quote, place in quotes.items():
        words = words_of.get(quote.source_id)
        if words is None:
            if quote in known.passages:
                found.passages[quote] = known.passages[quote]
            continue
        try:
            locked = _locked(quote, words)
        except ValueError as error:
            problems.append(place.problem("passage-not-found", f"{quote.source_id}: {error}", value=str(quote)))
            continue
        other = taken.setdefault(locked.passage_id, quote)
        if other is not quote:
            problems.append(
                place.problem(
                    "passage-written-twice",
                    f"the same passage is also written {str(other)!r}",
                    value=str(quote),
                    hint="write it alike in both places",
                )
            )
            continue
        found.passages[quote] = locked
    return found, problems


def _locked(quote: Quote, words: list[str]) -> Locked:
    offset, count = find(quote, words)
    sha = digest(words[offset : offset + count])
    return Locked(
        f"{quote.source_id}-{sha[:8]}", quote.source_id, quote.first_words, quote.last_words, offset, count, sha
    )


def _text_words(folder: Path, source: str) -> list[str] | None:
    path = folder / f"{source}.txt"
    return fold(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_lock(records: Path) -> Lock:
    """The lock files of a records folder; empty where there are none yet."""
    passages = [
        Locked(**{**row, "word_offset": int(row["word_offset"]), "word_count": int(row["word_count"])})  # type: ignore[arg-type]
        for row in _read_csv(records / PASSAGES)
    ]
    texts = [
        LockedText(row["source_id"], int(row["word_count"]), row["text_sha256"]) for row in _read_csv(records / TEXTS)
    ]
    return Lock({row.quote: row for row in passages}, {row.source_id: row for row in texts})


def render_lock(lock: Lock) -> dict[str, str]:
    """The lock files' contents by name, rows in the order of the texts."""
    passages = sorted(lock.passages.values(), key=lambda row: (row.source_id, row.word_offset, row.word_count))
    texts = sorted(lock.texts.values(), key=lambda row: row.source_id)
    return {
        PASSAGES: _csv([field.name for field in fields(Locked)], [asdict(row) for row in passages]),
        TEXTS: _csv([field.name for field in fields(LockedText)], [asdict(row) for row in texts]),
    }


def compare(old: Lock, new: Lock) -> list[str]:
    """What differs between two locks, one line each; empty where they are the same."""
    lines = [
        f"{row.passage_id}: not locked yet: {quote}" for quote, row in new.passages.items() if quote not in old.passages
    ]
    lines += [
        f"{row.passage_id}: locked but no longer used: {quote}"
        for quote, row in old.passages.items()
        if quote not in new.passages
    ]
    lines += [
        f"{row.passage_id}: stands at word {row.word_offset} with {row.word_count} words, locked at "
        f"{old.passages[quote].word_offset} with {old.passages[quote].word_count}: {quote}"
        for quote, row in new.passages.items()
        if quote in old.passages and row != old.passages[quote]
    ]
    lines += [
        f"{source}: the text has {text.word_count} words or other words than the locked one"
        for source, text in new.texts.items()
        if text != old.texts.get(source)
    ]
    return lines


def _read_csv(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _csv(header: list[str], rows: list[dict[str, object]]) -> str:
    import io

    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
