"""What was released stays: its files are there as listed, today's code reads them, and their code reads today's data.

Each test is asked of every release of `releases.json`, and of one that is made here of the repository as it stands, so
that the next release is proved before it is made.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ceechina.cli import main
from ceechina.console import FINE
from ceechina.publish.archive import SUMS, archive_name, sha256
from ceechina.publish.release_plan import released
from ceechina.read.exports.cite import content_sha256
from conftest import ROOT, commit_all, tracked

pytestmark = pytest.mark.slow

MADE = "99.0.0"
DAY = "2026-11-25"
VERSIONS = [MADE, *(entry["version"] for entry in released(ROOT))]
PUBLISHED = ROOT / "datapackage"
Json = dict[str, Any]
Tables = dict[str, list[list[str]]]

# what a reader of any version answers about a package of any version
QUESTIONS = """
import json, sys
import ceechina as cc

package = cc.open(sys.argv[1])
tables = {info.name: package.load(info.name, as_="arrow") for info in package.tables()}
firsts = [tables[info.name][info.key[0]][0].as_py() for info in package.tables() if info.part == "core"]
print(json.dumps({
    "reader": cc.__file__,
    "version": package.version,
    "columns": {name: table.column_names for name, table in tables.items()},
    "rows": {name: len(table) for name, table in tables.items()},
    "counted": int(package.query("SELECT count(*) AS n FROM claims")["n"][0]),
    "contested": len(package.conflicts()),
    "explained": {record: str(package.explain(record)) for record in firsts},
    "cited": package.cite(record=firsts[0]),
    "compared": str(package.diff(package)),
}))
"""


@dataclass(frozen=True)
class Released:
    """A release: its entry in the list, and the folder of its files."""

    entry: Json
    folder: Path

    def file(self, kind: str) -> Path:
        return self.folder / archive_name(self.entry["version"], kind)

    @property
    def wheel(self) -> Path:
        (path,) = self.folder.glob("*.whl")
        return path


def copied(target: Path) -> Path:
    """This repository as it stands, as a checkout of its own, ready for its first release."""
    for name in tracked():
        path = target / name
        if (ROOT / name).is_file() and not name.startswith("releases/"):
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path)
    (target / "releases.json").write_text('{\n  "releases": []\n}\n', encoding="utf-8")
    for name, old, new in (
        ("pyproject.toml", '\nversion = "', f'\nversion = "{MADE}"  # "'),
        ("CHANGELOG.md", "\n## ", f"\n## {MADE}\n\n### Package\n\n- Nothing.\n\n## "),
    ):
        path = target / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert main(["build", "--records", str(target / "records"), "--to", str(target / "datapackage")]) == FINE
    return commit_all(target)


@pytest.fixture(scope="session")
def made_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository with a release made in it; not to be changed."""
    root = copied(tmp_path_factory.mktemp("checkout"))
    assert main(["release", MADE, "--yes", "--date", DAY, "--root", str(root)]) == FINE
    return commit_all(root)


def release_of(version: str, made_here: Path) -> Released:
    root = made_here if version == MADE else ROOT
    (entry,) = (each for each in released(root) if each["version"] == version)
    return Released(entry, root / "releases" / version)


@pytest.fixture(params=VERSIONS)
def release(request: pytest.FixtureRequest, made_here: Path) -> Released:
    return release_of(request.param, made_here)


@pytest.fixture(params=VERSIONS[:2])
def oldest(request: pytest.FixtureRequest, made_here: Path) -> Released:
    """The oldest release, and the one made here."""
    return release_of(request.param, made_here)


