"""Twenty errors to plant in a synthetic package, of every class there is, each in a copy of records of its own.

Where an error is, is known: the rows of a package stand copy after copy, in the order of the published package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edit:
    """Rows of a published table to change; `cells` are SQL by column, and without any the row is lost.

    Conditions and cells are of a published row, with its number `r` and the number `n` of the copy.
    """

    table: str
    where: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plant:
    """An error: the edits that make it, the first of which is the error itself and the others what goes along with it.

    `seen` is where it may be told, as a table and a condition: the rows of the first edit where nothing else is said.
    """

    name: str
    edits: Sequence[Edit]
    seen: tuple[str, str] | None = None

    @property
    def place(self) -> tuple[str, str]:
        """A table, and a condition on its published rows."""
        return self.seen or (self.edits[0].table, self.edits[0].where)


def copy_of(number: int, plants: int, copies: int) -> int:
    """The copy of the records that the plant of a number is in: they are spread evenly."""
    return (2 * number + 1) * copies // (2 * plants)


def plants(kind: str) -> list[Plant]:
    """The errors of a package in a format; cells of Parquet have a type, so that other values of it must do."""
    return [*_typed(is_text=kind == "csv"), *_cells(), *_keys(), *_subject()]


def _one(name: str, table: str, where: str, /, **cells: str) -> Plant:
    return Plant(name, [Edit(table, where, cells)])


def _typed(*, is_text: bool) -> list[Plant]:
    return [
        _one("integer", "passages", "r = 10", word_count="'many'" if is_text else "-1"),
        _one("number", "project_amounts", "project_id = 'bor-copper-mine'", value="'46 million'" if is_text else "-1"),
        _one("boolean", "project_events", "project_id = 'pupin-bridge' AND event_id = 'opening'",
             is_planned="'yes'" if is_text else "NULL"),
    ]  # fmt: skip


def _cells() -> list[Plant]:
    return [
        _one("null", "claims", "r = 100", basis="NULL"),
        _one("code", "claims", "r = 200", standing="'choosen'"),
        _one("slug", "claims", "r = 300", claim_id="'Claim_' || n"),
        _one("hash", "passages", "r = 20", sha256="'abc'"),
        _one("white space", "projects", "project_id = 'pupin-bridge'", name="' ' || t.name"),
        _one("formula", "projects", "project_id = 'belarus-soccer-stadium'", summary="'=1+1'"),
    ]


def _keys() -> list[Plant]:
    twice = "actor_id = 'hbis-group'"
    lost = "project_id = 'belgrade-safe-city' AND quantity_id = 'cameras'"
    claimed = "value_table = 'project_quantities' AND record_id = 'belgrade-safe-city' AND item = 'cameras'"
    return [
        Plant("key twice", [Edit("actors", twice, {"actor_id": "'c' || n || '-zijin-mining'"})],
              ("actors", f"{twice} OR actor_id = 'zijin-mining'")),
        _one("reference", "project_participants", "project_id = 'pupin-bridge' AND role = 'lender'",
             actor_id="'nobody'"),
        _one("reference to the largest", "claims", "r = 400", passage_id="'nothing'"),
        _one("reference to itself", "actors", "actor_id = 'rtb-bor'", parent_actor_id="'nobody'"),
        Plant("row lost", [Edit("project_quantities", lost)], ("claims", claimed)),
    ]  # fmt: skip


def _subject() -> list[Plant]:
    return [
        _redated(
            "calendar",
            Edit("project_events", "project_id = 'bor-copper-mine' AND kind = 'acquired'", {"date": "'2018-02-30'"}),
            "record_id = 'bor-copper-mine' AND item = 'acquired'",
        ),
        _one(
            "companion", "agreement_events", "agreement_id = 'alibaba-tourism-agreement-2019'",
            date_latest="DATE '2019-11-30'",
        ),
        _redated(
            "date order",
            Edit("meetings", "meeting_id = 'lukashenko-xi-meetings-2013-2023'", _year("end", 2012)),
            "record_id = 'lukashenko-xi-meetings-2013-2023'",
        ),
        _redated(
            "date foretold",
            Edit("meetings", "meeting_id = 'china-cee-summit-2014'", _year("start", 2031)),
            "record_id = 'china-cee-summit-2014'",
        ),
        _one("another value claimed", "projects", "project_id = 'bank-of-china-budapest'", kind="'donation'"),
        _one("count", "agreements", "agreement_id = 'safe-city-agreement-2011'", claim_count="t.claim_count + 1"),
    ]  # fmt: skip


def _year(column: str, year: int) -> dict[str, str]:
    """A date with its bounds, for a column that has a year already."""
    return {
        column: f"'{year}'",
        f"{column}_earliest": f"DATE '{year}-01-01'",
        f"{column}_latest": f"DATE '{year}-12-31'",
    }


def _redated(name: str, edit: Edit, record: str) -> Plant:
    """A date that its claims state too: nothing is wrong but the date itself."""
    column, value = next(iter(edit.cells.items()))
    where = f"value_table = '{edit.table}' AND value_column = '{column}' AND {record}"
    return Plant(name, [edit, Edit("claims", where, {"claimed_value": value})])
