"""The validator: damage planted in a good package is found, named and placed; a good one is clean."""

from __future__ import annotations

import csv
import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ceechina.errors import PackageError, Problem, UnsupportedError, errors_of
from ceechina.model.records import ROWS
from ceechina.model.tables import Table, build
from ceechina.model.values import canonical
from ceechina.validate import duck, engine
from conftest import ROOT, World
from damage import edit_csv, sign, write_csv

TABLES = build(ROWS)


def validate(path: Path, tables: Mapping[str, Table]) -> list[Problem]:
    return list(engine.validate(path, tables).problems)


@pytest.fixture
def both(built: World) -> Path:
    """A package of both formats: where these differ, each is held to every rule."""
    return built.root / "datapackage"


@pytest.fixture
def package(both: Path) -> Path:
    """A package of CSV alone."""
    path = both / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [each for each in descriptor["resources"] if each["path"].endswith(".csv")]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    for file in both.glob("data/*.parquet"):
        file.unlink()
    return both


def with_cell(package: Path, table: str, column: str, cell: str) -> list[Problem]:
    """What is found where the first row of a table has another cell."""
    edit_csv(package / "data" / f"{table}.csv", lambda rows: rows[0].__setitem__(column, cell))
    sign(package)
    return validate(package, TABLES)


# rules that a damaged cell breaks besides its own, as others rest on it
CONSEQUENCES = ("claim", "published", "computed", "formats", "unused", "row-count")


def told(problems: list[Problem]) -> list[tuple[str, int, str]]:
    """Problems but for what follows from them elsewhere."""
    return [
        (problem.code, problem.row, problem.value)
        for problem in problems
        if problem.code.rsplit(".", 1)[-1] not in CONSEQUENCES
    ]


def test_the_published_package_is_clean() -> None:
    assert validate(ROOT / "datapackage", TABLES) == []
    assert validate(ROOT / "datapackage" / "datapackage.json", TABLES) == []


CELLS = [
    ("projects", "kind", "constrution", "projects.kind.code"),
    ("projects", "name", "", "projects.name.required"),
    ("projects", "name", " Bridge", "projects.name.form"),
    ("projects", "claim_count", "1.5", "projects.claim_count.form"),
    ("projects", "is_contested", "yes", "projects.is_contested.form"),
    ("projects", "first_event", "April 2019", "projects.first_event.form"),
    ("projects", "first_event_earliest", "2019-02-30", "projects.first_event_earliest.calendar"),
    ("projects", "added_in", "1.0", "projects.added_in.form"),
    ("project_amounts", "value", "NaN", "project_amounts.value.form"),
    ("project_amounts", "value", "90,000", "project_amounts.value.form"),
    ("project_amounts", "currency", "euro", "project_amounts.currency.code"),
    ("project_countries", "country_id", "PL", "project_countries.country_id.reference"),
    ("project_countries", "country_id", "rs", "project_countries.country_id.reference"),
    ("project_participants", "actor_id", "nobody", "project_participants.actor_id.reference"),
    ("passages", "sha256", "abc", "passages.sha256.form"),
    ("passages", "link", "www.example.org", "passages.link.form"),
    ("sources", "published", "2020-13", "sources.published.form"),
    ("sources", "language", "English", "sources.language.form"),
]


@pytest.mark.parametrize(("table", "column", "cell", "rule"), CELLS)
def test_a_bad_cell_is_found_at_its_place(package: Path, table: str, column: str, cell: str, rule: str) -> None:
    problems = [problem for problem in with_cell(package, table, column, cell) if problem.code == rule]
    assert told(problems) == [(rule, 1, cell)]
    problem = problems[0]
    assert (problem.path, problem.table, problem.field) == (f"data/{table}.csv", table, column)
    assert problem.key
    assert (repr(cell) if cell else "empty") in problem.message


