"""What the community files and workflows name exists, and what CONTRIBUTING shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from ceechina.cli import cli, main
from ceechina.console import FINE
from conftest import OF_SOURCES, ROOT, World, tracked

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
HOOKS = ROOT / ".pre-commit-config.yaml"
PAGES = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")]
TEXTS = [*WORKFLOWS, *FORMS, HOOKS, *PAGES, GITHUB / "pull_request_template.md"]
FILES = {str(part) for file in tracked() for part in (PurePosixPath(file), *PurePosixPath(file).parents)}
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def loaded(path: Path) -> Any:
    # the base loader keeps text as text: a key `on` is no truth value
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # safe: it builds no objects


def jobs() -> list[Any]:
    return [
        pytest.param(job, id=f"{path.stem}-{key}") for path in WORKFLOWS for key, job in loaded(path)["jobs"].items()
    ]


def uses(path: Path) -> list[tuple[str, str, str]]:
    """Action, commit and comment of each action a workflow uses."""
    return re.findall(r"uses: ([^\s@]+)@(\S+)(.*)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_actions_are_pinned_by_commit_with_the_version_beside_it(path: Path) -> None:
    assert uses(path)
    for action, commit, comment in uses(path):
        assert re.fullmatch(r"[0-9a-f]{40}", commit), action
        assert re.fullmatch(r" # v[0-9]+\.[0-9]+\.[0-9]+", comment), action


def test_an_action_has_one_pin_everywhere() -> None:
    pins = {(action, commit, comment) for path in WORKFLOWS for action, commit, comment in uses(path)}
    assert len(pins) == len({action for action, _, _ in pins})


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_a_workflow_has_no_rights_of_its_own_and_does_not_run_beside_itself(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]


@pytest.mark.parametrize("job", jobs())
def test_a_job_has_a_time_limit_and_names_its_rights(job: dict[str, Any]) -> None:
    assert job["permissions"]
    # a called workflow limits its own jobs
    assert "uses" in job or 0 < int(job["timeout-minutes"]) <= 60
    for step in job.get("steps", []):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"
        # text from outside is handed over as a variable, never pasted into a command
        assert "${{" not in step.get("run", "")


def test_the_tests_run_on_every_python_and_system_promised() -> None:
    matrix = loaded(GITHUB / "workflows" / "checks.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_only_what_is_checked_is_published_and_without_a_password() -> None:
    release = loaded(GITHUB / "workflows" / "release.yml")
    assert release["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    order = {key: job.get("needs") for key, job in release["jobs"].items()}
    assert order == {"checks": None, "attach": "checks", "publish": "attach"}
    assert release["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in (GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8")


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Our commands with their options, as a page quotes them and a workflow or hook runs them."""
    for command, rest in re.findall(r"(?:`|\$ |: |bin/|^ {4,})ceechina ([a-z]+)([^`\n]*)", text, re.MULTILINE):
        yield command, re.findall(r"--[a-z-]+", rest)


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_commands_and_options_that_are_named_exist(path: Path) -> None:
    for command, options in commands(path.read_text(encoding="utf-8")):
        assert command in cli.commands, command
        known = {option for parameter in cli.commands[command].params for option in parameter.opts}
        assert set(options) <= known, command


def test_commands_are_found_where_they_stand() -> None:
    assert {command for command, _ in commands(GUIDE)} == {
        "new",
        "lock",
        "build",
        "explain",
        "show",
        "schema",
        "release",
    }
    checks = (GITHUB / "workflows" / "checks.yml").read_text(encoding="utf-8")
    assert {command for command, _ in commands(checks)} == {"schema", "build", "validate", "explain"}
    assert list(commands(HOOKS.read_text(encoding="utf-8"))) == [("build", ["--check"])]


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_paths_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"(?<![\w./-])((?:records|src|schema|tests|\.github|\.ci)/[\w./-]*\w)", text)
    # made by the guide's own example, or when the first id is retired or value changed
    made = {"records/projects/vrba-road.yaml", "records/retired.yaml", "records/changes.yaml"}
    missing = {each.rstrip("/") for each in (*linked, *named)} - made - FILES
    assert not missing


