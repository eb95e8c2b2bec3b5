"""However often it is cut off, a client always ends up with the server's picture.

The oracle is a dictionary; the streams are those of a real ledger, which commits, forgets what is
old, and may be replaced by an empty one.
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from realtime import store, streams
from realtime.channels import ChannelRule, ChannelTable, Lane
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import Channel, random_id
from realtime.ledger import Transaction
from realtime.streams import Place
from tests.support.ledger import Deployment, deployment

ROOM = Channel("room:1")
CHANNELS = ChannelTable([ChannelRule(prefix="room:", lane=Lane.ORDERED, durable=True, sealed=True)])
KEYS = st.sampled_from("abc")
VALUES = st.integers(0, 3)


class CutOffClient(RuleBasedStateMachine):
    """A server that changes a dictionary and says so, and a client that comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.clock = ManualClock()
        self.server: dict[str, int] = {}
        self.client: dict[str, int] = {}
        self.place = Place("never", 0)
        #: Whether the client has been told everything.
        self.current = False
        #: How much the server still remembers for sure.
        self.remembered = 0

    @initialize()
    def the_server_starts(self) -> None:
        self.runner.run(self._start())

    async def _start(self) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.made: Deployment = await self.stack.enter_async_context(
            deployment(Path(folder), CHANNELS, clock=self.clock, ids=random_id)
        )
        self.remembered = 0

    @rule(key=KEYS, value=VALUES)
    def something_changes(self, key: str, value: int) -> None:
        async def work(tx: Transaction) -> None:
            tx.publish(ROOM, {"key": key, "value": value})

        self.server[key] = value
        self.runner.run(self.made.ledger.write(work))
        self.clock.advance(1)
        self.remembered += 1
        self.current = False

    @rule(kept=st.integers(0, 4))
    def the_server_forgets_what_is_old(self, kept: int) -> None:
        async def work(tx: Transaction) -> None:
            before = self.clock.now() - timedelta(seconds=kept)
            await store.trim(tx.db, "room:", before, limit=100)

        self.runner.run(self.made.ledger.write(work))
        self.remembered = min(self.remembered, kept)

    @rule()
    def the_server_loses_its_streams_and_not_its_facts(self) -> None:
        async def replaced() -> None:
            await self.stack.aclose()
            self.stack = AsyncExitStack()
            await self._start()

        self.runner.run(replaced())

    @rule()
    def the_client_returns(self) -> None:
        behind = self.place.offset
        found = self.runner.run(self.made.ledger.since(ROOM, self.place))

        if found.missed is None:
            self.client = dict(self.server)
        else:
            for kept in found.missed:
                change = msgspec.json.decode(kept.body)
                self.client[change["key"]] = change["value"]
            assert [kept.offset for kept in found.missed] == list(
                range(behind + 1, found.now.offset + 1)
            )
        same_streams = self.place.epoch == found.now.epoch
        if same_streams and found.now.offset - behind <= self.remembered:
            assert found.missed is not None, "it could have been brought to the present"
        self.place = found.now
        self.current = True

    @rule(dropped=st.integers(0, 3))
    def the_client_hears_a_part_and_loses_the_line(self, dropped: int) -> None:
        found = self.runner.run(self.made.ledger.since(ROOM, self.place))
        heard = (found.missed or ())[: -dropped or None]
        for kept in heard:
            change = msgspec.json.decode(kept.body)
            self.client[change["key"]] = change["value"]
            self.place = Place(self.place.epoch, kept.offset)

    @rule(offset=st.integers(-3, 30))
    def the_client_remembers_its_place_wrongly_and_is_not_fed_a_part(self, offset: int) -> None:
        found = self.runner.run(self.made.ledger.since(ROOM, Place(self.place.epoch, offset)))

        if found.missed is not None:
            assert [kept.offset for kept in found.missed] == list(
                range(offset + 1, found.now.offset + 1)
            )

    @invariant()
    def who_has_been_told_everything_sees_what_the_server_sees(self) -> None:
        if self.current:
            assert self.client == self.server

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()


TestCutOffClient = CutOffClient.TestCase
TestCutOffClient.settings = settings(
    max_examples=max(10, settings().max_examples // 3),
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_the_longest_absence_that_is_bridged_is_stated() -> None:
    assert streams.MOST_RECOVERED == 1000
