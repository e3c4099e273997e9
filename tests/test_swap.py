"""Whatever happens and whenever, the old folder or the new one is there, never a mix or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ceechina.errors import PackageError
from ceechina.publish import swap
from ceechina.publish.swap import replacing, write_text

OLD = {"a.txt": "old a", "b.txt": "old b"}
NEW = {"a.txt": "new a", "c.txt": "new c"}
MADE = frozenset(OLD | NEW)


def fill(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(params=[True, False], ids=["exchange", "two renames"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the old files, on a system that can exchange names and on one that cannot."""
    if not request.param:
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)  # noqa: ARG005  # stands in for the real one
    fill(tmp_path / "package", OLD)
    yield tmp_path / "package"
    assert [path.name for path in tmp_path.iterdir()] == ["package"], "leftovers"


def test_the_new_folder_takes_the_place_of_the_old(target: Path) -> None:
    with replacing(target, MADE) as staged:
        fill(staged, NEW)
        assert content(target) == OLD
    assert content(target) == NEW


def test_an_error_leaves_the_old(target: Path) -> None:
    with pytest.raises(RuntimeError), replacing(target, MADE) as staged:  # noqa: PT012  # raised where a build would
        fill(staged, NEW)
        raise RuntimeError
    assert content(target) == OLD


def test_a_first_folder_needs_no_old_one(tmp_path: Path) -> None:
    with replacing(tmp_path / "deep" / "package", MADE) as staged:
        fill(staged, NEW)
    assert content(tmp_path / "deep" / "package") == NEW


def test_a_run_killed_between_two_renames_is_mended_by_the_next(tmp_path: Path) -> None:
    fill(tmp_path / ".package.old", OLD)
    fill(tmp_path / ".package.new-x1", {"a.txt": "half"})
    os.utime(tmp_path / ".package.new-x1", (0, 0))
    with pytest.raises(RuntimeError), replacing(tmp_path / "package", MADE):
        raise RuntimeError
    assert content(tmp_path / "package") == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux and macOS exchange two names in one step")
def test_a_kill_at_any_moment_leaves_one_whole_folder(tmp_path: Path) -> None:
    target = tmp_path / "package"
    fill(target, {"a.txt": "0", "b.txt": "0"})
    code = (
        "import sys, pathlib, itertools\n"
        "from ceechina.publish.swap import replacing\n"
        "for n in itertools.count(1):\n"
        "    with replacing(pathlib.Path(sys.argv[1]), frozenset({'a.txt', 'b.txt'})) as staged:\n"
        "        for name in ('a.txt', 'b.txt'):\n"
        "            (staged / name).write_text(str(n))\n"
        "    print(n, flush=True)\n"
    )
    for moment in range(12):
        with subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.0017 * moment)
            os.kill(process.pid, signal.SIGKILL)
        found = content(target)
        assert set(found) == {"a.txt", "b.txt"}
        assert found["a.txt"] == found["b.txt"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old\n")

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_text(path, "new\n")
    assert path.read_bytes() == b"old\n"
    assert [found.name for found in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("files", [{"thesis.txt": "mine"}, {"a.txt": "ours", ".git": "mine"}])
def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path, files: dict[str, str]) -> None:
    fill(tmp_path / "package", files)
    with pytest.raises(PackageError, match="holds something else"), replacing(tmp_path / "package", MADE):
        pass
    assert content(tmp_path / "package") == files


def test_a_file_is_never_replaced_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "package").write_text("mine", encoding="utf-8")
    with pytest.raises(PackageError, match="holds something else"), replacing(tmp_path / "package", MADE):
        pass
    assert (tmp_path / "package").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_and_the_end_of_a_link_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link", MADE) as staged:
        fill(staged, NEW)
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == NEW


def test_a_run_at_work_beside_is_left_alone(tmp_path: Path) -> None:
    with replacing(tmp_path / "package", MADE) as first:
        with replacing(tmp_path / "package", MADE) as second:
            fill(second, NEW)
        fill(first, OLD)
    assert content(tmp_path / "package") == OLD


def test_a_folder_beside_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    mine = {"thesis.txt": "mine"}
    for name in (".package.old", ".package.new-mine"):
        fill(tmp_path / name, mine)
        os.utime(tmp_path / name, (0, 0))
    with (
        pytest.raises(PackageError, match=r"\.package\.old holds something else"),
        replacing(tmp_path / "package", MADE),
    ):
        pass
    (tmp_path / ".package.old").rename(tmp_path / "elsewhere")
    with replacing(tmp_path / "package", MADE) as staged:
        fill(staged, NEW)
    assert content(tmp_path / ".package.new-mine") == content(tmp_path / "elsewhere") == mine


def test_what_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for target in (Path("/"), tmp_path / "loop"):
        with pytest.raises(PackageError), replacing(target, MADE):
            pass
