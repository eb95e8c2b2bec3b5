"""Nights and hours of shelter on both engines: rollover, both odd nights, a silent desk."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matching.shelter.holds import machine
from matching.shelter.inventory.freshness import Freshness, freshness
from matching.shelter.inventory.reconciling import drift
from matching.shelter.night import PARIS, begins
from matching.shelter.values import Count, HoldState, HotelId, NeedId
from realtime.kernel.clock import ManualClock
from tests.support.sheltering import (
    Shelter,
    shelter,
)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def place(tmp_path: Path, address: str) -> AsyncGenerator[Shelter]:
    async with shelter(tmp_path, address) as made:
        await made.open()
        yield made


async def until(place: Shelter, moment: datetime) -> None:
    await place.pass_time((moment - place.clock.now()).total_seconds())


async def test_a_hold_of_ten_to_six_stays_of_its_night(tmp_path: Path, address: str) -> None:
    clock = ManualClock(datetime(2026, 11, 26, 4, 50, tzinfo=UTC))
    async with shelter(tmp_path, address, clock=clock) as place:
        await place.open()
        asked_for = place.tonight
        held = (await place.take("need-1")).after
        await place.pass_time(20 * 60)

        # It is another night; nobody has a room of it, and hers is as it was.
        assert asked_for.isoformat() == "2026-11-25"
        assert place.tonight.isoformat() == "2026-11-26"
        assert await place.count(night=asked_for) == Count(1, 0, 1)
        assert await place.count() == Count(1, 0, 0)
        assert await place.says("confirm", held.hold) is HoldState.CONFIRMED
        assert (await place.take("need-2")).after.first == place.tonight
        assert await place.read(drift) == 0


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
async def test_the_odd_nights_of_2026_are_one_night_each(
    tmp_path: Path, address: str, day: str
) -> None:
    evening = datetime.fromisoformat(f"{day}T20:00:00").replace(tzinfo=UTC)
    async with shelter(tmp_path, address, clock=ManualClock(evening)) as place:
        await place.open()
        first = place.tonight
        held = (await place.take("need-1", nights=2)).after
        await place.says("confirm", held.hold)
        await place.says("arrive", held.hold, code=None)
        for night in (first + timedelta(days=day) for day in range(1, 3)):
            # The last moment of a night, and the first of the next one.
            await until(place, begins(night) - timedelta(seconds=1))
            assert place.tonight == night - timedelta(days=1)
            assert (await place.count()).held == 1
            await until(place, begins(night))
            assert place.tonight == night
            assert (await place.count()).held == int(night < first + timedelta(days=2))
        await until(place, machine.ends(held) - timedelta(seconds=1))
        assert await place.read(lambda r: place.holds.alive_of(r, NeedId("need-1"))) is not None
        await place.pass_time(1)

        assert place.clock.now().astimezone(PARIS).hour == 12
        assert [it.after.state for it in place.followed] == [HoldState.LEFT]
        assert await place.read(drift) == 0


async def test_a_desk_that_is_silent_for_a_night_gives_what_it_usually_does(
    place: Shelter,
) -> None:
    await place.change(2)
    yesterday = place.tonight
    await place.pass_time(12 * 3600)

    # What it said was of that night; the new one begins as usual, and is known to be old.
    assert await place.count(night=yesterday) == Count(3, 0, 0)
    assert await place.count() == Count(1, 0, 0)
    hotel = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
    assert hotel is not None
    assert freshness(hotel.spoken_at, place.clock.now()) is Freshness.STALE
    # A tap that comes late is of the night that it is sent for.
    assert await place.change(-1, night=yesterday) == Count(2, 0, 0)
    assert await place.count() == Count(1, 0, 0)
