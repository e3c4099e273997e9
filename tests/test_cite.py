"""Citing: one source of metadata, checksums anyone can recompute, the sources behind a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import rispy
from pybtex.database import parse_string

from ceechina.errors import PackageError, UnknownNameError, UnsupportedError
from ceechina.read.exports.citation_styles import STYLES, TYPES
from ceechina.read.exports.cite import CSL_TYPES, cite, content_sha256, result_sha256
from ceechina.read.package import Package
from conftest import ROOT, World

PUBLISHED = Package(ROOT / "datapackage")
TABLES = [info.name for info in PUBLISHED.tables()]
RECORDS = {
    row[info.key[0]]: row["source_ids"].split("; ")
    for info in PUBLISHED.core()
    for row in PUBLISHED.load(info.name, "arrow").to_pylist()
}
SOURCES = {row["source_id"]: row for row in PUBLISHED.load("sources", "arrow").to_pylist()}
# what a CSL-JSON item and its dates may hold, as far as we use it
ITEM = {"id", "type", "title", "author", "container-title", "publisher", "issued", "version", "language", "DOI", "URL"}
DATE = {"date-parts", "season", "circa", "literal", "edtf"}


@pytest.fixture
def package(built: World) -> Package:
    return Package(built.root / "datapackage")


def described(package: Package, changes: Mapping[str, Any]) -> Package:
    """The package with another descriptor; None takes a property away."""
    path = package.folder / "datapackage.json"
    content = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), encoding="utf-8")
    return Package(package.folder)


def items(package: Package, record: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cite(package, "csl-json", record))
    return found


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_cited_with_every_source_behind_it_as_parsers_of_others_read_it(record: str) -> None:
    dataset, *sources = items(PUBLISHED, record)
    assert dataset["type"] == "dataset"
    assert f"Record {record}: " in dataset["note"]
    assert [source["id"] for source in sources] == sorted(RECORDS[record])
    for item in (dataset, *sources):
        assert set(item) <= ITEM | {"note"}
        assert item["type"] in TYPES
        assert item["title"]
        assert set(item.get("issued", {})) <= DATE

    assert_parsers_of_others_agree([dataset, *sources])


def assert_parsers_of_others_agree(expected: list[dict[str, Any]]) -> None:
    entries = parse_string(STYLES["bibtex"](expected), "bibtex").entries
    read = rispy.loads(STYLES["ris"](expected))
    assert list(entries) == [entry["id"] for entry in read] == [item["id"] for item in expected]
    for item, ris in zip(expected, read, strict=True):
        bibtex = entries[item["id"]]
        names = [name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]]
        assert ris["title"] == bibtex.fields["title"].strip("{}") == item["title"]
        assert ris["authors"] == names
        assert [str(person).strip("{}") for person in bibtex.persons["author"]] == names
        assert ris.get("urls", [None])[0] == bibtex.fields.get("url") == item.get("URL")
        assert bibtex.fields.get("date") == item.get("issued", {}).get("edtf")
        assert "\n".join(ris.get("notes", [])).endswith(item.get("note", ""))


@pytest.mark.parametrize("style", STYLES)
def test_every_style_names_title_version_licence_checksum_and_repeats(style: str) -> None:
    text = cite(PUBLISHED, style)
    for told in (PUBLISHED.descriptor["title"], PUBLISHED.version, "CC-BY-4.0", content_sha256(PUBLISHED.descriptor)):
        assert str(told) in text
    assert text == cite(Package(ROOT / "datapackage"), style)
    assert text == text.rstrip("\n")


@pytest.mark.parametrize("style", STYLES)
def test_every_style_lists_the_sources_after_the_dataset(style: str) -> None:
    text = cite(PUBLISHED, style, "smederevo-steelworks")
    places = [text.index(SOURCES[source]["title"]) for source in RECORDS["smederevo-steelworks"]]
    assert text.index(PUBLISHED.descriptor["title"]) < min(places)
    assert places == sorted(places)


def test_the_checksum_is_that_of_the_checksums_of_the_tables() -> None:
    paths = sorted((ROOT / "datapackage" / "data").glob("*.csv"), key=lambda path: f"data/{path.name}")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  data/{path.name}\n" for path in paths]
    assert content_sha256(PUBLISHED.descriptor) == hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_checksum_is_one_whatever_the_format(form: str) -> None:
    resources = [each for each in PUBLISHED.descriptor["resources"] if each["format"] == form]
    assert content_sha256({"resources": resources}) == content_sha256(PUBLISHED.descriptor)


@pytest.mark.parametrize("name", ["hash", "contentHash"])
def test_the_checksum_changes_with_any_row(name: str) -> None:
    resource = next(each for each in PUBLISHED.descriptor["resources"] if name in each)
    others = [each for each in PUBLISHED.descriptor["resources"] if each["table"] != resource["table"]]
    changed = {"resources": [*others, {**resource, name: f"sha256:{'0' * 64}"}]}
    assert content_sha256(changed) != content_sha256(PUBLISHED.descriptor)


def test_the_checksum_is_left_out_where_a_file_has_no_hash(package: Package) -> None:
    resources = [{**resource, "rows": 0} for resource in package.descriptor["resources"]]
    del resources[0]["hash"]
    assert "SHA-256" not in cite(described(package, {"resources": resources}))


def test_what_the_descriptor_does_not_say_is_left_out_and_what_it_says_is_told(package: Package) -> None:
    (plain,) = items(package)
    assert not {"issued", "DOI", "URL"} & set(plain)
    told = {
        "created": "2026-11-25T10:00:00Z",
        "id": "https://doi.org/10.5281/zenodo.1",
        "homepage": "https://x.example",
    }
    (full,) = items(described(package, told))
    assert full["issued"]["date-parts"] == [[2026, 11, 25]]
    assert (full["DOI"], full["URL"]) == ("10.5281/zenodo.1", "https://x.example")
    (address,) = items(described(package, {"id": "https://x.example/1", "homepage": None, "created": "soon"}))
    assert address["URL"] == "https://x.example/1"
    assert not {"issued", "DOI"} & set(address)
    (bare,) = items(described(package, {"id": None, "licenses": None, "contributors": None}))
    assert "author" not in bare
    assert "Licence" not in bare["note"]


def test_creators_are_cited_before_other_contributors(package: Package) -> None:
    others = [{"title": "A Funder", "roles": ["funder"]}, {"title": "B. Maker and Daughters", "roles": ["creator"]}]
    (item,) = items(described(package, {"contributors": others}))
    assert item["author"] == [{"literal": "B. Maker and Daughters"}]
    (item,) = items(described(package, {"contributors": others[:1]}))
    assert item["author"] == [{"literal": "A Funder"}]


def test_names_are_split_by_their_last_word_and_remarks_kept_in_a_note() -> None:
    (record, *_) = (record for record, sources in RECORDS.items() if "klub-jagiellonski-2024" in sources)
    (item,) = (item for item in items(PUBLISHED, record) if item["id"] == "klub-jagiellonski-2024")
    printed = SOURCES["klub-jagiellonski-2024"]["authors"]
    assert "(interview)" in printed
    assert [name["family"] for name in item["author"]] == ["Bērziņa-Čerenkova", "Kopyta"]
    assert item["note"] == f"Authors as printed: {printed}"


def test_every_kind_of_source_has_its_type() -> None:
    kinds = {code["code"] for code in PUBLISHED.descriptor["codeLists"]["source_kind"]["codes"]}
    assert kinds == set(CSL_TYPES)
    assert set(CSL_TYPES.values()) < set(TYPES)


@pytest.mark.parametrize("table", TABLES)
def test_a_result_that_is_a_table_has_the_hash_of_its_csv_file(table: str) -> None:
    shuffled = PUBLISHED.load(table, "arrow").to_pylist()[::-1]
    result = pa.Table.from_pylist(shuffled, schema=PUBLISHED.load(table, "arrow").schema)
    assert result_sha256(result) == hashlib.sha256((ROOT / f"datapackage/data/{table}.csv").read_bytes()).hexdigest()


def test_a_result_is_hashed_by_its_values() -> None:
    with duckdb.connect() as connection:
        one = connection.sql(
            "SELECT 1.50::DECIMAL(9, 2) AS a, 1e20 AS b, NULL AS c, 'x, \"y\"' AS d, DATE '2020-01-02' AS e, "
            "'nan'::DOUBLE AS f UNION ALL SELECT 20, -0.5, true, 'ž', NULL, 0"
        )
        result = one.to_arrow_table()
    text = 'a,b,c,d,e,f\n1.5,100000000000000000000,,"x, ""y""",2020-01-02,NaN\n20,-0.5,true,ž,,0\n'
    assert result_sha256(result) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("style", STYLES)
def test_a_query_is_cited_with_its_words_and_the_hash_of_its_result(style: str) -> None:
    query = "SELECT status -- as of now\nFROM projects WHERE project_id LIKE 'e%{_}'"
    text = cite(PUBLISHED, style, query=query)
    assert result_sha256(PUBLISHED.query(query, as_="arrow")) in text
    for word in ("Result: 0 rows", "FROM projects WHERE"):
        assert word in text
    if style == "csl-json":
        assert f"Query: {query}\n" in json.loads(text)[0]["note"]


def test_unknown_styles_and_records_are_told_with_the_nearest(package: Package) -> None:
    with pytest.raises(UnsupportedError, match="did you mean 'bibtex'"):
        cite(package, "bibtext")
    with pytest.raises(UnknownNameError, match="did you mean 'vrba-bridge'"):
        cite(package, record="vrba-brigde")


@pytest.mark.parametrize(
    "damage", [{"title": None}, {"contributors": [{}]}, {"licenses": ["mine"]}, {"resources": [1]}]
)
def test_a_descriptor_that_cannot_be_cited_is_refused(package: Package, damage: Mapping[str, Any]) -> None:
    with pytest.raises(PackageError, match="how it is cited"):
        cite(described(package, damage))
