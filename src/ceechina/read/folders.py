"""Where packages lie: the one place that knows in which forms a package comes."""

from __future__ import annotations

from pathlib import Path

from ceechina.errors import PackageError

DESCRIPTOR = "datapackage.json"


def folder_of(given: Path) -> Path:
    """The folder of a package, given by it or by its datapackage.json; raise PackageError where there is none."""
    folder = given.parent if given.name == DESCRIPTOR else given
    if not (folder / DESCRIPTOR).is_file():
        raise PackageError(f"no data package at {given}: it has no {DESCRIPTOR}")
    return folder


def bundled_folder() -> Path:
    """The folder of the package that ships with ceechina: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve().parents[1]
    inside, checkout = here / "datapackage", here.parents[1] / "datapackage"
    return inside if inside.is_dir() else checkout
