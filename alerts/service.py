"""Where requests for help, answers to offers and dispatch tasks come in.

It joins an offer's change with its alert's, in the one transaction it is given: counts and state,
seats in the room, who may see the exact place, whose channels close.
"""

from collections.abc import Callable
from functools import partial

from alerts.errors import AlertEnded, HelperNotComing
from alerts.help import store
from alerts.help.machine import AlertState, Ending, offers_become
from alerts.help.service import Help
from alerts.looking import Looking
from alerts.messages import (
    AlertLine,
    BoardState,
    Ended,
    Entered,
    HelpState,
    Place,
    Raised,
    Released,
)
from alerts.ports import Rooms
from alerts.relations import Relation
from alerts.tasks import Handlers
from alerts.views import Board
from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from matching.dispatch import messages
from matching.dispatch.incident import (
    AlertId,
    Incident,
    Kind,
    Mode,
    OfferId,
    OfferState,
    Ring,
    counts,
)
from matching.dispatch.messages import OfferAnswer, OfferView
from matching.dispatch.moves import Word
from matching.dispatch.rules import STEP
from matching.dispatch.search import Candidates
from matching.dispatch.service import Dispatch, Outcome
from matching.helpers.messages import Excluded, Refused
from matching.helpers.service import Helpers
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.tasks import Tasks

#: People of open requests named at once: more than an evening of a whole country.
MOST_IN_ALERTS = 10_000


