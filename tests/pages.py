"""The pages of the documentation, run: what their examples print, their pictures, and the reference.

`python tests/pages.py` writes all three as they are now; the tests compare.
"""

from __future__ import annotations

import importlib
import inspect
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import click

import ceechina
from ceechina.cli import cli, main
from ceechina.read.differences.diff import Diff
from ceechina.read.package import Package
from ceechina.read.plots import plot
from ceechina.read.provenance.explain import Explanation

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"
REFERENCE = DOCS / "reference.md"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
# an example, and what it prints: below it for Python, in the block for a console
EXAMPLE = re.compile(r"^```(python|console)\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL)
WIDTH = 100


def rerun(text: str) -> str:
    """A page with everything its examples print now, run one after the other in the current folder."""
    names: dict[str, Any] = {}

    def shown(match: re.Match[str]) -> str:
        kind, code = match.groups()
        if kind == "console":
            commands = [line for line in code.splitlines() if line.startswith("$ ")]
            return "```console\n" + "".join(f"{line}\n{_printed(_command, line)}" for line in commands) + "```\n"
        told = _printed(lambda: exec(compile(code, "page", "exec"), names))  # noqa: S102  # our own pages
        return f"```python\n{code}```\n" + (f"\n```text\n{told}```\n" if told else "")

    return EXAMPLE.sub(shown, text)


def _printed(call: Callable[..., Any], *args: str) -> str:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
        call(*args)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _command(line: str) -> None:
    words = shlex.split(line.removeprefix("$ "))
    assert words[0] == "ceechina"
    main(words[1:])


def reference() -> str:
    """The reference: every public function by its docstring, every command by its help."""
    return "\n".join(_reference()) + "\n"


def _reference() -> Iterator[str]:
    yield "# Reference\n\nGenerated from the docstrings and the command line by `python tests/pages.py`."
    yield "\n## `ceechina`\n"
    yield "These work on the package that ships; `ceechina.open(path)` gives another one with the same methods."
    for name in sorted(set(ceechina.__all__) - {"plot", "open", "diff"}):
        yield from _function(f"ceechina.{name}", getattr(Package, name))
    yield from _function("ceechina.open", Package)
    yield from _function("ceechina.diff", ceechina.diff)
    for kind in (Explanation, Diff):
        yield f"\n## `{kind.__name__}`\n\n{_markdown(inspect.getdoc(kind) or '')}"
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") and method.__doc__:
                yield from _function(name, method)
    yield f"\n## `ceechina.plot`\n\n{_markdown(inspect.getdoc(plot) or '')}"
    for name in ("funnel", "map", "memberships", "timeline"):
        yield from _function(f"plot.{name}", getattr(plot, name))
    yield "\n## Commands\n\nExit codes: 0 fine, 1 problems or differences found, 2 wrong usage."
    above = click.Context(cli, info_name="ceechina", **cli.context_settings)
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, parent=above, info_name=name, terminal_width=WIDTH)
        told = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        yield f"\n### `ceechina {name}`\n\n```text\n{told}\n```"


def _function(name: str, function: Any) -> Iterator[str]:
    """A heading, the signature, and what the docstring says, or the one that it points to."""
    told = inspect.getdoc(function.__init__ if inspect.isclass(function) else function) or ""
    further = re.search(r"more at `(read(?:\.\w+)+)\.(\w+)`", told)
    if further:
        module = importlib.import_module(f"ceechina.{further[1]}")
        told = inspect.getdoc(getattr(module, further[2])) or ""
        told = re.sub(r"^ {4}package: .*\n", "", told, flags=re.MULTILINE)
        # what a module says beyond its first line is of its one function
        told += "\n\n" + (inspect.getdoc(module) or "").partition("\n\n")[2]
    signature = name.rsplit(".", 1)[-1] + _signature(function)
    yield f"\n### `{name}`\n\n```text\n{signature}\n```\n\n{_markdown(told).rstrip()}"


class _Bare(str):
    """An annotation shown as it is written, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _signature(function: Any) -> str:
    found = inspect.signature(function)
    kept = [each for each in found.parameters.values() if each.name != "self"]
    bare = [each if each.annotation is each.empty else each.replace(annotation=_Bare(each.annotation)) for each in kept]
    # the return is written apart: `Signature` would quote it
    returned = "" if found.return_annotation in (found.empty, None, "None") else f" -> {found.return_annotation}"
    text = str(inspect.Signature(bare))
    if len(text) > WIDTH:  # a line for each, as the formatter has it; `*` stands before what is given by name
        marked = [each.kind is each.KEYWORD_ONLY for each in bare]
        lines = [str(each) for each in bare]
        if any(marked):
            lines.insert(marked.index(True), "*")
        text = "(\n" + "".join(f"    {line},\n" for line in lines) + ")"
    return f"{text}{returned}"


def _markdown(docstring: str) -> str:
    """A Google docstring as Markdown: sections as words, what they list as lists, examples as code."""
    text = re.sub(r"^(>>> .*(?:\n.+)*)", r"```pycon\n\1\n```", docstring, flags=re.MULTILINE)
    text = re.sub(r"^(Args|Raises|Returns):$", r"\1:\n", text, flags=re.MULTILINE)
    text = re.sub(r"^ {4}(\w+): ", r"- `\1`: ", text, flags=re.MULTILINE)
    return re.sub(r"^ {4,}", "  ", text, flags=re.MULTILINE)


def words(picture: Path) -> list[str]:
    """The words and numbers in an SVG file, which every version of its renderer keeps."""
    return re.findall(r">([^<>]+)<", picture.read_text(encoding="utf-8"))


def write() -> None:
    """Write pages, pictures and the reference as they are now."""
    REFERENCE.write_text(reference(), encoding="utf-8")
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            page.write_text(rerun(page.read_text(encoding="utf-8")), encoding="utf-8")
            for picture in Path().glob("*.svg"):
                shutil.copy(picture, IMAGES / picture.name)


if __name__ == "__main__":
    os.environ["COLUMNS"] = str(WIDTH)
    write()
