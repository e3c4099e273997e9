"""Assembly: what people wrote, resolved into the rows of every table."""

from __future__ import annotations

from ceechina.curate.passages import Quote
from ceechina.curate.rows import passage_link
from conftest import World


def test_a_record_becomes_rows_with_its_rivals_kept(bridge: World) -> None:
    rows, problems = bridge.rows()
    assert problems == []
    project = rows["projects"][0]
    assert (project["kind"], project["status"], project["is_contested"]) == ("construction", "operating", True)
    assert (project["headline_amount"], project["headline_kind"]) == (95_000_000, "budget")
    assert (project["first_event"], project["first_event_precision"]) == ("2019-04", "month")
    assert (project["country_ids"], project["source_ids"]) == ("RS", "gazette-2020; herald-2021")
    assert [row["actor_id"] for row in rows["project_participants"]] == ["north-works"]
    standing = {(row["field"], row["source_id"]): row["standing"] for row in rows["claims"]}
    assert standing["amounts/price/value", "gazette-2020"] == "rival"
    assert standing["amounts/price/currency", "gazette-2020"] == "chosen"
    assert standing["participants/south-works/contractor", "herald-2021"] == "rival"
    assert standing["events/opening/date", "gazette-2020"] == "coarser"
    assert standing["status", "gazette-2020"] == "earlier"


def test_counts_are_of_the_claims_there_are(bridge: World) -> None:
    rows, _ = bridge.rows()
    for table in ("projects", "memberships"):
        for row in rows[table]:
            own = [claim for claim in rows["claims"] if claim["record_id"] == row[f"{table[:-1]}_id"]]
            assert row["claim_count"] == len(own)
            assert row["source_count"] == len({claim["source_id"] for claim in own})


def test_every_published_claimed_cell_has_exactly_one_chosen_claim(bridge: World) -> None:
    rows, _ = bridge.rows()
    chosen = [
        (row["value_table"], row["record_id"], row["item"], row["value_column"])
        for row in rows["claims"]
        if row["standing"] == "chosen"
    ]
    assert len(chosen) == len(set(chosen))
    assert ("project_amounts", "vrba-bridge", "price", "value") in chosen


def test_rows_are_sorted_by_key(bridge: World) -> None:
    rows, _ = bridge.rows()
    for table, keys in (("claims", "claim_id"), ("passages", "passage_id"), ("memberships", "membership_id")):
        ids = [row[keys] for row in rows[table]]
        assert ids == sorted(ids)


def test_a_passage_left_out_is_published_with_its_reason(bridge: World) -> None:
    rows, _ = bridge.rows()
    assert [(row["source_id"], row["reason"]) for row in rows["exclusions"]] == [("gazette-2020", "opinion")]


def test_a_link_opens_the_page_at_the_words() -> None:
    quote = Quote("s", "The river-side road, to", "still & being built")
    assert passage_link("https://example.org/a", quote) == (
        "https://example.org/a#:~:text=The%20river%2Dside%20road%2C%20to,still%20%26%20being%20built"
    )
    assert passage_link(None, quote) is None
