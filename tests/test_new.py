"""A record begun by `ceechina new` has every key of its table, and once filled in it builds."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from ceechina.cli import main
from ceechina.console import FINE, USAGE
from ceechina.curate.read import read_records
from ceechina.errors import PackageError, TakenError, UnknownNameError, UnsupportedError
from ceechina.model.records import model
from ceechina.model.render import record_schema
from ceechina.model.tables import core
from ceechina.publish.new import new_record, skeleton
from ceechina.read.package import Package
from conftest import ROOT, World

TABLES = model()
KINDS = {table.key[0].removesuffix("_id"): table for table in core(TABLES)}
# what a person writes: after keys that need a value, and lists that a record of the kind cannot be without
KIND_CODES = {"project": "construction", "agreement": "cooperation", "meeting": "ceremony"}
VALUES = {"name": "Road", "source": "herald-2021", "passage": "The road is now finished", "outcome": "held"}
LISTS = {
    "agreement": ["parties:", "  - {actor: north-works, role: party}", "  - {actor: south-works, role: party}"],
    "meeting": ["participants:", "  - {actor: north-works, role: participant}"],
}
SPELL = ("{id: , country: , status: }", "{id: serbia, country: RS, status: member}")


def filled(kind: str, text: str) -> str:
    """The skeleton as a person leaves it: values in place, the other comments deleted."""
    values = {**VALUES, "kind": KIND_CODES.get(kind, "")}
    first, *rest = text.replace(*SPELL).splitlines()
    lines = [first]
    for line in rest:
        written = line.partition("#")[0].rstrip()
        if written:
            value = values.get(written.strip(" -:"), "")
            lines.append(f"{written} {value}".rstrip())
    return "\n".join([*lines, *(f"    {line}" for line in LISTS.get(kind, []))]) + "\n"


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_in_skeleton_builds(kind: str, bridge: World) -> None:
    record_id = "north-works" if kind == "membership" else "new-one"
    path = new_record(kind, record_id, bridge.records)
    assert path == bridge.records / KINDS[kind].name / f"{record_id}.yaml"
    path.write_text(filled(kind, path.read_text(encoding="utf-8")), encoding="utf-8")
    jsonschema.validate(
        yaml.safe_load(path.read_text(encoding="utf-8")),
        record_schema(KINDS[kind], TABLES),
    )
    package = Package(bridge.package())
    built = "north-works-serbia" if kind == "membership" else "new-one"
    assert built in package.load(KINDS[kind].name, "arrow")[KINDS[kind].key[0]].to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_an_unfilled_skeleton_does_not_build(kind: str, bridge: World) -> None:
    new_record(kind, "south-works", bridge.records)
    found = read_records(bridge.records, TABLES)
    assert {problem.code for problem in found.problems} == {"invalid-value", "no-claim"}
    assert {problem.path for problem in found.problems} == {f"records/{KINDS[kind].name}/south-works.yaml"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_skeleton_opens_as_the_records_there_are_and_points_to_a_schema_there_is(kind: str) -> None:
    table = KINDS[kind]
    first = skeleton(table, TABLES, "any").splitlines()[0]
    records = sorted((ROOT / "records" / table.name).glob("*.yaml"))
    assert records
    for path in records:
        assert path.read_text(encoding="utf-8").splitlines()[0] == first
    assert (records[0].parent / first.partition("$schema=")[2]).resolve().is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_with_every_comment_taken_off_a_skeleton_has_all_keys_of_its_schema_in_order(kind: str) -> None:
    table = KINDS[kind]
    lines = skeleton(table, TABLES, "any").splitlines()[3:]
    tree = yaml.safe_load("\n".join(line.replace("# ", "", 1) if line.strip()[0] == "#" else line for line in lines))
    schema = record_schema(table, TABLES)["properties"]
    assert list(tree) == [key for key in schema if key != "choices"]  # decided once there is something to decide
    assert list(tree["claims"][0]) == list(schema["claims"]["items"]["properties"])


@pytest.mark.parametrize("kind", KINDS)
def test_lines_of_a_skeleton_name_code_lists_there_are(kind: str) -> None:
    named = [
        word.strip(".") for word in skeleton(KINDS[kind], TABLES, "any").split() if word.startswith("schema/codes/")
    ]
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("kind", [kind for kind, table in KINDS.items() if not table.group])
@pytest.mark.parametrize("record_id", ["vrba-bridge", "river-league-hungary", "old-bridge"])
def test_an_id_in_use_or_retired_is_refused_in_every_table(kind: str, record_id: str, bridge: World) -> None:
    retired = "- {id: old-bridge, record_table: projects, because: Never built.}\n"
    bridge.write({"records/retired.yaml": retired})
    with pytest.raises(TakenError, match=f"'{record_id}' is (taken|retired) by records/.*yaml:[0-9]+; "):
        new_record(kind, record_id, bridge.records)
    assert not [path for path in bridge.records.rglob(f"{record_id}.yaml") if path.parent.name != "projects"]


@pytest.mark.parametrize(("kind", "stem"), [("membership", "river-league"), ("project", "broken")])
def test_a_file_there_is_stays_as_it_is(kind: str, stem: str, bridge: World) -> None:
    path = bridge.write({"records/projects/broken.yaml": "id: [\n"}).records / KINDS[kind].name / f"{stem}.yaml"
    before = path.read_bytes()
    with pytest.raises(TakenError, match="exists; add your claims to it"):
        new_record(kind, stem, bridge.records)
    assert path.read_bytes() == before


@pytest.mark.parametrize("record_id", ["Vrba", "vrba bridge", "../vrba", "a--b", "š", ""])
def test_what_is_no_slug_is_refused_and_nothing_written(record_id: str, world: World) -> None:
    before = sorted(world.root.rglob("*"))
    with pytest.raises(UnsupportedError, match="is not a slug"):
        new_record("project", record_id, world.records)
    assert sorted(world.root.rglob("*")) == before


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_records_folder_it_says_so(kind: str, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no records folder at"):
        new_record(kind, "road", tmp_path / "records")
    assert list(tmp_path.iterdir()) == []


def test_the_first_record_of_all_can_be_begun(world: World) -> None:
    assert new_record("project", "road", world.records).is_file()


def test_an_unknown_kind_is_told_the_nearest(world: World) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'project'"):
        new_record("projekt", "road", world.records)


def test_the_command_says_where_the_file_is_and_refuses_in_one_line(
    bridge: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(bridge.root)
    assert main(["new", "project", "smederevo-2"]) == FINE
    assert capsys.readouterr().out.startswith("records/projects/smederevo-2.yaml written; ")
    assert main(["new", "project", "vrba-bridge"]) == USAGE
    assert capsys.readouterr().err.startswith("Error: 'vrba-bridge' is taken by records/projects/vrba-bridge.yaml:1; ")


def test_other_files_in_work_do_not_stop_it(bridge: World) -> None:
    bridge.write({"records/projects/road.yaml": "id: road\nnam: Road\n"})
    assert new_record("meeting", "road-opening", bridge.records).is_file()
