"""The lock: written, read back, checked against the texts, and never half true."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceechina.curate.lockfile import Lock, compare, read_lock, render_lock
from ceechina.curate.passages import Quote
from ceechina.errors import ProblemsError
from ceechina.publish.build import check_lock, write_lock
from conftest import World


def test_the_lock_is_read_as_it_was_written(bridge: World) -> None:
    locked = bridge.lock()
    assert read_lock(bridge.records) == locked
    assert set(render_lock(locked)) == {"passages.csv", "texts.csv", "paragraphs.csv"}
    assert len(locked.passages) == 4
    assert check_lock(bridge.records, bridge.texts) == (locked, Lock())


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


def test_texts_at_hand_prove_their_passages_and_no_others(bridge: World) -> None:
    before = bridge.lock()
    (bridge.texts / "herald-2021.txt").unlink()
    proved, unproved = check_lock(bridge.records, bridge.texts, partly=True)
    assert (set(proved.texts), set(unproved.texts)) == ({"gazette-2020"}, {"herald-2021"})
    assert {**proved.passages, **unproved.passages} == before.passages
    assert {quote.source_id for quote in unproved.passages} == {"herald-2021"}
    path = bridge.texts / "gazette-2020.txt"
    path.write_text(f"An inserted line.\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(ProblemsError, match="lock-differs"):
        check_lock(bridge.records, bridge.texts, partly=True)
    path.unlink()
    with pytest.raises(ProblemsError, match="text-missing"):
        check_lock(bridge.records, bridge.texts, partly=True)


def test_a_new_passage_of_a_missing_text_is_told(bridge: World) -> None:
    bridge.lock()
    (bridge.texts / "herald-2021.txt").unlink()
    lines = (bridge.records / "passages.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    less = [line for line in lines if not line.startswith("herald-2021")]
    (bridge.records / "passages.csv").write_text("".join(less), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        check_lock(bridge.records, bridge.texts, partly=True)
    assert {problem.code for problem in caught.value.problems} == {"not-locked"}


@pytest.mark.parametrize("name", ["passages.csv", "texts.csv", "paragraphs.csv"])
def test_a_damaged_lock_is_written_anew(bridge: World, name: str) -> None:
    locked = bridge.lock()
    path = bridge.records / name
    path.write_bytes(path.read_bytes()[:-20] + b"\xff\n")
    with pytest.raises(ProblemsError, match="damaged-row"):
        read_lock(bridge.records)
    assert write_lock(bridge.records, bridge.texts) == locked
    assert read_lock(bridge.records) == locked


def test_no_lock_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == Lock()
    assert str(Quote("s", "a b c", "d e f")) == "a b c … d e f"
