"""The changelog: a version's heading dated, its Data section told what changed, and all else left alone."""

from __future__ import annotations

import pytest

from ceechina.publish.changelog import dated, newest, with_data

OLD = "## 1.0.0 - 2026-01-01\n\n### Data\n\n- First.\n"
LINES = "- projects: 1 added.\n- There are now 2 projects.\n"


@pytest.mark.parametrize(("text", "version"), [(f"# Log\n\n## 1.1.0\n\n{OLD}", "1.1.0"), (OLD, "1.0.0"), ("", "")])
def test_the_newest_version_is_that_of_the_first_heading(text: str, version: str) -> None:
    assert newest(text) == version


@pytest.mark.parametrize("heading", ["## 1.1.0", "## 1.1.0 - 2026-01-02", "## 1.1.0 (coming)"])
def test_a_heading_is_dated_whatever_it_said(heading: str) -> None:
    text = f"# Log\n\n## 1.1.01\n\n{heading}\n\n{OLD}"
    assert dated(text, "1.1.0", "2026-02-03") == f"# Log\n\n## 1.1.01\n\n## 1.1.0 - 2026-02-03\n\n{OLD}"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("### Data\n\n- By hand.\n\n### Schema\n\n- A.\n", f"### Data\n\n- By hand.\n{LINES}\n### Schema\n\n- A.\n"),
        ("### Schema\n\n- A.\n\n### Data\n\n- By hand.\n", f"### Schema\n\n- A.\n\n### Data\n\n- By hand.\n{LINES}"),
        ("### Data\n", f"### Data\n\n{LINES}"),
        ("### Package\n\n- B.\n", f"### Data\n\n{LINES}\n### Package\n\n- B.\n"),
    ],
)
def test_what_changed_stands_after_what_was_written_by_hand(section: str, expected: str) -> None:
    assert with_data(f"## 1.1.0\n\n{section}\n{OLD}", "1.1.0", LINES) == f"## 1.1.0\n\n{expected}\n{OLD}"
    assert with_data(f"## 1.1.0\n\n{section}", "1.1.0", LINES) == f"## 1.1.0\n\n{expected}"


def test_without_changes_the_text_stays_as_it_is() -> None:
    assert with_data(OLD, "1.0.0", "") == OLD
