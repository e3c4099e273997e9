"""The lock: where every passage stands in its text, so that a build needs no text and a check proves it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ceechina.curate.csv_rows import read_rows, render_rows
from ceechina.curate.passages import Quote, find
from ceechina.curate.texts import Paragraph, digest, fold, paragraphs
from ceechina.curate.yaml_tree import Place
from ceechina.errors import Problem

PASSAGES = "passages.csv"
TEXTS = "texts.csv"
PARAGRAPHS = "paragraphs.csv"

REMEDY = "run `ceechina lock --sources DIR` with the folder of the sources' texts"


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
    """What the lock files say: passages by quote, texts and their paragraphs by source."""

    passages: dict[Quote, Locked] = field(default_factory=dict)
    texts: dict[str, LockedText] = field(default_factory=dict)
    paragraphs: dict[str, tuple[Paragraph, ...]] = field(default_factory=dict)

    def of(self, sources: Collection[str]) -> Lock:
        """The part that is of some sources."""
        return Lock(
            {quote: row for quote, row in self.passages.items() if quote.source_id in sources},
            {source: text for source, text in self.texts.items() if source in sources},
            {source: parts for source, parts in self.paragraphs.items() if source in sources},
        )


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
    words, found, problems = _lock_texts(sources, folder, known)
    taken: dict[str, Quote] = {}
    for quote, place in quotes.items():
        if quote.source_id not in words:
            if quote in known.passages:
                found.passages[quote] = known.passages[quote]
            # a source that nobody knows is told where it is named
            elif quote.source_id in sources:
                told = f"this passage of {quote.source_id} is not locked, and its text is not at hand"
                problems.append(place.problem("not-locked", told, value=str(quote), hint=REMEDY))
            continue
        try:
            locked = _locked(quote, words[quote.source_id])
        except ValueError as error:
            problems.append(place.problem("passage-not-found", f"{quote.source_id}: {error}", value=str(quote)))
            continue
        other = taken.setdefault(locked.passage_id, quote)
        if other is quote:
            found.passages[quote] = locked
            continue
        told = f"the same passage is also written {str(other)!r}"
        hint = "write it alike in both places"
        problems.append(place.problem("passage-written-twice", told, value=str(quote), hint=hint))
    return found, problems


def _lock_texts(
    sources: Mapping[str, Place], folder: Path, known: Lock
) -> tuple[dict[str, list[str]], Lock, list[Problem]]:
    """Folded words of the texts at hand, a lock of the texts alone, and a problem for each that is missing."""
    words: dict[str, list[str]] = {}
    found = Lock()
    problems = []
    for source, place in sources.items():
        path = folder / f"{source}.txt"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            code = _unread(error)
            told = f"{path.name} in {folder.name} cannot be read: {error}"
            hint = "put a copy of the source there, in UTF-8, or point --sources elsewhere"
            problems.append(place.problem(code, told, hint=hint))
            if source in known.texts:
                found.texts[source] = known.texts[source]
                found.paragraphs[source] = known.paragraphs.get(source, ())
            continue
        words[source] = fold(text)
        found.texts[source] = LockedText(source, len(words[source]), digest(words[source]))
        found.paragraphs[source] = tuple(paragraphs(source, text))
    return words, found, problems


def _unread(error: Exception) -> str:
    """The code of the problem that a text cannot be read."""
    match error:
        case FileNotFoundError():
            return "text-missing"
        case UnicodeDecodeError():
            return "not-utf-8"
    return "text-unreadable"


def _locked(quote: Quote, words: list[str]) -> Locked:
    offset, count = find(quote, words)
    sha = digest(words[offset : offset + count])
    return Locked(
        f"{quote.source_id}-{sha[:8]}", quote.source_id, quote.first_words, quote.last_words, offset, count, sha
    )


def read_lock(records: Path) -> Lock:
    """The lock files of a records folder; empty where there are none yet."""
    parts: dict[str, list[Paragraph]] = {}
    for part in read_rows(records, PARAGRAPHS, Paragraph, REMEDY):
        parts.setdefault(part.source_id, []).append(part)
    return Lock(
        {row.quote: row for row in read_rows(records, PASSAGES, Locked, REMEDY)},
        {row.source_id: row for row in read_rows(records, TEXTS, LockedText, REMEDY)},
        {source: tuple(rows) for source, rows in parts.items()},
    )


def render_lock(lock: Lock) -> dict[str, str]:
    """The lock files' contents by name, rows in the order of the texts."""
    passages = sorted(lock.passages.values(), key=lambda row: (row.source_id, row.word_offset, row.word_count))
    texts = [text for _, text in sorted(lock.texts.items())]
    parts = [part for _, parts in sorted(lock.paragraphs.items()) for part in parts]
    return {
        PASSAGES: render_rows(Locked, passages),
        TEXTS: render_rows(LockedText, texts),
        PARAGRAPHS: render_rows(Paragraph, parts),
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
    lines += [f"{source}: locked but no longer a source" for source in old.texts if source not in new.texts]
    lines += [
        f"{source}: the text has other paragraphs than the locked ones"
        for source in sorted(new.paragraphs.keys() & old.texts.keys())
        if new.paragraphs[source] != old.paragraphs.get(source)
    ]
    return lines
