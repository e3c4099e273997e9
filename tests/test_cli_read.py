"""The commands that read: what they print, in every layout, and what they say of wrong usage."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import ceechina as cc
from ceechina.cli import main
from ceechina.console import FINE, USAGE
from conftest import World


@pytest.fixture
def project(built: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world as the current folder, built."""
    monkeypatch.chdir(built.root)
    return built


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == FINE
    return capsys.readouterr().out


@pytest.mark.parametrize("layout", ["csv", "json", "md", "table"])
def test_rows_are_shown_in_every_layout(capsys: pytest.CaptureFixture[str], layout: str) -> None:
    out = printed(capsys, "show", "project_amounts", "--columns", "project_id,value,currency", "--format", layout)
    expected = cc.load("project_amounts", "arrow", columns=["project_id", "value", "currency"]).to_pylist()
    match layout:
        case "json":
            assert json.loads(out) == expected
        case "csv":
            found = list(csv.DictReader(io.StringIO(out)))
            assert [{**row, "value": float(row["value"])} for row in found] == expected
            assert "46000000," in out
        case "md":
            assert out.splitlines()[:2] == ["| project_id | value | currency |", "| --- | --- | --- |"]
            assert len(out.splitlines()) == len(expected) + 2
        case _:
            assert out.count("EUR") == sum(row["currency"] == "EUR" for row in expected)


def test_rows_are_chosen_by_country_policy_and_day(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    shown = ("show", "project_amounts", "--package", "datapackage", "--columns", "value", "--format", "csv")
    assert printed(capsys, *shown) == "value\n95000000\n"
    assert printed(capsys, *shown, "--policy", "minimum") == "value\n90000000\n"
    assert printed(capsys, *shown, "--as-of", "2020-12-31") == "value\n90000000\n"
    assert printed(capsys, *shown, "--country", "hungary") == "value\n"


def test_a_cell_cannot_break_a_markdown_table(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "query", "SELECT 'a|b' AS x, true AS y", "--package", "datapackage", "--format", "md")
    assert out.splitlines()[2] == "| a\\|b | true |"


def test_conflicts_and_queries_are_printed(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    package = ("--package", "datapackage")
    assert [row["field"] for row in json.loads(printed(capsys, "conflicts", "--json", *package))] == [
        "amounts/price/value",
        "participants/south-works/contractor",
    ]
    out = printed(capsys, "query", "SELECT count(*) AS n FROM memberships", *package)
    assert out == "n\n2\n"


def test_info_tells_what_the_package_is(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "info")
    assert f"version:     {cc.__version__}" in out
    assert "licence:     CC-BY-4.0" in out
    told = json.loads(printed(capsys, "info", "--json"))
    assert told["projects"] == cc.describe("projects").rows
    assert cc.__version__ in told["cite"]


@pytest.mark.parametrize("edit", [{"title": None}, {"licenses": [1]}, {"resources": [1]}])
def test_info_of_a_descriptor_that_lacks_what_is_told_says_so(
    project: World, capsys: pytest.CaptureFixture[str], edit: dict[str, object]
) -> None:
    path = project.root / "datapackage" / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | edit
    described = {name: value for name, value in descriptor.items() if value is not None}
    path.write_text(json.dumps(described), encoding="utf-8")
    assert main(["info", "--package", "datapackage"]) == USAGE
    captured = capsys.readouterr()
    assert captured.err.startswith("Error: the ")
    assert captured.out == ""


def test_a_citation_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "cite") == cc.cite().rstrip("\n") + "\n"
    assert printed(capsys, "cite", "bibtex") == cc.cite("bibtex").rstrip("\n") + "\n"


def test_an_export_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "all.sqlite"
    assert printed(capsys, "export", str(path)) == f"written to {path}\n"
    assert path.is_file()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["show", "projects", "--country", "Serba"], "did you mean 'Serbia'"),
        (["show", "projects", "--columns", "nme"], "did you mean 'name'"),
        (["show", "projects", "--columns", ""], "no column of projects is called ''"),
        (["show", "projects", "--policy", "minimun"], "did you mean 'minimum'"),
        (["show", "projects", "--as-of", "2020"], "such as 2020-12-31"),
        (["show", "projects", "--format", "xml"], "'xml' is not one of"),
        (["show", "--country", "RS"], "name a table"),
        (["show", "exclusions", "--country", "RS"], "belong to no country"),
        (["query", "DROP VIEW projects"], "DROP is not for here"),
        (["query", "SELECT * FROM project"], "did you mean 'projects'"),
        (["cite", "bibtx"], "did you mean 'bibtex'"),
        (["cite", "--record", "smederevo-steelwork"], "did you mean 'smederevo-steelworks'"),
        (["export", "all.xyz"], "xlsx"),
        (["info", "--package", "nowhere"], "no data package at nowhere"),
    ],
)
def test_wrong_usage_is_told_on_stderr(capsys: pytest.CaptureFixture[str], argv: list[str], said: str) -> None:
    assert main(argv) == USAGE
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err
