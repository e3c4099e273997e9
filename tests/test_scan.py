"""A file's bytes read once: size, hash, and the line of what no text of ours has."""

from __future__ import annotations

import hashlib
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ceechina.validate import scan as scanning
from ceechina.validate.scan import CARRIAGE_RETURN, NUL, OURS, mark_of, may_have_blank_line, scan, unending

PARTS = st.sampled_from(
    [b"\0", b"\r\n", b"\n", b"a", "ł".encode(), "🜁".encode(), b"\xff", b"\xc5", b"\xed\xa0\x80", b"\xef\xbb\xbf"]
)


@given(st.lists(PARTS, max_size=20).map(b"".join), st.integers(1, 7))
@example(b"\n\xc5", 1)
@example("\nł".encode(), 2)
def test_what_is_found_is_what_the_whole_file_has(content: bytes, chunk: int) -> None:
    """Wherever pieces of it begin and end."""
    content = b"x" + content
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        found = scan(path, is_text=True, is_hashed=True)
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    for byte in (NUL, CARRIAGE_RETURN):
        assert found.counts.get(byte, 0) == content.count(byte)
        assert found.lines.get(byte, 0) == (content[: content.find(byte)].count(b"\n") + 1 if byte in content else 0)
    try:
        content.decode()
        line = 0
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    assert found.invalid == line


@given(st.lists(st.sampled_from([b"a", b'"', b"\n", b"\r\n"]), max_size=12).map(b"".join), st.integers(1, 9))
def test_a_line_with_nothing_is_seen_wherever_pieces_of_the_file_begin(content: bytes, chunk: int) -> None:
    """Within quotes too, of which it knows nothing."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        path = Path(folder) / "a.csv"
        path.write_bytes(b"a\n" + content)
        found = may_have_blank_line(path)
    assert found == any(line in (b"\n", b"\r\n") for line in content.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("codec", "mark"),
    [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-be", ""), ("utf-32", "UTF-32"), ("utf-8", "")],
)
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, codec: str, mark: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("project_id\n".encode(codec))
    found = scan(path, is_text=True, is_hashed=False)
    assert (mark_of(path), found.sha256) == (mark, "")
    if mark not in OURS:
        assert (found.counts, found.invalid) == ({}, 0)


def test_of_what_is_no_text_bytes_alone_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"\xff\xfe\0\r")
    found = scan(path, is_text=False, is_hashed=True)
    assert (found.size, found.counts, found.invalid) == (4, {}, 0)
    assert found.sha256 == hashlib.sha256(b"\xff\xfe\0\r").hexdigest()
    assert scan(path, is_text=False, is_hashed=False).size == 4


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("ł,\r\0".encode() * 2**22 + b"\xff")
    tracemalloc.start()
    scan(path, is_text=True, is_hashed=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20


def _records(content: bytes) -> dict[int, bytes]:
    """The records of a CSV file by the line they begin in, read letter by letter; the last may not end."""
    records, start, is_open = {}, 0, False
    for place, byte in enumerate(content):
        is_open ^= byte == ord('"')
        if byte == ord("\n") and not is_open:
            records[content[:start].count(b"\n") + 1] = content[start : place + 1]
            start = place + 1
    return records | {content[:start].count(b"\n") + 1: content[start:]}


@given(st.text('a"\n', max_size=120).map(str.encode), st.integers(1, 5), st.integers(1, 30))
def test_a_record_too_long_is_found_where_it_begins(content: bytes, chunk: int, line: int) -> None:
    """None that is allowed is told, and none passed over that goes on for lines after two pieces more."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        patch.setattr(scanning, "LINE", line)
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        found = unending(path)
    records = _records(content)
    assert not found or len(records[found]) > line
    long = [number for number, record in records.items() if b"\n" in record[line + 2 * chunk : -1]]
    assert bool(found) >= bool(long)
    assert not long or found <= long[0]


@pytest.mark.parametrize("letters", [b"word, and more\n", b'""\n', b"\n"])
@pytest.mark.parametrize("end", [b'"\n', b""])
def test_text_that_does_not_end_is_told_at_once(tmp_path: Path, letters: bytes, end: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,2\n3,"' + letters * (20 * 2**20 // len(letters)) + end + b"4,5\n" * 1000)
    assert unending(path) == 3
