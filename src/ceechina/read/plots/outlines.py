"""Outlines of the countries, from a package that ships them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from ceechina.errors import UnsupportedError

Point = tuple[float, float]
Ring = list[Point]

# TopoJSON of Natural Earth at 1:110 million: small, in the public domain, and with a number (UN M49) for each country
PACKAGE, FILE, LAYER = "bqplot", "map_data/WorldMap.json", "subunits"


def outlines() -> list[dict[str, Any]]:
    """Every country of the world as a GeoJSON feature: `id` (UN M49, negative where there is none), `name`.

    Raises:
        UnsupportedError: The package that ships them is not installed.
    """
    from importlib.util import find_spec

    # found, not imported: the package would load a notebook's widgets
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise UnsupportedError("maps need more packages: pip install ceechina[plot]")
    topology = json.loads((Path(spec.origin).parent / FILE).read_text(encoding="utf-8"))
    arcs = [_unpacked(arc, topology["transform"]) for arc in topology["arcs"]]
    return [_feature(shape, arcs) for shape in topology["objects"][LAYER]["geometries"]]


def centre(feature: Mapping[str, Any]) -> Point:
    """Longitude and latitude of the middle of a feature's largest part, in degrees: where its label goes."""
    polygons = feature["geometry"]["coordinates"]
    parts = [_area_and_middle(polygon[0]) for polygon in polygons]
    return max(parts, key=lambda part: abs(part[0]))[1]


def _unpacked(arc: list[list[int]], transform: Mapping[str, Any]) -> Ring:
    """An arc's points in degrees: TopoJSON gives each as a step from the one before, in whole units."""
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + shift_x, y * scale_y + shift_y))
    return points


def _feature(shape: Mapping[str, Any], arcs: list[Ring]) -> dict[str, Any]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    coordinates = [[_ring(numbers, arcs) for numbers in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "id": shape.get("id", -1),
        "properties": {"name": shape["properties"]["name"]},
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """A closed ring: arcs end to end, those with a number below zero backwards; each begins where the last ended."""
    ring: Ring = []
    for number in numbers:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += points[1:] if ring else points
    return ring


def _area_and_middle(ring: Ring) -> tuple[float, Point]:
    """Signed area of a ring and its centroid, by the shoelace formula."""
    sides = [(x0 * y1 - x1 * y0, x0 + x1, y0 + y1) for (x0, y0), (x1, y1) in pairwise(ring)]
    area = sum(cross for cross, _, _ in sides) / 2
    x = sum(cross * both for cross, both, _ in sides) / (6 * area)
    y = sum(cross * both for cross, _, both in sides) / (6 * area)
    return area, (x, y)
