"""A request for help and those who come: kept, counted, told, ended, shredded.

It knows nothing of offers: ``alerts/service`` says who has joined and left and what the counts are.
Her place and her note are sealed under ``place:<alert>``; they are in no publication.
"""

from dataclasses import replace

import msgspec

from alerts import escalation
from alerts.errors import AlertAlreadyOpen
from alerts.escalation import Rung, ladder_from
from alerts.help import store
from alerts.help.machine import AlertState, Ending, ended, progressed
from alerts.help.values import Alert, Companion
from alerts.messages import OwnAlert, Place, PlaceOpened, QueueAlert, StateChanged
from alerts.ports import Rooms
from geo.cells import DECLARED_RES, Cell, outline, parent, resolution, to_index
from matching.dispatch.incident import AlertId, Counts, Kind, Mode
from matching.dispatch.rules import (
    ABSENT_AFTER,
    OPEN_FOR,
    PLACE_KEPT,
    RAISES_IN,
    RAISES_MOST,
    ROOM_KEPT,
)
from matching.helpers.service import QUEUE
from matching.helpers.tally import tell_board
from realtime import store as ledger_store
from realtime.channels import own_channel
from realtime.kernel.errors import Gone, NotFound, TooManyRequests
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: Tasks. ``alert.rung`` has one for each rung of the ladder.
RUNG, EXPIRE = "alert.rung", "alert.expire"
#: Somebody accepted a while ago: is anybody there?
ABSENT = "alert.absent"
SHRED = "alert.shred"

_PLACE, _NOTE = "place", "note"


class Help:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def record(
        self,
        tx: Transaction,
        raiser: PersonId,
        *,
        kind: Kind,
        mode: Mode,
        place: Place,
        shown: Cell,
        note: str | None,
    ) -> Alert:
        """Keep a request: row, sealed place, room, ladder, expiry, and what is told of it."""
        if await store.open_of(tx.db, raiser) is not None:
            raise AlertAlreadyOpen
        if await store.count_raised(tx.db, raiser, tx.now - RAISES_IN) >= RAISES_MOST:
            raise TooManyRequests
        new = Alert(
            alert=AlertId(tx.ids()),
            raiser=raiser,
            mode=mode,
            kind=kind,
            state=AlertState.SEARCHING,
            raised_at=tx.now,
            room=tx.ids(),
            shown=shown,
            counts=Counts(),
            escalation=escalation.at_once(mode),
        )
        where = await tx.seal(new.place_key, msgspec.json.encode(place), context=_PLACE)
        words = await tx.seal(new.place_key, note.encode(), context=_NOTE) if note else None
        await store.put(tx.db, new, place=where, note=words)
        await self._rooms.open(tx, new.room, new.alert)
        await self._rooms.join(tx, new.room, raiser, "elle", alone=True)
        tx.schedule(EXPIRE, new.alert, due=tx.now + OPEN_FOR)
        _arm(tx, new)
        tx.record(raiser, "help.raise", new.alert)
        _tell_state(tx, new)
        _tell_queue(tx, new)
        tell_board(tx)
        return new

    async def find(self, reading: Reading, alert: AlertId) -> Alert:
        found = await store.find(reading.db, alert)
        if found is None:
            raise NotFound
        return found

    async def heard(self, tx: Transaction, alert: AlertId, *, delivered: int, seen: int) -> None:
        """A phone has the offer, or a person has looked at it."""
        found = await store.add_heard(tx.db, alert, delivered=delivered, seen=seen)
        if found is None:
            raise NotFound
        _say(tx, found)

    async def progress(self, tx: Transaction, alert: Alert, counts: Counts, actor: str) -> Alert:
        """The people have changed: so may the state, and everybody is told."""
        changed = replace(alert, counts=counts, state=progressed(alert.state, counts))
        if changed == alert:
            return alert
        await store.save(tx.db, changed)
        if changed.state is alert.state:
            _say(tx, changed)
        else:
            tx.record(actor, f"alert.{changed.state}", alert.alert)
            _tell_state(tx, changed)
        before, now = alert.counts, counts
        if (before.accepted, before.on_scene) != (now.accepted, now.on_scene):
            _tell_queue(tx, changed)
        if now.accepted == 0 < before.accepted:
            _arm(tx, changed)
        if before.accepted == 0 < now.accepted:
            tx.schedule(ABSENT, alert.alert, due=tx.now + ABSENT_AFTER)
        return changed

    async def end(
        self, tx: Transaction, alert: Alert, counts: Counts, ending: Ending, actor: str
    ) -> Alert:
        """It is over: nothing more is looked for, and what was said starts to be forgotten."""
        over = replace(alert, counts=counts, state=ended(alert.state, ending), ended_at=tx.now)
        await store.save(tx.db, over)
        tx.record(actor, f"alert.{over.state}", alert.alert)
        _tell_state(tx, over)
        _tell_queue(tx, over)
        tell_board(tx)
        tx.unschedule(EXPIRE, alert.alert)
        tx.unschedule(ABSENT, alert.alert)
        for rung in Rung:
            tx.unschedule(RUNG, rung_key(alert.alert, rung))
        tx.schedule(SHRED, alert.alert, due=tx.now + PLACE_KEPT)
        await self._rooms.retain(tx, alert.room, tx.now + ROOM_KEPT)
        await self._rooms.close(tx, alert.room)
        return over

    async def climb(self, tx: Transaction, alert: AlertId, rung: Rung) -> None:
        """A rung has come due."""
        found = await self.find(tx, alert)
        if not escalation.climbs(accepted=found.counts.accepted, ended=found.ended):
            return
        await self._climb_to(tx, found, rung)

    async def look_for_absence(self, tx: Transaction, alert: AlertId) -> None:
        """Somebody accepted a while ago; operators are told if nobody is there."""
        found = await self.find(tx, alert)
        if escalation.absent(
            accepted=found.counts.accepted, on_scene=found.counts.on_scene, ended=found.ended
        ):
            await self._climb_to(tx, found, Rung.BOARD)

    async def _climb_to(self, tx: Transaction, found: Alert, rung: Rung) -> None:
        climbed = replace(found, escalation=escalation.higher(found.escalation, rung))
        await store.save(tx.db, climbed)
        tx.record("ladder", f"alert.{rung}", found.alert)
        _tell_queue(tx, climbed)

    # Those who come.

    async def meet(self, tx: Transaction, alert: Alert, person: PersonId) -> None:
        """Somebody has accepted: a seat in the room."""
        seat = await self._rooms.join(tx, alert.room, person, "aide")
        await store.put_companion(tx.db, alert.alert, Companion(person, seat, released=False))

    async def part(self, tx: Transaction, alert: Alert, person: PersonId) -> None:
        """Somebody turned back, or it is over: room, channel and place are closed to them."""
        await self._rooms.leave(tx, alert.room, person)
        tx.revoke(person, alert.channel)
        found = await store.find_companion(tx.db, alert.alert, person)
        if found is not None and found.released:
            await store.put_companion(tx.db, alert.alert, replace(found, released=False))

    async def release(self, tx: Transaction, alert: Alert, person: PersonId, actor: str) -> None:
        """Open the exact place to one helper, by name."""
        found = await store.find_companion(tx.db, alert.alert, person)
        if found is None or found.released:
            return
        await store.put_companion(tx.db, alert.alert, replace(found, released=True))
        tx.record(actor, f"help.release.{alert.alert}", person)
        self.tell_place_open(tx, alert, person)

    def tell_place_open(self, tx: Transaction, alert: Alert, person: PersonId) -> None:
        tx.publish(own_channel(person), PlaceOpened(alert.alert))

    # The seal.

    async def opened(self, reading: Reading, alert: Alert) -> tuple[Place | None, str | None]:
        """The place and the note, or nothing once they have been shredded."""
        place, note = await store.sealed(reading.db, alert.alert)
        try:
            where = place and await reading.open(alert.place_key, place, context=_PLACE)
            words = note and await reading.open(alert.place_key, note, context=_NOTE)
        except Gone:
            return None, None
        return (
            msgspec.json.decode(where, type=Place) if where else None,
            words.decode() if words else None,
        )

    async def shred(self, tx: Transaction, alert: AlertId) -> None:
        """Forget where she was: the key, what it sealed, and the fine cell."""
        found = await self.find(tx, alert)
        await tx.shred(found.place_key)
        await tx.shred(found.channel)
        await ledger_store.drop_stream(tx.db, found.channel)
        await store.forget_place(tx.db, alert, _neighbourhood(found.shown))
        tx.record("retention", "alert.shred", alert)


