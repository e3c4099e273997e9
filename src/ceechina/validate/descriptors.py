"""A package's descriptor: read as JSON whatever it holds, and held to the model and to frictionless."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ceechina.archives import DESCRIPTOR
from ceechina.errors import LISTED, PackageError, Problem, visible
from ceechina.model.render import FORMATS, resource_description
from ceechina.model.tables import Table
from ceechina.model.values import VERSION

# The most a descriptor may have: bytes, objects in objects, and resources.
BYTES = 20 * 2**20
DEPTH = 100
RESOURCES = 1000
# The most values of a descriptor that is given to frictionless, which takes seconds and 5 kB for each that is wrong;
# ours has some thousands.
JUDGED = 50_000
# Problems of the descriptor that frictionless finds and are told one by one.
TOLD = 100

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def _is_day(text: str) -> bool:
    """Whether it is a day of the calendar as `ceechina build` writes it."""
    try:
        return re.fullmatch("[0-9-]{10}T00:00:00Z", text) is not None and bool(date.fromisoformat(text[:10]))
    except ValueError:
        return False


# Texts of a package in which frictionless can find nothing; it does not look at code lists.
_TEXTS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("$schema", "title", "description", "version"), lambda _: True),
    "name": re.compile("[a-z0-9-]+").fullmatch,
    "created": _is_day,
}
# what frictionless passes over, and what is judged one by one
_OURS = {"codeLists", "madeWith", "coverage", "releases", "isVersionOf", "resources"}
# the first of each cannot be left out
_OBJECTS = {"licenses": ("name", "title", "path"), "contributors": ("title", "roles"), "sources": ("title", "path")}
# Properties that frictionless follows to a file or an address, or that name others it would.
_FOLLOWED = ("profile", "profiles", "path", "url")
_CONTENTS = {"bytes": int, "fileBytes": int, "hash": str, "contentHash": str, "rows": int}


def read_descriptor(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """A descriptor, with a list of `resources`, and what is wrong with it as JSON.

    Raises:
        PackageError: It cannot be read, or is larger or deeper than any that describes a package of ours.
    """
    with path.open("rb") as file:
        # a file may grow, so its size is not asked for
        content = file.read(BYTES + 1)
    if len(content) > BYTES:
        raise PackageError(f"{path} has more than {BYTES:,} bytes, expected at most so many")
    twice: list[str] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(members := dict(pairs)) < len(pairs):
            twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return members

    try:
        descriptor = json.loads(content.decode("utf-8-sig"), object_pairs_hook=read)
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{path} is not JSON in UTF-8: {error}") from error
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise PackageError(f"{path} is not a data package descriptor: it lists no resources")
    if len(descriptor["resources"]) > RESOURCES:
        raise PackageError(f"{path} lists {len(descriptor['resources']):,} resources, expected at most {RESOURCES:,}")
    if any(level == DEPTH for level, _ in enumerate(_levels(descriptor))):
        raise PackageError(f"{path} has more than {DEPTH} objects or lists within one another, expected fewer")
    return descriptor, list(_json_problems(content, twice))


def _levels(content: object) -> Iterator[list[object]]:
    """The values of a document, those that are equally deep together; no recursion ends at its depth."""
    level = [content]
    while level:
        yield level
        level = [
            child
            for each in level
            if isinstance(each, dict | list)
            for child in (each.values() if isinstance(each, dict) else each)
        ]


def _json_problems(content: bytes, twice: list[str]) -> Iterator[Problem]:
    if content.startswith(codecs.BOM_UTF8):
        told, hint = "the descriptor starts with a byte order mark", "save it as UTF-8 without one"
        yield Problem(path=DESCRIPTOR, line=1, code="json-bom", message=told, hint=hint)
    if twice:
        names = ", ".join(repr(visible(name)) for name in list(dict.fromkeys(twice))[:LISTED])
        told, hint = f"an object has a name more than once: {names}", "keep one; the last is read"
        yield Problem(path=DESCRIPTOR, code="json-duplicate-name", message=told, hint=hint)


def resources_of(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Resources by name; of two that share it the last."""
    return {str(res.get("name")): res for res in descriptor["resources"] if isinstance(res, dict)}


def descriptor_problems(descriptor: Mapping[str, Any], tables: Mapping[str, Table]) -> list[Problem]:
    """Where a descriptor is not what the model says of its tables, and what frictionless finds besides."""
    problems = []
    version = descriptor.get("version")
    if not re.fullmatch(VERSION.pattern, str(version)):
        told = f"the version is {visible(repr(version))}, expected {VERSION.description}"
        problems.append(Problem(path=DESCRIPTOR, code="version", message=told))
    resources = resources_of(descriptor)
    known = set()
    for kind, form in FORMATS.items():
        for table in tables.values():
            resource = resources.get(form.resource.format(table.name))
            if resource is not None:
                expected = resource_description(table, kind)
                found = list(_description_problems(resource, table, expected))
                problems += found
                if not found and _is_plain_resource(resource, expected):
                    known.add(expected["name"])
    problems += _content_problems(resources, tables)
    if not _is_plain_head(descriptor) or len(known) < len(descriptor["resources"]):
        problems += _judged(descriptor)
    return problems


