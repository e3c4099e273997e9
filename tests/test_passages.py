"""Passages: written briefly, found exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceechina.curate.passages import ELLIPSIS, find, parse_quote
from ceechina.curate.texts import fold

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
