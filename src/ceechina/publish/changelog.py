"""CHANGELOG.md: the section of a version, dated and with what changed in the data."""

from __future__ import annotations

import re


def newest(text: str) -> str:
    """The version of the first heading; empty where there is none."""
    found = re.search(r"^## ([0-9]+\.[0-9]+\.[0-9]+)\b", text, re.MULTILINE)
    return found[1] if found else ""


def dated(text: str, version: str, date: str) -> str:
    """The changelog with a date, ISO 8601, in the heading of a version, in place of any other."""
    return re.sub(rf"^## {re.escape(version)}\b.*$", f"## {version} - {date}", text, count=1, flags=re.MULTILINE)


def with_data(text: str, version: str, lines: str) -> str:
    """The changelog with lines at the end of the Data section of a version, after those written by hand.

    Args:
        text: The changelog; it has a heading for the version.
        version: Whose Data section; it is added where there is none.
        lines: A list in Markdown; without any the text stays as it is.
    """
    if not lines:
        return text
    before, section, after = _cut(f"{text.rstrip()}\n", rf"^## {re.escape(version)}\b.*\n", r"^## ")
    if not re.search(r"^### Data$", section, re.MULTILINE):
        section = f"\n### Data\n{section}"
    head, data, rest = _cut(section, r"^### Data\n", r"^### ")
    listed = "\n".join(part for part in (data.strip(), lines.strip()) if part)
    return f"{before}{head}\n{listed}\n\n{rest}{after}".rstrip() + "\n"


def _cut(text: str, heading: str, following: str) -> tuple[str, str, str]:
    """A text up to the end of a heading, what stands under it, and from the following heading on."""
    found = re.search(heading, text, re.MULTILINE)
    start = found.end() if found else len(text)
    end = re.compile(following, re.MULTILINE).search(text, start)
    stop = end.start() if end else len(text)
    return text[:start], text[start:stop], text[stop:]
