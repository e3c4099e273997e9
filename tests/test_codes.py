"""Code lists: every code described, matched where it can be, used or reserved."""

from __future__ import annotations

import pytest

from ceechina.model.codes import CODE_LISTS
from ceechina.model.columns import Code, CodeList
from ceechina.model.render import code_lists
from ceechina.model.tables import Table
from ceechina.read.package import Package
from conftest import ROOT

CODES = [
    pytest.param(codelist, code, id=f"{codelist.name}-{code.code}")
    for codelist in CODE_LISTS
    for code in codelist.codes
]


@pytest.fixture(scope="module")
def used(tables: dict[str, Table]) -> dict[str, set[str]]:
    """Codes in the published tables, by code list."""
    package = Package(ROOT / "datapackage")
    found: dict[str, set[str]] = {}
    for table in tables.values():
        content = package.load(table.name, "arrow")
        for column in table.columns:
            if column.codes:
                found.setdefault(column.codes.name, set()).update(content[column.name].drop_null().to_pylist())
    claims = package.load("claims", "arrow").to_pylist()
    for claim in claims:
        codelist = tables[claim["value_table"]][claim["value_column"]].codes
        if codelist:
            found[codelist.name].add(claim["claimed_value"])
    return found


@pytest.mark.parametrize(("codelist", "code"), CODES)
def test_every_code_has_label_and_definition(codelist: CodeList, code: Code) -> None:
    assert code.label
    assert code.definition.endswith(".")
    assert codelist.check(code.code) == code.code


@pytest.mark.parametrize(("codelist", "code"), CODES)
def test_every_code_is_used_or_reserved_and_not_both(codelist: CodeList, code: Code, used: dict[str, set[str]]) -> None:
    assert code.reserved != (code.code in used[codelist.name])


@pytest.mark.parametrize("codelist", CODE_LISTS, ids=lambda codelist: codelist.name)
def test_codes_and_labels_are_unique(codelist: CodeList) -> None:
    assert len(set(codelist.names)) == len(codelist.codes)
    assert len({code.label for code in codelist.codes}) == len(codelist.codes)


def test_every_code_list_is_used_by_a_column(tables: dict[str, Table]) -> None:
    assert set(code_lists(tables.values())) == {codelist.name for codelist in CODE_LISTS}


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'acquisition'"):
        next(codelist for codelist in CODE_LISTS if codelist.name == "project_kind").check("aquisition")
