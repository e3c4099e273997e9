"""Derived columns, each from the rows it is derived from."""

from __future__ import annotations

from typing import Any

import pytest

from ceechina.curate import derive

REGION = frozenset({"RS", "HU"})
ACTORS = {"serbia": {"country_id": "RS"}, "china": {"country_id": "CN"}, "xi": {}, "ministry": {"country_id": "HU"}}


@pytest.mark.parametrize(
    ("table", "row", "children", "expected"),
    [
        ("projects", {}, {"project_countries": [{"country_id": "RS"}, {"country_id": "HU"}]}, "HU; RS"),
        ("projects", {}, {"project_countries": []}, None),
        ("agreements", {}, {"agreement_parties": [{"actor_id": "china"}, {"actor_id": "serbia"}]}, "RS"),
        (
            "meetings",
            {"country_id": "CN"},
            {"meeting_participants": [{"actor_id": "xi", "represents_country_id": "HU"}, {"actor_id": "ministry"}]},
            "HU",
        ),
        ("meetings", {"country_id": "RS"}, {"meeting_participants": [{"actor_id": "unknown"}]}, "RS"),
        ("memberships", {"country_id": "HU"}, {}, "HU"),
    ],
)
def test_countries_come_from_what_a_record_names(
    table: str, row: dict[str, Any], children: dict[str, Any], expected: str | None
) -> None:
    assert derive.countries(table, row, children, ACTORS, REGION) == expected


def test_the_headline_is_the_firmest_money() -> None:
    amounts = [
        {"amount_id": "b", "kind": "capex-plan", "value": 9.0, "currency": "USD"},
        {"amount_id": "c", "kind": "loan", "value": 2.0, "currency": "EUR"},
        {"amount_id": "a", "kind": "loan", "value": 1.0, "currency": "EUR"},
    ]
    assert derive.headline(amounts) == {"headline_amount": 1.0, "headline_currency": "EUR", "headline_kind": "loan"}
    assert derive.headline([]) == {}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("2019", False), ("2016-04", False), ("2025", True)], {"first_event": "2016-04", "last_event": "2019"}),
        ([("2019", False), ("2019-04", False)], {"first_event": "2019", "last_event": "2019"}),
        ([("../2020-10", False)], {"last_event": "../2020-10"}),
        ([(None, False), ("2025", True)], {}),
    ],
)
def test_planned_and_undated_events_do_not_make_the_span(
    events: list[tuple[str | None, bool]], expected: dict[str, str]
) -> None:
    assert derive.event_span([{"date": date, "is_planned": planned} for date, planned in events]) == expected
