"""Several files and folders replaced together: whatever ends it early, all are as they were."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ceechina.errors import PackageError
from ceechina.publish.swap import write_text

# what was there before, kept while it is replaced
KEPT = ".release.kept"
_TARGETS = "targets.json"


@contextmanager
def together(root: Path, targets: Sequence[Path]) -> Iterator[None]:
    """Replace the targets in the block: an error puts all of them back, and after a kill `put_back` does.

    Args:
        root: The folder in which they are kept meanwhile.
        targets: Files and folders; one that is not there yet goes again.

    Raises:
        PackageError: Others are being replaced, or were when a run was killed.
    """
    staged = Path(tempfile.mkdtemp(prefix=f"{KEPT}.", dir=root))
    try:
        for number, target in enumerate(targets):
            _copy(target, staged / str(number))
        write_text(staged / _TARGETS, json.dumps([str(target.resolve()) for target in targets]))
        if (root / KEPT).exists():
            raise PackageError(f"{root / KEPT} is there: another run is at work, or was stopped")
        staged.rename(root / KEPT)
        try:
            yield
        except BaseException:
            put_back(root)
            raise
        # in one step: from here on nothing is put back
        (root / KEPT).rename(staged)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def put_back(root: Path) -> bool:
    """Put back what a run that ended early had replaced; return whether there was any."""
    kept = root / KEPT
    for unfinished in root.glob(f"{KEPT}.*"):
        shutil.rmtree(unfinished)
    if not kept.is_dir():
        return False
    for number, name in enumerate(json.loads((kept / _TARGETS).read_text(encoding="utf-8"))):
        _remove(Path(name))
        _copy(kept / str(number), Path(name))
    _remove(kept)
    return True


def _copy(old: Path, new: Path) -> None:
    if old.is_dir():
        shutil.copytree(old, new)
    elif old.exists():
        shutil.copy2(old, new)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