def test_all_problems_are_told_at_once(package: Path) -> None:
    def spoil(rows: list[dict[str, str]]) -> None:
        rows[0]["claim_count"] = "x"
        rows[1]["claim_count"] = "y"
        rows[1]["status"] = "z"

    edit_csv(package / "data" / "memberships.csv", spoil)
    sign(package)
    assert told(validate(package, TABLES)) == [
        ("memberships.status.code", 2, "z"),
        ("memberships.claim_count.form", 1, "x"),
        ("memberships.claim_count.form", 2, "y"),
    ]


def test_a_key_that_stands_twice_is_told_for_both_rows(package: Path) -> None:
    edit_csv(package / "data" / "memberships.csv", lambda rows: rows.append(dict(rows[0])))
    sign(package)
    assert told(validate(package, TABLES)) == [
        ("memberships.key", 1, "river-league-hungary"),
        ("memberships.key", 3, "river-league-hungary"),
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("date", ""), ("date_earliest", "1999-01-01"), ("date_latest", ""), ("date_precision", "day")],
)
def test_a_computed_cell_that_is_not_what_it_comes_to_is_found(package: Path, column: str, cell: str) -> None:
    codes = {code for code, _, _ in told(with_cell(package, "project_events", column, cell))}
    companions = {f"project_events.date_{suffix}.companion" for suffix in ("earliest", "latest", "precision")}
    assert codes == (companions if column == "date" else {f"project_events.{column}.companion"})


def test_lost_rows_are_missed_by_their_claims_and_by_the_other_format(both: Path) -> None:
    edit_csv(both / "data" / "memberships.csv", lambda rows: rows.pop())
    sign(both)
    problems = validate(both, TABLES)
    assert {problem.code for problem in problems} == {
        "claims.record_id.record",
        "memberships.country_id.published",
        "memberships.status.published",
        "memberships.end.published",
        "memberships.formats",
        "row-count",
    }
    assert {problem.key for problem in problems if problem.code == "memberships.formats"} == {"river-league-serbia"}


def test_parquet_is_held_to_the_same_rules(both: Path) -> None:
    path = both / "data" / "projects.parquet"
    content = pq.ParquetFile(path).read()
    bad = pa.array(["constrution"], pa.string())
    pq.write_table(content.set_column(content.schema.get_field_index("kind"), content.schema.field("kind"), bad), path)
    sign(both)
    problems = validate(both, TABLES)
    assert told(problems) == [("projects.kind.code", 1, "constrution")]
    assert {problem.path for problem in problems if problem.code == "projects.kind.code"} == {"data/projects.parquet"}
    assert {problem.code for problem in problems if problem.code.endswith("formats")} == {"projects.formats"}


FILES: list[tuple[str, Callable[[Path], object], set[str]]] = [
    ("gone", lambda path: path.unlink(), {"missing-file"}),
    ("a byte added", lambda path: path.write_bytes(path.read_bytes() + b"\n"), {"byte-count", "csv-blank-line"}),
    ("one letter changed", lambda path: path.write_bytes(path.read_bytes().replace(b"0.0.1", b"0.0.2")), {"hash"}),
]


@pytest.mark.parametrize(("damage", "codes"), [pytest.param(damage, codes, id=name) for name, damage, codes in FILES])
def test_a_changed_file_is_told(package: Path, damage: Callable[[Path], object], codes: set[str]) -> None:
    damage(package / "data" / "projects.csv")
    problems = [problem for problem in validate(package, TABLES) if "." not in problem.code]
    assert {(problem.code, problem.path) for problem in problems} == {(code, "data/projects.csv") for code in codes}


def replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old, new, 1)


