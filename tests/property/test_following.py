"""Each listener hears each offset once, in order, whatever the broker does to the deliveries.

The real ``Subscriptions`` with a broker that loses, repeats and shuffles, and a ledger that answers
after a random number of turns of the loop. Deliveries are as hypothesis chooses them.
"""

import asyncio
import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime import wire
from realtime.channels import ChannelRule, ChannelTable, Lane
from realtime.client import Client
from realtime.following import Following, Verdict
from realtime.kernel.errors import NotAllowed, Unavailable
from realtime.kernel.ids import Channel
from realtime.ledger import Since
from realtime.ports import Delivery
from realtime.store import Kept
from realtime.streams import Place, missed
from realtime.subscriptions import Subscriptions
from tests.support.ears import Line, offsets, open_client

ROOM, HOME = Channel("room:1"), Channel("me:#anna")
EPOCH = "e"


@given(st.integers(0, 20), st.lists(st.integers(1, 40), max_size=80))
def test_what_is_let_through_follows_without_a_hole(start: int, deliveries: list[int]) -> None:
    following: Following[str] = Following(durable=True)
    following.stands(start)
    said = []

    for offset in deliveries:
        if following.judge(offset) is Verdict.NEXT:
            following.said(offset, b"")
            said.append(offset)

    assert said == list(range(start + 1, start + 1 + len(said)))
    assert following.behind == (max([start, *deliveries]) > start + len(said))


class SlowLedger:
    """As much of a ledger as subscriptions need; ``trimmed`` publications are gone."""

    at_work = False

    def __init__(self, dice: random.Random) -> None:
        self.channels = ChannelTable(
            [
                ChannelRule(prefix=prefix, lane=Lane.ORDERED, durable=True)
                for prefix in ("room:", "me:")
            ]
        )
        self.top = 0
        self.trimmed = 0
        self.away = 0
        self._dice = dice

    async def place(self, channel: Channel) -> Place:
        await self._turns()
        return Place(EPOCH, self.top if channel == ROOM else 0)

    async def since(self, channel: Channel, place: Place | None) -> Since:
        now = await self.place(channel)
        wanted = missed(place or now, now)
        await self._turns()
        if wanted is None or (len(wanted) and wanted.first <= self.trimmed):
            return Since(now, None)
        return Since(now, tuple(self._kept(range(wanted.first, wanted.last + 1))))

    async def history(self, channel: Channel, *, limit: int, since: int, reverse: bool) -> Since:
        await self._turns()
        if self.away:
            self.away -= 1
            raise Unavailable
        page = self._kept(range(max(since, self.trimmed) + 1, self.top + 1))[:limit]
        answer = Since(Place(EPOCH, self.top), tuple(page))
        await self._turns()
        return answer

    def opened_at_once(self, kept: Kept) -> bytes:
        return kept.body

    def _kept(self, those: Iterable[int]) -> list[Kept]:
        return [Kept(ROOM, offset, b"{}") for offset in those]

    async def _turns(self) -> None:
        for _ in range(self._dice.randrange(4)):
            await asyncio.sleep(0)


class SilentBroker:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    async def subscribe(self, channel: Channel) -> None:
        for _ in range(self._dice.randrange(3)):
            await asyncio.sleep(0)

    async def unsubscribe(self, channel: Channel) -> None:
        await asyncio.sleep(0)


class Listener:
    """A phone: what it has been told on the channel since it last subscribed."""

    def __init__(self, name: str) -> None:
        self.client: Client
        self.line: Line
        self.client, self.line = open_client(name, HOME)
        self.result: wire.SubscribeResult | None = None
        self.heard: list[int] = []
        self.cut = 0

    def listen(self) -> None:
        for message in self.line.messages():
            if "unsubscribe" in message.get("push", {}):
                assert message["push"]["unsubscribe"]["code"] == 2500
                self.check()
                self.result, self.heard = None, []
                self.cut += 1
            else:
                self.heard += offsets([message])

    def check(self) -> None:
        assert self.result is not None
        first = self.result.offset + 1
        assert self.heard == list(range(first, first + len(self.heard)))

    def answered(self, result: wire.SubscribeResult) -> None:
        self.listen()
        assert self.heard == [], "nothing comes before the answer"
        recovered = [publication.offset for publication in result.publications]
        assert recovered == list(range(result.offset - len(recovered) + 1, result.offset + 1))
        self.result = result


