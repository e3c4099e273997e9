"""Styles: names, dates no finer than stated, and characters that mean something to the format."""

from __future__ import annotations

import json

import pytest
import rispy
from pybtex.database import parse_string

from ceechina.read.exports.citation_styles import STYLES, TYPES, Item
from ceechina.read.exports.cite import _issued

REPORT: Item = {
    "id": "report",
    "type": "report",
    "title": "Bridges: Who Builds Them?",
    "author": [{"family": "Lo", "given": "Jean-Ann B"}, {"literal": "Institute for Bridges and Roads"}],
    "publisher": "Bridge Press",
    "issued": _issued("2021-04-28"),
    "URL": "https://bridges.example/a_b%20c",
}
ARTICLE: Item = {"id": "article", "type": "article-magazine", "title": "Roads", "container-title": "The Road"}
NASTY = r"5% of R&D_{a} # $1 ~ ^ \cmd } {"


def dated(edtf: str) -> Item:
    return {**ARTICLE, "issued": _issued(edtf)}


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("text", "Jean-Ann B Lo; Institute for Bridges and Roads. {title} Bridge Press, 2021-04-28. {url}"),
        ("apa", "Lo, J.-A. B., & Institute for Bridges and Roads. (2021, April 28). {title} Bridge Press. {url}"),
        ("chicago", "Lo, Jean-Ann B, and Institute for Bridges and Roads. {title} Bridge Press, April 28, 2021. {url}"),
    ],
)
def test_a_reference_reads_as_its_style_has_it(style: str, expected: str) -> None:
    assert STYLES[style]([REPORT]) == expected.format(title=REPORT["title"], url=REPORT["URL"])


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("text", "Roads. The Road."),
        ("apa", "Roads. (n.d.). The Road."),
        ("chicago", "“Roads.” The Road."),
    ],
)
def test_what_nobody_signed_or_dated_is_cited_by_its_title(style: str, expected: str) -> None:
    assert STYLES[style]([ARTICLE]) == expected


@pytest.mark.parametrize(
    ("edtf", "apa", "chicago", "year", "month", "ris"),
    [
        ("2021-04-28", "2021, April 28", "April 28, 2021", "2021", "4", "2021/04/28"),
        ("2021-04", "2021, April", "April 2021", "2021", "4", "2021/04/"),
        ("2021", "2021", "2021", "2021", None, "2021//"),
        ("2021~", "ca. 2021", "ca. 2021", "2021", None, "2021//"),
        ("2021-22", "summer 2021", "summer 2021", "2021", None, "2021//"),
        ("2021-07/2021-12", "2021, July – 2021, December", "July 2021 – December 2021", "2021", None, None),
        ("2019/2021", "2019 – 2021", "2019 – 2021", "2019--2021", None, None),
        ("201X", "2010s", "2010s", None, None, None),
        ("2019/..", "from 2019", "from 2019", None, None, None),
        ("../2019-05", "until 2019-05", "until 2019-05", None, None, None),
    ],
)
def test_a_date_is_no_finer_than_stated(
    edtf: str, apa: str, chicago: str, year: str | None, month: str | None, ris: str | None
) -> None:
    assert f"({apa})" in STYLES["apa"]([dated(edtf)])
    assert STYLES["chicago"]([dated(edtf)]) == f"“Roads.” The Road, {chicago}."
    fields = parse_string(STYLES["bibtex"]([dated(edtf)]), "bibtex").entries["article"].fields
    assert (fields.get("year"), fields.get("month")) == (year, month)
    assert fields["date"].replace(r"\textasciitilde{}", "~") == edtf
    (read,) = rispy.loads(STYLES["ris"]([dated(edtf)]))
    assert read.get("date") == ris
    assert ("notes" in read) == (ris is None)
    assert json.loads(STYLES["csl-json"]([dated(edtf)]))[0]["issued"]["edtf"] == edtf


def test_what_means_something_to_latex_is_escaped_and_addresses_are_not() -> None:
    nasty = {
        **REPORT,
        "title": NASTY,
        "note": NASTY,
        "author": [{"literal": NASTY}],
        "URL": "https://x.example/{a}_b%20",
    }
    text = STYLES["bibtex"]([nasty])
    assert text.count("{") == text.count("}")
    fields = parse_string(text, "bibtex").entries["report"].fields
    escaped = (
        r"5\% of R\&D\_\textbraceleft{}a\textbraceright{} \# \$1 \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{}cmd \textbraceright{} \textbraceleft{}"
    )
    assert fields["title"] == f"{{{escaped}}}"
    assert fields["note"] == escaped
    assert fields["url"] == "https://x.example/%7Ba%7D_b%20"


def test_ris_keeps_a_value_on_its_line_whatever_it_holds() -> None:
    (read,) = rispy.loads(STYLES["ris"]([{**REPORT, "title": "A\nER  - B", "note": "one\nTY  - two\n\nthree"}]))
    assert read["title"] == "A ER - B"
    assert read["notes"] == ["one", "TY - two", "three"]


@pytest.mark.parametrize("style", ["text", "apa", "chicago"])
def test_entries_stand_apart_and_notes_below(style: str) -> None:
    entries = STYLES[style]([{**REPORT, "note": "One.\nTwo."}, ARTICLE]).split("\n\n")
    assert len(entries) == 2
    assert entries[0].endswith("\nOne.\nTwo.")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("style", STYLES)
def test_every_type_is_written_in_every_style(style: str, kind: str) -> None:
    assert "Bridges: Who Builds Them?" in STYLES[style]([{**REPORT, "type": kind}])


def test_a_doi_is_given_as_an_address() -> None:
    assert STYLES["apa"]([{**ARTICLE, "DOI": "10.5281/zenodo.1"}]).endswith(
        "The Road. https://doi.org/10.5281/zenodo.1"
    )