@pytest.mark.parametrize("left_out", OF_SOURCES)
def test_tests_that_are_left_out_for_an_installed_wheel_exist(left_out: str) -> None:
    file, _, test = left_out.partition("::")
    assert f"def {test or 'test_'}" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_the_oldest_versions_are_those_the_project_asks_for() -> None:
    done = subprocess.run([sys.executable, ROOT / ".ci" / "oldest"], capture_output=True, text=True, check=True)
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert [line.replace("==", ">=") for line in done.stdout.split()] == asked
    assert all(re.fullmatch(r"[a-z]+==[0-9.]+", line) for line in done.stdout.split())


@pytest.mark.parametrize("path", FORMS, ids=name)
def test_a_form_asks_for_what_is_needed_to_act_on_it(path: Path) -> None:
    form = loaded(path)
    assert form["name"]
    assert form["description"]
    asked = {part["id"]: part for part in form["body"] if part["type"] != "markdown"}
    needed = {
        "wrong-value": {"record", "field", "version", "what", "source", "passage"},
        "new-source": {"title", "publisher", "published", "address", "language", "adds"},
        "bug": {"version", "done", "happened", "expected"},
    }
    assert asked.keys() == needed[path.stem]
    assert all(part["validations"] == {"required": "true"} for part in asked.values())
    assert len({part["attributes"]["label"] for part in asked.values()}) == len(asked)


def test_hooks_start_programs_of_the_environment() -> None:
    (repository,) = loaded(HOOKS)["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"].split()[:2] for hook in repository["hooks"]] == [
        ["ruff", "check"],
        ["ruff", "format"],
        ["ceechina", "build"],
    ]
    assert all(hook["language"] == "system" for hook in repository["hooks"])
    assert all(re.search(hook["files"], "records/projects/a.yaml") for hook in repository["hooks"] if "files" in hook)


def test_the_example_of_the_guide_happens_as_it_stands(
    built: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built.root)
    blocks = re.findall(r"^```(console|yaml)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _ in blocks] == ["console", "yaml", "console", "console", "console"]
    for kind, block in blocks:
        if kind == "yaml":
            (built.records / "projects" / "vrba-road.yaml").write_text(block, encoding="utf-8")
            assert main(["build", "--check"]) != FINE, "not locked yet"
            capsys.readouterr()
            continue
        command, _, shown = block.partition("\n")
        assert main(shlex.split(command.removeprefix("$ ceechina "))) == FINE
        expected = ".*".join(re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE))
        assert re.fullmatch(expected, capsys.readouterr().out, re.DOTALL), command


def test_the_choice_the_guide_shows_is_one_that_decides() -> None:
    shown = re.search(r"^  choices:\n.*?(?=^  ```)", GUIDE, re.DOTALL | re.MULTILINE)
    assert shown is not None
    (choice,) = yaml.safe_load(shown[0])["choices"]
    bridge = ROOT / "tests" / "cases" / "bridge" / "projects" / "vrba-bridge.yaml"
    assert choice in yaml.safe_load(bridge.read_text(encoding="utf-8"))["choices"]


def test_checking_tells_what_a_build_would_and_makes_nothing(
    bridge: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bridge.lock()
    monkeypatch.chdir(bridge.root)
    assert main(["build", "--check"]) == FINE
    assert capsys.readouterr().out == "3 records can be built\n"
    assert main(["build", "--check", "--json"]) == FINE
    assert capsys.readouterr().out == '{"records": 3}\n'
    bridge.write({"records/projects/road.yaml": "id: road\nnam: Road\n"})
    assert main(["build", "--check"]) != FINE
    told = capsys.readouterr().err
    assert "unknown-key" in told
    assert main(["build"]) != FINE
    assert capsys.readouterr().err == told
    assert not (bridge.root / "datapackage").exists()
