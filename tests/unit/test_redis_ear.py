"""An ear on a server that says what the test wants, so that what is rare happens each time."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any

import pytest
from redis.exceptions import ConnectionError as LineLost
from redis.exceptions import MovedError, ResponseError

from realtime.adapters.redis import ear as ears
from realtime.adapters.redis.address import Server
from realtime.adapters.redis.ear import Ear

ONE, TWO = b"one", b"two"
#: As the two names are in, here.
SLOTS = {ONE: 1, TWO: 2}


def as_sent(answer: object) -> bytes:
    """As a server writes it."""
    match answer:
        case bytes():
            return b"$%d\r\n%b\r\n" % (len(answer), answer)
        case int():
            return b":%d\r\n" % answer
        case list():
            return b"*%d\r\n" % len(answer) + b"".join(map(as_sent, answer))
        case MovedError():
            return f"-MOVED {answer.slot_id} {answer.host}:{answer.port}\r\n".encode()
        case ResponseError():
            return f"-{answer}\r\n".encode()
        case _:
            raise TypeError(type(answer).__name__)


class FakeStream:
    def __init__(self) -> None:
        self.arriving: asyncio.Queue[bytes] = asyncio.Queue()

    async def read(self, most: int) -> bytes:
        return await self.arriving.get()


class FakeConnection:
    """What redis-py's connection does for a line."""

    def __init__(self) -> None:
        self.said: list[Sequence[bytes]] = []
        self._reader = FakeStream()

    def pack_commands(self, commands: Iterable[Sequence[bytes]]) -> list[Sequence[bytes]]:
        return [each for each in commands if each != (b"PING",)]

    async def send_packed_command(
        self, packed: list[Sequence[bytes]], *, check_health: bool
    ) -> None:
        self.said += packed

    async def disconnect(self, *, nowait: bool) -> None:
        """Nothing to close."""

    def answer(self, *answers: object) -> None:
        """All of them at once; ``LineLost``: the server closes the line."""
        some = b"".join(as_sent(each) for each in answers if not isinstance(each, LineLost))
        self._reader.arriving.put_nowait(some)


class FakeListener:
    def __init__(self) -> None:
        self.events: list[Any] = []

    def arrived(self, name: bytes, packed: bytes) -> None:
        self.events.append((name, packed))

    def lost(self) -> None:
        self.events.append("lost")

    def turned_away(self, names: Iterable[bytes]) -> None:
        self.events.append(("turned away", *names))

    def placed(self) -> None:
        self.events.append("placed")


class Played:
    """An ear with its line open, and what the test needs to play the server."""

    def __init__(self) -> None:
        self.lines: list[FakeConnection] = []
        self.heard = FakeListener()
        self.ear = Ear(
            Server("here", 1),
            self._open,  # type: ignore[arg-type]
            self.heard,
            slot=SLOTS.__getitem__,
            sharded=True,
        )

    async def _open(self) -> FakeConnection:
        self.lines.append(FakeConnection())
        return self.lines[-1]

    @property
    def line(self) -> FakeConnection:
        return self.lines[-1]

    async def until(self, event: object) -> None:
        async with asyncio.timeout(30):
            while event not in self.heard.events:  # noqa: ASYNC110
                await asyncio.sleep(0)

    async def until_said(self, *command: bytes) -> None:
        async with asyncio.timeout(30):
            while command not in self.line.said:  # noqa: ASYNC110
                await asyncio.sleep(0)


@pytest.fixture
async def played() -> AsyncGenerator[Played]:
    play = Played()
    running = asyncio.create_task(play.ear.run())
    await play.until("placed")
    play.heard.events.clear()
    yield play
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def joined(played: Played, name: bytes) -> None:
    joining = asyncio.create_task(played.ear.join(name))
    await played.until_said(b"SSUBSCRIBE", name)
    played.line.answer([b"ssubscribe", name, 1])
    await joining


async def test_joining_ends_when_the_server_has_confirmed(played: Played) -> None:
    first = asyncio.create_task(played.ear.join(ONE))
    second = asyncio.create_task(played.ear.join(ONE))
    await played.until_said(b"SSUBSCRIBE", ONE)
    assert not first.done()

    # One of two who wait for the same gives up.
    first.cancel()
    played.line.answer([b"ssubscribe", ONE, 1])

    async with asyncio.timeout(30):
        await second
    assert played.line.said == [(b"SSUBSCRIBE", ONE)]