class House:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.ledger = SlowLedger(self.dice)
        self.subscriptions = Subscriptions(
            self.ledger,  # type: ignore[arg-type]
            SilentBroker(self.dice),  # type: ignore[arg-type]
            lambda _: None,
        )
        self.listeners = [Listener(name) for name in ("anna", "bea", "cleo")]
        self.joining: dict[Listener, asyncio.Task[None]] = {}
        self.in_flight: list[int] = []

    def publish(self) -> None:
        self.ledger.top += 1
        self.in_flight.append(self.ledger.top)

    def deliver(self, *, keep: bool, anywhere: bool) -> None:
        if self.in_flight:
            place = self.dice.randrange(len(self.in_flight)) if anywhere else 0
            offset = self.in_flight[place] if keep else self.in_flight.pop(place)
            self.subscriptions.deliver(Delivery(ROOM, offset, b"{}"))

    def join(self, listener: Listener) -> None:
        # The commands of one client are carried out one after the other.
        if ROOM in listener.client.session.channels or listener in self.joining:
            return
        listener.client.session.claim(ROOM)
        since = None if self.dice.random() < 0.5 else Place(EPOCH, self.dice.randint(0, 5))
        self.joining[listener] = asyncio.get_running_loop().create_task(self._join(listener, since))

    async def _join(self, listener: Listener, since: Place | None) -> None:
        try:
            await self.subscriptions.join(
                listener.client, ROOM, since, whole=False, seat="", answer=listener.answered
            )
        except (NotAllowed, Unavailable):
            listener.client.session.dropped(ROOM)
        del self.joining[listener]

    def leave(self, listener: Listener) -> None:
        listener.listen()
        if listener.client.session.dropped(ROOM):
            self.subscriptions.leave(listener.client, ROOM)
            if listener.result is not None:
                listener.check()
        listener.result, listener.heard = None, []

    async def do(self, action: str) -> None:
        listener = self.dice.choice(self.listeners)
        if action == "turn":
            await asyncio.sleep(0)
        if action in {"join", "leave"}:
            (self.join if action == "join" else self.leave)(listener)
        if action.startswith("deliver"):
            self.deliver(keep=action == "deliver twice", anywhere=action != "deliver")
        self.happen(action)

    def happen(self, action: str) -> None:
        match action:
            case "publish":
                self.publish()
            case "lose":
                del self.in_flight[:1]
            case "trim":
                self.ledger.trimmed = self.ledger.top
            case "database away":
                self.ledger.away = 1
            case _:
                pass

    async def quiet(self) -> None:
        """Let everything under way come to its end."""
        while self.joining or self.subscriptions._chores:  # noqa: ASYNC110
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)


ACTIONS = (
    "publish", "publish", "publish", "deliver", "deliver", "deliver in disorder", "deliver twice",
    "lose", "trim", "database away", "join", "join", "leave", "turn", "turn",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.subscriptions.RETRY_S", 0)


@given(
    seed=st.integers(0, 2**32),
    actions=st.lists(st.sampled_from(ACTIONS), min_size=20, max_size=200),
)
async def test_each_listener_hears_each_offset_once_and_in_order(
    seed: int, actions: list[str]
) -> None:
    house = House(seed)
    await house.subscriptions.start()

    async with asyncio.timeout(10):
        for action in actions:
            await house.do(action)
        await house.quiet()
        # The last word reaches everyone, so that nothing can be missing unnoticed.
        house.publish()
        house.in_flight = house.in_flight[-1:]
        house.deliver(keep=False, anywhere=False)
        await house.quiet()

    for listener in house.listeners:
        listener.listen()
        if listener.result is not None:
            listener.check()
            assert max([listener.result.offset, *listener.heard]) == house.ledger.top
        else:
            assert ROOM not in listener.client.session.channels
    await house.subscriptions.stop()
