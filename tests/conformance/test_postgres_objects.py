"""What two nodes change at the same moment: nobody's change is lost, nothing is counted twice.

The first node looks, and is held there until the second has looked too, or is made to wait: were it
not made to wait, it would write back what it saw before the first had changed it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from alerts.errors import AlertEnded
from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import AlertId
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.rooms.errors import DraftHeld, NotAMember, RoomClosed
from tests.support.helping import ANNA, OPERATOR, Stage, stage
from tests.support.postgres import Postgres

#: How long the second is given to look; where all is well it waits for the first instead.
LOOK_S = 0.2
Use = Callable[[Stage, Transaction], Awaitable[object]]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


@dataclass
class Nodes:
    here: Stage
    there: Stage
    patch: pytest.MonkeyPatch

    async def meet(self, looks: tuple[str, str], first: Use, second: Use) -> list[object]:
        """Run two use cases on two nodes, the first held at what it looks at; their answers."""
        looked, both = asyncio.Event(), asyncio.Event()
        mine: list[asyncio.Task[object]] = []

        def watched(honest: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
            async def load(*args: object, **named: object) -> object:
                found = await honest(*args, **named)
                if mine and mine[0].done():
                    return found
                if not looked.is_set():
                    looked.set()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_S):
                            await both.wait()
                elif self._second_is_running:
                    both.set()
                return found

            return load

        self._second_is_running = False
        for target in dict.fromkeys(looks):
            module, _, name = target.rpartition(".")
            honest = getattr(__import__(module, fromlist=[name]), name)
            self.patch.setattr(target, watched(honest))
        mine.append(asyncio.create_task(self._run(self.here, first)))
        await looked.wait()
        self._second_is_running = True
        other = await self._run(self.there, second)
        return [await mine[0], other]

    async def _run(self, node: Stage, use: Use) -> object:
        try:
            return await node.write(lambda tx: use(node, tx))
        except (OfferClosed, AlertEnded, RoomClosed, NotAMember, DraftHeld) as refused:
            return refused


@pytest.fixture
async def nodes(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Nodes]:
    url, clock = postgres.empty_database(), ManualClock()
    async with (
        stage(address=url, clock=clock, run="here") as here,
        stage(address=url, clock=clock, run="there") as there,
    ):
        yield Nodes(here, there, monkeypatch)


HELPER = "matching.helpers.store.find"
SEARCH, OFFER = "matching.dispatch.store.find", "matching.dispatch.store.find_offer"
ALERT, ROOM = "alerts.help.store.find", "realtime.rooms.store.find_room"


async def test_what_she_prefers_and_what_an_operator_decides_are_both_kept(nodes: Nodes) -> None:
    camille = await nodes.here.helper("camille")

    await nodes.meet(
        (HELPER, HELPER),
        lambda node, tx: node.helpers.prefer(tx, camille, quiet=None, budget=3),
        lambda node, tx: node.helpers.approve(tx, OPERATOR, camille, tier=2),
    )

    profile = await nodes.here.read(lambda r: nodes.here.helpers.profile(r, camille))
    assert profile is not None
    assert (profile.budget, profile.tier) == (3, 2)


async def _asked(nodes: Nodes, many: int) -> tuple[str, list[tuple[PersonId, str]]]:
    """An alert, and who was asked with which offer."""
    await nodes.here.crowd(many)
    raised = await nodes.here.raise_help()
    people = [PersonId(it) for it in nodes.here.asked(raised.alert)]
    return raised.alert, [(it, await nodes.here.offer_of(it, raised.alert)) for it in people]


async def test_two_who_accept_on_two_nodes_are_both_on_their_way(nodes: Nodes) -> None:
    alert, [(one, first), (two, second), *_] = await _asked(nodes, 3)

    await nodes.meet(
        (SEARCH, SEARCH),
        lambda node, tx: node.alerts.accept(tx, one, first),
        lambda node, tx: node.alerts.accept(tx, two, second),
    )

    state = await nodes.here.state(alert)
    assert (state.state, state.accepted) == ("covered", 2)
    room = str(state.room)
    people = await nodes.here.read(lambda r: nodes.here.rooms.people(r, room))
    assert people == {"elle": ANNA, "aide-1": one, "aide-2": two}


async def test_a_yes_is_not_undone_by_the_word_that_the_phone_had_it(nodes: Nodes) -> None:
    alert, [(one, offer), *_] = await _asked(nodes, 1)

    await nodes.meet(
        (OFFER, SEARCH),
        lambda node, tx: node.alerts.received(tx, one, offer),
        lambda node, tx: node.alerts.accept(tx, one, offer),
    )

    state = await nodes.here.state(alert)
    assert (state.accepted, state.delivered) == (1, 1)


async def test_a_delivery_told_to_two_nodes_is_counted_once(nodes: Nodes) -> None:
    alert, [(one, offer), *_] = await _asked(nodes, 1)

    await nodes.meet(
        (OFFER, OFFER),
        lambda node, tx: node.alerts.seen(tx, one, offer),
        lambda node, tx: node.alerts.received(tx, one, offer),
    )

    state = await nodes.here.state(alert)
    assert (state.delivered, state.seen) == (1, 1)


async def test_nobody_is_on_the_way_to_what_was_cancelled_meanwhile(nodes: Nodes) -> None:
    alert, [(one, offer), *_] = await _asked(nodes, 1)

    # Whichever of the two comes first.
    await nodes.meet(
        (ALERT, SEARCH),
        lambda node, tx: node.alerts.cancel(tx, ANNA, alert),
        lambda node, tx: node.alerts.accept(tx, one, offer),
    )

    state = await nodes.here.state(alert)
    assert state.state == "cancelled"
    assert await nodes.here.read(lambda r: nodes.here.dispatch.live_offers(r, one)) == []


async def test_nobody_is_asked_who_is_refused_at_that_moment(nodes: Nodes) -> None:
    raised = await nodes.here.raise_help()
    bea = await nodes.here.helper("bea")
    found = await nodes.here.dispatch.near(AlertId(raised.alert))
    assert [it.person for it in found.people] == [bea]

    # The second has looked for what she is asked before the first has asked her.
    await nodes.meet(
        ("matching.helpers.store.find_all", "matching.dispatch.store.live_offers"),
        lambda node, tx: node.alerts.step(tx, AlertId(raised.alert), found),
        lambda node, tx: node.alerts.refuse(tx, OPERATOR, bea),
    )

    assert await nodes.here.read(lambda r: nodes.here.dispatch.live_offers(r, bea)) == []


async def test_nothing_is_said_in_a_room_after_it_is_closed(nodes: Nodes) -> None:
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "alert"))
    await nodes.here.write(lambda tx: nodes.here.rooms.join(tx, "room", ANNA, "elle", alone=True))
    closed: list[bool] = []

    async def says(node: Stage, tx: Transaction) -> None:
        await node.rooms.say(tx, "room", ANNA, id="1", text="still here?")
        async with nodes.there.made.ledger.reading() as reading:
            closed.append(not await _is_open(nodes.there, reading))

    await nodes.meet((ROOM, ROOM), says, lambda node, tx: node.rooms.close(tx, "room"))

    assert closed == [False]
    assert not await nodes.here.read(lambda r: _is_open(nodes.here, r))


async def test_who_leaves_a_room_says_nothing_afterwards(nodes: Nodes) -> None:
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "alert"))
    await nodes.here.write(lambda tx: nodes.here.rooms.join(tx, "room", ANNA, "elle", alone=True))

    _, answer = await nodes.meet(
        ("realtime.rooms.store.hold_room", ROOM),
        lambda node, tx: node.rooms.leave(tx, "room", ANNA),
        lambda node, tx: node.rooms.say(tx, "room", ANNA, id="1", text="still here?"),
    )

    assert isinstance(answer, NotAMember)


async def test_two_who_join_a_room_on_two_nodes_have_two_seats(nodes: Nodes) -> None:
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "alert"))

    seats = await nodes.meet(
        ("realtime.rooms.store.members", "realtime.rooms.store.members"),
        lambda node, tx: node.rooms.join(tx, "room", PersonId("bea"), "aide"),
        lambda node, tx: node.rooms.join(tx, "room", PersonId("cleo"), "aide"),
    )

    assert sorted(map(str, seats)) == ["aide-1", "aide-2"]


async def test_who_comes_back_while_she_is_leaving_is_there(nodes: Nodes) -> None:
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "alert"))
    await nodes.here.write(lambda tx: nodes.here.rooms.join(tx, "room", ANNA, "elle", alone=True))

    await nodes.meet(
        ("realtime.rooms.store.set_left", "realtime.rooms.store.members"),
        lambda node, tx: node.rooms.leave(tx, "room", ANNA),
        lambda node, tx: node.rooms.join(tx, "room", ANNA, "elle", alone=True),
    )

    assert await nodes.here.read(lambda r: nodes.here.rooms.seat(r, "room", ANNA)) == "elle"


async def test_of_two_who_begin_an_answer_on_two_nodes_one_holds_the_draft(nodes: Nodes) -> None:
    bea, cleo = PersonId("bea"), PersonId("cleo")
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "chat"))
    for person in (bea, cleo):
        await nodes.here.write(
            lambda tx, it=person: nodes.here.rooms.join(tx, "room", it, "ecoutante", staff=True)  # type: ignore[misc]
        )

    holders = await nodes.meet(
        ("realtime.rooms.store.find_draft", "realtime.rooms.store.find_draft"),
        lambda node, tx: node.rooms.draft(tx, "room", bea, on=True),
        lambda node, tx: node.rooms.draft(tx, "room", cleo, on=True),
    )

    assert holders == ["ecoutante-1", "ecoutante-1"]


async def test_what_is_said_while_a_colleague_begins_an_answer_is_before_it_or_refused(
    nodes: Nodes,
) -> None:
    bea, cleo = PersonId("bea"), PersonId("cleo")
    await nodes.here.write(lambda tx: nodes.here.rooms.open(tx, "room", "chat"))
    for person in (bea, cleo):
        await nodes.here.write(
            lambda tx, it=person: nodes.here.rooms.join(tx, "room", it, "ecoutante", staff=True)  # type: ignore[misc]
        )

    _, answer = await nodes.meet(
        ("realtime.rooms.store.find_draft", "realtime.rooms.store.find_draft"),
        lambda node, tx: node.rooms.draft(tx, "room", bea, on=True),
        lambda node, tx: node.rooms.say(tx, "room", cleo, id="1", text="moi"),
    )

    assert isinstance(answer, DraftHeld)


async def _is_open(node: Stage, reading: Reading) -> bool:
    return bool(await node.rooms.of(reading, ANNA))
