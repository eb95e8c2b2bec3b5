"""The checker of histories is tried before it is believed: each planted bug must be seen."""

from pathlib import Path

import pytest

from tests.adversity.history.book import Book, read
from tests.adversity.history.checker import INVARIANTS, check
from tests.adversity.history.ladder import Ladder, Rung
from tests.adversity.history.lines import (
    Broken,
    Entry,
    Fault,
    Found,
    Heard,
    Joined,
    Line,
    Noted,
    Operation,
    Phase,
    Rested,
    What,
)
from tests.adversity.model.bugs import Bug
from tests.adversity.model.story import Story
from tests.adversity.model.trial import LADDER, judge

SEEDS = range(5)


def test_a_system_without_a_bug_keeps_every_promise() -> None:
    verdict = judge(None, range(10))

    assert verdict.caught == 0, verdict.example


@pytest.mark.parametrize("bug", Bug)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    assert any(judge(bug, [seed]).caught for seed in SEEDS)


def test_every_invariant_has_caught_something() -> None:
    caught = {it for bug in Bug for it in judge(bug, range(2)).by}

    assert caught == set(INVARIANTS)


def test_a_seed_tells_the_same_story_again() -> None:
    assert Story(7).told() == Story(7).told()


def test_stories_are_not_empty() -> None:
    lines, found = Story(0).told()

    acknowledged = {it.what for it in lines if isinstance(it, Operation) and it.phase is Phase.OK}
    resumed = [it for it in lines if isinstance(it, Joined) and it.recovered]
    rungs = [it for it in found.audit if it.action == LADDER.rungs[0].action]
    assert acknowledged == set(What) - {What.ACCEPT}
    assert len(resumed) > 50
    assert len(rungs) > 3


# What the model does not do, one history at a time.

RAISED = Noted(1, 10.0, "anna", "help.raise", "a1")
RAISE = Operation(9.0, "anna", "r1", What.RAISE, Phase.INVOKE)
RAISE_OK = Operation(10.1, "anna", "r1", What.RAISE, Phase.OK, alert="a1", room="room:1")


def found(**given: object) -> Found:
    whole: dict[str, object] = {
        "at": 20.0,
        "states": {"a1": "searching"},
        "rooms": {},
        "audit": [RAISED],
    }
    return Found(**(whole | given))  # type: ignore[arg-type]  # a few fields of many


def broken(lines: list[Line], there: Found, ladder: Ladder | None = None) -> list[str]:
    return [it.invariant for it in check(lines, there, ladder)]


def test_an_acceptance_must_be_there() -> None:
    accepting = Operation(11.0, "bea", "o1", What.ACCEPT, Phase.OK, alert="a1")
    accepted = Noted(2, 11.0, "bea", "offer.accepted", "a1")

    assert broken([RAISE, RAISE_OK, accepting], found(audit=[RAISED, accepted])) == []
    assert broken([RAISE, RAISE_OK, accepting], found()) == ["I1"]


def test_what_nobody_asked_for_is_found() -> None:
    stranger = Noted(2, 10.0, "zoe", "help.raise", "a2")

    assert broken([RAISE, RAISE_OK], found(audit=[RAISED, stranger])) == ["I3"]
    assert broken([RAISE, RAISE_OK], found(states={"a1": "cancelled"})) == ["I3"]
    assert broken([RAISE, RAISE_OK], found(rooms={"room:1": ["m1"]})) == ["I3"]


def test_one_request_is_answered_with_one_alert() -> None:
    again = Operation(10.2, "anna", "r1", What.RAISE, Phase.OK, alert="a2")
    other = Operation(10.2, "anna", "r2", What.RAISE, Phase.OK, alert="a1")

    assert "I8" in broken([RAISE, RAISE_OK, again], found())
    assert "I8" in broken([RAISE, RAISE_OK, other], found())


def test_a_chain_that_was_touched_or_rows_that_miss_others_are_said() -> None:
    assert broken([RAISE, RAISE_OK], found(audit_break=3, halves=["a1 has no room"])) == ["I1"] * 2


