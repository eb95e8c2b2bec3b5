"""Who is still there."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from realtime import heart as heart_file
from realtime.channels import Lane
from realtime.client import Client
from realtime.heart import Heart
from realtime.session import NO_PONG, STALE, Closing, Session


@dataclass(eq=False)
class Phone:
    """As much of a client as a heart needs."""

    session: Session = field(default_factory=Session)
    pings: int = 0
    held_back: bool = False
    closed: list[Closing] = field(default_factory=list)

    def deliver(self, lane: Lane, key: str, frames: bytes) -> None:
        assert (lane, frames) == (Lane.LATEST, heart_file._PING)
        self.pings += 1

    def close(self, why: Closing) -> None:
        self.closed.append(why)


def added(heart: Heart, *, greeted: bool = True) -> Phone:
    phone = Phone()
    heart.add(cast("Client", phone))
    if greeted:
        heart.greeted(cast("Client", phone))
    return phone


def seconds(heart: Heart, number: int) -> None:
    for _ in range(number):
        heart.tick()


def test_a_socket_that_does_not_greet_is_closed_after_15_seconds_and_not_before() -> None:
    heart = Heart()
    phone = added(heart, greeted=False)

    seconds(heart, Heart.GREETING_S - 1)
    assert phone.closed == []
    seconds(heart, 5)
    assert phone.closed == [STALE]


def test_who_came_later_has_its_own_15_seconds() -> None:
    heart = Heart()
    first = added(heart, greeted=False)
    seconds(heart, 10)
    second = added(heart, greeted=False)

    seconds(heart, 5)

    assert (first.closed, second.closed) == ([STALE], [])


def test_everyone_is_pinged_once_in_20_seconds_and_they_are_spread() -> None:
    heart = Heart()
    phones = [added(heart) for _ in range(40)]

    pinged_in_one_second = []
    for _ in range(Heart.PING_S):
        before = sum(phone.pings for phone in phones)
        heart.tick()
        pinged_in_one_second.append(sum(phone.pings for phone in phones) - before)

    assert [phone.pings for phone in phones] == [1] * 40
    assert pinged_in_one_second == [2] * Heart.PING_S


def test_who_does_not_answer_a_ping_in_8_seconds_is_closed() -> None:
    heart = Heart()
    phone = added(heart)
    while not phone.pings:
        heart.tick()

    seconds(heart, Heart.PONG_S - 1)
    assert phone.closed == []
    heart.tick()
    assert phone.closed == [NO_PONG]


def test_whom_we_do_not_read_is_not_blamed_for_not_answering() -> None:
    heart = Heart()
    phone = added(heart)
    phone.held_back = True

    seconds(heart, 60)

    assert phone.closed == []


def test_who_answers_is_left_in_peace() -> None:
    heart = Heart()
    phone = added(heart)

    for _ in range(100):
        heart.tick()
        phone.session.receive(b"{}")

    assert phone.closed == []
    assert phone.pings == 5


@pytest.mark.parametrize("greeted", [True, False])
def test_who_is_gone_is_forgotten(greeted: bool) -> None:
    heart = Heart()
    phone = added(heart, greeted=greeted)

    heart.remove(cast("Client", phone))
    seconds(heart, 60)

    assert (phone.pings, phone.closed) == (0, [])


async def test_it_beats_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    heart = Heart()
    slept: list[float] = []

    async def sleep(pause: float) -> None:
        slept.append(pause)
        if len(slept) == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr("realtime.heart.asyncio.sleep", sleep)

    with pytest.raises(asyncio.CancelledError):
        await heart.beat()
    assert slept == [1, 1, 1, 1]
    assert heart._second == 3
