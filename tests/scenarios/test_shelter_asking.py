"""Scarce nights on both engines: hotels are asked in waves, and the first yes wins."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.asking.machine import AskState
from matching.shelter.errors import AskCovered, RoomDoesNotFit
from matching.shelter.rules import ASKED_FOR, WAVE_EVERY
from matching.shelter.values import AskId, HoldState, HotelId, Inside, KindId, Near, NeedId, Wanted
from realtime.kernel.errors import NotFound
from tests.support.sheltering import (
    DESK,
    MOTHER,
    WORKER,
    Found,
    Shelter,
    a_hotel,
    a_kind,
    shelter,
)

NEED = NeedId("need-1")
HOTELS = [f"h{number:02d}" for number in range(12)]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def place(tmp_path: Path, address: str) -> AsyncGenerator[Shelter]:
    async with shelter(tmp_path, address) as made:
        for name in HOTELS:
            hotel, kind = a_hotel(name), a_kind(f"k{name}", name, usual=0)
            await made.open(hotel, kind)
            made.search.found.append(Found(hotel, kind))
        yield made


def wanted(place: Shelter, nights: int = 1) -> Wanted:
    return Wanted(
        household=MOTHER,
        first=place.tonight,
        nights=nights,
        cell=cell_of(Point(lat=48.85, lon=2.35)),
        zones=(
            Near(lat=48.8, lon=2.3, radius_m=500.0),
            Inside([(1.0, 1.0), (1.0, 2.0), (2.0, 2.0)]),
        ),
    )


async def begin(place: Shelter, nights: int = 1) -> None:
    await place.write(lambda tx: place.asking.begin(tx, NEED, wanted(place, nights), by=WORKER))
    await place.settle()


def asked(place: Shelter) -> list[str]:
    return [it for it in HOTELS if any(ask["state"] == "open" for ask in place.told(it, "ask"))]


def ask_of(place: Shelter, hotel: str) -> AskId:
    return AskId(str(place.told(hotel, "ask")[-1]["ask"]))


async def accept(place: Shelter, hotel: str, *, approved: bool = True) -> HoldState:
    ask = ask_of(place, hotel)
    change = await place.write(
        lambda tx: place.asking.accept(tx, ask, HotelId(hotel), actor=DESK, approved=approved)
    )
    return change.after.state


async def test_five_are_asked_then_five_more_and_the_first_yes_has_her(place: Shelter) -> None:
    await begin(place)
    assert asked(place) == HOTELS[:5]
    await place.pass_time(WAVE_EVERY.total_seconds())
    assert asked(place) == HOTELS[:10]

    assert await accept(place, "h07") is HoldState.CONFIRMED
    with pytest.raises(AskCovered):
        await accept(place, "h00")
    # The winner may say so twice.
    assert await accept(place, "h07") is HoldState.CONFIRMED
    await place.pass_time(ASKED_FOR.total_seconds())

    assert asked(place) == HOTELS[:10]
    last = [place.told(it, "ask")[-1]["state"] for it in HOTELS[:10]]
    assert last == ["covered"] * 7 + ["accepted"] + ["covered"] * 2
    # It had said that it had none: now it has one, and that one is hers.
    count = await place.count("kh07", hotel="h07")
    assert (count.total, count.held, count.free) == (1, 1, 0)
    assert await place.read(lambda r: place.asking.at_desk(r, HotelId("h00"))) == []


async def test_when_all_say_no_the_next_are_asked_at_once(place: Shelter) -> None:
    await begin(place)
    for hotel in HOTELS[:5]:
        ask = ask_of(place, hotel)
        await place.write(
            lambda tx, ask=ask, hotel=hotel: place.asking.decline(  # type: ignore[misc]
                tx, ask, HotelId(hotel), actor=DESK
            )
        )
    await place.settle()

    assert asked(place) == HOTELS[:10]


async def test_when_nobody_says_yes_it_ends_and_can_begin_again(place: Shelter) -> None:
    await begin(place)
    await place.pass_time(WAVE_EVERY.total_seconds())
    await place.pass_time(WAVE_EVERY.total_seconds())
    assert asked(place) == HOTELS
    await place.pass_time(ASKED_FOR.total_seconds())

    assert place.over == [NEED]
    assert [place.told(it, "ask")[-1]["state"] for it in HOTELS] == ["over"] * 12
    await begin(place)
    assert [place.told(it, "ask")[-1]["state"] for it in HOTELS[:6]] == ["open"] * 5 + ["over"]


async def test_what_a_desk_is_asked_and_what_it_is_not_told(place: Shelter) -> None:
    await begin(place)

    [seen] = await place.read(lambda r: place.asking.at_desk(r, HotelId("h00")))
    assert (seen.people, seen.children, seen.cots, seen.nights) == (3, 2, 1, 1)
    asked_for = await place.read(lambda r: place.asking.asked(r, AskId(seen.ask), HotelId("h00")))
    assert asked_for is not None
    assert (asked_for.need, asked_for.wanted) == (NEED, wanted(place))
    assert not await place.read(lambda r: place.asking.is_asked(r, AskId(seen.ask), HotelId("h01")))
    told = str([body for channel, body in place.said if channel.startswith("desk:")])
    for secret in (NEED, "48.8", "2.3", WORKER, wanted(place).cell):
        assert secret not in told


async def test_a_yes_is_for_a_room_of_that_hotel_in_which_they_all_fit(place: Shelter) -> None:
    own = HotelId("h12")
    narrow = a_kind("narrow", own, people=1)
    kinds = [a_kind("kh12", own), narrow, replace(narrow, kind=KindId("no-cot"), people=4, cots=0)]
    hotel = a_hotel(own)
    await place.open(hotel, *kinds)
    place.search.found.insert(0, Found(hotel, kinds[0]))
    await begin(place)
    ask = ask_of(place, own)

    async def says(kind: str) -> HoldState:
        change = await place.write(
            lambda tx: place.asking.accept(tx, ask, own, KindId(kind), actor=DESK)
        )
        return change.after.state

    for kind in ("narrow", "no-cot"):
        with pytest.raises(RoomDoesNotFit):
            await says(kind)
    for kind in ("kh00", "none"):
        with pytest.raises(NotFound):
            await says(kind)
    assert [(await place.count(it.kind, hotel=own)).held for it in kinds] == [0, 0, 0]
    assert await says("kh12") is HoldState.CONFIRMED


async def test_a_long_stay_is_only_held_until_a_second_person_agrees(place: Shelter) -> None:
    await begin(place, nights=10)

    assert await accept(place, "h00", approved=False) is HoldState.HELD


async def test_nobody_has_her_once_she_has_a_room_elsewhere(place: Shelter) -> None:
    await begin(place)
    await place.write(
        lambda tx: place.inventory.change(
            tx, HotelId("h11"), KindId("kh11"), night=place.tonight, by=1, actor=DESK
        )
    )
    await place.take(NEED, hotel="h11", kind="kh11")
    with pytest.raises(AskCovered):
        await accept(place, "h00")

    await place.write(lambda tx: place.asking.stop(tx, NEED))
    await place.settle()
    found = await place.read(lambda r: place.asking.round(r, NEED))
    assert found is not None
    assert {it.state for it in found.asks} == {AskState.COVERED}
