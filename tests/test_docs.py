"""What the pages show is what is printed, drawn and offered; examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

import pages
from ceechina.cli import cli
from conftest import ROOT

pytestmark = pytest.mark.slow

FENCE = re.compile(r"^```(.*)\n(?:.*\n)*?```$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
SOURCE = ROOT / "src"
WITH_EXAMPLES = sorted(
    path for path in SOURCE.rglob("*.py") if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", pages.PAGES, ids=name)
def test_a_page_shows_what_its_examples_print_and_draw(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(pages.WIDTH))
    text = page.read_text(encoding="utf-8")
    assert pages.rerun(text) == text, "run `python tests/pages.py`"
    drawn = sorted(tmp_path.glob("*.svg"))
    assert {f"images/{picture.name}" for picture in drawn} == set(re.findall(r"\((images/[^)]+)\)", text))
    for picture in drawn:
        assert pages.words(picture) == pages.words(pages.IMAGES / picture.name), "run `python tests/pages.py`"


@pytest.mark.parametrize("page", pages.PAGES, ids=name)
def test_what_is_shown_and_not_run_says_why(page: Path) -> None:
    for info in FENCE.findall(page.read_text(encoding="utf-8")):
        assert info in {"", "python", "console", "text", "pycon", "sh", "yaml"} or re.fullmatch(
            r"\w+ not run: \w.+", info
        )


@pytest.mark.parametrize("page", pages.PAGES, ids=name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_every_page_and_picture_is_linked() -> None:
    linked = {
        (page.parent / target).resolve()
        for page in pages.PAGES
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
    }
    assert {*pages.DOCS.rglob("*.md"), *pages.IMAGES.glob("*")} <= linked


def test_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in cli.commands if f"`{command}`" not in readme] == []


def test_the_reference_is_what_docstrings_and_commands_say() -> None:
    assert pages.REFERENCE.read_text(encoding="utf-8") == pages.reference(), "run `python tests/pages.py`"


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name)
def test_examples_in_docstrings_are_true(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    module = importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
