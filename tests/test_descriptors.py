"""A descriptor is read whatever it holds, and nothing frictionless would find in it is passed over."""

from __future__ import annotations

import copy
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceechina.archives import DESCRIPTOR
from ceechina.errors import PackageError, Problem
from ceechina.model.records import model
from ceechina.publish.descriptor import PROFILE
from ceechina.validate import descriptors
from ceechina.validate.descriptors import BYTES, DEPTH, JUDGED, RESOURCES, TOLD, descriptor_problems, read_descriptor
from conftest import ROOT

TABLES = model()
GOOD: dict[str, Any] = json.loads((ROOT / "datapackage" / DESCRIPTOR).read_text(encoding="utf-8"))


def codes(descriptor: Any) -> list[str]:
    return [problem.code for problem in descriptor_problems(descriptor, TABLES)]


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / DESCRIPTOR
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_our_own_has_no_problems_and_needs_no_frictionless() -> None:
    code = (
        "import json, sys\nfrom ceechina.model.records import model\n"
        "from ceechina.validate.descriptors import descriptor_problems\n"
        f"descriptor = json.load(open({str(ROOT / 'datapackage' / DESCRIPTOR)!r}, encoding='utf-8'))\n"
        "assert descriptor_problems(descriptor, model()) == []\n"
        "sys.exit('frictionless' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0


def test_the_profile_is_that_of_what_is_built() -> None:
    assert descriptors._PROFILE == PROFILE  # noqa: SLF001  # `validate` cannot import `publish`


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "A b", "é"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "title", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = [*GOOD, "homepage", "created", "image", "profile", "id", "missingValues", "fields", "type", "x"]
RESOURCE_KEYS = [
    *GOOD["resources"][0],
    "fileBytes",
    "data",
    "dialect",
    "profile",
    "missingValues",
    "licenses",
    "x",
    "url",
]
ITEM_KEYS = ["name", "title", "path", "email", "role", "roles", "organisation"]


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """Our descriptor with one property another, or gone: its own, of an item in its lists, or of a resource."""
    descriptor = copy.deepcopy(GOOD)
    place: dict[str, Any] = descriptor
    keys = KEYS
    listed = draw(st.sampled_from(["", "licenses", "contributors", "sources", "resources", "schema"]))
    if listed == "schema":
        place, keys = (
            descriptor["resources"][0]["schema"],
            ["fields", "primaryKey", "foreignKeys", "missingValues", "x"],
        )
    elif listed:
        place, keys = descriptor[listed][0], RESOURCE_KEYS if listed == "resources" else ITEM_KEYS
    key = draw(st.sampled_from(keys))
    if draw(st.booleans()):
        place.pop(key, None)
    else:
        place[key] = draw(JSON)
    return descriptor


@given(changed())
def test_what_is_not_given_to_frictionless_has_nothing_it_would_find(descriptor: dict[str, Any]) -> None:
    from frictionless import Package

    if "resources" not in descriptor or not isinstance(descriptor["resources"], list):
        return
    given = Problem(code="given", message="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(descriptors, "_judged", lambda _: [given])
        found = codes(descriptor)
    if "given" not in found:
        assert Package.validate_descriptor(copy.deepcopy(descriptor)).flatten(["note"]) == []
        # another hash is not that of the same rows in the other format
        assert set(found) <= {"version", "description"}


@given(changed())
def test_no_property_of_another_type_makes_it_fail(descriptor: dict[str, Any]) -> None:
    if isinstance(descriptor.get("resources"), list):
        assert all(problem.path == DESCRIPTOR for problem in descriptor_problems(descriptor, TABLES))


def test_what_frictionless_finds_is_told() -> None:
    assert codes({**GOOD, "title": 5}) == ["package-error"]
    assert codes({**GOOD, "licenses": [{"title": "free"}]}) == ["package-error"]
    assert codes({**GOOD, "resources": [*GOOD["resources"], GOOD["resources"][0]]}) == ["package-error"]


def test_a_number_is_not_a_truth_value() -> None:
    descriptor = copy.deepcopy(GOOD)
    descriptor["resources"][0]["schema"]["fields"][0]["constraints"]["required"] = 1
    assert "description" in codes(descriptor)


@pytest.mark.parametrize("path", [["data/a.csv", "data/b.csv"], "../outside.csv", 5, "http://127.0.0.1:9/a.csv"])
def test_a_path_is_judged_where_it_is_followed(path: object) -> None:
    descriptor = copy.deepcopy(GOOD)
    descriptor["resources"][0]["path"] = path
    assert codes(descriptor) == []


@pytest.mark.parametrize("key", ["schema", "dialect", "profile", "profiles", "resource", "$schema"])
def test_no_address_is_opened(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", opened)
    monkeypatch.setattr(socket, "getaddrinfo", opened)
    address = "http://127.0.0.1:9/schema.json"
    descriptor = copy.deepcopy(GOOD)
    if key == "resource":
        descriptor["resources"].append(address)
    else:
        descriptor[key] = [address] if key == "profiles" else address
        descriptor["resources"][0][key] = descriptor[key]
    found = descriptor_problems(descriptor, TABLES)
    assert not any("connection" in problem.message for problem in found)
    assert bool(found) == (key in ("schema", "dialect", "resource"))


def test_a_large_one_is_held_to_the_model_alone() -> None:
    found = descriptor_problems({**GOOD, "keywords": [5] * JUDGED}, TABLES)
    assert [(problem.code, problem.severity) for problem in found] == [("descriptor-size", "warning")]


def test_of_many_problems_the_first_are_told() -> None:
    found = descriptor_problems({**GOOD, "keywords": [5] * 1000}, TABLES)
    assert len(found) == TOLD + 1
    assert found[-1].message == "900 more like these"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"resources": 1}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"resources": [], "x": ' + b'{"x": ' * 10_000 + b"1" + b"}" * 10_001,
        b'{"resources": [], "x": ' + b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1) + b"}",
        '{"resources": [], "title": "ž"}'.encode("cp1250"),
        '{"resources": []}'.encode("utf-16"),
        b'{"resources": [], "x": ' + b"1" * 5000 + b"}",
        b'{"resources": [' + b"1," * RESOURCES + b"1]}",
        b" " * BYTES + b"{}",
    ],
    ids=[
        *("empty", "cut", "list", "no list", "deep", "deep objects", "deeper than may be", "Windows-1250", "UTF-16"),
        *("a number of 5,000 digits", "many resources", "large"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(PackageError, match=r"datapackage\.json"):
        read_descriptor(written(tmp_path, content))
    assert time.perf_counter() - start < 5


def test_a_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / DESCRIPTOR
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(PackageError, match="more than 20,971,520 bytes"):
        read_descriptor(path)


def test_what_is_wrong_as_json_is_told_and_the_rest_read(tmp_path: Path) -> None:
    content = '\ufeff{"version": "1", "resources": [{"name": "a", "name": "b"}], "version": "2"}'
    descriptor, problems = read_descriptor(written(tmp_path, content))
    assert descriptor == {"version": "2", "resources": [{"name": "b"}]}
    assert [problem.code for problem in problems] == ["json-bom", "json-duplicate-name"]
    assert "'name', 'version'" in problems[1].message


def test_many_names_that_stand_twice_take_no_time(tmp_path: Path) -> None:
    names = ",".join(f'"{number}":1,"{number}":2' for number in range(200_000))
    start = time.perf_counter()
    _, (problem,) = read_descriptor(written(tmp_path, f'{{"resources": [], "x": {{{names}}}}}'))
    assert time.perf_counter() - start < 5
    assert len(problem.message) < 500


@pytest.mark.parametrize("day", ["2026-99-99T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-29", "2026-11-29T", 5])
def test_a_day_of_release_that_is_none_is_told(day: object) -> None:
    assert codes({**GOOD, "created": day}) == ["package-error"]


@pytest.mark.parametrize("stated", ["sha256:" + "0" * 64, 5, ["x"]])
def test_the_hash_of_a_content_is_that_of_the_same_rows_as_csv(stated: object) -> None:
    resources = [each | ({"contentHash": stated} if "contentHash" in each else {}) for each in GOOD["resources"]]
    found = [each for each in descriptor_problems({**GOOD, "resources": resources}, TABLES) if each.table]
    assert {(each.code, each.field, each.table) for each in found} == {
        ("description", "contentHash", name) for name in TABLES
    }


@pytest.mark.parametrize("version", [None, "1.0", "v1.0.0", 1, ["1.0.0"]])
def test_a_version_that_is_none_is_told(version: object) -> None:
    assert "version" in codes({**GOOD, "version": version})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "xlsx"),
        ("table", "claims"),
        ("schema", {"fields": []}),
        ("part", "child"),
    ],
)
def test_a_description_that_is_not_the_models_is_told(key: str, value: object) -> None:
    descriptor = copy.deepcopy(GOOD)
    descriptor["resources"][0][key] = value
    found = [each for each in descriptor_problems(descriptor, TABLES) if each.code == "description"]
    assert [(each.table, each.field) for each in found] == [(GOOD["resources"][0]["table"], key)]