SHAPES: list[tuple[str, Callable[[bytes], bytes], set[str]]] = [
    ("a column renamed", replace(b"project_id,", b"projectid,"), {"unknown-column", "missing-column"}),
    ("columns swapped", replace(b"name,summary", b"summary,name"), {"column-order"}),
    ("a line of too many cells", lambda content: content + b"a," * 40 + b"a\n", {"csv-too-many-columns"}),
    ("a line of too few cells", lambda content: content + b"a,b\n", {"csv-missing-columns"}),
    ("a blank line at the end", lambda content: content + b"\n", {"csv-blank-line"}),
    ("a quote not closed", lambda content: content + b'"a,b\n', {"csv-unquoted-value"}),
    ("a line not in UTF-8", lambda content: content + b"\xff" + b"," * 25 + b"\n", {"csv-encoding"}),
    ("empty", lambda _: b"", {"missing-column"}),
]


@pytest.mark.parametrize(("damage", "codes"), [pytest.param(damage, codes, id=name) for name, damage, codes in SHAPES])
def test_a_file_of_another_shape_is_told_and_the_rest_checked(
    package: Path, damage: Callable[[bytes], bytes], codes: set[str]
) -> None:
    path = package / "data" / "projects.csv"
    path.write_bytes(damage(path.read_bytes()))
    sign(package)
    # a line that is read for all its bytes is a row more
    found = [problem for problem in validate(package, TABLES) if "." not in problem.code]
    problems = [problem for problem in found if problem.code != "row-count"]
    assert {problem.code for problem in problems} == codes
    assert {problem.path for problem in problems} == {"data/projects.csv"}
    if any(code.startswith("csv-") for code in codes):
        assert [problem.row or problem.line - 1 for problem in problems] == [2]


def test_parts_are_counted_each_for_itself(tmp_path: Path) -> None:
    names = [column.name for column in TABLES["actors"].columns]
    for number, bad in enumerate((2, 10, 10)):
        told_of = [("nope", "P") if row < bad else ("person", "p") for row in range(10)]
        rows = [
            {"actor_id": f"{letter}{number}-{row}", "name": "A name", "kind": kind, "country_id": "RS"}
            for row, (kind, letter) in enumerate(told_of)
        ]
        write_csv(tmp_path / f"a-{number}.csv", names, rows)
    for limit in (1, 3, 20):
        report = engine.validate(tmp_path / "a-*.csv", TABLES, table="actors", limit=limit)
        for code in ("actors.kind.code", "actors.actor_id.form"):
            groups = {group.path: group for group in report.groups if group.code == code}
            assert {path: group.total for path, group in groups.items()} == {"a-0.csv": 2, "a-1.csv": 10, "a-2.csv": 10}
            assert {len(group.problems) for group in groups.values()} == {min(limit, 2), min(limit, 10)}


@pytest.mark.parametrize("count", [3, 1200])
def test_every_kind_of_rule_counts_the_places_of_each_part(tmp_path: Path, count: int) -> None:
    """Whether few rows are suspect or more than can be asked one by one."""
    names = [column.name for column in TABLES["memberships"].columns]
    for part, more in (("a", 0), ("b", 5)):
        row = {"membership_id": "twice", "start": "2019", "start_earliest": "1900-01-01"}
        write_csv(tmp_path / f"{part}.csv", names, [row] * (count + more))
    report = engine.validate(tmp_path / "*.csv", TABLES, table="memberships", limit=2)
    for rule in ("key", "status.required", "start_earliest.companion"):
        groups = [group for group in report.groups if group.code == f"memberships.{rule}"]
        assert [(group.path, group.total, len(group.problems)) for group in groups] == [
            ("a.csv", count, 2),
            ("b.csv", count + 5, 2),
        ]


def test_a_damaged_part_after_a_good_one_is_told_and_the_rest_read(tmp_path: Path) -> None:
    header, *rows = (ROOT / "datapackage" / "data" / "memberships.csv").read_bytes().splitlines(keepends=True)
    (tmp_path / "1.csv").write_bytes(header + rows[0])
    (tmp_path / "2.csv").write_bytes(
        header + rows[1].replace(b"\n", b",x\n") + rows[2].replace(b",member,", b",membre,")
    )
    problems = engine.validate(tmp_path / "*.csv", TABLES, table="memberships").problems
    found = [(each.code, each.path, each.row) for each in problems if each.code != "not-in-package"]
    assert found == [("csv-too-many-columns", "2.csv", 1), ("memberships.status.code", "2.csv", 2)]


