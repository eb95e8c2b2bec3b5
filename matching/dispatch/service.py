"""Searches as use cases: load, let the machine decide, save and say what it decided.

It is entered by ``alerts/service``, which joins what happens to an offer with its alert. Everything
is done in the transaction that is given; what to do next is a task in that same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from geo.cells import DECLARED_RES, parent
from geo.whereabouts.ports import Whereabouts
from matching.dispatch import messages, store
from matching.dispatch.incident import AlertId, Incident, Offer, OfferId, OfferState, Ring
from matching.dispatch.machine import after, asks_from_afar, decide, heard
from matching.dispatch.moves import (
    Answer,
    Ask,
    Call,
    Change,
    Decision,
    Drop,
    End,
    Event,
    Finish,
    Look,
    LookAfar,
    Rest,
    Step,
    Widen,
    Word,
)
from matching.dispatch.ports import Reach
from matching.dispatch.search import Candidates, Search
from matching.helpers.service import Helpers
from realtime.channels import own_channel
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Presence

#: The task that looks for those who could come, and the one for those who could call or write,
#: which waits for everything else; their key is the alert.
STEP, AFAR = "dispatch.step", "dispatch.remote"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A search before and after something happened."""

    before: Incident
    after: Incident

    @property
    def joined(self) -> list[Offer]:
        """Who goes now and did not."""
        went = {it.id for it in self.before.offers if it.going}
        return [it for it in self.after.offers if it.going and it.id not in went]

    @property
    def left(self) -> list[Offer]:
        """Who went and does not any more."""
        went = {it.id for it in self.before.offers if it.going}
        return [it for it in self.after.offers if not it.going and it.id in went]

    @property
    def asked(self) -> list[Offer]:
        """Whoever was asked now, for the first time or again."""
        then = {(it.id, it.asked_at) for it in self.before.offers if it.open}
        return [it for it in self.after.offers if it.open and (it.id, it.asked_at) not in then]


