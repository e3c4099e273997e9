"""The introspection: what classes say arrives in tables and columns, and mistakes are refused."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict

from ceechina.model.columns import CLAIMED, CURRENT, EDITORIAL, Beside, Code, CodeList, Meta, Ref
from ceechina.model.tables import Table, build, children, core
from ceechina.model.values import EDTF, NUMBER, SLUG

SIZE = CodeList("size", "How large.", (Code("small", "Small", "Little."), Code("big", "Big", "Much.")))


class Base(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)
    meta: ClassVar[Meta]


class Ship(Base):
    """Ships."""

    meta = Meta("ships", ("ship_id",))
    ship_id: Annotated[str, SLUG, EDITORIAL]
    """Ship by its slug."""
    size: Annotated[str | None, SIZE, CURRENT] = None
    """Code: how large."""


class Voyage(Base):
    """Voyages."""

    meta = Meta("voyages", ("ship_id", "voyage_id"), "ships", "trips")
    ship_id: Annotated[str, SLUG, Ref("ships"), EDITORIAL]
    """Ship by its slug."""
    voyage_id: Annotated[str, SLUG, EDITORIAL]
    """Voyage by its slug."""
    miles: Annotated[float, NUMBER, CLAIMED]
    """How far."""
    size: Annotated[str, SIZE, CLAIMED, Beside("miles")] = "small"
    """Code: how large."""
    date: Annotated[str | None, EDTF, CLAIMED] = None
    """When."""


@pytest.fixture
def fleet() -> dict[str, Table]:
    return build([Ship, Voyage])


def test_a_column_knows_its_type_origin_and_codes(fleet: dict[str, Table]) -> None:
    size = fleet["ships"]["size"]
    assert (size.required, size.origin, size.latest, size.codes) == (False, "claimed", True, SIZE)
    assert size.description == "Code: how large."


def test_a_default_goes_with_the_column_it_stands_beside(fleet: dict[str, Table]) -> None:
    size = fleet["voyages"]["size"]
    assert (size.default, size.beside, size.required) == ("small", "miles", True)


def test_references_are_written_without_id(fleet: dict[str, Table]) -> None:
    assert fleet["voyages"]["ship_id"].written == "ship"
    assert fleet["voyages"]["ship_id"].target == "ship_id"
    assert fleet["voyages"]["voyage_id"].written == "voyage_id"


def test_parents_children_and_core(fleet: dict[str, Table]) -> None:
    assert [table.name for table in core(fleet)] == ["ships"]
    assert [table.name for table in children(fleet, "ships")] == ["voyages"]
    slug_key = fleet["voyages"].slug_key
    assert slug_key is not None
    assert slug_key.name == "voyage_id"


def test_an_unknown_column_is_a_key_error(fleet: dict[str, Table]) -> None:
    with pytest.raises(KeyError, match="masts"):
        fleet["ships"]["masts"]


def test_a_column_without_a_scalar_is_refused() -> None:
    class Raft(Base):
        """Rafts."""

        meta = Meta("rafts", ("raft_id",))
        raft_id: Annotated[str, EDITORIAL]
        """Raft by its slug."""

    with pytest.raises(TypeError, match="raft_id"):
        build([Raft])


@pytest.mark.parametrize(("text", "value"), [("big", "big")])
def test_codes_are_parsed_by_their_list(fleet: dict[str, Table], text: str, value: str) -> None:
    assert fleet["ships"]["size"].parse(text) == value
    with pytest.raises(ValueError, match="size"):
        fleet["ships"]["size"].parse("huge")