def test_the_part_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in ("1", "2"):
        shutil.copy(ROOT / "datapackage" / "data" / "claims.parquet", tmp_path / f"{name}.parquet")
    spoil_pages(tmp_path / "2.parquet")
    problems = engine.validate(tmp_path / "*.parquet", TABLES, table="claims").problems
    assert [each.path for each in problems if each.code == "unreadable"] == ["2.parquet"]


NEAR = [
    ("projects", "kind", "constrution", "a code of project_kind; did you mean 'construction'?"),
    ("projects", "kind", "zzz", "a code of project_kind"),
    ("project_participants", "actor_id", "north-work", "a key of actors; did you mean 'north-works'?"),
    ("project_participants", "actor_id", "zzz", "a key of actors"),
]


@pytest.mark.parametrize(("table", "column", "cell", "expected"), NEAR)
def test_the_nearest_code_or_key_is_named(package: Path, table: str, column: str, cell: str, expected: str) -> None:
    codes = {f"{table}.{column}.code", f"{table}.{column}.reference"}
    (problem,) = (each for each in with_cell(package, table, column, cell) if each.code in codes)
    assert problem.message == f"{column} is {cell!r}, expected {expected}"


def test_no_part_is_passed_over_where_each_has_wrong_cells_of_its_own(tmp_path: Path) -> None:
    names = [column.name for column in TABLES["memberships"].columns]
    for part in range(3):
        dates = [(f"19{part}{n}-01-01", f"200{n}-02-30") for n in range(5)]
        rows = [{"start": "2019", "start_earliest": first, "end": end} for first, end in dates]
        write_csv(tmp_path / f"{part}.csv", names, rows)
    report = engine.validate(tmp_path / "*.csv", TABLES, table="memberships", limit=2)
    for rule in ("start_earliest.companion", "end.calendar"):
        groups = [group for group in report.groups if group.code == f"memberships.{rule}"]
        assert [(group.path, group.total) for group in groups] == [("0.csv", 5), ("1.csv", 5), ("2.csv", 5)]
        assert [[problem.row for problem in group.problems] for group in groups] == [[1, 2]] * 3


@pytest.mark.parametrize("limit", [0, -1])
def test_no_place_at_all_cannot_be_asked_for(limit: int) -> None:
    with pytest.raises(UnsupportedError, match="expected 1 or more"):
        engine.validate(ROOT / "datapackage", TABLES, limit=limit)


def test_rows_after_lines_that_are_none_have_the_number_of_their_record(package: Path) -> None:
    path = package / "data" / "memberships.csv"
    header, first, second = path.read_bytes().splitlines(keepends=True)
    bad = second.replace(b",member,", b",membre,")
    assert bad != second
    path.write_bytes(b"".join([header, b"\n", first, b"a,b\n", b"\n", bad]))
    sign(package)
    problems = validate(package, TABLES)
    assert "the line has 2 cells, expected 19" in {problem.message for problem in problems}
    assert told(problems) == [
        ("csv-blank-line", 1, ""),
        ("csv-missing-columns", 3, ""),
        ("csv-blank-line", 4, ""),
        ("memberships.status.code", 5, "membre"),
    ]


DERIVED = [
    ("memberships", "claim_count", "77", "what the claims of the record come to"),
    ("projects", "country_ids", "", "the countries of the region that its rows name"),
    ("projects", "first_event", "1999", "the date of the first event"),
    ("claims", "field", "x", "the cell that value_table, item and value_column name"),
]


