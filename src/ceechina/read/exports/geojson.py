"""GeoJSON: projects at their places, for maps and for geocoding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ceechina.read.exports.content import Content


def write_geojson(content: Content, path: Path) -> None:
    """A FeatureCollection (RFC 7946): a feature for each place of a project, and for each of its countries without one.

    The dataset has no coordinates, and none are made up: `geometry` is null, as the standard has it for
    features without a location. `country_id`, `iso3` and `m49` join a feature to any file of borders, `place` to a
    gazetteer; the other properties are those of the project. Projects in no country are left out.
    """
    told = {label.lower().replace(" ", "_"): text for label, text in content.about()}
    collection = {"type": "FeatureCollection", **told, "features": list(_features(content))}
    path.write_text(json.dumps(collection, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def _features(content: Content) -> Iterator[dict[str, Any]]:
    infos = {info.name: info for info in content.tables}
    countries = {row["country_id"]: row for row in content.arrow(infos["countries"]).to_pylist()}
    projects = {row["project_id"]: row for row in content.arrow(infos["projects"]).to_pylist()}
    places = content.arrow(infos["project_places"]).to_pylist()
    located = {(row["project_id"], row["country_id"]) for row in places}
    others = [
        {**row, "place_id": None, "place": None}
        for row in content.arrow(infos["project_countries"]).to_pylist()
        if (row["project_id"], row["country_id"]) not in located
    ]
    for row in sorted([*places, *others], key=lambda row: (row["project_id"], row["place_id"] or row["country_id"])):
        country = countries.get(row["country_id"], {})
        yield {
            "type": "Feature",
            "id": f"{row['project_id']}/{row['place_id'] or row['country_id']}",
            "geometry": None,
            "properties": {
                **projects[row["project_id"]],
                "place_id": row["place_id"],
                "place": row["place"],
                "country_id": row["country_id"],
                "country": country.get("name"),
                "iso3": country.get("iso3"),
                "m49": country.get("m49"),
            },
        }
