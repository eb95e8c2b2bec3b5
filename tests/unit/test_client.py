"""One client: what waits while its socket is full, or while a command is carried out."""

import asyncio

import msgspec
import pytest

from realtime.channels import Lane
from realtime.client import MOST_QUEUED, PAUSE_AT, Client
from realtime.frames import encode_text
from realtime.kernel.ids import Channel
from realtime.outbox import MOST_BYTES
from realtime.session import SLOW, Call, Effect, Hear
from tests.support.ears import Line

HOME = Channel("me:#anna")


class Node:
    """Carries out nothing until told, and remembers."""

    def __init__(self) -> None:
        self.done: list[Effect] = []
        self.gone_clients: list[Client] = []
        self.gate = asyncio.Event()
        self.at_once = False

    async def carry_out(self, client: Client, effect: Effect) -> None:
        await self.gate.wait()
        self.done.append(effect)

    def heard_at_once(self, client: Client, data: bytes) -> bool:
        if self.at_once:
            self.done.append(Hear(data))
        return self.at_once

    def gone(self, client: Client) -> None:
        self.gone_clients.append(client)


class House:
    def __init__(self, *, room: int | None = None) -> None:
        self.node = Node()
        self.line = Line(room=room)
        self.client = Client("c1", self.line, self.node)
        self.line.peer = self.client
        self.client.session.receive(b'{"id":1,"connect":{"token":"t"}}')
        self.client.session.opened(HOME)

    def says(self, **command: object) -> None:
        self.client.received(msgspec.json.encode(command), True)

    def told(self, number: int, *, lane: Lane = Lane.VITAL, size: int = 0) -> None:
        frame = encode_text(msgspec.json.encode({"n": number, "x": "x" * size}))
        self.client.deliver(lane, "key", frame)

    def heard(self) -> list[int]:
        return [message["n"] for message in self.line.messages()]


async def test_an_answer_that_needs_no_work_is_written_at_once() -> None:
    house = House()

    house.says(id=2, ping={})

    assert house.line.messages() == [{"id": 2, "ping": {}}]
    assert house.client._worker is None


async def test_commands_are_carried_out_one_after_the_other_and_answers_keep_their_place() -> None:
    house = House()
    house.says(id=2, rpc={"method": "a"})
    house.says(id=3, ping={})
    house.says(id=4, rpc={"method": "b"})
    assert house.line.messages() == []

    house.node.gate.set()
    await asyncio.sleep(0.01)

    kinds = [(type(effect).__name__, getattr(effect, "method", "")) for effect in house.node.done]
    assert kinds == [("Call", "a"), ("Answer", ""), ("Call", "b")]
    assert house.client._worker is None


async def test_who_asks_faster_than_is_answered_is_not_read_any_more_for_a_while() -> None:
    house = House()
    for number in range(PAUSE_AT + 2):
        house.says(id=number + 2, rpc={"method": "a"})
    assert not house.line.reading
    assert house.client.held_back

    house.node.gate.set()
    await asyncio.sleep(0.01)

    assert house.line.reading
    assert not house.client.held_back
    assert len(house.node.done) == PAUSE_AT + 2


async def test_who_floods_all_the_same_is_sent_away_and_its_flood_forgotten() -> None:
    house = House()

    for number in range(MOST_QUEUED + 1):
        house.says(id=number + 2, rpc={"method": "a"})
    house.node.gate.set()
    await asyncio.sleep(0.01)

    assert house.line.closed == (SLOW.code, SLOW.reason)
    assert house.node.done == []


async def test_what_was_not_begun_when_the_socket_goes_is_never_begun() -> None:
    house = House()
    house.says(id=2, rpc={"method": "begun"})
    house.says(id=3, rpc={"method": "not begun"})
    await asyncio.sleep(0)

    house.client.closed()
    house.node.gate.set()
    await asyncio.sleep(0.01)

    assert house.node.done == [Call(2, "begun", b"{}")]
    assert house.node.gone_clients == [house.client]


async def test_a_socket_that_goes_while_nothing_is_under_way() -> None:
    house = House()

    house.client.closed()

    assert house.node.gone_clients == [house.client]
    assert house.client.listening == {HOME}


