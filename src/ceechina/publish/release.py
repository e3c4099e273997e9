"""A release: made whole in a folder of its own from what is committed, then put in place together."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ceechina.curate.ledger import RELEASED
from ceechina.errors import PackageError, Problem, ProblemsError
from ceechina.model.records import model
from ceechina.model.render import as_json
from ceechina.publish.archive import SUMS, sums, write_archives
from ceechina.publish.build import Step, build, data_version, ledger_after
from ceechina.publish.changelog import dated, with_data
from ceechina.publish.citation import NAME
from ceechina.publish.git import export, uncommitted
from ceechina.publish.release_plan import RELEASES, Plan, plan, released
from ceechina.publish.swap import replacing, write_text
from ceechina.publish.undo import put_back, together
from ceechina.read.exports.cite import content_sha256
from ceechina.validate.engine import validate

# the files of the checkout that a release writes, beside its package
WRITTEN = ("CHANGELOG.md", f"records/{RELEASED}", RELEASES)


def release(root: Path, version: str, date: str, dist: Path, step: Step = lambda _: None) -> Plan:
    """Make a release; interrupted at any moment, everything is as it was, or will be when this is run again.

    Args:
        root: The checkout.
        version: The version to be released.
        date: The day of the release, ISO 8601.
        dist: The folder for the distributions of each version.
        step: Called with the name of each step as it begins.

    Returns:
        The plan that was carried out.

    Raises:
        ProblemsError: Something stands in the way; nothing is changed.
        PackageError: The folder is no checkout, or the wheel cannot be made; nothing is changed.
    """
    step("checking")
    put_back(root)
    planned = plan(root, version, date, dist)
    if planned.problems:
        raise ProblemsError(planned.problems)
    with tempfile.TemporaryDirectory(prefix="ceechina-") as scratch:
        made = Path(scratch) / NAME
        export(root, "HEAD", made)
        _write(made, planned, step)
        distributions = _distribute(made, Path(scratch) / "dist", step)
        step("putting in place")
        _put_in_place(made, distributions, planned)
    return planned


def distribute(root: Path, version: str, dist: Path, step: Step = lambda _: None) -> Path:
    """Make the distributions of a released version again, from its commit; return their folder.

    Raises:
        ProblemsError: An archive is not the one that was released; nothing is changed.
        PackageError: The checkout is not that of the released version, or the wheel cannot be made.
    """
    own = data_version(root / "records")
    if own != version:
        raise PackageError(f"{root} is of {own}; check out the tag v{version}")
    if paths := uncommitted(root):
        raise PackageError(f"{', '.join(paths)} not committed; check out the tag v{version}")
    with tempfile.TemporaryDirectory(prefix="ceechina-") as scratch:
        made = Path(scratch) / NAME
        export(root, "HEAD", made)
        _copy_whole(_distribute(made, Path(scratch) / "dist", step), dist / version)
    return dist / version


def _write(made: Path, planned: Plan, step: Step) -> None:
    """Make of a copy of the checkout that of the released version, up to its archives in `releases.json`."""
    log = made / "CHANGELOG.md"
    lines = planned.diff.to_markdown() if planned.diff else ""
    text = with_data(log.read_text(encoding="utf-8"), planned.version, lines)
    write_text(log, dated(text, planned.version, planned.date))
    records = made / "records"
    rows, _ = build(records, made / "datapackage", lambda folder: validate(folder, model()).problems, step)
    # after the build: the ledger holds the versions that the build has given
    write_text(records / RELEASED, ledger_after(records))
    step("packing archives")
    with tempfile.TemporaryDirectory(prefix="ceechina-") as folder:
        archives = write_archives(made, planned.version, Path(folder))
    content = content_sha256(json.loads((made / "datapackage" / "datapackage.json").read_text(encoding="utf-8")))
    entry = {"version": planned.version, "date": planned.date, "rows": rows, "content": content, "archives": archives}
    write_text(made / RELEASES, as_json({"releases": [*released(made), entry]}))


def _distribute(checkout: Path, target: Path, step: Step) -> Path:
    """Make what is handed out of a released version: archives, wheel, source distribution and their `SHA256SUMS`.

    The bytes are the same whenever they are made with the same tools.
    """
    version = data_version(checkout / "records")
    entry = next((each for each in released(checkout) if each["version"] == version), None)
    if entry is None:
        raise PackageError(f"{version} is not in {RELEASES}: it is not released")
    target.mkdir()
    step("packing archives")
    archives = write_archives(checkout, version, target)
    differing = [name for name, wanted in entry["archives"].items() if archives.get(name) != wanted]
    if differing:
        told = f"the archive is not the one that was released, whose SHA-256 is in {RELEASES}"
        raise ProblemsError(Problem(path=name, code="archive-differs", message=told) for name in differing)
    step("building wheel and source distribution")
    _python_build(checkout, target, entry["date"])
    write_text(target / SUMS, sums({path.name: path.read_bytes() for path in target.iterdir()}))
    return target


def _python_build(checkout: Path, target: Path, date: str) -> None:
    moment = dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)
    # -P: a folder named `build` here is not the tool
    words = [sys.executable, "-P", "-m", "build", "--no-isolation", "--outdir", str(target), str(checkout)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
    done = subprocess.run(words, env=environment, capture_output=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        raise PackageError(f"the wheel cannot be made:\n{done.stderr.decode(errors='replace').strip()}")


def _put_in_place(made: Path, distributions: Path, planned: Plan) -> None:
    root = planned.root
    package = root / "datapackage"
    with together(root, [*(root / name for name in WRITTEN), package, planned.folder]):
        for name in WRITTEN:
            write_text(root / name, (made / name).read_text(encoding="utf-8"))
        _copy_whole(made / "datapackage", package)
        _copy_whole(distributions, planned.folder)


def _copy_whole(made: Path, target: Path) -> None:
    """Put a folder in the place of another, which may hold nothing of another name."""
    with replacing(target, frozenset(path.name for path in made.iterdir())) as staged:
        shutil.copytree(made, staged, dirs_exist_ok=True)
