"""CSV on the Web: the CSV files judged by an independent reader of `csv-metadata.json`."""

from __future__ import annotations

from pathlib import Path

import pytest
from csvw import CSVW

from conftest import World


def is_valid(folder: Path) -> bool:
    """What `csvwvalidate --lax` says; without that it takes an empty reference for a broken one."""
    try:
        valid: bool = CSVW(str(folder / "csv-metadata.json"), validate=True, strict=False).is_valid
    except ValueError:
        return False
    return valid


@pytest.fixture
def package(built: World) -> Path:
    return built.root / "datapackage"


def test_the_package_is_valid(package: Path) -> None:
    assert is_valid(package)


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("projects", "construction", "constrution"),
        ("projects", "vrba-bridge", "Vrba Bridge"),
        ("project_countries", "vrba-bridge", "no-such-bridge"),
        ("claims", "chosen", "picked"),
        ("projects", ",true,", ",perhaps,"),
    ],
    ids=["code", "pattern", "reference", "code of claims", "type"],
)
@pytest.mark.filterwarnings("ignore:Invalid column value:UserWarning")
def test_what_is_planted_is_found(table: str, old: str, new: str, package: Path) -> None:
    path = package / "data" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert not is_valid(package)


def test_every_csv_file_and_column_is_described(package: Path) -> None:
    tables = {table.local_name: table for table in CSVW(str(package / "csv-metadata.json")).tables}
    assert set(tables) == {f"data/{path.name}" for path in (package / "data").glob("*.csv")}
    for name, table in tables.items():
        header = (package / name).read_text(encoding="utf-8").splitlines()[0]
        assert [column.name for column in table.tableSchema.columns] == header.split(",")
