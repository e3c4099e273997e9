"""Files and folders replaced together: all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceechina.errors import PackageError
from ceechina.publish.undo import KEPT, put_back, together


@pytest.fixture
def targets(tmp_path: Path) -> list[Path]:
    """A file, a folder and a file that is not there yet."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one").write_text("old")
    return [tmp_path / name for name in ("file", "folder", "new")]


def change(targets: list[Path]) -> None:
    targets[0].write_text("changed")
    (targets[1] / "two").write_text("changed")
    (targets[1] / "one").unlink()
    targets[2].write_text("changed")


def change_and_fail(targets: list[Path], error: type[BaseException]) -> None:
    change(targets)
    raise error


def content(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_what_ends_well_stays(targets: list[Path], tmp_path: Path) -> None:
    with together(tmp_path, targets):
        change(targets)
    assert content(tmp_path) == {"file": "changed", "folder/two": "changed", "new": "changed"}
    assert not put_back(tmp_path)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_puts_everything_back(error: type[BaseException], targets: list[Path], tmp_path: Path) -> None:
    before = content(tmp_path)
    with pytest.raises(error), together(tmp_path, targets):
        change_and_fail(targets, error)
    assert content(tmp_path) == before
    assert not targets[2].exists()


def test_what_a_kill_left_is_put_back_by_the_next_run(targets: list[Path], tmp_path: Path) -> None:
    before = content(tmp_path)
    (tmp_path / f"{KEPT}.abc").mkdir()
    entered = together(tmp_path, targets)
    entered.__enter__()
    change(targets)
    with pytest.raises(PackageError, match="stopped"), together(tmp_path, targets):
        pass
    assert (tmp_path / KEPT).is_dir()
    assert put_back(tmp_path)
    assert content(tmp_path) == before
    assert not list(tmp_path.glob(f"{KEPT}*"))
    assert not put_back(tmp_path)