@pytest.mark.parametrize(("table", "column", "cell", "because"), DERIVED)
def test_a_derived_cell_that_is_wrong_is_told_with_what_it_should_be(
    package: Path, table: str, column: str, cell: str, because: str
) -> None:
    path = package / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        right = next(csv.DictReader(file))[column]
    found = with_cell(package, table, column, cell)
    (problem,) = (each for each in found if each.code == f"{table}.{column}.computed")
    assert f"expected {right!r}, {because}" in problem.message


def spoil_pages(path: Path) -> None:
    """Damage that shows only where the file is read to its end."""
    content = bytearray(path.read_bytes())
    content[200 : len(content) // 2] = b"\xff" * (len(content) // 2 - 200)
    path.write_bytes(content)


@pytest.mark.parametrize("kinds", [("csv", "parquet"), ("parquet",)])
def test_a_parquet_file_damaged_in_its_pages_is_told_once_and_the_rest_checked(
    tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    for name in ("claims", "countries"):
        for kind in kinds:
            shutil.copy(ROOT / "datapackage" / "data" / f"{name}.{kind}", tmp_path)
    spoil_pages(tmp_path / "claims.parquet")
    path = tmp_path / "countries.parquet"
    content = pq.ParquetFile(path).read()
    bad = pa.array([" "] + ["ABC"] * (len(content) - 1), pa.string())
    pq.write_table(content.set_column(1, content.schema.field("iso3"), bad), path)
    found = [(each.code, each.path, each.row) for each in validate(tmp_path, TABLES)]
    assert found.count(("unreadable", "claims.parquet", 0)) == 1
    assert found.count(("countries.iso3.form", "countries.parquet", 1)) == 1


@pytest.mark.parametrize("row", range(0, 1520, 160))
def test_a_table_of_one_claim_is_checked(tmp_path: Path, row: int) -> None:
    """DuckDB takes cells that are all alike for constants, and reckons with them beforehand."""
    content = pq.ParquetFile(ROOT / "datapackage" / "data" / "claims.parquet").read()
    pq.write_table(content.slice(row, 1), tmp_path / "claims.parquet")
    codes = {each.code for each in validate(tmp_path / "claims.parquet", TABLES)}
    # of one that agrees, that with which it does is not there
    assert codes - {"claims.standing.computed"} == {"not-in-package"}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("folder", ["scope=region", "scope=nowhere"])
def test_cells_are_those_of_the_file_and_not_of_its_folder(tmp_path: Path, kind: str, folder: str) -> None:
    path = tmp_path / "countries" / folder / f"part.{kind}"
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / "datapackage" / "data" / f"countries.{kind}", path)
    assert {each.code for each in validate(tmp_path / "countries", TABLES)} == {"not-in-package"}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_many_parts_are_read_as_one_table(tmp_path: Path, kind: str) -> None:
    content = pq.ParquetFile(ROOT / "datapackage" / "data" / "countries.parquet").read()
    for number in range(300):
        pq.write_table(content.slice(number % len(content), 1), tmp_path / f"{number:03}.parquet")
        if kind == "csv":
            lines = (ROOT / "datapackage" / "data" / "countries.csv").read_bytes().splitlines(keepends=True)
            (tmp_path / f"{number:03}.csv").write_bytes(lines[0] + lines[1 + number % (len(lines) - 1)])
    start = time.perf_counter()
    found = [
        each
        for each in engine.validate(tmp_path / f"*.{kind}", TABLES, table="countries").problems
        if each.code == "countries.key"
    ]
    assert {each.path for each in found} == {f"{number:03}.{kind}" for number in range(300)}
    assert time.perf_counter() - start < 20


def test_large_parts_of_csv_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "HELD", 10)
    header, *rows = (ROOT / "datapackage" / "data" / "countries.csv").read_bytes().splitlines(keepends=True)
    (tmp_path / "a.csv").write_bytes(header + b"".join(rows[:10]))
    (tmp_path / "b.csv").write_bytes(header + b"".join(rows[10:]).replace(b"region", b"nowhere"))
    found = engine.validate(tmp_path / "*.csv", TABLES, table="countries").problems
    assert {each.path for each in found if each.code == "countries.scope.code"} == {"b.csv"}
    assert not [each for each in found if each.code == "countries.key"]