class Dispatch:
    def __init__(
        self,
        ledger: Ledger,
        helpers: Helpers,
        whereabouts: Whereabouts,
        presence: Presence,
        reach: Reach | None = None,
    ) -> None:
        self._search = Search(ledger, helpers, whereabouts, presence, reach)
        self._reach = reach

    async def begin(self, tx: Transaction, incident: Incident) -> None:
        """Open a search; its first step is due now."""
        await store.put(tx.db, incident)
        tx.schedule(STEP, incident.alert)
        tx.after_commit(partial(self._search.begun, incident))

    async def near(self, alert: AlertId) -> Candidates:
        """Who could come: what a step needs, gathered outside its transaction."""
        return await self._search.near(alert)

    async def afar(self, alert: AlertId) -> Candidates:
        """Some who could call or write, likewise."""
        return await self._search.afar(alert)

    async def step(self, tx: Transaction, alert: AlertId, found: Candidates) -> Outcome:
        """Ask those of them who can be asked still."""
        incident = await self.incident(tx, alert)
        still = await self._search.still(tx, incident, found)
        event: Event = Step(still.people, still.more)
        if still.ring is Ring.REMOTE:
            event = Call([it.person for it in still.people], still.more)
        outcome = await self._happen(tx, incident, event)
        await self._ring(tx, outcome.asked, still.live)
        if still.ring is Ring.NEAR and asks_from_afar(outcome.after):
            tx.after_commit(partial(self._search.stepped, outcome.after))
        return outcome

    async def answer(
        self, tx: Transaction, helper: PersonId, offer: OfferId, word: Word
    ) -> Outcome:
        # The search before its offers, as everybody who changes both.
        alert = await store.alert_of(tx.db, offer, helper)
        if alert is None:
            raise NotFound
        incident = await self.incident(tx, alert)
        return await self._happen(tx, incident, Answer(offer, word))

    async def note(
        self, tx: Transaction, helper: PersonId, offer: OfferId, word: Word
    ) -> tuple[AlertId, Offer, Offer]:
        """Received or seen: concerns this offer alone, so nothing else is read.

        Answers the alert, and the offer before and after.
        """
        found = await store.find_offer(tx.db, offer, helper)
        if found is None:
            raise NotFound
        alert, before = found
        changed = heard(before, word)
        if changed != before:
            await store.save_offers(tx.db, [changed])
        return alert, before, changed

    async def drop(self, tx: Transaction, alert: AlertId, helper: PersonId) -> Outcome:
        """A helper is excluded from this search from now on."""
        return await self._happen(tx, await self.incident(tx, alert), Drop(helper))

    async def end(self, tx: Transaction, alert: AlertId, state: OfferState) -> Outcome:
        return await self._happen(tx, await self.incident(tx, alert), End(state))

    async def coarsen(self, tx: Transaction, alert: AlertId) -> None:
        """Forget where it was, but for the neighbourhood."""
        incident = await self.incident(tx, alert)
        await store.coarsen(tx.db, alert, parent(incident.cell, DECLARED_RES))

    # Looking.

    async def incident(self, reading: Reading, alert: AlertId) -> Incident:
        found = await store.find(reading.db, alert)
        if found is None:
            raise NotFound
        return found

    async def offer_to(self, reading: Reading, alert: AlertId, helper: PersonId) -> Offer | None:
        return await store.offer_to(reading.db, alert, helper)

    async def is_to(self, reading: Reading, offer: OfferId, helper: PersonId) -> bool:
        return await store.alert_of(reading.db, offer, helper) is not None

    async def live_offers(self, reading: Reading, helper: PersonId) -> list[tuple[Incident, Offer]]:
        return await store.live_offers(reading.db, helper, now=reading.now)

    # What a decision does.

    async def _ring(
        self, tx: Transaction, asked: Sequence[Offer], live: frozenset[PersonId]
    ) -> None:
        """Have the phones of those just asked woken, where there are any."""
        if self._reach is None or not asked:
            return
        phones = await self._reach.among(tx, [it.helper for it in asked])
        for offer in asked:
            if offer.helper in phones:
                self._reach.ring(tx, offer, live=offer.helper in live)

    async def _happen(self, tx: Transaction, incident: Incident, event: Event) -> Outcome:
        decisions = decide(incident, event, tx.now, tx.ids)
        outcome = Outcome(incident, after(incident, decisions))
        await self._save(tx, outcome)
        for decision in decisions:
            _carry_out(tx, outcome, decision)
        return outcome

    async def _save(self, tx: Transaction, outcome: Outcome) -> None:
        before, now = outcome.before, outcome.after
        known = {it.id: it for it in before.offers}
        new = [it for it in now.offers if it.id not in known]
        changed = [it for it in now.offers if it.id in known and it != known[it.id]]
        if new:
            await store.add_offers(tx.db, now.alert, new)
        if changed:
            await store.save_offers(tx.db, changed)
        if replace(before, offers=()) != replace(now, offers=()):
            await store.save_progress(tx.db, now)


def _carry_out(tx: Transaction, outcome: Outcome, decision: Decision) -> None:
    incident = outcome.after
    match decision:
        case Ask(name, helper):
            offer = incident.offer(name)
            if offer is not None:
                tx.publish(own_channel(helper), messages.offered(incident, offer))
        case Change(offer):
            before = outcome.before.offer(offer.id)
            if before is not None and before.state is not offer.state and not offer.open:
                tx.publish(own_channel(offer.helper), messages.changed(incident, offer))
        case Look() | LookAfar() | Rest():
            _plan(tx, incident.alert, decision)
        case Widen() | Finish():
            # Kept with the search itself.
            return
        case _:
            assert_never(decision)


def _plan(tx: Transaction, alert: AlertId, decision: Look | LookAfar | Rest) -> None:
    match decision:
        case Look(at):
            tx.schedule(STEP, alert, due=at)
        case LookAfar():
            tx.schedule(AFAR, alert)
        case Rest():
            tx.unschedule(STEP, alert)
            tx.unschedule(AFAR, alert)
        case _:
            assert_never(decision)