def asked(python: Path, package: Path, cache: Path) -> Json:
    """The questions answered, away from the checkout."""
    place = os.environ | {"CEECHINA_CACHE": str(cache), "PYTHONSAFEPATH": "1", "PYTHONPATH": ""}
    words = [str(python), "-c", QUESTIONS, str(package)]
    done = subprocess.run(words, cwd=cache, env=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: Json = json.loads(done.stdout)
    return answers


def environment_of(wheel: Path, target: Path) -> Path:
    """The Python of an environment that has a wheel, and beside it what is installed here but for our own code."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(target)], check=True)
    python = next(path for path in (target / "bin" / "python", target / "Scripts" / "python.exe") if path.exists())
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # as plain lines these folders come after the wheel, and what they link to, as a checkout, is not followed
    others = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    (packages / "others.pth").write_text("\n".join(others), encoding="utf-8")
    return python


def tables_in(archive: Path) -> Tables:
    """The CSV files of an archive by table, read with no code of ours."""
    with zipfile.ZipFile(archive) as packed:
        return {Path(name).stem: cells(packed.read(name)) for name in packed.namelist() if name.endswith(".csv")}


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def assert_answered(answers: Json, tables: Tables) -> None:
    """The answers are those the CSV files give."""
    assert answers["columns"] == {name: rows[0] for name, rows in tables.items()}
    assert answers["rows"] == {name: len(rows) - 1 for name, rows in tables.items()}
    assert answers["counted"] == len(tables["claims"]) - 1
    assert answers["contested"] > 0
    assert len(answers["explained"]) == 4
    for record, text in answers["explained"].items():
        assert record in text
        assert answers["version"] in text
        assert "chosen" in text
    assert answers["version"] in answers["cited"]
    assert answers["compared"]


def test_a_release_has_its_files_with_the_bytes_that_were_released(release: Released) -> None:
    lines = (release.folder / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert listed == {path.name: sha256(path.read_bytes()) for path in release.folder.iterdir() if path.name != SUMS}
    suffixes = sorted(Path(name).suffix for name in listed)
    assert suffixes == [".gz", ".whl", ".zip", ".zip"]
    for name, told in release.entry["archives"].items():
        assert told == {"bytes": (release.folder / name).stat().st_size, "sha256": listed[name]}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_data_of_a_release_has_one_checksum_in_every_format(kind: str, release: Released) -> None:
    version = release.entry["version"]
    with zipfile.ZipFile(release.file(kind)) as packed:
        described = json.loads(packed.read(f"ceechina-{version}/datapackage.json"))
    assert content_sha256(described) == release.entry["content"]


def test_todays_code_reads_a_release(release: Released, tmp_path: Path) -> None:
    answers = asked(Path(sys.executable), release.file("parquet"), tmp_path)
    assert Path(answers["reader"]).is_relative_to(ROOT)
    assert answers["version"] == release.entry["version"]
    assert answers["rows"] == release.entry["rows"]
    assert_answered(answers, tables_in(release.file("csv")))


def test_the_oldest_code_reads_todays_package(oldest: Released, tmp_path: Path) -> None:
    python = environment_of(oldest.wheel, tmp_path / "environment")
    answers = asked(python, PUBLISHED, tmp_path)
    assert Path(answers["reader"]).is_relative_to(tmp_path)
    assert_answered(answers, {path.stem: cells(path.read_bytes()) for path in (PUBLISHED / "data").glob("*.csv")})


def test_an_installed_release_opens_itself_by_its_number(made_here: Path, tmp_path: Path) -> None:
    python = environment_of(release_of(MADE, made_here).wheel, tmp_path / "environment")
    code = f"import ceechina as cc; p = cc.open('{MADE}'); print(p.version, p.folder)"
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == MADE
    assert Path(done.stdout.split()[1]).is_relative_to(tmp_path)


def test_neither_wheel_nor_source_distribution_holds_releases(made_here: Path, tmp_path: Path) -> None:
    # the next one is made with these files in the checkout
    words = [sys.executable, "-P", "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(made_here)]
    subprocess.run(words, check=True, capture_output=True)
    for path in tmp_path.iterdir():
        shutil.unpack_archive(path, tmp_path / "in", "zip" if path.suffix == ".whl" else "gztar")
    names = [path.relative_to(tmp_path / "in") for path in (tmp_path / "in").rglob("*")]
    assert any(name.name == "releases.json" for name in names)
    assert not [name for name in names if "releases" in name.parts]


def test_two_builds_in_other_folders_time_zones_and_locales_give_the_same_bytes(
    made_here: Path, tmp_path: Path
) -> None:
    other = copied(tmp_path / "a folder of another name")
    place = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"}
    words = ["release", MADE, "--yes", "--date", DAY, "--root", str(other)]
    old = os.umask(0o077)
    try:
        subprocess.run([sys.executable, "-m", "ceechina.cli", *words], env=os.environ | place, check=True)
    finally:
        os.umask(old)
    expected = {path.name: path.read_bytes() for path in (made_here / "releases" / MADE).iterdir()}
    assert {path.name: path.read_bytes() for path in (other / "releases" / MADE).iterdir()} == expected


def test_the_wheel_of_a_release_carries_its_package_byte_for_byte(made_here: Path) -> None:
    package = made_here / "datapackage"
    with zipfile.ZipFile(release_of(MADE, made_here).wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist() if "/datapackage/" in name}
    paths = [path for path in package.rglob("*") if path.is_file()]
    assert carried == {
        f"ceechina/datapackage/{path.relative_to(package).as_posix()}": path.read_bytes() for path in paths
    }
