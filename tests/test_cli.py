"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ceechina.cli import cli, main
from ceechina.console import FINE, PROBLEMS, USAGE
from conftest import World


@pytest.fixture
def project(built: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world as the current folder, locked and built."""
    monkeypatch.chdir(built.root)
    return built


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == FINE
    text = capsys.readouterr().out
    assert f"Example:\n    ceechina {command}" in text


def test_build_says_what_it_built(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == FINE
    out = capsys.readouterr().out
    assert "      2 memberships\n" in out
    assert out.endswith("no problems found in datapackage\n")
    assert main(["build", "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)["rows"]["projects"] == 1


def test_build_tells_all_problems_and_changes_nothing(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project.root / "datapackage" / "datapackage.json").read_bytes()
    project.write({"records/projects/road.yaml": "id: road\nnam: Road\nclaims: []\n"})
    assert main(["build"]) == PROBLEMS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "records/projects/road.yaml",
        "  missing-key: 1 problem",
        "    records/projects/road.yaml:1:1: 'name' is missing",
        "    hint: Name in English, in the words of this dataset.",
        "  no-claim: 1 problem",
        "    records/projects/road.yaml:1:1: road has no claim",
        "    hint: a record enters with its passage or not at all",
        "  unknown-key: 1 problem",
        "    records/projects/road.yaml:2:1: 'nam' is not a key here; did you mean 'name'?",
        "",
        "3 rules in 1 file: 3 problems found",
    ]
    assert (project.root / "datapackage" / "datapackage.json").read_bytes() == before


def test_validate_tells_and_counts(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "datapackage"]) == FINE
    assert capsys.readouterr().out == "no problems found in datapackage\n"
    path = project.root / "datapackage" / "data" / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x", encoding="utf-8")
    assert main(["validate", "datapackage"]) == PROBLEMS
    assert capsys.readouterr().out.startswith("data/projects.csv\n  byte-count: 1 problem\n    the file has")
    assert main(["validate", "datapackage", "--json"]) == PROBLEMS
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "byte-count"


def test_validate_without_a_path_checks_the_package_that_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == FINE
    assert "no problems found" in capsys.readouterr().out


def test_lock_and_its_check(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lock", "--sources", "texts"]) == FINE
    assert capsys.readouterr().out == "4 passages of 2 sources locked\n"
    assert main(["lock", "--check", "--sources", "texts"]) == FINE
    assert capsys.readouterr().out == "4 passages of 2 sources stand as locked\n"
    (project.texts / "gazette-2020.txt").rename("elsewhere.txt")
    assert main(["lock", "--check", "--sources", "texts"]) == FINE
    told = capsys.readouterr().out
    assert told.splitlines()[1].endswith("passages not proved: no text of gazette-2020 in texts")
    assert main(["lock", "--check", "--all", "--sources", "texts"]) == PROBLEMS
    assert "text-missing" in capsys.readouterr().err
    Path("elsewhere.txt").rename(project.texts / "gazette-2020.txt")
    (project.texts / "herald-2021.txt").write_text("Other words.", encoding="utf-8")
    assert main(["lock", "--check", "--sources", "texts"]) == PROBLEMS
    assert "passage-not-found" in capsys.readouterr().err


def test_schema_is_written_and_checked(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--check"]) == PROBLEMS
    assert "run `ceechina schema`" in capsys.readouterr().err
    assert main(["schema"]) == FINE
    assert main(["schema", "--check"]) == FINE
    assert "in step with the model" in capsys.readouterr().out
    assert (project.root / "CITATION.cff").is_file()


def test_show_lists_tables_rows_and_columns(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    package = ["--package", "datapackage"]
    assert main(["show", *package]) == FINE
    assert "memberships" in capsys.readouterr().out
    assert main(["show", "memberships", *package]) == FINE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t")[:2] == ["membership_id", "body_actor_id"]
    assert len(lines) == 3
    assert main(["show", "memberships", "--describe", *package]) == FINE
    assert "Membership by its slug" in capsys.readouterr().out
    assert main(["show", "memberships", "--json", *package]) == FINE
    assert [row["country_id"] for row in json.loads(capsys.readouterr().out)] == ["HU", "RS"]
    assert main(["show", "--json", *package]) == FINE
    assert {
        key: value
        for key, value in next(
            row for row in json.loads(capsys.readouterr().out) if row["table"] == "memberships"
        ).items()
        if key != "description"
    } == {"table": "memberships", "rows": 2}


def test_explain_prints_the_card_or_json(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "vrba-bridge", "status", "--package", "datapackage"]) == FINE
    assert capsys.readouterr().out.splitlines()[4:7] == [
        "status: operating",
        "    chosen: operating [1]",
        "    earlier: completed [2]",
    ]
    assert main(["explain", "vrba-bridge", "status", "--package", "datapackage", "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)["fields"][0]["value"] == "operating"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["biuld"], "No such command 'biuld'"),
        (["build", "--recods", "x"], "No such option"),
        (["build", "--records", "nowhere"], "no records folder at nowhere"),
        (["lock"], "Missing option '--sources'"),
        (["lock", "--sources", "nowhere"], "no folder of source texts at nowhere"),
        (["validate", "nowhere"], "no package, and no file to validate, at nowhere"),
        (["validate", ""], "there is no package at .: "),
        (["show", "project", "--package", "datapackage"], "did you mean 'projects'"),
        (["show", "--package", "nowhere"], "no data package at nowhere"),
        (["explain", "vrba-brige", "--package", "datapackage"], "did you mean 'vrba-bridge'"),
        (["schema", "--root", "nowhere"], "does not exist"),
    ],
)
def test_wrong_usage_is_told_on_stderr(
    project: World, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert project.root.samefile(Path.cwd())
    assert main(argv) == USAGE
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == FINE
    assert capsys.readouterr().out.startswith("ceechina ")


def test_a_reader_that_goes_away_is_no_error(project: World) -> None:
    """`ceechina show claims | head -1` ends quietly, and well."""
    command = f"{sys.executable} -c 'from ceechina.cli import run; run()' show claims --package datapackage"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],  # noqa: S607  # the bash of the path is the one meant
        capture_output=True,
        cwd=project.root,
        check=False,
        text=True,
    )
    assert (result.returncode, result.stderr) == (FINE, "")
    assert result.stdout.startswith("claim_id\t")


def test_coverage_tells_what_is_open(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--sources", "texts"]) == PROBLEMS
    out = capsys.readouterr().out
    assert "2 of 3 paragraphs accounted for" in out
    assert "    neither cited nor left out: the paragraph at line 4" in out
    assert main(["coverage", "--sources", "texts", "--json"]) == PROBLEMS
    found = {each["source_id"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["gazette-2020"]["left_out"] == {"opinion": 5}


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "memberships"]) == FINE
    out = capsys.readouterr().out
    assert "memberships.status.code (error): expected a code of membership_status\n" in out
    assert "memberships.start.overlap (error): expected no other spell" in out
    assert main(["rules", "--json"]) == FINE
    listed = [each["rule"] for each in json.loads(capsys.readouterr().out)]
    assert len(set(listed)) == len(listed)
    assert "project_amounts.kind.lender" in listed
    assert main(["rules", "membership"]) == USAGE
    assert "did you mean 'memberships'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "wanted", "code"),
    [
        ("datapackage", "csv-*", FINE),
        ("datapackage", "*.formats", FINE),
        ("datapackage", "csv-bomb", USAGE),
        ("records", "unknown-code", FINE),
        ("records", "projects.*", FINE),
        ("semicolons.csv", "projects.*", PROBLEMS),
    ],
)
def test_rules_that_are_chosen_are_answered_for(project: World, path: str, wanted: str, code: int) -> None:
    """And nothing is called right of a file that is not read."""
    rows = (project.root / "datapackage" / "data" / "projects.csv").read_text(encoding="utf-8")
    (project.root / "semicolons.csv").write_text(rows.replace(",", ";"), encoding="utf-8")
    assert main(["validate", path, "--rules", wanted, *(["--table", "projects"] if ".csv" in path else [])]) == code


def test_records_that_cannot_be_read_are_not_called_right_for_the_rules_asked_for(project: World) -> None:
    project.write({"records/projects/road.yaml": "id: road\nnam: Road\nclaims: []\n"})
    assert main(["validate", "records", "--rules", "projects.*"]) == PROBLEMS


def test_records_outside_a_checkout_are_validated(project: World, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(project.root / "records", tmp_path / "elsewhere" / "records")
    assert main(["validate", str(elsewhere)]) == FINE


def test_a_table_of_records_cannot_be_chosen(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.root.samefile(Path.cwd())
    assert main(["validate", "records", "--table", "projects"]) == USAGE
    assert "leave out --table" in capsys.readouterr().err


def test_programs_are_told_where_the_file_is(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    path = project.root / "datapackage" / "data" / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x", encoding="utf-8")
    assert main(["validate", "datapackage", "--format", "github"]) == PROBLEMS
    files = {line.split("file=")[1].split(",")[0] for line in capsys.readouterr().out.splitlines() if "file=" in line}
    assert files == {"datapackage/data/projects.csv"}
    assert main(["validate", "datapackage", "--format", "json", "--max-problems", "1"]) == PROBLEMS
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {each["path"] for each in problems} == {"data/projects.csv"}
    assert len({each["code"] for each in problems}) == len(problems)


def test_problems_are_json_where_json_is_asked_for(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    project.write({"records/projects/road.yaml": "id: road\nnam: Road\nclaims: []\n"})
    assert main(["build", "--json"]) == PROBLEMS
    captured = capsys.readouterr()
    assert captured.err == ""
    assert {problem["code"] for problem in json.loads(captured.out)["problems"]} == {
        "missing-key",
        "no-claim",
        "unknown-key",
    }


@pytest.mark.parametrize(
    "target", ["records", ".", "pyproject.toml", "pyproject.toml/package", "/proc/nowhere/package"]
)
def test_build_replaces_nothing_but_a_package(project: World, capsys: pytest.CaptureFixture[str], target: str) -> None:
    before = {path: path.read_bytes() for path in project.records.rglob("*.yaml")}
    assert main(["build", "--to", target]) == USAGE
    assert capsys.readouterr().err.startswith("Error: ")
    assert {path: path.read_bytes() for path in project.records.rglob("*.yaml")} == before


def test_build_of_a_folder_without_records_is_refused(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "pyproject.toml").write_text('[project]\nversion = "0.0.1"\n', encoding="utf-8")
    assert main(["build", "--records", "texts"]) == USAGE
    assert "holds no record" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("records/passages.csv", b"<<<<<<< HEAD\n", PROBLEMS),
        ("records/passages.csv", b"passage_id,source_id\na\n", PROBLEMS),
        ("records/texts.csv", b"source_id,word_count,text_sha256\na,many,b\n", PROBLEMS),
        ("records/texts.csv", b"source_id,word_count,text_sha256\n\xff,1,b\n", PROBLEMS),
        ("pyproject.toml", b"project = 1\n", USAGE),
        ("pyproject.toml", b'[project]\nversion = "1.0rc1"\n', USAGE),
        ("pyproject.toml", b"\xff", USAGE),
    ],
)
def test_files_beside_the_records_that_are_damaged_are_told(
    project: World, capsys: pytest.CaptureFixture[str], name: str, content: bytes, code: int
) -> None:
    (project.root / name).write_bytes(content)
    assert main(["build"]) == code
    assert Path(name).name in capsys.readouterr().err


def test_cells_are_shown_as_they_are_on_a_terminal(project: World) -> None:
    """Brackets in a cell are no markup, and what is cut off is said."""
    path = project.records / "projects" / "vrba-bridge.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Bridge at Vrba", "Bridge [/old] [red]"), encoding="utf-8")
    assert main(["build"]) == FINE
    result = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m ceechina.cli show projects --package datapackage", "/dev/null"],  # noqa: S607
        capture_output=True, cwd=project.root, check=False, text=True, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    assert "Bridge [/old] [red]" in result.stdout
    assert "more columns" in result.stdout


def test_what_is_told_to_end_leaves_no_temporary_folder(tmp_path: Path) -> None:
    code = (
        "import tempfile, time\nfrom ceechina import cli\n"
        "def main():\n  with tempfile.TemporaryDirectory():\n    print('there', flush=True)\n    time.sleep(60)\n"
        "cli.main = main\ncli.run()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        assert list(tmp_path.iterdir())
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())
