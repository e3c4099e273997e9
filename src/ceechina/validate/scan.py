"""The bytes of a file, read piece by piece: how many there are, their hash, and what no text of ours has."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Bytes read at once.
CHUNK = 2**17

# Byte order marks; that of UTF-16 opens the one of UTF-32.
BOMS = {
    codecs.BOM_UTF8: "UTF-8",
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# What the mark of a file of ours may tell: nothing, or what it is.
OURS = ("", "UTF-8")
NUL, CARRIAGE_RETURN = b"\0", b"\r"
# A line with nothing after another line: a pattern is several times faster to look for than bytes are.
BLANK_AFTER = re.compile(rb"\n\r?\n")
# Lines up to so many bytes are read, and records of many lines up to as many.
LINE = 2 * 2**20
# What comes before the end of a record, and that end; whether a quote is open is known where it begins.
RECORD_END = re.compile(rb'(?:[^"\n]++|"[^"]*+")*+\n')


@dataclass(frozen=True)
class Scan:
    """What the bytes of a file are.

    Attributes:
        size: How many there are.
        sha256: Their hash in hexadecimal digits; nothing where none was asked for.
        lines: Line of the first of `NUL` and `CARRIAGE_RETURN`, the first line being 1, where there are any.
        counts: How many of them there are.
        invalid: Line of the first byte that is no UTF-8, 0 where all is.
        endless: Line of the first that is longer than `LINE` bytes, 0 where none is.
    """

    size: int
    sha256: str
    lines: Mapping[bytes, int]
    counts: Mapping[bytes, int]
    invalid: int
    endless: int = 0


def mark_of(path: Path) -> str:
    """The encoding that a byte order mark at the start of a file tells, nothing without one."""
    with path.open("rb", buffering=0) as file:
        head = file.read(max(map(len, BOMS)))
    return next((name for bom, name in BOMS.items() if head.startswith(bom)), "")


def unending(path: Path) -> int:
    """Line of the first record of a CSV file that is longer than `LINE` bytes for its quotes, 0 where none is.

    A quote that is not closed makes one of the rest of a file, and engines take minutes over it. Quotes are counted, as
    two within a cell leave it open: a quote in a cell that does not begin with one is taken for one that opens it.
    """
    if path.stat().st_size <= LINE:
        return 0
    start, is_open, ended = 0, False, _Ended(0, b"", 0)
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            quote = chunk.find(b'"')
            # where a quote is open, a record ends after the next at the earliest
            first = None if is_open and quote < 0 else RECORD_END.match(chunk, quote + 1 if is_open else 0)
            if first:
                ended = _Ended(start, chunk, first.end())
            elif start - ended.start > LINE and b"\n" in chunk:
                return _line(path, ended.last)
            is_open ^= chunk.count(b'"') % 2 == 1
            start += len(chunk)
    return 0


def may_have_blank_line(path: Path) -> bool:
    """Whether a line has nothing, be it a line within quotes."""
    piece = b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            piece = piece[-2:] + chunk
            if BLANK_AFTER.search(piece):
                return True
    return False


@dataclass(frozen=True)
class _Ended:
    """A piece of a file in which records end: where it starts, and where in it the first of them ends."""

    start: int
    chunk: bytes
    first: int

    @property
    def last(self) -> int:
        """Offset of the end of the last of them."""
        end = self.first
        while found := RECORD_END.match(self.chunk, end):
            end = found.end()
        return self.start + end


def scan(path: Path, *, is_text: bool, is_hashed: bool) -> Scan:
    """Read a file once, a piece at a time; raise OSError where it cannot be.

    Args:
        path: The file.
        is_text: Whether to look for what text in UTF-8 has not.
        is_hashed: Whether to compute the hash.
    """
    if not is_text and not is_hashed:
        return Scan(path.stat().st_size, "", {}, {}, 0)
    digest, text, size = hashlib.sha256(), _Text(), 0
    is_ours = is_text and mark_of(path) in OURS
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            if is_hashed:
                digest.update(chunk)
            if is_ours:
                text.read(chunk, size)
            size += len(chunk)
    text.end()
    firsts = {byte: _line(path, offset) for byte, offset in text.firsts.items()}
    invalid = _line(path, text.invalid) if text.invalid >= 0 else 0
    endless = _line(path, text.endless) if text.endless >= 0 else 0
    return Scan(size, digest.hexdigest() if is_hashed else "", firsts, text.counts, invalid, endless)


class _Text:
    """Where bytes that no text of ours has were first met, as offsets."""

    def __init__(self) -> None:
        self.firsts: dict[bytes, int] = {}
        self.counts: dict[bytes, int] = {}
        self.invalid = -1
        self.endless = -1
        self._line_start = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._size = 0

    def read(self, chunk: bytes, start: int) -> None:
        for byte in (NUL, CARRIAGE_RETURN):
            # to find none is several times faster than to count none
            if byte in chunk:
                self.firsts.setdefault(byte, start + chunk.index(byte))
                self.counts[byte] = self.counts.get(byte, 0) + chunk.count(byte)
        self._size = start + len(chunk)
        self._measure(chunk, start)
        # letters of ASCII need no decoding, but where they cut another short
        if self.invalid < 0 and (self._pending or not chunk.isascii()):
            self._decode(chunk)

    def _measure(self, chunk: bytes, start: int) -> None:
        """Look for a line longer than `LINE`: one within a chunk is not, as chunks are shorter."""
        # old files of a Mac end lines so
        end = b"\n" if b"\n" in chunk else CARRIAGE_RETURN
        first = chunk.find(end)
        reached = start + (first if first >= 0 else len(chunk))
        if self.endless < 0 and reached - self._line_start > LINE:
            self.endless = self._line_start
        if first >= 0:
            self._line_start = start + chunk.rfind(end) + 1

    def end(self) -> None:
        if self.invalid < 0:
            self._decode(b"", final=True)

    @property
    def _pending(self) -> bytes:
        return self._decoder.getstate()[0]

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        start = self._size - len(chunk) - len(self._pending)
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.invalid = start + error.start


def _line(path: Path, offset: int) -> int:
    """The line a byte is in: only a file with a problem is read for it again."""
    line = 1
    with path.open("rb", buffering=0) as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            line += chunk.count(b"\n")
            offset -= len(chunk)
    return line
