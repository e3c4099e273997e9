"""Committed generated files are in step with the model, and the check tells when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceechina.errors import PackageError
from ceechina.publish.schema_files import COMMAND, check_schema, write_schema
from conftest import ROOT


def test_the_committed_files_are_in_step() -> None:
    assert check_schema(ROOT) == [], f"run `{COMMAND}`"


def test_no_file_is_written_where_there_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no checkout"):
        write_schema(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_written_files_pass_and_any_change_is_told(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    count = write_schema(tmp_path)
    assert check_schema(tmp_path) == []
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == count
    (tmp_path / "schema/tables/projects.json").write_text("{}", encoding="utf-8")
    (tmp_path / "schema/codes/unit.csv").unlink()
    (tmp_path / "schema/stray.json").write_text("{}", encoding="utf-8")
    told = {(problem.path, problem.message) for problem in check_schema(tmp_path)}
    assert told == {
        ("schema/tables/projects.json", "the file differs from the model"),
        ("schema/codes/unit.csv", "the file is missing"),
        ("schema/stray.json", "nothing generates this file"),
    }
    assert all(COMMAND in problem.hint for problem in check_schema(tmp_path))