def _description_problems(resource: Mapping[str, Any], table: Table, expected: Mapping[str, Any]) -> Iterator[Problem]:
    """What the descriptor says of a file must be what the model says of the table; paths are judged where followed."""
    for key, value in expected.items():
        stated = resource.get(key)
        if key == "path" or _is_same(stated, value):
            continue
        shown = "another than that of the model" if key == "schema" else visible(repr(stated))
        told = f"the {key} of {expected['name']} is {shown}"
        hint = "" if key == "schema" else f"expected {value!r}"
        yield Problem(path=DESCRIPTOR, table=table.name, field=key, code="description", message=told, hint=hint)


def _content_problems(resources: Mapping[str, Mapping[str, Any]], tables: Mapping[str, Table]) -> Iterator[Problem]:
    """The hash of a Parquet file's content is that of the CSV file with the same rows."""
    for table in tables.values():
        csv, parquet = (resources.get(FORMATS[kind].resource.format(table.name), {}) for kind in ("csv", "parquet"))
        stated = parquet.get("contentHash")
        if stated is not None and "hash" in csv and stated != csv["hash"]:
            told = f"the contentHash of {parquet['name']} is {visible(repr(stated))}"
            hint = f"expected that of the CSV file, {visible(str(csv['hash']))}"
            yield Problem(
                path=DESCRIPTOR, table=table.name, field="contentHash", code="description", message=told, hint=hint
            )


def _is_same(stated: object, expected: object) -> bool:
    """Equal as JSON, where `1` is not `true`."""
    return stated == expected and json.dumps(stated, sort_keys=True) == json.dumps(expected, sort_keys=True)


def _is_plain_resource(resource: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether nothing is left to find in a resource that is described as in the model."""
    return resource.get("path") == expected["path"] and all(
        key in expected or type(value) is _CONTENTS.get(key) for key, value in resource.items()
    )


def _is_plain_head(descriptor: Mapping[str, Any]) -> bool:
    """Whether a descriptor's own properties are those that `ceechina build` writes, each of its shape."""
    return descriptor.get("$schema") == _PROFILE and all(
        (key in _TEXTS and isinstance(value, str) and bool(_TEXTS[key](value)))
        or (key == "keywords" and _is_texts(value))
        or (key in _OBJECTS and isinstance(value, list) and all(_is_plain(each, _OBJECTS[key]) for each in value))
        or key in _OURS
        for key, value in descriptor.items()
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_plain(value: object, keys: tuple[str, ...]) -> bool:
    return (
        isinstance(value, dict)
        and bool(value.get(keys[0]))
        and all(key in keys for key in value)
        and all(_is_texts(each) if key == "roles" else isinstance(each, str) for key, each in value.items())
    )


def _judged(descriptor: Mapping[str, Any]) -> Iterator[Problem]:
    """What frictionless finds; it is given nothing it would follow to a file or an address."""
    values = sum(map(len, _levels(descriptor)))
    if values > JUDGED:
        told = f"the descriptor has {values:,} values: only what the model says of it is checked, not that it is valid"
        yield Problem(path=DESCRIPTOR, code="descriptor-size", message=told, severity="warning")
        return
    from frictionless import Package

    resources = []
    for number, resource in enumerate(descriptor["resources"], 1):
        if isinstance(resource, dict) and all(isinstance(resource.get(key, {}), dict) for key in ("schema", "dialect")):
            # paths are judged where they are followed
            placed = {"path": "data"} if "path" in resource else {}
            resources.append({**{key: resource[key] for key in resource if key not in _FOLLOWED}, **placed})
        else:
            told = f"resource {number} is not described in full here, expected an object with an object `schema`"
            yield Problem(path=DESCRIPTOR, code="descriptor", message=told)
    head = {key: value for key, value in descriptor.items() if key not in _FOLLOWED}
    try:
        report = Package.validate_descriptor({**head, "resources": resources})
    except Exception as error:  # noqa: BLE001  # it fails in many ways on properties of a wrong type
        told = f"the descriptor cannot be checked: {visible(str(error))}"
        yield Problem(path=DESCRIPTOR, code="descriptor", message=told)
        return
    found = report.flatten(["type", "note"])
    for type_, note in found[:TOLD]:
        yield Problem(path=DESCRIPTOR, code=str(type_), message=visible(str(note), 500))
    if len(found) > TOLD:
        told = f"{len(found) - TOLD:,} more like these"
        yield Problem(path=DESCRIPTOR, code="descriptor", message=told)
