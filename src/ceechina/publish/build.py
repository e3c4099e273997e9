"""records/ to datapackage/: read, locked, resolved, written beside and swapped in whole."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from ceechina.curate.coverage import Coverage, measure_all
from ceechina.curate.double_coding import CODINGS, read_coding
from ceechina.curate.ledger import history_problems, read_ledger, render_ledger, stamp, updated
from ceechina.curate.lockfile import REMEDY, Lock, compare, lock, read_lock, render_lock
from ceechina.curate.read import read_records
from ceechina.curate.records import Records
from ceechina.curate.rows import assemble
from ceechina.curate.yaml_tree import Place
from ceechina.errors import PackageError, Problem, ProblemsError, errors_of
from ceechina.model.records import model
from ceechina.model.render import as_json, data_path
from ceechina.model.values import VERSION
from ceechina.publish.codebook import Background, codebook
from ceechina.publish.descriptor import descriptor
from ceechina.publish.files import write_csv, write_parquet
from ceechina.publish.metadata import METADATA_FILES, metadata_files
from ceechina.publish.swap import replacing, write_text

Step = Callable[[str], None]

# what a package folder holds
MADE = frozenset({"datapackage.json", "README.md", "data", *METADATA_FILES})


def data_version(records: Path) -> str:
    """The version of data and package alike, from pyproject.toml beside the records folder.

    Raises:
        PackageError: There is no pyproject.toml with a version there.
    """
    path = records.resolve().parent / "pyproject.toml"
    try:
        return str(VERSION.parse(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PackageError(f"no version of the data: {path} has no project version of three numbers") from error


def release_date(records: Path, version: str) -> str:
    """The day of a version by its heading in CHANGELOG.md beside the records, ISO 8601; empty where it has none."""
    path = records.resolve().parent / "CHANGELOG.md"
    heading = rf"^## {re.escape(version)}\b.*?([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
    found = re.search(heading, _text(path), re.MULTILINE)
    return found[1] if found else ""


def program_version() -> str:
    """The version of the ceechina that runs: of its checkout, else of its installation."""
    try:
        # an editable installation keeps telling the version it was made with
        return data_version(Path(__file__).parents[2])
    except PackageError:
        return installed("ceechina")


def build(
    records: Path,
    target: Path,
    inspect: Callable[[Path], Sequence[Problem]],
    step: Step = lambda _: None,
    version: str = "",
) -> tuple[dict[str, int], list[Problem]]:
    """Build the data package; with any error nothing is changed.

    Args:
        records: Folder of record files and lock.
        target: Folder of the package, replaced as a whole.
        inspect: Judges the finished package before it takes its place.
        step: Called with the name of each step as it begins.
        version: The data version, where it is not that of pyproject.toml beside the records.

    Returns:
        Number of rows by table, and the warnings of the inspection.

    Raises:
        ProblemsError: With every problem found.
        PackageError: There are no records to read.
    """
    tables = model()
    made = _resolved(records, step, version)
    version, rows = made.version, made.rows
    step("writing the package")
    background = Background(
        _text(records / "CODING.md"),
        measure_all(made.found, made.locked),
        [read_coding(records, name) for name in CODINGS],
    )
    with replacing(target, MADE) as staged:
        (staged / "data").mkdir()
        for name, table in tables.items():
            write_csv(table, rows[name], staged / data_path(table, "csv"))
            write_parquet(table, rows[name], staged / data_path(table, "parquet"))
        write_text(staged / "README.md", codebook(tables, rows, version, background))
        described = descriptor(staged, tables, rows, version, program_version(), release_date(records, version))
        for name, content in {"datapackage.json": described, **metadata_files(described)}.items():
            write_text(staged / name, as_json(content))
        step("validating")
        judged = [_placed(problem, made.places) for problem in inspect(staged)]
        if errors_of(judged):
            raise ProblemsError(judged)
    return {name: len(content) for name, content in rows.items()}, judged


def check(records: Path) -> int:
    """Prove that the records can be built, without building; return how many there are.

    What is left to the build are the rules between rows, which need the finished package.

    Raises:
        ProblemsError: With every problem found.
        PackageError: There are no records to read.
    """
    return len(_resolved(records).found.records)


def ledger_after(records: Path) -> str:
    """The contents of the ledger once what the records make is released; raise ProblemsError where it cannot be."""
    return render_ledger(updated(_resolved(records).rows, read_ledger(records), model()))


@dataclass(frozen=True)
class _Resolved:
    """Records with their lock and version, the rows they make, and where each of these is written."""

    found: Records
    locked: Lock
    version: str
    rows: dict[str, list[dict[str, Any]]]
    places: Mapping[tuple[str, str], Place]


def _resolved(records: Path, step: Step = lambda _: None, version: str = "") -> _Resolved:
    tables = model()
    step("reading records")
    found = read_records(records, tables)
    version = version or data_version(records)
    step("resolving claims")
    locked = read_lock(records)
    made = assemble(found, locked, tables, version)
    ledger = read_ledger(records)
    if problems := [*found.problems, *made.problems, *history_problems(found, ledger, version)]:
        raise ProblemsError(problems)
    return _Resolved(found, locked, version, stamp(made.rows, ledger, tables, version), made.places)


def check_records(records: Path, inspect: Callable[[Path], Sequence[Problem]]) -> list[Problem]:
    """Everything wrong with records, up to the package they make, which is not kept.

    Raises:
        PackageError: There are no records to read.
    """
    with tempfile.TemporaryDirectory(prefix="ceechina-") as folder:
        try:
            version = data_version(records)
        except PackageError:
            # of records that are not in a checkout
            version = program_version()
        try:
            return build(records, Path(folder) / "datapackage", inspect, version=version)[1]
        except ProblemsError as error:
            return error.problems


def _placed(problem: Problem, places: Mapping[tuple[str, str], Place]) -> Problem:
    """A problem of a row where the row is written."""
    place = places.get((problem.table, problem.key))
    return replace(problem, path=place.path, line=place.line, column=place.column, row=0) if place else problem


def _text(path: Path) -> str:
    """What a file holds that is written by hand; nothing where there is no such file."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise PackageError(f"{path} is not UTF-8: byte {error.start}; save it as UTF-8") from error