async def test_a_message_of_bytes_is_not_spoken_here() -> None:
    house = House()

    house.client.received(b"{}", False)

    assert house.line.closed == (1003, "text only")


async def test_rubbish_ends_the_talk() -> None:
    house = House()

    house.client.received(b"rubbish", True)
    house.says(id=2, ping={})

    assert house.line.closed is not None
    assert house.line.messages() == []


async def test_while_the_socket_is_full_frames_wait_and_then_go_vital_first() -> None:
    house = House(room=0)
    house.told(1)
    house.told(2, lane=Lane.ORDERED)
    house.told(3)
    assert house.heard() == [1]

    house.line._room = None
    house.line.drained()

    assert house.heard() == [3, 2]
    assert house.client._outbox is None


async def test_a_socket_that_fills_again_while_it_is_fed_is_fed_later() -> None:
    house = House(room=100_000)
    house.told(0, size=100_000)
    for number in range(1, 6):
        house.told(number, size=50_000)

    house.line.drained()
    fed = house.heard()
    while house.client._outbox is not None:
        house.line.drained()
        fed += house.heard()

    assert fed == [0, 1, 2, 3, 4, 5]


async def test_a_socket_that_has_room_and_had_never_been_full_is_left_alone() -> None:
    house = House()

    house.client.pressure(False)

    assert house.client._outbox is None


async def test_a_socket_that_is_full_twice_keeps_what_waited() -> None:
    house = House(room=0)
    house.told(1)
    house.told(2)

    house.client.pressure(True)
    house.line._room = None
    house.line.drained()

    assert house.heard() == [1, 2]


@pytest.mark.parametrize("lane", [Lane.VITAL, Lane.ORDERED])
async def test_who_is_too_slow_for_what_must_be_told_is_sent_away(lane: Lane) -> None:
    house = House(room=0)
    house.told(0)

    for number in range(MOST_BYTES // 50_000 + 1):
        house.told(number, lane=lane, size=50_000)

    assert house.line.closed == (SLOW.code, SLOW.reason)


async def test_who_is_too_slow_for_counts_is_not() -> None:
    house = House(room=0)
    house.told(0)

    for number in range(1, 100):
        house.told(number, lane=Lane.LATEST, size=50_000)

    assert house.line.closed is None
    house.line._room = None
    house.line.drained()
    assert house.heard() == [0, 99]


MOVE = {"send": {"data": {"position": {"lat": 48.8, "lon": 2.3}}}}
MOVED = Hear(b'{"position":{"lat":48.8,"lon":2.3}}')


async def test_what_wants_no_answer_is_taken_at_once_without_a_task() -> None:
    house = House()
    house.node.at_once = True

    house.says(**MOVE)

    assert house.node.done == [MOVED]
    assert house.client._worker is None


async def test_what_cannot_be_taken_at_once_waits_like_a_command() -> None:
    house = House()
    house.says(**MOVE)
    assert house.node.done == []

    house.node.gate.set()
    await asyncio.sleep(0.01)

    assert house.node.done == [MOVED]


async def test_nothing_overtakes_a_command_that_is_under_way() -> None:
    house = House()
    house.node.at_once = True
    house.says(id=2, rpc={"method": "helper.duty"})
    house.says(**MOVE)
    house.says(id=3, rpc={"method": "other"})
    assert house.node.done == []

    house.node.gate.set()
    await asyncio.sleep(0.01)
    house.says(**MOVE)

    assert house.node.done == [
        Call(2, "helper.duty", b"{}"),
        MOVED,
        Call(3, "other", b"{}"),
        MOVED,
    ]


async def test_what_is_sent_with_something_else_keeps_its_place() -> None:
    house = House()
    house.node.at_once = True
    move = msgspec.json.encode(MOVE)

    house.client.received(b'{"id":2,"rpc":{"method":"a"}}\n' + move, True)
    house.node.gate.set()
    await asyncio.sleep(0.01)

    assert house.node.done == [Call(2, "a", b"{}"), MOVED]


async def test_a_session_that_is_over_or_has_not_begun_is_not_heard_at_once() -> None:
    house = House()
    house.node.at_once = True
    house.client.close(SLOW)

    house.says(**MOVE)
    stranger = Client("c2", Line(), house.node)
    stranger.received(msgspec.json.encode(MOVE), True)

    assert house.node.done == []