def rung_key(alert: AlertId, rung: Rung) -> str:
    return f"{alert}:{rung}"


def parsed_rung_key(key: str) -> tuple[AlertId, Rung]:
    """The alert and rung of a task.

    >>> parsed_rung_key("a-1:duty")
    ('a-1', <Rung.DUTY: 'duty'>)
    """
    alert, _, rung = key.rpartition(":")
    return AlertId(alert), Rung(rung)


def _arm(tx: Transaction, alert: Alert) -> None:
    """Nobody comes, from now on: the ladder starts."""
    for rung, due in ladder_from(tx.now):
        tx.schedule(RUNG, rung_key(alert.alert, rung), due=due)


def _neighbourhood(shown: Cell) -> Cell:
    return parent(shown, min(resolution(to_index(shown)), DECLARED_RES))


def _say(tx: Transaction, alert: Alert) -> None:
    tx.publish(
        alert.channel,
        StateChanged(
            alert=alert.alert,
            state=alert.state,
            delivered=alert.counts.delivered,
            seen=alert.counts.seen,
            accepted=alert.counts.accepted,
            on_scene=alert.counts.on_scene,
            at=tx.now,
        ),
    )


def _tell_state(tx: Transaction, alert: Alert) -> None:
    _say(tx, alert)
    tx.publish(own_channel(alert.raiser), OwnAlert(alert.alert, alert.state, alert.room))


def _tell_queue(tx: Transaction, alert: Alert) -> None:
    tx.publish(
        QUEUE,
        QueueAlert(
            alert=alert.alert,
            state=alert.state,
            mode=alert.mode,
            kind=alert.kind,
            at=alert.raised_at,
            delivered=alert.counts.delivered,
            seen=alert.counts.seen,
            accepted=alert.counts.accepted,
            on_scene=alert.counts.on_scene,
            cell=alert.shown,
            escalation=alert.escalation,
            area=outline(alert.shown),
        ),
    )
