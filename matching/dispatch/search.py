"""Who could be asked now: live map, sessions and facts, gathered outside any transaction.

The answer is only a proposal. It is checked again, and decided upon, in the transaction that makes
the offers. It is asked for by cell, so it is the same for every place of one cell. A request that
was recorded here a moment ago is looked for at a glance: by the map and the sessions alone, since
the tables are asked in that transaction anyhow.

Those who have a page open come first; where they do not suffice, phones that can be woken. Without
push there are none, and nothing else changes.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from geo.whereabouts.ports import Found, Walk, Whereabouts
from matching.dispatch import store
from matching.dispatch.briefly import Briefly
from matching.dispatch.incident import AlertId, Incident, Mode, Ring
from matching.dispatch.machine import asks_from_afar, may_be_asked
from matching.dispatch.moves import Candidate
from matching.dispatch.ports import Reach
from matching.dispatch.rules import (
    KEPT,
    LOOKED_AT_MOST,
    NEAR_HOPEFUL,
    PASSED_MOST,
    REMOTE_AT_ONCE,
    REMOTE_MOST,
    REMOTE_PASSED,
    REMOTE_WOKEN,
    RINGS,
    SPARE,
)
from matching.helpers import tags
from matching.helpers.quiet import day_began
from matching.helpers.rules import Facts, Need, why_not
from matching.helpers.service import Helpers
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading
from realtime.ports import Presence

#: People vetted before everybody else has a turn of the loop: about a millisecond.
VETTED_AT_ONCE = 64
#: People on the map passed over before everybody else has a turn, likewise.
PASSED_AT_ONCE = 512
#: People on the map passed over at a glance; with fewer who are here, the tables are asked.
GLANCED_MOST = 200


@dataclass(frozen=True, slots=True)
class Candidates:
    """In the order of ``in_order``; of equally near ones, who was asked least today."""

    ring: Ring
    people: Sequence[Candidate] = ()
    #: Others may be found after these.
    more: bool = False

    @property
    def live(self) -> frozenset[PersonId]:
        return frozenset(it.person for it in self.people if it.live)


def need_of(incident: Incident, ring: Ring) -> Need:
    return Need(
        raiser=incident.raiser,
        at_home=incident.mode is Mode.HOME,
        near=ring is Ring.NEAR,
    )


def in_order(incident: Incident, ring: Ring, nearest: Iterable[Candidate]) -> list[Candidate]:
    """Nearest first, and within the ring reached so far, and each further one, live first."""

    def place(it: Candidate) -> tuple[int, bool]:
        at = max(bisect_left(RINGS, it.steps), incident.ring) if ring is Ring.NEAR else 0
        return at, not it.live

    return sorted(nearest, key=place)


def enough_afar(incident: Incident) -> int:
    """How many who could call are found: those asked to come are among those passed over."""
    return max(0, REMOTE_PASSED - _asked_near(incident)) + REMOTE_MOST


def _asked_near(incident: Incident) -> int:
    return sum(it.ring is Ring.NEAR for it in incident.offers)


def from_afar(nearest: Sequence[Candidate]) -> list[Candidate]:
    """The farthest of them, as many as are wanted."""
    return list(nearest[-REMOTE_MOST - NEAR_HOPEFUL - SPARE :])


class Passing:
    """Those around, the nearest first: as many as are hoped for, then as many again each time.

    A whole layer can be a railway station: its order is already fair, so it can be cut.
    """

    def __init__(self, walk: Walk, first: int, *, most: int = PASSED_MOST) -> None:
        self._walk = walk
        self._next = first
        self._left = most
        self._passed = 0
        self._met: list[Found] = []

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[Found]:
        want = min(self._next, self._left)
        if len(self._met) < want:
            self._met += await self._walk.on(want - len(self._met))
        found, self._met = self._met[:want], self._met[want:]
        if not found:
            raise StopAsyncIteration
        self._passed += len(found)
        self._left -= len(found)
        self._next = min(self._passed, PASSED_AT_ONCE)
        return found


class Search:
    def __init__(
        self,
        ledger: Ledger,
        helpers: Helpers,
        whereabouts: Whereabouts,
        presence: Presence,
        reach: Reach | None = None,
    ) -> None:
        self._ledger = ledger
        self._helpers = helpers
        self._whereabouts = whereabouts
        self._presence = presence
        self._reach = reach
        #: Searches as they were recorded here, until their first look.
        self._fresh = Briefly[AlertId, Incident](KEPT)
        #: As a step left them, until the look afar.
        self._left = Briefly[AlertId, Incident](KEPT)
        #: Who was found afar and not asked yet.
        self._afar = Briefly[AlertId, Sequence[Candidate]](KEPT)

    def begun(self, incident: Incident) -> None:
        """A search has been recorded here: its first look need not read it."""
        self._fresh.put(incident.alert, incident, self._ledger.clock.now())

    def stepped(self, incident: Incident) -> None:
        """A search has been left so, here, by a step: the look afar need not read it either."""
        self._left.put(incident.alert, incident, self._ledger.clock.now())

    async def near(self, alert: AlertId) -> Candidates:
        """Who could come."""
        fresh = self._fresh.take(alert, self._ledger.clock.now())
        if fresh is not None and (found := await self._at_a_glance(fresh)):
            return Candidates(Ring.NEAR, found, more=True)
        incident = fresh or await self._read(alert)
        if incident is None or incident.ended or incident.covered:
            return Candidates(Ring.NEAR)
        found = await self._eligible(incident, Ring.NEAR, NEAR_HOPEFUL + SPARE)
        return Candidates(Ring.NEAR, found)

    async def afar(self, alert: AlertId) -> Candidates:
        """Some who could call or write: those found at the last look, while there are any."""
        people = self._afar.take(alert, self._ledger.clock.now())
        if people is None:
            people = await self._found_afar(alert)
        some, rest = people[:REMOTE_AT_ONCE], people[REMOTE_AT_ONCE:]
        if rest:
            self._afar.put(alert, rest, self._ledger.clock.now())
        return Candidates(Ring.REMOTE, some, more=bool(rest))

    async def _found_afar(self, alert: AlertId) -> Sequence[Candidate]:
        left = self._left.take(alert, self._ledger.clock.now())
        incident = left or await self._read(alert)
        if incident is None or incident.ended or incident.covered or not asks_from_afar(incident):
            return []
        found = await self._eligible(incident, Ring.REMOTE, enough_afar(incident))
        return in_order(incident, Ring.REMOTE, from_afar(found)[::-1])

    async def still(self, reading: Reading, incident: Incident, found: Candidates) -> Candidates:
        """Those who can be asked still, in the transaction that will ask them."""
        if incident.ended or incident.covered:
            return Candidates(found.ring)
        facts = await self.facts(reading, incident, [it.person for it in found.people])
        may = allowed(incident, found.ring, found.people, facts, reading.now)
        if found.ring is Ring.REMOTE:
            may.reverse()
        return replace(found, people=in_order(incident, found.ring, may))

    async def facts(
        self, reading: Reading, incident: Incident, people: Sequence[PersonId]
    ) -> dict[PersonId, Facts]:
        load = await store.load_of(
            reading.db, people, since=day_began(reading.now), but=incident.alert
        )
        return await self._helpers.facts(reading, people, incident.raiser, load)

    async def _eligible(self, incident: Incident, ring: Ring, enough: int) -> list[Candidate]:
        """At least ``enough`` of those who may be asked, in order, or all there are."""
        live = await self._nearest(incident, ring, enough, self._online)
        missing = self._missing(incident, ring, live, enough)
        if not missing:
            return live
        asleep = await self._nearest(incident, ring, missing, self._asleep)
        # Whose page has closed since is found by both: nobody can be made two offers.
        known = {it.person for it in live}
        asleep = [it for it in asleep if it.person not in known]
        return in_order(incident, ring, [*live, *asleep])[:enough]

    def _missing(
        self, incident: Incident, ring: Ring, live: Sequence[Candidate], enough: int
    ) -> int:
        """How many phones to look for beside those who are live."""
        if self._reach is None:
            return 0
        if ring is Ring.REMOTE:
            return max(0, REMOTE_WOKEN - len(live) - _asked_near(incident))
        suffice = len(live) >= enough and live[-1].steps <= RINGS[incident.ring]
        return 0 if suffice else enough

    async def _nearest(
        self,
        incident: Incident,
        ring: Ring,
        enough: int,
        among: Callable[[Sequence[Found]], Awaitable[list[Candidate]]],
    ) -> list[Candidate]:
        """At least ``enough`` of the nearest who may be asked, or all there are."""
        facts: dict[PersonId, Facts] = {}
        reached: list[Candidate] = []
        eligible: list[Candidate] = []
        async for found in Passing(self._walk(incident, ring), enough + len(incident.offers)):
            some = (await among(found))[: LOOKED_AT_MOST - len(reached)]
            if some:
                reached += some
                async with self._ledger.reading() as reading:
                    facts |= await self._vetted(reading, incident, some)
                    eligible = allowed(incident, ring, reached, facts, reading.now)
            if len(eligible) >= enough or len(reached) == LOOKED_AT_MOST:
                break
            await asyncio.sleep(0)
        return eligible[:enough]

    async def _vetted(
        self, reading: Reading, incident: Incident, people: Sequence[Candidate]
    ) -> dict[PersonId, Facts]:
        facts: dict[PersonId, Facts] = {}
        for start in range(0, len(people), VETTED_AT_ONCE):
            some = [it.person for it in people[start : start + VETTED_AT_ONCE]]
            facts |= await self.facts(reading, incident, some)
            # What is asked of the tables is answered at once: others want their turn.
            await asyncio.sleep(0)
        return facts

    async def _at_a_glance(self, incident: Incident) -> list[Candidate]:
        """The nearest who have a page open, if enough of them are within the ring reached."""
        here: list[Candidate] = []
        enough, ring = NEAR_HOPEFUL + SPARE, RINGS[incident.ring]
        async for found in Passing(self._walk(incident, Ring.NEAR), enough, most=GLANCED_MOST):
            here += await self._online(found)
            if len(here) >= enough:
                return here[:enough] if here[enough - 1].steps <= ring else []
            if found[-1].steps > ring:
                break
        return []

    async def _read(self, alert: AlertId) -> Incident | None:
        async with self._ledger.reading() as reading:
            return await store.find(reading.db, alert)

    def _walk(self, incident: Incident, ring: Ring) -> Walk:
        near = ring is Ring.NEAR
        return self._whereabouts.walk(
            incident.cell,
            ring=RINGS[-1] if near else None,
            now=self._ledger.clock.now(),
            tags_all=tags.wanted(near=near, at_home=incident.mode is Mode.HOME),
            declared=self._helpers.roster.zones,
            salt=incident.alert,
        )

    async def _online(self, found: Sequence[Found]) -> list[Candidate]:
        """Those of them who have a live session."""
        here = await self._presence.present([it.person for it in found])
        return [Candidate(it.person, it.steps) for it in found if it.person in here]

    async def _asleep(self, found: Sequence[Found]) -> list[Candidate]:
        """Those of them who have none, but a phone that can be woken."""
        if self._reach is None:
            return []
        here = await self._presence.present([it.person for it in found])
        away = [it.person for it in found if it.person not in here]
        async with self._ledger.reading() as reading:
            phones = await self._reach.among(reading, away)
        return [Candidate(it.person, it.steps, live=False) for it in found if it.person in phones]


def allowed(
    incident: Incident,
    ring: Ring,
    candidates: Sequence[Candidate],
    facts: dict[PersonId, Facts],
    now: datetime,
) -> list[Candidate]:
    need = need_of(incident, ring)
    offers = {it.helper: it for it in incident.offers}
    allowed = [
        it
        for it in candidates
        if it.person in facts
        and may_be_asked(offers.get(it.person), ring)
        and why_not(facts[it.person], need, now) is None
    ]
    # Stable: whoever is equally near, and was asked as often, stays in the order of the live map.
    return sorted(allowed, key=lambda it: (it.steps, facts[it.person].near_today))
