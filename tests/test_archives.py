"""Archives are unpacked whole or refused: nothing is written beside them, and no more read than they may hold."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceechina.archives import DESCRIPTOR, MEMBERS, Limits, is_archive, unpacked
from ceechina.errors import PackageError

PACKAGE = {DESCRIPTOR: b'{"resources": []}', "data/projects.csv": b"project_id\na\n"}


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: Mapping[str, bytes], *others: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for other in others:
            archive.addfile(other)
    return path


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder archives are unpacked in; beside it lies nothing but the archive."""
    folder = tmp_path / "outer" / "temporary"
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refused(path: Path, match: str) -> None:
    """That an archive is refused and leaves nothing behind."""
    root = path.parent
    before = read(root)
    with pytest.raises(PackageError, match=match) as error, unpacked(path):
        pass
    assert str(path) in str(error.value)
    assert read(root) == before


MAKERS = {"a.zip": zipped, "A.ZIP": zipped, "a.tar.gz": tarred, "a.tgz": tarred}


@pytest.mark.parametrize("prefix", ["", "ceechina-1.0.0/", "./"])
@pytest.mark.parametrize("name", MAKERS)
def test_a_package_is_there_for_a_while(tmp_path: Path, temporary: Path, name: str, prefix: str) -> None:
    path = MAKERS[name](tmp_path / name, {prefix + member: content for member, content in PACKAGE.items()})
    assert is_archive(path)
    with unpacked(path) as folder:
        assert read(folder) == PACKAGE
        assert folder.is_relative_to(temporary)
    assert not list(temporary.iterdir())


def test_the_folder_goes_when_the_block_fails(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(KeyboardInterrupt), unpacked(zipped(tmp_path / "a.zip", PACKAGE)):
        raise KeyboardInterrupt
    assert not list(temporary.iterdir())


NAMES = {
    "above": "../evil.csv",
    "above on the way": "data/../../evil.csv",
    "absolute": "/etc/evil.csv",
    "a drive": "C:/evil.csv",
    "backslashes": "..\\evil.csv",
    "an ending that Windows drops": "data/.. /evil.csv",
    "a stream of another file": "datapackage.json:evil",
    "a control character": "data/evil\x1b.csv",
    "no name": "./.",
    "too long": "a/" * 300 + "evil.csv",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("maker", [zipped, tarred])
def test_a_name_that_is_not_below_the_root_is_refused(
    tmp_path: Path, maker: Callable[[Path, Mapping[str, bytes]], Path], name: str
) -> None:
    path = tmp_path / ("a.zip" if maker is zipped else "a.tgz")
    refused(maker(path, {**PACKAGE, name: b"x"}), "below the archive's root, expected one such as data/projects.csv")


def test_a_name_is_taken_as_it_stands_in_the_zip(tmp_path: Path) -> None:
    """Readers cut a name at a NUL."""
    path = zipped(tmp_path / "a.zip", {**PACKAGE, "evil.csv_../../evil": b"x"})
    path.write_bytes(path.read_bytes().replace(b"evil.csv_", b"evil.csv\0"))
    refused(path, "below the archive's root")


@pytest.mark.parametrize(
    "name",
    ["data/projects.csv", "data/Projects.csv", "DATA/actors.csv", "data", "datapackage.json/x", "data/proJects.csv"],
)
@pytest.mark.parametrize("maker", [zipped, tarred])
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_each_name_is_there_once_whatever_its_case(
    tmp_path: Path, maker: Callable[[Path, Mapping[str, bytes]], Path], name: str
) -> None:
    """Twice, in another case, as a folder and a file."""
    path = maker(tmp_path / ("a.zip" if maker is zipped else "a.tgz"), {**PACKAGE, "again": b"x"})
    if maker is zipped:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, b"x")
    else:
        files = list({**PACKAGE, "again": b"x"}.items())
        with tarfile.open(path, "w:gz") as archive_:
            for member, content in [*files, (name, b"x")]:
                info = tarfile.TarInfo(member)
                info.size = len(content)
                archive_.addfile(info, io.BytesIO(content))
    refused(path, "takes the place of")


def test_an_accent_written_in_two_ways_is_one_name(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "a.zip", {**PACKAGE, "\xe9.csv": b"x", "e\u0301.csv": b"y"}), "takes the place of")


