"""A voice on a server that the test plays: order, bounds, and what a broken line costs."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence

import pytest
from redis.asyncio.connection import Connection
from redis.exceptions import ConnectionError as LineLost
from redis.exceptions import MovedError, ResponseError

from realtime.adapters.redis import voice as voices
from realtime.adapters.redis.voice import Message, Part, Voice


class FakeConnection:
    def __init__(self, answers: list[object]) -> None:
        self.said: list[list[Sequence[bytes]]] = []
        self.open = True
        self._answers = answers

    def pack_commands(self, commands: Iterable[Sequence[bytes]]) -> list[Sequence[bytes]]:
        return list(commands)

    async def send_packed_command(
        self, packed: list[Sequence[bytes]], *, check_health: bool
    ) -> None:
        self.said.append(packed)

    async def read_response(self, *, disable_decoding: bool) -> object:
        answer = self._answers.pop(0) if self._answers else 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def disconnect(self, *, nowait: bool) -> None:
        self.open = False


class Played:
    def __init__(self) -> None:
        #: What the next line's server will answer; then always 1.
        self.answers: list[object] = []
        self.lines: list[FakeConnection] = []
        self.voice = Voice(self._open, sharded=False)  # type: ignore[arg-type]

    async def _open(self) -> FakeConnection:
        self.lines.append(FakeConnection(self.answers))
        return self.lines[-1]

    async def say(self, *messages: Message) -> list[Message] | None:
        part = Part(messages)
        self.voice.hand(part)
        async with asyncio.timeout(30):
            return await part.done


@pytest.fixture
async def played() -> AsyncGenerator[Played]:
    play = Played()
    running = asyncio.create_task(play.voice.run())
    yield play
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def message(number: int) -> Message:
    return b"room", b"%d" % number


async def test_what_waits_goes_out_together_and_in_order(played: Played) -> None:
    assert await asyncio.gather(*(played.say(message(it)) for it in range(5))) == [[]] * 5

    assert played.lines[0].said == [[(b"PUBLISH", b"room", b"%d" % it) for it in range(5)]]


async def test_what_another_server_must_take_is_given_back(played: Played) -> None:
    played.answers += [1, MovedError("7 there:1"), 1]

    assert await played.say(message(0), message(1), message(2)) == [message(1)]


@pytest.mark.parametrize("error", [LineLost("cut"), TimeoutError(), ResponseError("OOM")])
async def test_what_was_refused_or_lost_is_not_said_to_be_told(
    played: Played, error: Exception
) -> None:
    played.answers += [1, error]

    assert await played.say(message(0), message(1)) is None
    # The next word finds its line, and answers that are its own.
    assert await played.say(message(2)) == []


async def test_a_line_that_broke_is_left_and_another_opened(played: Played) -> None:
    played.answers += [1, LineLost("cut")]

    await played.say(message(0), message(1))
    await played.say(message(2))

    assert [line.open for line in played.lines] == [False, True]


async def test_more_than_may_wait_is_refused_at_once(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "MOST_WAITING", 3)

    told = await asyncio.gather(
        # More than the bound, but nothing else waits.
        played.say(*(message(it) for it in range(5))),
        played.say(message(5)),
    )

    assert list(told) == [[], None]
    assert await played.say(message(6)) == []


async def test_whoever_waits_when_it_is_closed_is_told() -> None:
    opening = asyncio.Event()

    async def never() -> Connection:
        opening.set()
        return await asyncio.Event().wait()  # type: ignore[return-value]

    voice = Voice(never, sharded=True)
    parts = [Part([message(0)]), Part([message(1)])]
    running = asyncio.create_task(voice.run())
    voice.hand(parts[0])
    await opening.wait()
    voice.hand(parts[1])

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    async with asyncio.timeout(30):
        assert [await part.done for part in parts] == [None, None]