ALONE = [
    ("meeting_participants", "meeting_id", "meetings.participants.some"),
    ("passages", "source_id", "sources.source_id.unused"),
    ("project_participants", "actor_id", "actors.actor_id.unused"),
    ("project_participants", "project_id", "project_amounts.kind.lender"),
    ("agreement_parties", "agreement_id", "agreements.kind.china"),
    ("agreement_parties", "agreement_id", "agreements.parties.two"),
]


@pytest.mark.parametrize(("table", "column", "code"), ALONE)
def test_an_empty_cell_switches_no_rule_off(tmp_path: Path, table: str, column: str, code: str) -> None:
    """Of a package of which these rows name nothing more, each row without its key."""
    folder = Path(
        shutil.copytree(ROOT / "datapackage" / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.pa*"))
    )
    edit_csv(folder / f"{table}.csv", lambda rows: [row.update({column: ""}) for row in rows])
    assert code in {problem.code for problem in validate(tmp_path / "data", TABLES)}


@pytest.mark.parametrize("cell", ["9223372036854775807", "9" * 30, "9" * 400])
def test_a_number_that_is_too_large_is_told_and_ends_nothing(package: Path, cell: str) -> None:
    edit_csv(package / "data" / "passages.csv", lambda rows: rows[0].update(word_offset=cell, word_count=cell))
    sign(package)
    codes = {problem.code for problem in validate(package, TABLES)}
    assert {"passages.word_offset.form", "passages.word_count.form"} <= codes


@pytest.mark.parametrize(
    ("spells", "is_told"),
    [
        ([("candidate", "2004-06-18", "2013"), ("member", "2013-07-01", "")], False),
        ([("candidate", "", ""), ("member", "2009", "")], False),
        ([("observer", "", "201X"), ("member", "2015", "")], False),
        ([("observer", "2001", "../2010"), ("member", "2015", "")], False),
        ([("observer", "2001", "2010-05-05"), ("member", "2010-05-05", "")], False),
        ([("observer", "2001", "2010-05-06"), ("member", "2010-05-05", "")], True),
        ([("member", "2009", "2012"), ("member", "2010", "")], True),
        ([("member", "", ""), ("member", "", "")], True),
        ([("member", "2009", ""), ("observer", "2010", "")], True),
    ],
)
def test_spells_overlap_where_they_do_for_certain(
    tmp_path: Path, spells: list[tuple[str, str, str]], is_told: bool
) -> None:
    names = [column.name for column in TABLES["memberships"].columns]
    rows = []
    for number, (status, *dates) in enumerate(spells):
        row = {"membership_id": f"nato-{number}", "body_actor_id": "nato", "country_id": "HR", "status": status}
        for name, date in zip(("start", "end"), dates, strict=True):
            companions = {c.name: c.companion for c in TABLES["memberships"].columns if c.source == name}
            row[name] = date
            computed = {each: c.compute(date) for each, c in companions.items() if c and date}
            row |= {each: canonical(value) for each, value in computed.items() if value is not None}
        rows.append(row)
    write_csv(tmp_path / "memberships.csv", names, rows)
    told = [each for each in validate(tmp_path / "memberships.csv", TABLES) if each.code == "memberships.start.overlap"]
    assert bool(told) == is_told
    assert all(each.value == spells[each.row - 1][1] and "there is 'nato-" in each.message for each in told)


MADE = [
    ("passages", "passage_id", ["source_id", "sha256"]),
    ("exclusions", "exclusion_id", ["passage_id"]),
    ("claims", "claim_id", ["record_id", "value_table", "value_column", "passage_id"]),
    ("claims", "field", ["value_table", "value_column"]),
]


@pytest.mark.parametrize(
    ("table", "made", "part"), [(table, made, part) for table, made, all_ in MADE for part in all_]
)
def test_a_cell_made_of_others_is_held_to_its_form_where_one_of_them_is_missing(
    package: Path, table: str, made: str, part: str
) -> None:
    edit_csv(package / "data" / f"{table}.csv", lambda rows: rows[0].update({part: "", made: " HBIS "}))
    sign(package)
    problems = {each.code: each for each in validate(package, TABLES) if each.table == table and each.row == 1}
    assert f"{table}.{part}.required" in problems
    told = problems[f"{table}.{made}.computed"]
    assert (told.field, told.value) == (made, " HBIS ")
    assert "expected nothing" not in told.message


def test_parquet_columns_of_another_type_are_told(both: Path) -> None:
    path = both / "data" / "projects.parquet"
    content = pq.ParquetFile(path).read()
    index = content.schema.get_field_index("claim_count")
    pq.write_table(content.set_column(index, "claim_count", content["claim_count"].cast(pa.string())), path)
    sign(both)
    assert [(problem.code, problem.field) for problem in validate(both, TABLES)] == [("column-type", "claim_count")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "data/other.csv"),
        ("format", "xlsx"),
        ("table", "claims"),
        ("schema", {"fields": []}),
        ("part", "child"),
    ],
)
def test_a_description_that_is_not_the_models_is_told(package: Path, key: str, value: object) -> None:
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    next(res for res in descriptor["resources"] if res["name"] == "projects")[key] = value
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    problems = [problem for problem in validate(package, TABLES) if problem.code == "description"]
    assert [(problem.table, problem.field) for problem in problems] == [("projects", key)]