@pytest.mark.parametrize(
    "type_", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_of_a_tar_are_refused(tmp_path: Path, type_: bytes) -> None:
    info = tarfile.TarInfo("data/evil.csv")
    info.type, info.linkname = type_, "../../../etc/passwd"
    refused(
        tarred(tmp_path / "a.tgz", PACKAGE, info), "data/evil.csv is a link, a device or sparse, expected a plain file"
    )


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_of_a_zip_are_refused(tmp_path: Path, mode: int) -> None:
    path = zipped(tmp_path / "a.zip", PACKAGE)
    info = zipfile.ZipInfo("data/evil.csv")
    info.create_system, info.external_attr = 3, (mode | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "../../../etc/passwd")
    refused(path, "data/evil.csv is a link, a device or sparse, expected a plain file")


def test_a_link_is_not_followed_by_the_member_after_it(tmp_path: Path) -> None:
    link = tarfile.TarInfo("data")
    link.type, link.linkname = tarfile.SYMTYPE, "/tmp"  # noqa: S108  # where an attacker would write
    refused(tarred(tmp_path / "a.tgz", {}, link, tarfile.TarInfo("data/evil.csv")), "data is a link")


def test_what_is_encrypted_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", PACKAGE)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refused(path, "datapackage.json is encrypted, expected to be readable by all")


def test_only_the_common_compression_is_taken(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(DESCRIPTOR, "{}")
    refused(tmp_path / "a.zip", "is compressed by method 14, expected deflate or none")


@pytest.mark.parametrize("name", MAKERS)
def test_no_more_members_are_taken_than_may_be(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](tmp_path / name, {**PACKAGE, **{f"{number}.csv": b"" for number in range(8)}})
    with unpacked(path, Limits(members=10)) as folder:
        assert len(read(folder)) == 10
    with (
        pytest.raises(PackageError, match=r"7\.csv is one too many, expected at most 9 members"),
        unpacked(path, Limits(9)),
    ):
        pass


def test_a_million_members_are_refused_at_once(tmp_path: Path) -> None:
    """Before the list of them is read."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listed = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 16, 16, len(listed), 0, 0)
    path = tmp_path / "a.zip"
    path.write_bytes(listed + end)
    del listed
    tracemalloc.start()
    start = time.perf_counter()
    refused_ = pytest.raises(PackageError, match=f"list of members is too long, expected at most {MEMBERS:,} members")
    with refused_, unpacked(path):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - start < 2
    assert peak < 16 * 2**20


@pytest.mark.parametrize("name", MAKERS)
def test_compression_of_a_thousand_to_one_is_refused(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](tmp_path / name, {**PACKAGE, "data/bomb.csv": bytes(50 * 2**20)})
    assert path.stat().st_size < 2**17
    refused(path, "brings what is unpacked to more than .* and 200 for each byte of the archive")
    with unpacked(path, Limits(ratio=2000)) as folder:
        assert (folder / "data" / "bomb.csv").stat().st_size == 50 * 2**20


@pytest.mark.parametrize("name", MAKERS)
def test_no_more_bytes_are_taken_than_may_be(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](tmp_path / name, {**PACKAGE, "big.csv": bytes(range(256)) * 2**10})
    with unpacked(path, Limits(size=2**19)):
        pass
    with pytest.raises(PackageError, match="expected at most 1,000"), unpacked(path, Limits(size=1000)):
        pass


def test_a_size_that_is_not_true_is_not_believed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {**PACKAGE, "bomb.csv": bytes(2**20)})
    content = bytearray(path.read_bytes())
    for place in (content.rindex(b"PK\x03\x04") + 22, content.rindex(b"PK\x01\x02") + 24):
        assert content[place : place + 4] == struct.pack("<L", 2**20)
        content[place : place + 4] = struct.pack("<L", 10)
    path.write_bytes(content)
    refused(path, "bomb.csv cannot be read whole")


def test_a_header_that_is_long_is_not_read(tmp_path: Path) -> None:
    """Extended headers of a tar are taken into memory whole."""
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.XHDTYPE, 200 * 2**20
    path = tmp_path / "a.tgz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(header.tobuf())
        for _ in range(200):
            file.write(bytes(2**20))
    tracemalloc.start()
    with pytest.raises(PackageError, match="a header has more than"), unpacked(path, Limits(ratio=10**6)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 2**20


def test_a_sparse_member_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("bomb.csv")
    header.type = tarfile.GNUTYPE_SPARSE
    refused(tarred(tmp_path / "a.tgz", PACKAGE, header), "bomb.csv is a link, a device or sparse")


def test_archives_within_are_files_like_any_other(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"../evil": b"x"}).read_bytes()
    with unpacked(zipped(tmp_path / "a.zip", {**PACKAGE, "inner.zip": inner})) as folder:
        assert set(read(folder)) == {*PACKAGE, "inner.zip"}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all, but text"])
def test_what_is_no_archive_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, "cannot be unpacked")


@pytest.mark.parametrize("name", MAKERS)
def test_an_archive_without_a_package_is_refused(tmp_path: Path, name: str) -> None:
    refused(MAKERS[name](tmp_path / name, {"a/b/datapackage.json": b"{}"}), "has no datapackage.json, expected it at")
    two = {"a/datapackage.json": b"{}", "b/datapackage.json": b"{}"}
    refused(MAKERS[name](tmp_path / name, two), "has 2 packages, expected one: a, b")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("good")
    files = {**PACKAGE, "data/many.csv": b"some,cells\n" * 300}
    return {name: MAKERS[name](folder / name, files).read_bytes() for name in ("a.zip", "a.tgz")}


@given(st.data())
@pytest.mark.parametrize("name", ["a.zip", "a.tgz"])
def test_a_damaged_archive_is_unpacked_whole_or_refused(good: dict[str, bytes], name: str, data: st.DataObject) -> None:
    """Cut off, or with some bytes changed; those of a tar before it is compressed too."""
    content = good[name]
    is_inside = name == "a.tgz" and data.draw(st.booleans())
    content = gzip.decompress(content) if is_inside else content
    damaged = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for _ in range(data.draw(st.integers(0, 4)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(gzip.compress(bytes(damaged)) if is_inside else damaged)
        try:
            with unpacked(path) as found:
                assert (found / DESCRIPTOR).is_file()
        except PackageError as error:
            assert str(path) in str(error)  # noqa: PT017  # either is right
        assert [each.name for each in Path(folder).iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.csv", "a.gz", "zip", "a.zip.csv", "datapackage.json"])
def test_other_names_are_of_no_archives(name: str) -> None:
    assert not is_archive(Path(name))
