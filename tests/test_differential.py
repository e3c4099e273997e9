"""What an independent judge finds, and what a changed package must give away: the validator sees both."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ceechina.errors import Problem
from ceechina.model.records import model
from ceechina.model.tables import Table
from ceechina.validate.engine import validate
from ceechina.validate.file_rules import UNREAD
from conftest import ROOT, World
from damage import DAMAGES, Damage, apply

pytestmark = pytest.mark.slow

TABLES = model()


@dataclass(frozen=True)
class Place:
    """What frictionless found, in our terms; no row stands for the file, no field for the whole row."""

    kind: str
    table: str
    row: int
    field: str
    cell: str


# Frictionless would guess what separates cells.
DIALECT = {"csv": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "skipInitialSpace": False}}


def judged(package: Path, damaged: Collection[str]) -> Iterator[Place]:
    """What frictionless finds in tables of a package, and in those that refer to them."""
    from frictionless import Package

    names = [name for name, table in TABLES.items() if not {name, *_targets(table)}.isdisjoint(damaged)]
    read = {*names, *(target for name in names for target in _targets(TABLES[name]))}
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [each | {"dialect": DIALECT} for each in descriptor["resources"] if each["name"] in read]
    judge = Package.from_descriptor(descriptor, basepath=str(package))
    for name in names:
        resource = judge.get_resource(name)
        # it would guess which line is the header, too
        resource.dialect.header_rows = [1]
        for error in resource.validate().tasks[0].errors:
            row = getattr(error, "row_number", 0)
            fields = getattr(error, "field_names", None) or [getattr(error, "field_name", "")]
            field = TABLES[name].key[0] if error.type == "primary-key" else fields[0]
            yield Place(error.type, name, row - 1 if row else 0, field, getattr(error, "cell", ""))


def _targets(table: Table) -> set[str]:
    return {column.reference for column in table.columns if column.reference}


# a cell that others of its row or the names of tables give has one rule that says its form too
CELL = {"form", "calendar", "code", "required", "reference", "record", "computed", "table"}
LINE = {"csv-missing-columns", "csv-too-many-columns", "csv-unquoted-value", "csv-blank-line"}
# What we call what frictionless finds in a cell, a row or a file, by the code or the last part of the rule's id.
IN_CELL = {
    "type-error": CELL,
    "constraint-error": CELL,
    "foreign-key": CELL,
    "primary-key": {"key", "required"},
}
IN_ROW = {"missing-cell": LINE, "extra-cell": LINE, "blank-row": LINE}
IN_FILE = {
    "extra-label": UNREAD,
    "missing-label": UNREAD,
    "incorrect-label": UNREAD,
    "duplicate-label": UNREAD,
    "blank-label": UNREAD,
    "blank-header": UNREAD,
    "hash-count": {"hash", "byte-count"},
    "byte-count": {"byte-count"},
    "row-count": {"row-count"},
    "encoding-error": {"csv-encoding"},
    "scheme-error": {"missing-file"},
    "source-error": {"missing-column"},
}
NAMED: Mapping[str, Collection[str]] = {**IN_CELL, **IN_ROW, **IN_FILE}


@dataclass(frozen=True)
class Found:
    """What frictionless and our validator find in one package."""

    theirs: Collection[Place]
    ours: Collection[Problem]

    @property
    def unseen(self) -> list[Place]:
        """What frictionless finds and we do not."""
        return [place for place in self.theirs if not any(map(partial(_is_same, place), self.ours))]

    def is_unread(self, table: str) -> bool:
        """Whether we do not check a table's rows."""
        return any(each.table == table and each.code in UNREAD for each in self.ours)


def _is_same(place: Place, problem: Problem) -> bool:
    return (
        problem.table == place.table
        and problem.code.rpartition(".")[2] in NAMED.get(place.kind, ())
        and (place.kind in IN_FILE or problem.row == place.row)
        and (place.kind not in IN_CELL or problem.field == place.field)
    )


def _is_about_unread(place: Place, found: Found) -> bool:
    return found.is_unread(place.table) and (place.kind not in IN_FILE or place.kind == "row-count")


def _names_unread(place: Place, found: Found) -> bool:
    garbled = {each.table for each in found.ours if each.code == "csv-encoding"}
    unread = any(found.is_unread(target) or target in garbled for target in _targets(TABLES[place.table]))
    return unread and place.kind in ("foreign-key", "encoding-error", "scheme-error", "source-error")


