"""Who could be asked now: live map, sessions and facts, gathered outside any transaction.

The answer is only a proposal. It is checked again, and decided upon, in the transaction that makes
the offers. It is asked for by cell, so it is the same for every place of one cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geo.whereabouts.ports import Found, Whereabouts
from matching.dispatch import store
from matching.dispatch.incident import AlertId, Incident, Mode, Ring
from matching.dispatch.machine import may_be_asked
from matching.dispatch.moves import Candidate
from matching.dispatch.rules import (
    LOOKED_AT_MOST,
    NEAR_HOPEFUL,
    PASSED_MOST,
    REMOTE_MOST,
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Nearest first; of equally near ones, who was asked least today."""

    near: Sequence[Candidate] = ()
    remote: Sequence[Candidate] = ()


NOBODY = Candidates()


def need_of(incident: Incident, ring: Ring) -> Need:
    return Need(
        raiser=incident.raiser,
        at_home=incident.mode is Mode.HOME,
        near=ring is Ring.NEAR,
    )


class Search:
    def __init__(
        self, ledger: Ledger, helpers: Helpers, whereabouts: Whereabouts, presence: Presence
    ) -> None:
        self._ledger = ledger
        self._helpers = helpers
        self._whereabouts = whereabouts
        self._presence = presence

    async def candidates(self, alert: AlertId) -> Candidates:
        async with self._ledger.reading() as reading:
            incident = await store.find(reading.db, alert)
        if incident is None or incident.ended or incident.covered:
            return NOBODY
        near = await self._eligible(incident, Ring.NEAR, NEAR_HOPEFUL + SPARE)
        if incident.remote_covered:
            return Candidates(near)
        return Candidates(
            near, await self._eligible(incident, Ring.REMOTE, REMOTE_MOST + NEAR_HOPEFUL + SPARE)
        )

    async def still(self, reading: Reading, incident: Incident, found: Candidates) -> Candidates:
        """Those who can be asked still, in the transaction that will ask them."""
        people = [it.person for it in (*found.near, *found.remote)]
        facts = await self.facts(reading, incident, people)
        return Candidates(
            _allowed(incident, Ring.NEAR, found.near, facts, reading.now),
            _allowed(incident, Ring.REMOTE, found.remote, facts, reading.now),
        )

    async def facts(
        self, reading: Reading, incident: Incident, people: Sequence[PersonId]
    ) -> dict[PersonId, Facts]:
        load = await store.load_of(
            reading.db, people, since=day_began(reading.now), but=incident.alert
        )
        return await self._helpers.facts(reading, people, incident.raiser, load)

    async def _eligible(self, incident: Incident, ring: Ring, enough: int) -> list[Candidate]:
        """At least ``enough`` of the nearest who may be asked, or all there are."""
        want = enough + len(incident.offers)
        while True:
            found = await self._found(incident, ring, want)
            # A whole layer can be a railway station: its order is already fair, so it can be cut.
            online = await self._online(found[:want])
            eligible = await self._vetted(incident, ring, online[:LOOKED_AT_MOST])
            seen_all = len(found) < want or want >= PASSED_MOST or len(online) >= LOOKED_AT_MOST
            if len(eligible) >= enough or seen_all:
                return eligible[:enough]
            want = min(2 * want, PASSED_MOST)

    async def _found(self, incident: Incident, ring: Ring, want: int) -> list[Found]:
        near = ring is Ring.NEAR
        return await self._whereabouts.near(
            incident.cell,
            ring=RINGS[-1] if near else None,
            want=want,
            now=self._ledger.clock.now(),
            tags_all=tags.wanted(near=near, at_home=incident.mode is Mode.HOME),
            declared=self._helpers.roster.zones,
            salt=incident.alert,
        )

    async def _online(self, found: Sequence[Found]) -> list[Candidate]:
        """Those of them who have a live session: without push, nobody else can be reached."""
        here = await self._presence.present([it.person for it in found])
        return [Candidate(it.person, it.steps) for it in found if it.person in here]

    async def _vetted(
        self, incident: Incident, ring: Ring, candidates: Sequence[Candidate]
    ) -> list[Candidate]:
        """Who may be asked, by what the tables say of them."""
        async with self._ledger.reading() as reading:
            facts = await self.facts(reading, incident, [it.person for it in candidates])
            return _allowed(incident, ring, candidates, facts, reading.now)


def _allowed(
    incident: Incident,
    ring: Ring,
    candidates: Sequence[Candidate],
    facts: dict[PersonId, Facts],
    now: datetime,
) -> list[Candidate]:
    need = need_of(incident, ring)
    allowed = [
        it
        for it in candidates
        if it.person in facts
        and may_be_asked(incident.offer_to(it.person), ring)
        and why_not(facts[it.person], need, now) is None
    ]
    # Stable: whoever is equally near, and was asked as often, stays in the order of the live map.
    return sorted(allowed, key=lambda it: (it.steps, facts[it.person].near_today))