def write_lock(records: Path, sources: Path) -> Lock:
    """Find every passage in the sources' texts and write the lock files.

    Raises:
        ProblemsError: A record file cannot be read, or a passage is not where it should be; the
            lock is left as it was.
        PackageError: A folder is missing.
    """
    try:
        before = read_lock(records)
    except ProblemsError:
        # a damaged one is what is written anew
        before = Lock()
    _, new, problems = _locked(records, sources, before)
    if problems:
        raise ProblemsError(problems)
    for name, text in render_lock(new).items():
        write_text(records / name, text)
    return new


def check_lock(records: Path, sources: Path, *, partly: bool = False) -> tuple[Lock, Lock]:
    """Prove again that every passage stands where the lock says.

    Args:
        records: Folder of record files and lock.
        sources: Folder of the sources' texts.
        partly: Whether some texts may be missing; with none at all there is nothing to prove.

    Returns:
        The lock in two parts: what was proved, and what was not for want of its text.

    Raises:
        ProblemsError: A passage does not stand there, or a text is missing that must not.
        PackageError: A folder is missing.
    """
    _, new = _checked(records, sources, partly)
    at_hand = {source for source in new.texts if (sources / f"{source}.txt").exists()}
    return new.of(at_hand), new.of(new.texts.keys() - at_hand)


def coverage(records: Path, sources: Path) -> list[Coverage]:
    """How the text of every source is accounted for, once its passages are proved again.

    Raises:
        ProblemsError: A passage does not stand where the lock says.
        PackageError: A folder is missing.
    """
    return measure_all(*_checked(records, sources))


def _checked(records: Path, sources: Path, partly: bool = False) -> tuple[Records, Lock]:
    """The records and their lock, proved again to be the one on disk; `partly`: by the texts there are."""
    old = read_lock(records)
    found, new, problems = _locked(records, sources, old)
    missing = [problem for problem in problems if problem.code == "text-missing"]
    if partly and len(missing) < len(new.texts):
        problems = [problem for problem in problems if problem not in missing]
    differences = compare(old, new)
    problems += [Problem(code="lock-differs", message=line, hint=REMEDY) for line in differences]
    if problems:
        raise ProblemsError(problems)
    return found, new


def _locked(records: Path, sources: Path, before: Lock) -> tuple[Records, Lock, list[Problem]]:
    if not sources.is_dir():
        raise PackageError(f"no folder of source texts at {sources}; it holds one <source_id>.txt per source")
    found = read_records(records, model())
    places = {key: place for (table, key), place in found.places.items() if table == "sources"}
    new, problems = lock(found.quotes(), places, sources, before)
    return found, new, [*found.problems, *problems]