def _is_in_no_row(place: Place, found: Found) -> bool:
    lines = {each.row for each in found.ours if each.table == place.table and each.code in LINE}
    return place.row in lines if place.kind in IN_CELL else place.kind == "row-count" and bool(lines)


def _names_malformed_key(place: Place, found: Found) -> bool:
    return place.kind == "constraint-error" and any(
        each.field == TABLES[each.table].key[0] and each.code.endswith(".form") and each.value == place.cell
        for each in found.ours
        if each.table
    )


def _is_nothing(place: Place, _: Found) -> bool:
    return place.kind == "extra-cell" and not place.cell


def _damage(kind: str, column: int = 4, text: str = "", table: str = "actors") -> Damage:
    return Damage(table, kind, 0, column, text)


# What frictionless finds and we do not: the reason, which places, and damage by which it comes about.
EXCEPTIONS: Sequence[tuple[str, Callable[[Place, Found], bool], list[Damage]]] = [
    (
        "rows under other names of columns, or of no file, have no meaning to check",
        _is_about_unread,
        [_damage("column gone")],
    ),
    ("keys of a table that cannot be read are held against no one", _names_unread, [_damage("missing file")]),
    ("a line that is no row is told once, its cells are not", _is_in_no_row, [_damage("missing cells", 1)]),
    (
        "a key of a wrong form is told in its own table alone",
        _names_malformed_key,
        [_damage("cell", 0, "A"), _damage("cell", 1, "A", "project_participants")],
    ),
    ("DuckDB passes over empty cells after the last, which hold nothing", _is_nothing, [_damage("extra cell")]),
]


@pytest.fixture(scope="module")
def world_package(built_once: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world's package as CSV alone; not to be changed."""
    package = tmp_path_factory.mktemp("csv") / "datapackage"
    shutil.copytree(built_once.root / "datapackage", package, ignore=shutil.ignore_patterns("*.parquet"))
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [each for each in descriptor["resources"] if each["format"] == "csv"]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return package


def found_in(package: Path, damages: Sequence[Damage], *, signed: bool) -> Found:
    """What both find in a damaged copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(package, Path(folder) / "datapackage"))
        apply(damages, copy, signed=signed)
        theirs = list(judged(copy, {damage.table for damage in damages}))
        return Found(theirs, validate(copy, TABLES).problems)


@settings(max_examples=30)
@given(damages=DAMAGES, signed=st.booleans())
# a made cell of a wrong form, of which a part is missing
@example(damages=[_damage("cell", 0, " HBIS", "passages"), _damage("empty cell", 1, "", "passages")], signed=True)
def test_what_frictionless_finds_is_found_at_the_same_place(
    world_package: Path, damages: list[Damage], signed: bool
) -> None:
    found = found_in(world_package, damages, signed=signed)
    assert [place for place in found.unseen if not any(holds(place, found) for _, holds, _ in EXCEPTIONS)] == []


@pytest.mark.parametrize(("because", "holds", "damages"), EXCEPTIONS)
def test_every_exception_is_needed(
    world_package: Path, because: str, holds: Callable[[Place, Found], bool], damages: list[Damage]
) -> None:
    found = found_in(world_package, damages, signed=True)
    assert [place for place in found.unseen if holds(place, found)], because


@pytest.fixture(scope="module")
def outcomes() -> Iterator[tuple[Any, list[Any]]]:
    """The module that changes the published package, and two changes of every class with what was found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        import mutations

        yield mutations, list(mutations.outcomes(20261125, 2 * len(mutations.KINDS)))


def test_changes_that_cannot_be_right_are_told_at_their_place(outcomes: tuple[Any, list[Any]]) -> None:
    mutations, found = outcomes
    certain = [outcome for outcome in found if outcome.kind in mutations.CERTAIN]
    assert len(certain) == 2 * len(mutations.CERTAIN)
    assert [outcome.mutation.told for outcome in certain if not outcome.is_placed] == []


def test_other_changes_are_found_or_known_to_leave_no_trace(outcomes: tuple[Any, list[Any]]) -> None:
    mutations, found = outcomes
    survivors = [outcome for outcome in found if not outcome.problems]
    assert [(outcome.kind, outcome.mutation.told) for outcome in mutations.unexplained(survivors)] == []
