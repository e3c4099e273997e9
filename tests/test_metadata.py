"""Metadata files: each valid by the judge of its standard, and each saying what the one source says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mlcroissant
import pytest
from datacite import schema45
from rdflib import SDO

from ceechina.publish import citation
from ceechina.publish.citation import Creator, package_metadata
from ceechina.publish.metadata import METADATA_FILES, datacite, metadata_files, schema_org
from ceechina.read.package import Package
from conftest import ROOT, World

Json = dict[str, Any]

# mlcroissant and the libraries below it use what is to go
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
]


@pytest.fixture
def minted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Identifiers, a person among the creators."""
    monkeypatch.setattr(
        citation, "CREATORS", (Creator("Carberry", "Josiah", "0000-0002-1825-0097"), Creator("The bridge watchers"))
    )
    monkeypatch.setattr(citation, "CONCEPT_DOI", "10.5555/all")
    monkeypatch.setattr(citation, "DOIS", {"0.0.1": "10.5555/one"})
    monkeypatch.setattr(citation, "HOMEPAGE", "https://ceechina.example/")


@pytest.fixture(params=["before minting", "after minting"])
def dated(request: pytest.FixtureRequest, built: World) -> Path:
    """A package of a dated version with its metadata files, without identifiers and with them."""
    if request.param == "after minting":
        request.getfixturevalue("minted")
    folder = built.root / "datapackage"
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor |= {**package_metadata("0.0.1"), "created": "2026-11-25T00:00:00Z"}
    for name, content in {"datapackage.json": descriptor, **metadata_files(descriptor)}.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def load(path: Path) -> Json:
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def linked_facts(content: Json) -> tuple[Any, ...]:
    makers = [creator["name"] for creator in content["creator"]]
    return content["name"], content["description"], content["license"], makers, content["keywords"], content["version"]


def datacite_facts(content: Json) -> tuple[Any, ...]:
    makers = [" ".join(reversed(creator["name"].split(", "))) for creator in content["creators"]]
    return (
        content["titles"][0]["title"],
        content["descriptions"][0]["description"],
        content["rightsList"][0]["rightsUri"],
        makers,
        [subject["subject"] for subject in content["subjects"]],
        content["version"],
    )


def csvw_facts(content: Json) -> tuple[Any, ...]:
    names = ("dc:title", "dc:description", "dc:license", "dc:creator", "dc:subject", "dc:hasVersion")
    title, description, licence, *rest = (content[name] for name in names)
    return title, description, licence["@id"], *rest


FACTS: dict[str, Callable[[Json], tuple[Any, ...]]] = {
    "croissant.json": linked_facts,
    "csv-metadata.json": csvw_facts,
    "datacite.json": datacite_facts,
    "schema-org.json": linked_facts,
}


@pytest.mark.parametrize("name", METADATA_FILES)
def test_every_file_says_what_the_source_says(name: str, dated: Path) -> None:
    assert FACTS[name](load(dated / name)) == (
        citation.TITLE,
        citation.DESCRIPTION,
        citation.DATA_LICENCE["path"],
        [creator.title for creator in citation.CREATORS],
        list(citation.KEYWORDS),
        "0.0.1",
    )


def test_the_committed_files_are_those_of_the_committed_descriptor() -> None:
    wanted = metadata_files(load(ROOT / "datapackage" / "datapackage.json"))
    present = {name: load(ROOT / "datapackage" / name) for name in METADATA_FILES if name in wanted}
    assert present == wanted, "run `ceechina build`"


def test_datacite_is_there_from_the_day_a_version_is_dated(built: World, dated: Path) -> None:
    descriptor = load(dated / "datapackage.json")
    assert set(metadata_files(descriptor)) == set(METADATA_FILES)
    del descriptor["created"]
    assert set(metadata_files(descriptor)) == set(METADATA_FILES) - {"datacite.json"}


def test_datacite_is_valid_by_its_published_schema(dated: Path) -> None:
    assert [error.message for error in schema45.validator.iter_errors(load(dated / "datacite.json"))] == []


@pytest.mark.parametrize(
    ("key", "value"), [("titles", []), ("publicationYear", "soon"), ("language", 1), ("shelf", "3")]
)
def test_the_schema_of_datacite_refuses_what_is_wrong(key: str, value: object, dated: Path) -> None:
    assert list(schema45.validator.iter_errors(load(dated / "datacite.json") | {key: value}))


def test_datacite_names_persons_sources_and_the_dataset_of_all_versions(minted: None, built: World) -> None:
    descriptor = load(built.root / "datapackage" / "datapackage.json")
    content = datacite(descriptor | package_metadata("0.0.1") | {"created": "2026-11-25T00:00:00Z"})
    assert content["doi"] == "10.5555/one"
    assert (content["publicationYear"], content["dates"][0]["date"]) == ("2026", "2026-11-25")
    assert [creator["nameType"] for creator in content["creators"]] == ["Personal", "Organizational"]
    related = [tuple(one.values()) for one in content["relatedIdentifiers"]]
    assert related == [
        ("10.5555/all", "DOI", "IsVersionOf"),
        ("https://gazette.example/bridge", "URL", "IsDerivedFrom"),
    ]


def words(value: Any) -> Iterator[str]:
    """The keys and types of a JSON-LD document."""
    if isinstance(value, dict):
        yield from (key for key in value if not key.startswith("@"))
        yield from (value[key] for key in ("@type",) if key in value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from words(each)


def test_schema_org_uses_only_words_of_schema_org(dated: Path) -> None:
    assert {word for word in words(load(dated / "schema-org.json")) if word not in SDO} == set()


def test_schema_org_gives_every_file_with_its_size_and_hash(dated: Path) -> None:
    files = {one["contentUrl"]: one for one in schema_org(load(dated / "datapackage.json"))["distribution"]}
    for resource in load(dated / "datapackage.json")["resources"]:
        told = files.pop(resource["path"])
        assert told["contentSize"] == f"{(dated / resource['path']).stat().st_size} B"
        assert resource["hash"] == f"sha256:{told['sha256']}"
    assert files == {}


def test_mlcroissant_finds_no_error_and_nothing_it_would_recommend(dated: Path) -> None:
    issues = mlcroissant.Dataset(jsonld=dated / "croissant.json").metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())


def test_mlcroissant_does_find_what_is_planted(dated: Path) -> None:
    content = load(dated / "croissant.json")
    content["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "data/nowhere.parquet"
    (dated / "croissant.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(mlcroissant.ValidationError, match="nowhere"):
        mlcroissant.Dataset(jsonld=dated / "croissant.json")


def test_mlcroissant_reads_every_table_as_it_is(dated: Path) -> None:
    dataset, package = mlcroissant.Dataset(jsonld=dated / "croissant.json"), Package(dated)
    assert [record_set.id for record_set in dataset.metadata.record_sets] == [info.name for info in package.tables()]
    for info in package.tables():
        rows = package.load(info.name, "arrow").to_pylist()
        key = info.key[0]
        told = [record[f"{info.name}/{key}"].decode() for record in dataset.records(info.name)]
        assert told == [row[key] for row in rows]
