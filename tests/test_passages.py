"""Passages: written briefly, found exactly once, locked by hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceechina.curate.passages import (
    ELLIPSIS,
    Lock,
    Quote,
    compare,
    digest,
    find,
    fold,
    parse_quote,
    read_lock,
    render_lock,
)
from ceechina.errors import ProblemsError
from ceechina.publish.build import check_lock, write_lock
from conftest import World

TEXT = "The bridge at Vrba, opened in April 2019, cost much. The bridge at Brod cost less; the bridge at Vrba won’t."
# words of their own kind, so that a drawn passage stands in one place only
TEXTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=20, max_size=60, unique=True).map(
    lambda numbers: [f"w{number}" for number in numbers]
)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("opened in April … The bridge at Brod", "opened in april 2019 cost much the bridge at brod"),
        ("OPENED  in  “April”\n2019", "opened in april 2019"),
        ("cost less; the … Vrba won’t.", "cost less the bridge at vrba won t"),
        ("bridge at Brod cost less", "bridge at brod cost less"),
    ],
)
def test_a_passage_is_found_whatever_its_case_and_punctuation(written: str, words: str) -> None:
    text = fold(TEXT)
    offset, count = find(parse_quote("s", written), text)
    assert " ".join(text[offset : offset + count]) == words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("The bridge at … won’t at all", "stand in 3 places"),
        ("The bridge of Vrba", "it has 'the bridge at vrba'"),
        ("cost less the … opened in April", "do not follow"),
        ("opened in April 2019 cost … much The bridge at Brod", "nothing is left out"),
    ],
)
def test_what_is_not_found_exactly_once_is_refused_with_the_reason(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        find(parse_quote("s", written), fold(TEXT))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "one two",
        "one two three four five six seven eight nine",
        "a b c … d e",
        "a b c … d e f … g h i",
        "one two three ... four five six",
        "one two three… four five six",
    ],
)
def test_only_three_to_eight_words_a_side_are_taken(written: str) -> None:
    with pytest.raises(ValueError, match=r"words|passage"):
        parse_quote("s", written)


@given(TEXTS, st.data())
def test_any_passage_is_found_where_it_was_taken(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 12))
    end = data.draw(st.integers(start + 9, len(words)))
    first, last = (data.draw(st.integers(3, 4)) for _ in range(2))
    written = " ".join(words[start : start + first]) + ELLIPSIS + " ".join(words[end - last : end])
    assert find(parse_quote("s", written), words) == (start, end - start)


def test_the_hash_is_of_the_folded_words() -> None:
    assert digest(fold("Niš  COSTS “more”")) == digest(["niš", "costs", "more"])


def test_the_lock_is_read_as_it_was_written(bridge: World) -> None:
    locked = bridge.lock()
    assert read_lock(bridge.records) == locked
    assert set(render_lock(locked)) == {"passages.csv", "texts.csv"}
    assert len(locked.passages) == 4
    assert check_lock(bridge.records, bridge.texts) == locked


def test_a_changed_text_breaks_the_lock(bridge: World) -> None:
    bridge.lock()
    path = bridge.texts / "herald-2021.txt"
    path.write_text("An inserted line.\n" + path.read_text(encoding="utf-8").replace("April", "May"), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        check_lock(bridge.records, bridge.texts)
    told = [problem.message for problem in caught.value.problems]
    assert any("stands at word 3" in message for message in told)
    assert any("the text has" in message for message in told)


def test_a_lock_that_lacks_or_exceeds_the_records_is_told(bridge: World) -> None:
    new = bridge.lock()
    first = next(iter(new.passages))
    less = Lock({quote: row for quote, row in new.passages.items() if quote != first}, new.texts)
    assert "not locked yet" in compare(less, new)[0]
    assert "no longer used" in compare(new, less)[0]


def test_a_missing_text_is_a_problem_and_leaves_the_lock_as_it_was(bridge: World) -> None:
    before = bridge.lock()
    (bridge.texts / "herald-2021.txt").unlink()
    for run in (write_lock, check_lock):
        with pytest.raises(ProblemsError) as caught:
            run(bridge.records, bridge.texts)
        assert [problem.code for problem in caught.value.problems] == ["text-missing"]
    assert read_lock(bridge.records) == before


def test_no_lock_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == Lock({}, {})
    assert str(Quote("s", "a b c", "d e f")) == "a b c … d e f"