class Alerts:
    def __init__(
        self,
        ledger: Ledger,
        helpers: Helpers,
        dispatch: Dispatch,
        rooms: Rooms,
        whereabouts: Whereabouts,
    ) -> None:
        self._helpers = helpers
        self._dispatch = dispatch
        self._rooms = rooms
        self._help = Help(rooms)
        self._looking = Looking(helpers, dispatch, self._help, rooms)
        self._board = Board(ledger, helpers, whereabouts)
        #: Told, for the figures, of each step that asked somebody: seconds since the request, how
        #: many, whether they are its first. Set by whoever measures.
        self.asked: Callable[[float, int, bool], None] = lambda seconds, helpers, first: None

    def register(self, tasks: Tasks) -> None:
        Handlers(self, self._help, self._dispatch, self._board).register(tasks)

    # She.

    async def raise_help(
        self,
        tx: Transaction,
        person: PersonId,
        *,
        kind: str,
        mode: str,
        place: Point,
        accuracy_m: float,
        shown: Cell,
        note: str | None = None,
    ) -> Raised:
        """Keep a request and start the search. All but the sealed place follows from its cell."""
        alert = await self._help.record(
            tx,
            person,
            kind=Kind(kind),
            mode=Mode(mode),
            place=Place(place.lat, place.lon, accuracy_m),
            shown=shown,
            note=note,
        )
        await self._dispatch.begin(
            tx,
            Incident(
                alert=alert.alert,
                raiser=person,
                mode=alert.mode,
                kind=alert.kind,
                cell=cell_of(place),
                shown=shown,
                room=alert.room,
                opened_at=tx.now,
                ring=0,
                widen_at=tx.now + STEP,
            ),
        )
        return Raised(alert.alert, "recorded", alert.raised_at, alert.room)

    async def cancel(self, tx: Transaction, person: PersonId, alert: str) -> Ended:
        return await self._end(tx, AlertId(alert), Ending.CANCEL, person)

    async def close(self, tx: Transaction, actor: PersonId, alert: str) -> Ended:
        return await self._end(tx, AlertId(alert), Ending.CLOSE, actor)

    async def release(
        self, tx: Transaction, actor: PersonId, alert: str, helper: PersonId
    ) -> Released:
        """Open the exact place to one helper who has accepted."""
        found = await self._help.find(tx, AlertId(alert))
        if found.ended:
            raise AlertEnded
        offer = await self._dispatch.offer_to(tx, found.alert, helper)
        if offer is None or not offer.going:
            raise HelperNotComing
        await self._help.release(tx, found, helper, actor)
        return Released(alert, helper)

    async def exclude(
        self,
        tx: Transaction,
        person: PersonId,
        *,
        phone: str | None = None,
        helper: str | None = None,
    ) -> Excluded:
        """Add to the silent list. Whoever is on it has no part in her open request any more."""
        named = None if helper is None else PersonId(helper)
        answer = await self._helpers.exclude(tx, person, phone=phone, helper=named)
        alert = await store.open_of(tx.db, person)
        if alert is not None:
            incident = await self._dispatch.incident(tx, alert.alert)
            asked = [it.helper for it in incident.offers if not it.barred]
            for each in sorted(await self._helpers.excluded_among(tx, asked, person)):
                await self._follow(tx, await self._dispatch.drop(tx, alert.alert, each), person)
        return answer

    async def clear_exclusions(self, tx: Transaction, person: PersonId) -> Excluded:
        return await self._helpers.clear_exclusions(tx, person)

    # Operators.

    async def refuse(self, tx: Transaction, operator: PersonId, helper: PersonId) -> Refused:
        """Say no to somebody, or no longer: what they were offered or had accepted ends too."""
        answer = await self._helpers.refuse(tx, operator, helper)
        for incident, _ in await self._dispatch.live_offers(tx, helper):
            outcome = await self._dispatch.drop(tx, incident.alert, helper)
            await self._follow(tx, outcome, operator)
        return answer

    async def enter(self, tx: Transaction, operator: PersonId, alert: str) -> Entered:
        """An operator joins the room of an alert."""
        found = await self._help.find(tx, AlertId(alert))
        seat = await self._rooms.join(tx, found.room, operator, "operateur", staff=True)
        tx.record(operator, "room.enter", alert)
        return Entered(found.room, seat)

    def looked(self, tx: Transaction, operator: PersonId, alert: str) -> None:
        """An operator has read an alert's place: each time is a line of the audit."""
        tx.record(operator, "place.looked", alert)

    async def board(self, reading: Reading) -> BoardState:
        return await self._board.state(reading)

    # Helpers.

    async def received(self, tx: Transaction, person: PersonId, offer: str) -> OfferAnswer:
        return await self._note(tx, person, OfferId(offer), Word.RECEIVED)

    async def seen(self, tx: Transaction, person: PersonId, offer: str) -> OfferAnswer:
        return await self._note(tx, person, OfferId(offer), Word.SEEN)

    async def accept(self, tx: Transaction, person: PersonId, offer: str) -> OfferAnswer:
        return await self._answer(tx, person, OfferId(offer), Word.ACCEPT)

    async def decline(self, tx: Transaction, person: PersonId, offer: str) -> OfferAnswer:
        """Say no; after a yes, turn back."""
        return await self._answer(tx, person, OfferId(offer), Word.DECLINE)

    async def arrived(self, tx: Transaction, person: PersonId, offer: str) -> OfferAnswer:
        return await self._answer(tx, person, OfferId(offer), Word.ARRIVED)

    async def depart(self, tx: Transaction, person: PersonId) -> None:
        """Somebody's session has ended for good: not coming any more, and not on duty."""
        for it in await self.offers_of(tx, person):
            if it.state == OfferState.ACCEPTED:
                await self.decline(tx, person, it.offer)
        if await self._helpers.is_helper(tx, person):
            await self._helpers.duty(tx, person, on=False)

    # Tasks.

    async def step(self, tx: Transaction, alert: AlertId, found: Candidates) -> None:
        outcome = await self._dispatch.step(tx, alert, found)
        await self._follow(tx, outcome, "dispatch")
        if outcome.asked:
            waited = (tx.now - outcome.before.opened_at).total_seconds()
            first = not outcome.before.offers
            tx.after_commit(partial(self.asked, waited, len(outcome.asked), first))

    async def expire(self, tx: Transaction, alert: AlertId) -> None:
        await self._end(tx, alert, Ending.EXPIRE, "clock")

    # Looking.

    async def state(
        self, reading: Reading, person: PersonId, alert: str, *, staff: bool
    ) -> HelpState:
        return await self._looking.state(reading, person, alert, staff=staff)

    async def offers_of(self, reading: Reading, person: PersonId) -> list[OfferView]:
        return await self._looking.offers_of(reading, person)

    async def alerts_of(self, reading: Reading, person: PersonId) -> list[AlertLine]:
        return await self._looking.alerts_of(reading, person)

    async def people_in(self, reading: Reading) -> list[PersonId]:
        """Everybody for whom an open request is theirs or one they go to; bounded."""
        return await store.people_in(reading.db, MOST_IN_ALERTS)

    async def relations(
        self, reading: Reading, person: PersonId, alert: str
    ) -> frozenset[Relation]:
        return await self._looking.relations(reading, person, alert)

    async def exists(self, reading: Reading, alert: str) -> bool:
        return await self._looking.exists(reading, alert)

    async def outcome(self, reading: Reading, alert: str) -> AlertState:
        """What has become of an alert: nothing sealed is opened."""
        return (await self._help.find(reading, AlertId(alert))).state

    async def offer_is_to(self, reading: Reading, person: PersonId, offer: str) -> bool:
        return await self._looking.offer_is_to(reading, person, offer)

    # What follows from what.

    async def _note(
        self, tx: Transaction, person: PersonId, offer: OfferId, word: Word
    ) -> OfferAnswer:
        """A delivery or a look: counted, and nothing else."""
        alert, before, after = await self._dispatch.note(tx, person, offer, word)
        delivered, seen = after.received - before.received, after.seen - before.seen
        if delivered or seen:
            await self._help.heard(tx, alert, delivered=delivered, seen=seen)
        if after.going:
            return messages.answer(await self._dispatch.incident(tx, alert), after)
        return OfferAnswer(after.id, after.state, alert)

    async def _answer(
        self, tx: Transaction, person: PersonId, offer: OfferId, word: Word
    ) -> OfferAnswer:
        outcome = await self._dispatch.answer(tx, person, offer, word)
        await self._follow(tx, outcome, person)
        before, after = outcome.before.offer(offer), outcome.after.offer(offer)
        if before is None or after is None:
            raise NotFound
        if after.state is not before.state:
            tx.record(person, f"offer.{after.state}", outcome.after.alert)
        return messages.answer(outcome.after, after)

    async def _end(self, tx: Transaction, alert: AlertId, ending: Ending, actor: str) -> Ended:
        found = await self._help.find(tx, alert)
        if found.ended:
            return Ended(found.alert, found.state)
        outcome = await self._dispatch.end(tx, alert, offers_become(ending))
        # What is told last is how many had come, not that nobody is coming any more.
        over = await self._help.end(tx, found, counts(outcome.before), ending, actor)
        for offer in outcome.left:
            await self._help.part(tx, over, offer.helper)
        return Ended(over.alert, over.state)

    async def _follow(self, tx: Transaction, outcome: Outcome, actor: str) -> None:
        if not (outcome.joined or outcome.left) and counts(outcome.before) == counts(outcome.after):
            # Whom else was asked is nothing that an alert tells.
            return
        alert = await self._help.find(tx, outcome.after.alert)
        for offer in outcome.joined:
            await self._help.meet(tx, alert, offer.helper)
        await self._help.progress(tx, alert, counts(outcome.after), actor)
        for helper in sorted(_paired(outcome.after) - _paired(outcome.before)):
            self._help.tell_place_open(tx, alert, helper)
        for offer in outcome.left:
            await self._help.part(tx, alert, offer.helper)


def _paired(incident: Incident) -> frozenset[PersonId]:
    """To whom the exact place is open because they are not alone."""
    if incident.mode is not Mode.PUBLIC or not incident.covered:
        return frozenset()
    return frozenset(it.helper for it in incident.offers if it.going and it.ring is Ring.NEAR)
