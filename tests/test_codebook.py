"""The codebook tells what the package holds, and every record it names is there."""

from __future__ import annotations

import re

import pytest

from ceechina.model.tables import Table
from ceechina.read.package import Package
from conftest import ROOT, World

CODEBOOK = (ROOT / "datapackage" / "README.md").read_text(encoding="utf-8")
PACKAGE = Package(ROOT / "datapackage")
RULES = (ROOT / "records" / "CODING.md").read_text(encoding="utf-8")


def test_counts_are_those_of_the_tables() -> None:
    for info in PACKAGE.tables():
        assert f"### {info.name} ({info.rows:,} rows)" in CODEBOOK


def test_every_column_and_code_is_in_it(tables: dict[str, Table]) -> None:
    for table in tables.values():
        for column in table.columns:
            assert f"| `{column.name}` |" in CODEBOOK
            for code in column.codes.codes if column.codes else ():
                assert f"| `{code.code}` | **{code.label}**" in CODEBOOK


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`", RULES))))
def test_every_example_of_the_coding_rules_is_a_record(name: str) -> None:
    known = {key for info in PACKAGE.core() for key in PACKAGE.load(info.name, "arrow")[info.key[0]].to_pylist()}
    assert name in known


def test_every_contradiction_is_told_with_its_reason() -> None:
    claims = PACKAGE.load("claims", "arrow").to_pylist()
    rivals = {claim["record_id"] for claim in claims if claim["standing"] == "rival"}
    assert rivals
    for record in rivals:
        row = next(line for line in CODEBOOK.splitlines() if line.startswith(f"| `{record}` | `"))
        reasons = {claim["because"] for claim in claims if claim["record_id"] == record and claim["because"]}
        assert reasons
        assert all(reason in row for reason in reasons)


def test_every_source_is_accounted_for() -> None:
    for source in PACKAGE.load("sources", "arrow")["source_id"].to_pylist():
        assert re.search(rf"^\| {source} \| [0-9,]+ \| .* (\d+) of \1 \|", CODEBOOK, re.MULTILINE)


def test_a_package_without_rules_or_codings_has_a_codebook_too(bridge: World) -> None:
    told = (bridge.package() / "README.md").read_text(encoding="utf-8")
    assert "## Double coding" not in told
    assert "`amounts/price/value` 95000000 (herald-2021)" in told
