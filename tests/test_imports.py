"""Who may import whom, and what importing ceechina costs: read off the syntax trees and a fresh process."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import ceechina
from conftest import ROOT

SOURCE = ROOT / "src" / "ceechina"
MODULES = sorted(SOURCE.rglob("*.py"))
ALLOWED = {
    "errors": set(),
    "quoting": set(),
    "model": {"errors"},
    "curate": {"errors", "model"},
    "publish": {"errors", "archives", "model", "curate", "validate", "read"},
    "archives": {"errors"},
    "validate": {"errors", "quoting", "archives", "model"},
    "read": {"errors", "quoting", "archives"},
    "console": {"errors", "validate"},
    "cli_read": {"errors", "console", "read"},
    "cli_validate": {"errors", "console", "model", "publish", "validate", "read"},
    "cli_release": {"errors", "console", "publish"},
    "cli": {"errors", "console", "cli_read", "cli_release", "cli_validate", "model", "publish", "validate", "read"},
    "__init__": {"read"},
}
MACHINERY = {"columns", "tables", "render"}
CONTENT = {"codes", "values", "records"}
HEAVY = {"pandas", "pyarrow", "pydantic", "frictionless", "duckdb", "yaml", "edtf", "click", "rich", "polars", "altair"}
HEAVY |= {"pooch", "requests", "platformdirs"}


def imported(path: Path) -> set[str]:
    """Dotted names of our own modules a module imports, wherever in it and however."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide what they import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "ceechina"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_layers_import_only_what_stands_below(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    layer = parts[0]
    others = {name.split(".")[1] for name in imported(path)} - {layer}
    assert others <= ALLOWED[layer]


@pytest.mark.parametrize("name", sorted(MACHINERY))
def test_machinery_imports_no_content(name: str) -> None:
    used = {
        name.split(".")[2] for name in imported(SOURCE / "model" / f"{name}.py") if name.startswith("ceechina.model.")
    }
    assert not used & CONTENT


def test_importing_ceechina_loads_nothing_heavy() -> None:
    code = "import sys, json, ceechina; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert not HEAVY & set(json.loads(out))


@pytest.mark.parametrize(
    "call",
    [
        "load('projects', as_='arrow')",
        "load('passages', as_='arrow', country='Serbia', columns=['link'])",
        "load('actors', as_='polars')",
        "load('actors', as_='duckdb')",
        "query('SELECT count(*) FROM claims', as_='arrow')",
        "explain('smederevo-steelworks')",
    ],
)
def test_pandas_is_loaded_only_where_it_is_asked_for(call: str) -> None:
    code = f"import sys, ceechina; ceechina.{call}; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_names_are_listed_sorted_and_documented() -> None:
    assert list(ceechina.__all__) == sorted(ceechina.__all__)
    for name in ceechina.__all__:
        assert getattr(ceechina, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ceechina.nothing  # noqa: B018  # the asking is the test
    assert ceechina.__version__.count(".") == 2


def test_no_function_is_named_as_its_module() -> None:
    """`ceechina.load` must stay a function after any submodule is imported."""
    assert not {path.stem for path in SOURCE.glob("*.py")} & set(ceechina.__all__)
    assert not {path.name for path in SOURCE.iterdir()} & set(ceechina.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_modules_and_functions_stay_small(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.relative_to(SOURCE).as_posix() not in {f"model/{name}.py" for name in CONTENT}:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 50, node.name
