"""Who made the dataset and how it may be used: the one place for it."""

from __future__ import annotations

from typing import Any

NAME = "ceechina"
TITLE = "ceechina: China's engagement with Central and Eastern Europe"
DESCRIPTION = (
    "Projects, agreements, meetings and memberships between China and the countries of Central and Eastern "
    "Europe, coded from publications. Every value names the passage that states it; where sources disagree "
    "all values are kept and the choice is explained."
)
CONTRIBUTORS = ("The ceechina contributors",)
KEYWORDS = ("China", "Central and Eastern Europe", "Belt and Road Initiative", "foreign investment", "diplomacy")
DATA_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def package_metadata(version: str) -> dict[str, Any]:
    """The head of `datapackage.json`."""
    return {
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": version,
        "keywords": list(KEYWORDS),
        "licenses": [DATA_LICENCE],
        "contributors": [{"title": name, "roles": ["creator"]} for name in CONTRIBUTORS],
    }


def suggested(version: str) -> str:
    """How to cite the dataset, in a line."""
    return f"{', '.join(CONTRIBUTORS)}. {TITLE}. Version {version}. {DATA_LICENCE['name']}."


def cff() -> str:
    """CITATION.cff; without a version, so that it cannot go stale."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this dataset, please cite it with the version you used.",
        "type: dataset",
        f'title: "{TITLE}"',
        "abstract: >-",
        f"  {DESCRIPTION}",
        "authors:",
        *(f"  - name: {name}" for name in CONTRIBUTORS),
        f"license: {DATA_LICENCE['name']}",
        "keywords:",
        *(f"  - {keyword}" for keyword in KEYWORDS),
    ]
    return "\n".join(lines) + "\n"
