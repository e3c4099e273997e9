"""What is said once about the dataset, and the two files at the root of the repository that say it again."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from ceechina.publish import citation
from ceechina.publish.citation import Creator, cff, package_metadata, suggested, zenodo

CFF_SCHEMA = json.loads(
    (files("check_jsonschema") / "builtin_schemas/vendor/citation-file-format.json").read_text(encoding="utf-8")
)
PERSON = Creator("Carberry", "Josiah", "0000-0002-1825-0097")
GROUP = Creator("The bridge watchers")


@pytest.fixture
def minted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person and a group as creators, and every identifier there can be."""
    monkeypatch.setattr(citation, "CREATORS", (PERSON, GROUP))
    monkeypatch.setattr(citation, "CONCEPT_DOI", "10.5555/all")
    monkeypatch.setattr(citation, "DOIS", {"0.0.1": "10.5555/one"})
    monkeypatch.setattr(citation, "HOMEPAGE", "https://ceechina.example/")
    monkeypatch.setattr(citation, "RELEASES", "https://ceechina.example/releases")


def read_cff() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(cff())
    return content


def test_cff_is_valid_by_the_published_schema() -> None:
    jsonschema.validate(read_cff(), CFF_SCHEMA)


def test_cff_with_identifiers_is_valid_by_the_published_schema(minted: None) -> None:
    content = read_cff()
    jsonschema.validate(content, CFF_SCHEMA)
    assert content["doi"] == "10.5555/all"
    assert content["url"] == "https://ceechina.example/"
    assert content["repository-artifact"] == "https://ceechina.example/releases"
    assert content["authors"] == [
        {"family-names": "Carberry", "given-names": "Josiah", "orcid": "https://orcid.org/0000-0002-1825-0097"},
        {"name": "The bridge watchers"},
    ]


def test_the_schema_of_cff_refuses_an_orcid_that_is_none(minted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citation, "CREATORS", (Creator("Carberry", "Josiah", "1825"),))
    with pytest.raises(jsonschema.ValidationError, match="1825"):
        jsonschema.validate(read_cff(), CFF_SCHEMA)


def test_cff_says_what_the_source_says() -> None:
    content = read_cff()
    assert (content["title"], content["abstract"]) == (citation.TITLE, citation.DESCRIPTION)
    assert (content["license"], content["keywords"]) == (citation.DATA_LICENCE["name"], list(citation.KEYWORDS))
    assert content["authors"] == [{"name": creator.title} for creator in citation.CREATORS]
    assert "version" not in content


def test_zenodo_says_what_the_source_says() -> None:
    content = zenodo()
    assert (content["title"], content["description"]) == (citation.TITLE, citation.DESCRIPTION)
    assert content["license"] == citation.DATA_LICENCE["name"].lower()
    assert content["keywords"] == list(citation.KEYWORDS)
    assert content["creators"] == [{"name": creator.inverted} for creator in citation.CREATORS]


def test_zenodo_has_persons_by_their_family_name(minted: None) -> None:
    assert zenodo()["creators"] == [
        {"name": "Carberry, Josiah", "orcid": "0000-0002-1825-0097"},
        {"name": "The bridge watchers"},
    ]


def test_the_head_of_the_descriptor_leaves_out_what_is_not_minted() -> None:
    assert not {"id", "isVersionOf", "homepage"} & package_metadata("0.0.1").keys()


def test_the_head_of_the_descriptor_has_the_doi_of_its_own_version_only(minted: None) -> None:
    head = package_metadata("0.0.1")
    assert (head["id"], head["isVersionOf"]) == ("https://doi.org/10.5555/one", "https://doi.org/10.5555/all")
    assert "id" not in package_metadata("0.0.2")
    assert head["contributors"] == [
        {
            "title": "Josiah Carberry",
            "givenName": "Josiah",
            "familyName": "Carberry",
            "path": "https://orcid.org/0000-0002-1825-0097",
            "roles": ["creator"],
        },
        {"title": "The bridge watchers", "roles": ["creator"]},
    ]


def test_the_suggested_citation_ends_with_the_address_there_is(minted: None) -> None:
    assert suggested("0.0.1").startswith(f"Josiah Carberry, The bridge watchers. {citation.TITLE}. Version 0.0.1.")
    assert suggested("0.0.1").endswith(" https://doi.org/10.5555/one")
    assert suggested("0.0.2").endswith(" https://ceechina.example/")