def test_hearing_without_listening_in_another_epoch_or_by_two_offers_is_said() -> None:
    me = "me:bea"
    joined = Joined(1.0, "bea", me, "one", 0, recovered=False)
    first = Heard(11.0, "bea", me, 1, "o1", "a1")

    assert broken([RAISE, RAISE_OK, joined, first], found()) == []
    assert broken([RAISE, RAISE_OK, first], found()) == ["I3"]
    assert broken([joined, Joined(2.0, "bea", me, "two", 0, recovered=True)], found(audit=[])) == [
        "I5"
    ]
    second = Heard(12.0, "bea", me, 2, "o2", "a1")
    assert broken([RAISE, RAISE_OK, joined, first, second], found()) == ["I4"]
    unknown = Heard(12.0, "bea", me, 2, "o2", "a9")
    assert broken([RAISE, RAISE_OK, joined, first, unknown], found()) == ["I3"]


def test_who_starts_from_the_snapshot_may_skip_and_who_resumes_may_not() -> None:
    me = "me:bea"
    joined = Joined(1.0, "bea", me, "one", 3, recovered=False)
    fifth = Heard(2.0, "bea", me, 5, "x")
    anew = Joined(1.5, "bea", me, "two", 4, recovered=False)

    assert broken([joined, fifth], found(audit=[])) == ["I5"]
    assert broken([joined, anew, fifth], found(audit=[])) == []


def test_by_the_end_all_has_been_heard_and_the_log_has_no_hole() -> None:
    me = "me:bea"
    lines: list[Line] = [Joined(1.0, "bea", me, "one", 0, recovered=False), Rested(19.0, "bea", me)]

    there = found(audit=[], log={me: [Entry(1, "x", 2.0)]})
    torn = found(audit=[], log={"me:zoe": [Entry(1, "x", 2.0), Entry(3, "y", 2.0)]})
    assert broken(lines, there) == ["I4"]
    assert broken(lines, torn) == ["I5"]


def test_nobody_waits_longer_than_a_fault_excuses() -> None:
    ladder = Ladder((Rung("alert.board", 5.0),), late_s=1.0, mended_s=1.0)
    waiting: list[Line] = [RAISE, RAISE_OK]
    outage = Fault(14.0, 22.0, "PostgreSQL")
    climbed = Noted(2, 22.5, "ladder", "alert.board", "a1")

    assert broken(waiting, found(), ladder) == ["I2"]
    assert broken([*waiting, outage], found(), ladder) == []
    assert broken([*waiting, outage], found(at=40.0), ladder) == ["I2"]
    assert broken([*waiting, outage], found(at=40.0, audit=[RAISED, climbed]), ladder) == []
    late = Noted(2, 25.0, "ladder", "alert.board", "a1")
    assert broken([*waiting, outage], found(at=40.0, audit=[RAISED, late]), ladder) == ["I2"]


def test_nobody_is_called_after_the_end() -> None:
    me = "me:bea"
    cancelling = Operation(11.0, "anna", "c1", What.CANCEL, Phase.OK, alert="a1")
    over = Noted(2, 11.0, "anna", "alert.cancelled", "a1")
    joined = Joined(1.0, "bea", me, "one", 0, recovered=False)
    called = Heard(16.0, "bea", me, 1, "o1", "a1")
    there = found(
        states={"a1": "cancelled"}, audit=[RAISED, over], log={me: [Entry(1, "o1", 15.0)]}
    )

    assert broken([RAISE, RAISE_OK, joined, cancelling, called], there) == ["I7"]


def test_a_history_is_read_back_as_written_but_for_a_line_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    book = Book(path)
    book.write(RAISE_OK)
    book.write(RAISE)
    book.close()
    with path.open("ab") as file:
        file.write(b'{"type":"operation","at":9.')

    assert read([path]) == [RAISE, RAISE_OK]


def test_a_broken_promise_is_said_with_its_number() -> None:
    assert str(Broken("I1", "gone")) == "I1: gone"
