"""Who made the dataset, what it is and how it may be used: the one place for it.

Identifiers stand here too. They are empty until they are minted; once typed here, `ceechina schema` and
`ceechina build` carry them into every file that has a place for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Creator:
    """A maker of the dataset: a group by its name, a person by family and given names.

    `orcid` is the bare identifier, such as 0000-0002-1825-0097; empty where there is none.
    """

    name: str
    given: str = ""
    orcid: str = ""

    @property
    def title(self) -> str:
        """The name as one reads it."""
        return f"{self.given} {self.name}".strip()

    @property
    def inverted(self) -> str:
        """The name as one sorts it."""
        return f"{self.name}, {self.given}" if self.given else self.name


NAME = "ceechina"
TITLE = "ceechina: China's engagement with Central and Eastern Europe"
DESCRIPTION = (
    "Projects, agreements, meetings and memberships between China and the countries of Central and Eastern "
    "Europe, coded from publications. Every value names the passage that states it; where sources disagree "
    "all values are kept and the choice is explained."
)
CREATORS = (Creator("The ceechina contributors"),)
KEYWORDS = ("China", "Central and Eastern Europe", "Belt and Road Initiative", "foreign investment", "diplomacy")
DATA_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}

# bare DOIs (10.…): of the dataset in all its versions, and of each version
CONCEPT_DOI = ""
DOIS: Mapping[str, str] = {}
# address of the dataset's page
HOMEPAGE = ""
# address of the released archives, each at `<address>/<version>/<archive>`: a published copy of `releases/`
RELEASES = ""


def package_metadata(version: str) -> Json:
    """The head of `datapackage.json`; what is not known yet is left out."""
    head = {
        "name": NAME,
        "id": doi_address(DOIS.get(version, "")),
        "isVersionOf": doi_address(CONCEPT_DOI),
        "homepage": HOMEPAGE,
        "releases": RELEASES,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": version,
        "keywords": list(KEYWORDS),
        "licenses": [DATA_LICENCE],
        "contributors": [_contributor(creator) for creator in CREATORS],
    }
    return filled(head)


def _contributor(creator: Creator) -> Json:
    names = {"givenName": creator.given, "familyName": creator.name} if creator.given else {}
    path = f"https://orcid.org/{creator.orcid}" if creator.orcid else ""
    return filled({"title": creator.title, **names, "path": path, "roles": ["creator"]})


def suggested(version: str) -> str:
    """How to cite the dataset, in a line."""
    makers = ", ".join(creator.title for creator in CREATORS)
    address = doi_address(DOIS.get(version, "")) or HOMEPAGE
    return " ".join([f"{makers}. {TITLE}. Version {version}. {DATA_LICENCE['name']}.", *([address] if address else [])])


def doi_address(doi: str) -> str:
    """A bare DOI as an address; nothing for nothing."""
    return f"https://doi.org/{doi}" if doi else ""


def filled(values: Mapping[str, Any]) -> Json:
    """The entries that say something."""
    return {key: value for key, value in values.items() if value}


def cff() -> str:
    """CITATION.cff 1.2.0; without a version, so that it cannot go stale."""
    import yaml

    content = filled(
        {
            "cff-version": "1.2.0",
            "message": "If you use this dataset, please cite it with the version you used.",
            "type": "dataset",
            "title": TITLE,
            "abstract": DESCRIPTION,
            "authors": [_cff_author(creator) for creator in CREATORS],
            "doi": CONCEPT_DOI,
            "url": HOMEPAGE,
            "repository-artifact": RELEASES,
            "license": DATA_LICENCE["name"],
            "keywords": list(KEYWORDS),
        }
    )
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _cff_author(creator: Creator) -> Json:
    orcid = f"https://orcid.org/{creator.orcid}" if creator.orcid else ""
    if creator.given:
        return filled({"family-names": creator.name, "given-names": creator.given, "orcid": orcid})
    return filled({"name": creator.name, "orcid": orcid})


def zenodo() -> Json:
    """`.zenodo.json`, by which Zenodo describes what it archives; version and date are those of the release."""
    return {
        "upload_type": "dataset",
        "title": TITLE,
        "description": DESCRIPTION,
        "creators": [filled({"name": creator.inverted, "orcid": creator.orcid}) for creator in CREATORS],
        "access_right": "open",
        # Zenodo's names of licences are those of SPDX in lower case
        "license": DATA_LICENCE["name"].lower(),
        "keywords": list(KEYWORDS),
        "language": "eng",
    }