@pytest.mark.parametrize("version", [None, "1.0", "v1.0.0"])
def test_a_package_without_a_version_is_told(package: Path, version: str | None) -> None:
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["version"] = version
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert "version" in {problem.code for problem in validate(package, TABLES)}


def test_a_count_that_is_not_that_of_the_rows_is_told(package: Path) -> None:
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    next(res for res in descriptor["resources"] if res["name"] == "projects")["rows"] = 7
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    problems = validate(package, TABLES)
    assert [(problem.code, problem.path) for problem in problems] == [("row-count", "data/projects.csv")]
    assert problems[0].message == "1 rows are read, the descriptor says 7"


def test_a_package_in_part_is_checked_for_what_it_has(package: Path) -> None:
    """What is not there is a warning; what is there is checked, but for what needs the rest."""
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [res for res in descriptor["resources"] if res["name"] in ("projects", "countries")]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    problems = validate(package, TABLES)
    (problem,) = problems
    assert (problem.code, problem.severity) == ("not-in-package", "warning")
    assert set(problem.message.partition(":")[0].removeprefix("the package has no ").split(", ")) == TABLES.keys() - {
        "projects",
        "countries",
    }
    edit_csv(package / "data" / "projects.csv", lambda rows: rows[0].__setitem__("kind", "constrution"))
    sign(package)
    assert [problem.code for problem in errors_of(validate(package, TABLES))] == ["projects.kind.code"]


def test_rows_are_checked_though_the_file_is_not_the_one_described(package: Path) -> None:
    edit_csv(package / "data" / "projects.csv", lambda rows: rows[0].__setitem__("kind", "constrution"))
    codes = {problem.code for problem in validate(package, TABLES)}
    assert {"byte-count", "projects.kind.code"} <= codes


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"resources": 1}', "[" * 100_000], ids=["empty", "cut", "list", "no list", "deep"]
)
def test_a_descriptor_that_is_none_is_refused(package: Path, content: str) -> None:
    (package / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(PackageError, match=r"datapackage\.json"):
        validate(package, TABLES)


def test_a_folder_without_a_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no package"):
        validate(tmp_path, TABLES)


def test_the_package_is_not_changed_by_being_checked(package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    validate(package, TABLES)
    for path in copy.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (package / path.relative_to(copy)).read_bytes()
