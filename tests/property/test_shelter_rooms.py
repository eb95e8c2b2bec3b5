"""Whatever happens in whatever order, no room is promised twice and none is lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from matching.shelter.errors import AlreadyHeld, RoomTaken
from matching.shelter.holds.machine import Event
from matching.shelter.inventory.reconciling import drift
from matching.shelter.values import HoldId, HoldState
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError
from tests.support.shelter_model import Model, some_kinds
from tests.support.shelter_play import (
    assert_nothing,
    count_by_delta,
    forget_to_give_back,
    play,
)
from tests.support.sheltering import shelter

SEED, MANY = 20261125, 300
#: Operations between two looks at everything.
LOOK = 50
WHO = st.sampled_from(["anna", "bea"])


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


class Nights(RuleBasedStateMachine):
    """The synchronous core: what may happen to holds, on rooms that are counted anew each time."""

    @initialize()
    def open(self) -> None:
        self.model = Model(some_kinds()[:2], ManualClock().now())
        self.made = 0
        self.ended: dict[HoldId, HoldState] = {}

    def _one(self, number: int) -> HoldId:
        names = list(self.model.holds)
        return names[number % len(names)]

    @rule(need=st.integers(0, 5), kind=st.integers(0, 1), days=st.integers(0, 2),
          many=st.integers(1, 9), who=WHO)  # fmt: skip
    def hold(self, need: int, kind: int, days: int, many: int, who: str) -> None:
        self.made += 1
        first = self.model.tonight + timedelta(days=days)
        of = self.model.kinds[kind]
        free = [self.model.count(of, first + timedelta(days=day)).free for day in range(many)]
        try:
            self.model.hold(f"{self.made}", f"need-{need}", of, first, many, who)
        except AlreadyHeld:
            return
        except RoomTaken:
            assert min(free) <= 0
        else:
            after = [self.model.count(of, first + timedelta(days=day)).free for day in range(many)]
            assert after == [it - 1 for it in free]

    @precondition(lambda self: self.model.holds)
    @rule(number=st.integers(0, 20), event=st.sampled_from(Event))
    def happen(self, number: int, event: Event) -> None:
        self._tried(lambda: self.model.happen(self._one(number), event))

    @precondition(lambda self: self.model.holds)
    @rule(number=st.integers(0, 20), many=st.integers(1, 4), who=WHO)
    def more(self, number: int, many: int, who: str) -> None:
        self._tried(lambda: self.model.more(self._one(number), many, who))

    @precondition(lambda self: self.model.holds)
    @rule(number=st.integers(0, 20), who=WHO)
    def approve(self, number: int, who: str) -> None:
        self._tried(lambda: self.model.approve(self._one(number), who))

    @rule(kind=st.integers(0, 1), total=st.integers(-2, 2), occupied=st.integers(-2, 2))
    def say(self, kind: int, total: int, occupied: int) -> None:
        of = self.model.kinds[kind]
        self._tried(lambda: self.model.say(of, self.model.tonight, total=total, occupied=occupied))

    @rule(hours=st.sampled_from([1, 2, 7, 30]))
    def wait(self, hours: int) -> None:
        self.model.pass_time(timedelta(hours=hours))

    @staticmethod
    def _tried(work: Callable[[], object]) -> None:
        with suppress(AppError):
            work()

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        assert self.model.problems() == []

    @invariant()
    def what_is_over_stays_over(self) -> None:
        for name, state in self.ended.items():
            assert self.model.holds[name].state is state
        self.ended |= {it.hold: it.state for it in self.model.holds.values() if not it.alive}


TestNights = Nights.TestCase
TestNights.settings = settings(max_examples=40, stateful_step_count=40)


async def test_the_stores_do_what_the_model_does(tmp_path: Path, address: str) -> None:
    async with shelter(tmp_path, address) as place:
        played = await play(place, SEED, MANY, look_every=LOOK)

    assert played.wrong == []
    assert played.operations == MANY
    # It was a real mix.
    tried = played.outcomes
    for wanted in (
        "hold held", "hold room_taken", "hold already_held", "confirm confirmed",
        "confirm hold_ended", "cancel cancelled", "arrive arrived", "leave left",
        "more room_taken", "change rooms_promised", "decline declined",
        "confirm not_approved", "extend already_extended",
    ):  # fmt: skip
        assert tried.get(wanted, 0) > 0, (wanted, tried)
    assert place.inventory.violations == 0
    assert {it.after.state for it in place.followed} >= {HoldState.EXPIRED, HoldState.NO_SHOW}


async def test_rooms_that_a_dead_hold_keeps_are_caught_as_it_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_to_give_back(monkeypatch)
    async with shelter(tmp_path) as place:
        played = await play(place, SEED, MANY)

        assert played.wrong
        assert place.inventory.violations > 0
        # It was undone: nothing has drifted.
        assert await place.read(drift) == 0


async def test_and_by_counting_again_where_nobody_asserts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_to_give_back(monkeypatch)
    assert_nothing(monkeypatch)
    async with shelter(tmp_path) as place:
        played = await play(place, SEED, MANY)

    assert any("drift" in it for it in played.wrong)


async def test_a_count_by_additions_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_by_delta(monkeypatch)
    async with shelter(tmp_path) as place:
        played = await play(place, SEED, MANY)

    assert played.wrong
