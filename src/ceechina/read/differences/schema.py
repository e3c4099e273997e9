"""Two descriptors compared: tables, columns, code lists and codes."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ceechina.read.differences.parts import SchemaChange
from ceechina.read.package import Package

Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Thing:
    """What a descriptor says of a thing: what a program goes by, and words for readers."""

    held: Json
    said: Json


def schema_changes(a: Package, b: Package) -> Iterator[SchemaChange]:
    """What differs between two packages besides their rows."""
    before, after = _resources(a), _resources(b)
    common = before.keys() & after.keys()
    yield from _compared("table", _tables(before), _tables(after))
    for name in (name for name in before if name in common):
        yield from _compared("column", _columns(before[name]), _columns(after[name]), f"{name}.")
    old, new = a.descriptor.get("codeLists", {}), b.descriptor.get("codeLists", {})
    yield from _compared("code list", _lists(old, new), _lists(new, old))
    for name in (name for name in old if name in new):
        yield from _compared("code", _codes(old[name]), _codes(new[name]), f"{name}.")


def _resources(package: Package) -> dict[str, Json]:
    """What the descriptor says of each table; packages describe both formats alike."""
    names = [info.name for info in package.tables()]
    found = {res["table"]: res for res in package.descriptor["resources"] if res["format"] == "parquet"}
    return {name: found[name] for name in names}


def _compared(
    what: Literal["table", "column", "code list", "code"],
    before: Mapping[str, _Thing],
    after: Mapping[str, _Thing],
    prefix: str = "",
) -> Iterator[SchemaChange]:
    for name in (*before, *(name for name in after if name not in before)):
        full, old, new = f"{prefix}{name}", before.get(name), after.get(name)
        if old is None or new is None:
            yield SchemaChange("added" if old is None else "removed", what, full)
        elif old.held != new.held:
            yield SchemaChange("redefined", what, full, *_texts(old.held, new.held))
        elif old.said != new.said:
            yield SchemaChange("reworded", what, full, *_texts(old.said, new.said))


def _texts(old: Json, new: Json) -> tuple[str, str]:
    """The properties that differ, as text."""
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    told = ({name: side[name] for name in names if name in side} for side in (old, new))
    first, second = (", ".join(f"{name} {_text(value)}" for name, value in each.items()) for each in told)
    return first, second


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _tables(resources: Mapping[str, Json]) -> dict[str, _Thing]:
    return {
        name: _Thing(
            {"key": res["schema"]["primaryKey"], "part": res["part"]},
            {"description": res["description"]},
        )
        for name, res in resources.items()
    }


def _columns(resource: Json) -> dict[str, _Thing]:
    refers = {key["fields"][0]: key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", ())}
    return {field["name"]: _column(field, refers.get(field["name"])) for field in resource["schema"]["fields"]}


def _column(field: Json, refers: str | None) -> _Thing:
    # codes are compared once, in their list
    constraints = {
        name: value for name, value in field.get("constraints", {}).items() if "codeList" not in field or name != "enum"
    }
    held = {
        "type": field["type"],
        "origin": field["origin"],
        "codes": field.get("codeList"),
        "refers to": refers,
        **constraints,
    }
    return _Thing(
        {name: value for name, value in held.items() if value is not None}, {"description": field["description"]}
    )


def _lists(lists: Json, others: Json) -> dict[str, _Thing]:
    return {name: _list(each, _names(others.get(name, {}))) for name, each in lists.items()}


def _list(each: Json, others: Container[str]) -> _Thing:
    # where codes rise in order, the order means something; a code put between others changes none of them
    order = [code for code in _names(each) if code in others] if each["ordered"] else []
    return _Thing({"ordered": each["ordered"], "order": order}, {"description": each["description"]})


def _names(each: Json) -> list[str]:
    return [code["code"] for code in each.get("codes", ())]


def _codes(each: Json) -> dict[str, _Thing]:
    return {
        code["code"]: _Thing({}, {"label": code["label"], "definition": code["definition"]}) for code in each["codes"]
    }