async def test_joining_what_is_joined_says_nothing(played: Played) -> None:
    await joined(played, ONE)
    played.line.said.clear()

    await played.ear.join(ONE)

    assert played.line.said == []


async def test_what_arrives_is_told(played: Played) -> None:
    played.line.answer([b"smessage", ONE, b"body"])

    await played.until((ONE, b"body"))


async def test_leaving_that_is_not_ours_is_a_slot_that_moved(played: Played) -> None:
    await joined(played, ONE)

    played.line.answer([b"sunsubscribe", ONE, 0])

    await played.until(("turned away", ONE))
    assert not played.ear.wants(ONE)


async def test_leaving_that_is_ours_is_not(played: Played) -> None:
    await joined(played, ONE)
    played.ear.leave(ONE)
    await joined(played, ONE)

    played.line.answer([b"sunsubscribe", ONE, 0], [b"smessage", TWO, b"marker"])

    await played.until((TWO, b"marker"))
    assert ("turned away", ONE) not in played.heard.events
    assert played.ear.wants(ONE)


async def test_a_server_that_names_another_turns_away_that_slot_only(played: Played) -> None:
    await joined(played, ONE)
    joining = asyncio.create_task(played.ear.join(TWO))
    await played.until_said(b"SSUBSCRIBE", TWO)

    played.line.answer(MovedError("2 there:1"))

    async with asyncio.timeout(30):
        await joining
    assert ("turned away", TWO) in played.heard.events
    assert (played.ear.wants(ONE), played.ear.wants(TWO)) == (True, False)


@pytest.mark.parametrize("error", [LineLost("cut"), ResponseError("CLUSTERDOWN")])
async def test_a_lost_line_is_told_first_then_nobody_waits_any_more(
    played: Played, error: Exception
) -> None:
    await joined(played, ONE)
    joining = asyncio.create_task(played.ear.join(TWO))
    joining.add_done_callback(lambda _: played.heard.events.append("returned"))
    await played.until_said(b"SSUBSCRIBE", TWO)

    played.line.answer(error)

    await played.until("returned")
    assert played.heard.events == ["lost", "returned"]


async def test_all_is_said_again_on_the_next_line_before_it_is_in_place(played: Played) -> None:
    await joined(played, ONE)
    await joined(played, TWO)
    played.line.answer(LineLost("cut"))
    await played.until("lost")
    async with asyncio.timeout(30):
        while len(played.lines) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    await played.until_said(b"SSUBSCRIBE", ONE)
    await played.until_said(b"SSUBSCRIBE", TWO)

    played.line.answer([b"ssubscribe", ONE, 1])
    played.line.answer([b"smessage", ONE, b"early"])
    await played.until((ONE, b"early"))
    assert not played.ear.steady
    assert "placed" not in played.heard.events

    played.line.answer([b"ssubscribe", TWO, 2])
    await played.until("placed")
    assert played.ear.steady


async def test_what_is_left_while_it_is_put_back_is_not_waited_for(played: Played) -> None:
    await joined(played, ONE)
    played.line.answer(LineLost("cut"))
    await played.until("lost")
    async with asyncio.timeout(30):
        while len(played.lines) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    await played.until_said(b"SSUBSCRIBE", ONE)

    played.ear.leave(ONE)

    await played.until("placed")
    assert played.ear.wanted == []


async def test_a_server_that_refuses_names_is_asked_ever_more_rarely(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    await joined(played, ONE)
    attempts: list[int] = []

    def pause(attempt: int) -> float:
        attempts.append(attempt)
        return 0.0

    monkeypatch.setattr(ears, "pause", pause)
    for number in range(1, 4):
        played.line.answer(ResponseError("CLUSTERDOWN"))
        async with asyncio.timeout(30):
            while len(played.lines) <= number:  # noqa: ASYNC110
                await asyncio.sleep(0)
        await played.until_said(b"SSUBSCRIBE", ONE)
    assert attempts == [0, 1, 2]

    # Once it has taken them, the next loss is a new one.
    played.heard.events.clear()
    played.line.answer([b"ssubscribe", ONE, 1])
    await played.until("placed")
    await asyncio.sleep(0)
    played.line.answer(LineLost("cut"))
    async with asyncio.timeout(30):
        while len(attempts) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert attempts == [0, 1, 2, 0]
