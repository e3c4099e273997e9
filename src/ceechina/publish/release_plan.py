"""What a release would do and what stands in its way: everything is asked before anything is made."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ceechina.archives import unpacked
from ceechina.errors import PackageError, Problem, ProblemsError, errors_of
from ceechina.model.records import model
from ceechina.model.values import VERSION
from ceechina.publish import citation
from ceechina.publish.archive import archive_name, sha256
from ceechina.publish.build import build, data_version
from ceechina.publish.changelog import newest
from ceechina.publish.git import export, has_tag, uncommitted
from ceechina.publish.schema_files import check_schema
from ceechina.publish.undo import KEPT
from ceechina.read.differences.diff import Diff, diff
from ceechina.read.package import Package
from ceechina.validate.engine import validate

RELEASES = "releases.json"
# where archives are fetched from: a folder here, or an address
ADDRESS = "CEECHINA_RELEASES"
STEPS = ("major", "minor", "patch")
# how many paths a problem names
_NAMED = 5


@dataclass(frozen=True)
class Plan:
    """A release about to be made, with everything that stands in its way.

    `rows` are those of the package by table; `diff` is from the last release, None for the first one or where either
    package cannot be had.
    """

    root: Path
    version: str
    date: str
    folder: Path
    last: str
    rows: Mapping[str, int] = field(default_factory=dict)
    diff: Diff | None = None
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        since = f"since {self.last}" if self.last else "the first"
        address = citation.RELEASES or "none yet; once there is one, it goes into publish/citation.py"
        rows = f"{sum(self.rows.values()):,} rows in {len(self.rows)} tables" if self.rows else "not to be built"
        lines = [
            f"Release {self.version}, {since}, dated {self.date}:",
            "  CHANGELOG.md          the date in the heading, and what changed under Data",
            f"  datapackage/          built again, dated: {rows}",
            "  records/released.csv  every record with the version it was added and last changed in",
            f"  {RELEASES}         this version, its date, rows and archives",
            f"  {self.folder}: archives of CSV and of Parquet, wheel, source distribution, SHA256SUMS",
            f"Release address, in datapackage.json and beside it: {address}",
        ]
        if self.diff:
            lines += ["", "Under Data:", *(f"  {line}" for line in self.diff.to_markdown().splitlines())]
        return "\n".join(lines)


def released(root: Path) -> list[dict[str, Any]]:
    """The releases of a checkout, oldest first; raise PackageError where `releases.json` cannot be read."""
    path = root / RELEASES
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["releases"]) if path.exists() else []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackageError(f"{path} cannot be read as a list of releases: {error}") from error


def plan(root: Path, version: str, date: str, dist: Path) -> Plan:
    """Look at a checkout as the release of a version would find it; nothing is changed.

    Args:
        root: The checkout.
        version: The version to be released.
        date: The day of the release, ISO 8601.
        dist: The folder for the distributions of each version, and of those of the last one.

    Raises:
        PackageError: The folder is no checkout.
    """
    releases = released(root)
    last = releases[-1] if releases else None
    rows: dict[str, int] = {}
    problems = [*_state(root, version, releases), *check_schema(root)]
    difference = None
    with tempfile.TemporaryDirectory(prefix="ceechina-") as scratch:
        package = Path(scratch) / "datapackage"
        try:
            rows, _ = build(root / "records", package, lambda made: validate(made, model()).problems)
            problems += _in_step(root / "datapackage", package)
            if last and version not in {each["version"] for each in releases}:
                with last_package(root, dist, last) as before:
                    difference = diff(before, Package(package))
                problems += _differences(difference, last["version"], version)
        except ProblemsError as error:
            problems += errors_of(error.problems)
        except PackageError as error:
            problems.append(Problem(code="no-package", message=str(error)))
    return Plan(
        root, version, date, dist / version, last["version"] if last else "", rows, difference, tuple(sorted(problems))
    )


def _state(root: Path, version: str, releases: list[dict[str, Any]]) -> Iterator[Problem]:
    """What is wrong with the checkout itself."""
    if (root / KEPT).exists():
        hint = "`ceechina release VERSION --yes` puts everything back before it begins"
        yield Problem(code="interrupted", path=KEPT, message="a release was stopped half-way", hint=hint)
    if paths := uncommitted(root):
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        told = f"{', '.join(paths[:_NAMED])}{more} not committed"
        yield Problem(code="uncommitted", message=told, hint="commit, or take back, what is changed")
    if version in {each["version"] for each in releases} or has_tag(root, f"v{version}"):
        hint = "what is released stays as it is; take the next version"
        yield Problem(code="already-released", message=f"{version} is released", value=version, hint=hint)
    try:
        own = data_version(root / "records")
    except PackageError as error:
        yield Problem(path="pyproject.toml", code="version-differs", message=str(error))
    else:
        if own != version:
            told = f"the version is {own}, expected {version}"
            hint = "set it, run `ceechina build`, and commit"
            yield Problem(path="pyproject.toml", code="version-differs", message=told, value=own, hint=hint)
    log = root / "CHANGELOG.md"
    heading = newest(log.read_text(encoding="utf-8")) if log.is_file() else ""
    if heading != version:
        told = f"the newest heading is {heading or 'none'}, expected {version}"
        hint = f"write `## {version}` above it, with what changed under Data, Schema and Package"
        yield Problem(path="CHANGELOG.md", code="no-heading", message=told, value=heading, hint=hint)
    for tool in ("build", "hatchling"):
        if find_spec(tool) is None:
            hint = 'run `pip install "ceechina[dev]"`'
            yield Problem(code="no-tool", message=f"{tool} is not installed, which makes the wheel", hint=hint)


def _in_step(committed: Path, made: Path) -> Iterator[Problem]:
    """Files of the package that are not what the records make."""
    old, new = ({path.relative_to(each) for path in each.rglob("*") if path.is_file()} for each in (committed, made))
    for name in sorted(old | new):
        if name not in old & new or (committed / name).read_bytes() != (made / name).read_bytes():
            told = "the file is not what the records make"
            hint = "run `ceechina build` and commit"
            yield Problem(path=f"datapackage/{name.as_posix()}", code="out-of-sync", message=told, hint=hint)


def _differences(found: Diff, last: str, version: str) -> Iterator[Problem]:
    """Whether the step is large enough for what differs, and whether all of it is accounted for."""
    given, needed = step_between(last, version), found.step
    if not given:
        yield Problem(code="not-later", message=f"{version} does not follow {last}", value=version)
    elif needed and STEPS.index(given) > STEPS.index(needed):
        told = f"the differences from {last} need a {needed} step, {version} is a {given} one"
        yield Problem(code="step-too-small", message=told, value=version, hint=f"release {_after(last, needed)}")
    retired = {(each.table, each.record_id) for each in found.retired}
    for change in found.changes:
        is_whole = not change.column and change.record == (change.table, change.key)
        if change.change == "removed" and change.part == "core" and is_whole and change.record not in retired:
            yield Problem(
                table=change.table,
                key=change.key,
                code="removed-not-retired",
                message=f"{change.key!r} was released and is no longer there",
                hint="list it in records/retired.yaml with its successor, if any, and the reason",
            )
        elif not change.is_explained:
            yield Problem(
                table=change.table,
                key=change.key,
                field=change.field,
                code="unexplained",
                message=f"{change.change} without a reason",
                hint="give one in records/changes.yaml",
            )


def step_between(last: str, version: str) -> str:
    """The step from one version to a later one: major, minor or patch; empty where it is not later."""
    old, new = _numbers(last), _numbers(version)
    return next((name for name, a, b in zip(STEPS, old, new, strict=True) if a != b), "") if new > old else ""


def _after(version: str, step: str) -> str:
    numbers, place = _numbers(version), STEPS.index(step)
    return ".".join(
        str(number) for number in (*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :]))
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in str(VERSION.parse(version)).split("."))


@contextmanager
def last_package(root: Path, dist: Path, entry: Mapping[str, Any]) -> Iterator[Package]:
    """The package of a release: from its archive where there is one, else from its tag.

    Raises:
        PackageError: It is nowhere, or the archive is not the one that was released.
    """
    version = entry["version"]
    name = archive_name(version, "parquet")
    bases = [dist, *_local(os.environ.get(ADDRESS, ""))]
    for path in (place for base in bases for place in (base / version / name, base / name) if place.is_file()):
        if sha256(path.read_bytes()) != entry["archives"][name]["sha256"]:
            raise PackageError(f"{path} is not the archive of {version}: its SHA-256 is not that in {RELEASES}")
        with unpacked(path) as folder:
            yield Package(folder)
        return
    if not has_tag(root, f"v{version}"):
        looked = ", ".join(str(base) for base in bases)
        raise PackageError(f"the package of {version} is nowhere: no {name} in {looked}, and no tag v{version}")
    with tempfile.TemporaryDirectory(prefix="ceechina-") as scratch:
        export(root, f"v{version}", Path(scratch), "datapackage")
        yield Package(Path(scratch) / "datapackage")


def _local(address: str) -> list[Path]:
    """The folder an address stands for, none for one elsewhere."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") or not address:
        return []
    return [Path(url2pathname(parts.path) if parts.scheme == "file" else address)]
