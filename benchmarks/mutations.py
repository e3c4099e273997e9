"""How much of what can go wrong in a package the validator sees: one change at a time, each a mistake that is made.

    python benchmarks/mutations.py [--seed N] [--count N]

changes a copy of the published package: CSV alone, so that no other format gives the change away, with its sizes,
hashes and row counts made true again. Prints how many changes of each class were detected, and how many of these were
told at the very cell or row; then what survived, with the reason from `survivors.csv`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import cycle, islice
from pathlib import Path
from random import Random

import changes
from changes import Mutation, Mutator, Rows, of_cell

from ceechina.errors import Problem, visible
from ceechina.model.records import model
from ceechina.model.render import data_path
from ceechina.model.tables import Table
from ceechina.validate.engine import validate

HERE = Path(__file__).resolve().parent
PUBLISHED = HERE.parent / "datapackage"

# Classes of changes no one of which may survive.
CERTAIN: Mapping[str, Mutator] = {
    "wrong type": of_cell(changes.wrong_type),
    "required cell emptied": of_cell(changes.emptied),
    "code misspelt": of_cell(changes.misspelt_code),
    "dangling reference": of_cell(changes.dangling),
    "interval reversed": of_cell(changes.reversed_interval),
    "end before start": changes.end_before_start,
    "white space at an end": of_cell(changes.white_space_at_end),
    "row twice": changes.row_twice,
}
KINDS: Mapping[str, Mutator] = {
    **CERTAIN,
    "optional cell emptied": of_cell(changes.emptied_optional),
    "another code": of_cell(changes.another_code),
    "another reference": of_cell(changes.another_reference),
    "key renamed": changes.renamed,
    "neighbouring date": of_cell(changes.neighbouring_date),
    "dates of two events exchanged": changes.dates_exchanged,
    "number off by one": of_cell(changes.off_by_one),
    "white space within": of_cell(changes.white_space_within),
    "character without width": of_cell(changes.no_width),
    "look-alike": of_cell(changes.look_alike),
    "combining accent": of_cell(changes.accent),
    "another case": of_cell(changes.other_case),
    "text cut short": of_cell(changes.truncated),
    "cells of two rows exchanged": changes.cells_exchanged,
    "columns exchanged": changes.columns_exchanged,
    "row gone": changes.row_gone,
}


@dataclass(frozen=True)
class Outcome:
    """A change, and what the validator said to it."""

    kind: str
    mutation: Mutation
    problems: tuple[Problem, ...]

    @property
    def is_placed(self) -> bool:
        """Whether the change is told where it was made."""
        return any(self.mutation.is_at(problem) for problem in self.problems)


class Copy:
    """The published package in another folder, CSV alone."""

    def __init__(self, folder: Path, tables: Mapping[str, Table]) -> None:
        self._folder, self._tables = folder, tables
        self._descriptor = json.loads((PUBLISHED / "datapackage.json").read_text(encoding="utf-8"))
        self._descriptor["resources"] = [each for each in self._descriptor["resources"] if each["format"] == "csv"]
        (folder / "data").mkdir()
        self.rows: dict[str, Rows] = {}
        for name, table in tables.items():
            shutil.copy(PUBLISHED / data_path(table, "csv"), folder / "data")
            with (PUBLISHED / data_path(table, "csv")).open(encoding="utf-8", newline="") as file:
                self.rows[name] = list(csv.DictReader(file))
        self._sign()
        self._known = set(self._told())

    def problems(self, mutation: Mutation) -> tuple[Problem, ...]:
        """What is wrong after a change that was not before; the change is taken back."""
        self._write(mutation.table, mutation.rows)
        found = tuple(problem for problem in self._told() if problem not in self._known)
        self._write(mutation.table, self.rows[mutation.table])
        return found

    def _told(self) -> tuple[Problem, ...]:
        return validate(self._folder, self._tables).problems

    def _write(self, name: str, rows: Rows) -> None:
        columns = [column.name for column in self._tables[name].columns]
        path = self._folder / data_path(self._tables[name], "csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            # a carriage return, which would not be quoted, stays in its cell
            writer = csv.DictWriter(file, columns, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        resource = next(each for each in self._descriptor["resources"] if each["name"] == name)
        content = path.read_bytes()
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "rows": len(rows)}
        self._sign()

    def _sign(self) -> None:
        (self._folder / "datapackage.json").write_text(json.dumps(self._descriptor), encoding="utf-8")


def outcomes(seed: int, count: int) -> Iterator[Outcome]:
    """Changes of all classes in turn, with what was found."""
    tables = model()
    with tempfile.TemporaryDirectory(prefix="ceechina-") as folder:
        package = Copy(Path(folder), tables)
        random = Random(seed)  # noqa: S311  # the same changes every time
        filled = [table for name, table in tables.items() if package.rows[name]]
        for kind in islice(cycle(KINDS), count):
            mutation = None
            while mutation is None:
                table = random.choice(filled)
                mutation = KINDS[kind](random, table, package.rows[table.name])
            yield Outcome(kind, mutation, package.problems(mutation))


@dataclass(frozen=True)
class Reason:
    """Why changes survive: patterns of their classes and places, and the rule that would find them, if there is one."""

    kinds: str
    places: str
    rule: str
    because: str

    def holds(self, outcome: Outcome) -> bool:
        """Whether it is the reason why a change survived."""
        places = self.places.split()
        return fnmatchcase(outcome.kind, self.kinds) and any(
            fnmatchcase(outcome.mutation.place, place) for place in places
        )


def reasons() -> list[Reason]:
    """Why changes survive; the first that holds is the one."""
    with (HERE / "survivors.csv").open(encoding="utf-8", newline="") as file:
        return [Reason(**row) for row in csv.DictReader(file)]


def unexplained(survivors: Iterable[Outcome]) -> list[Outcome]:
    """Changes that should not have survived."""
    known = reasons()
    return [
        outcome
        for outcome in survivors
        if outcome.kind in CERTAIN or not any(reason.holds(outcome) for reason in known)
    ]


def _table(found: Iterable[Outcome]) -> Iterator[str]:
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        by_kind[outcome.kind].append(outcome)
        by_kind["all"].append(outcome)
    yield f"{'class':<32}{'changes':>8}{'detected':>10}{'in place':>10}"
    for kind, some in sorted(by_kind.items(), key=lambda item: item[0] == "all"):
        detected, placed = sum(bool(each.problems) for each in some), sum(each.is_placed for each in some)
        yield f"{kind:<32}{len(some):>8}{detected:>10}{placed:>10}"


def _survivors(survivors: Iterable[Outcome]) -> Iterator[str]:
    known = reasons()
    by_reason: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in survivors:
        reason = next((reason for reason in known if reason.holds(outcome)), None)
        rule = f" (missing rule: {reason.rule})" if reason and reason.rule else ""
        by_reason[f"{reason.because if reason else 'NO REASON IS KNOWN'}{rule}"].append(outcome)
    for told, some in by_reason.items():
        yield f"\n{len(some)} survived: {told}"
        for each in some:
            yield f"  {each.kind}, {each.mutation.place}: {visible(each.mutation.told)}"


def main() -> None:
    """Change, validate, count."""
    parser = argparse.ArgumentParser(description="Which mistakes in a package the validator detects.")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    found = list(outcomes(options.seed, options.count))
    survivors = [outcome for outcome in found if not outcome.problems]
    print("\n".join([*_table(found), *_survivors(survivors)]))
    raise SystemExit(1 if unexplained(survivors) else 0)


if __name__ == "__main__":
    main()
