"""A need for a room: kept, followed, told, ended, shredded.

It knows nothing of hotels: ``service.py`` says what has become of the room held for it. All that is
personal is sealed under ``need:<id>`` and in no publication.
"""

from dataclasses import replace

import msgspec

from alerts.shelter import escalation, machine, store
from alerts.shelter.errors import NeedAlreadyOpen, NeedEnded, TooManyNeeds
from alerts.shelter.escalation import Rung, ladder_from
from alerts.shelter.machine import NeedPhase, Outcome
from alerts.shelter.pushes import QueueNeed, ShelterChanged
from alerts.shelter.rules import ASKED_IN, OTHERS_MOST, OWN_MOST, gives_up
from alerts.shelter.values import QUEUE, By, Details, Need
from matching.shelter.rules import SHRED_AFTER
from matching.shelter.values import Hold, NeedId, Night
from realtime.channels import own_channel
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: Tasks. ``need.rung`` has one for each rung of the ladder.
RUNG, EXPIRE, SHRED = "need.rung", "need.expire", "need.shred"
_DETAILS = "need"


class Needs:
    async def record(
        self,
        tx: Transaction,
        asker: PersonId,
        *,
        by: By,
        first: Night,
        nights: int,
        area: str | None,
        details: Details,
    ) -> Need:
        """Keep a need: its row, what is sealed, the ladder, and what is told of it."""
        if by is By.SELF and await store.open_of(tx.db, asker) is not None:
            raise NeedAlreadyOpen
        most = OWN_MOST if by is By.SELF else OTHERS_MOST
        if await store.count_asked(tx.db, asker, tx.now - ASKED_IN) >= most:
            raise TooManyNeeds
        new = Need(
            need=NeedId(tx.ids()),
            asker=asker,
            by=by,
            phase=NeedPhase.SEARCHING,
            asked_at=tx.now,
            first=first,
            nights=nights,
            area=area,
            asking=False,
            escalation=None,
        )
        clear = msgspec.json.encode(details)
        await store.put(tx.db, new, sealed=await tx.seal(new.key, clear, context=_DETAILS))
        _arm(tx, new)
        tx.record(asker, "shelter.ask", new.need)
        _tell(tx, new, None)
        return new

    async def find(self, reading: Reading, need: NeedId) -> Need:
        found = await store.find(reading.db, need)
        if found is None:
            raise NotFound
        return found

    async def still_open(self, reading: Reading, need: NeedId) -> Need:
        found = await self.find(reading, need)
        if found.ended:
            raise NeedEnded
        return found

    async def details(self, reading: Reading, need: Need) -> Details | None:
        """What is sealed of it; None once it has been shredded."""
        return await self.opened(reading, need, await store.sealed(reading.db, need.need))

    async def opened(self, reading: Reading, need: Need, sealed: bytes | None) -> Details | None:
        if sealed is None:
            return None
        try:
            clear = await reading.open(need.key, sealed, context=_DETAILS)
        except Gone:
            return None
        return msgspec.json.decode(clear, type=Details)

    async def progress(self, tx: Transaction, need: Need, hold: Hold, actor: str) -> Need:
        """The room held for it has become something else: so may the need, and it is told."""
        phase = machine.progressed(need.phase, hold.state)
        if phase in machine.ENDED and not need.ended:
            return await self.end(tx, need, Outcome(phase.value), actor, hold)
        changed = replace(need, phase=phase)
        if changed != need:
            await store.save(tx.db, changed)
            if escalation.starts_again(need.phase, phase):
                _arm(tx, changed)
        _tell(tx, changed, hold)
        return changed

    async def ask_hotels(
        self, tx: Transaction, need: Need, asking: bool, hold: Hold | None = None
    ) -> Need:
        """Hotels are being asked in waves, or no longer."""
        if need.asking is asking:
            return need
        changed = replace(need, asking=asking)
        await store.save(tx.db, changed)
        _tell(tx, changed, hold)
        return changed

    async def longer(self, tx: Transaction, need: Need, nights: int) -> None:
        """Her stay is longer than she asked for at first."""
        await store.save(tx.db, replace(need, nights=nights))

    async def end(
        self, tx: Transaction, need: Need, outcome: Outcome, actor: str, hold: Hold | None = None
    ) -> Need:
        """It is over: nothing more is looked for, and it starts to be forgotten."""
        over = replace(
            need, phase=machine.ended(need.phase, outcome), asking=False, ended_at=tx.now
        )
        await store.save(tx.db, over)
        tx.record(actor, f"need.{over.phase}", need.need)
        for rung in Rung:
            tx.unschedule(RUNG, rung_key(need.need, rung))
        tx.unschedule(EXPIRE, need.need)
        tx.schedule(SHRED, need.need, due=tx.now + SHRED_AFTER)
        _tell(tx, over, hold)
        return over

    async def climb(self, tx: Transaction, need: NeedId, rung: Rung, hold: Hold | None) -> None:
        """A rung has come due."""
        found = await self.find(tx, need)
        if not escalation.climbs(found.phase):
            return
        climbed = replace(found, escalation=escalation.higher(found.escalation, rung))
        await store.save(tx.db, climbed)
        tx.record("ladder", f"need.{rung}", need)
        _tell_queue(tx, climbed, hold, climbed=True)

    async def shred(self, tx: Transaction, need: NeedId) -> None:
        """Forget who needed what: the key, what it sealed, who asked."""
        found = await self.find(tx, need)
        await tx.shred(found.key)
        await store.forget(tx.db, need)
        tx.record("retention", "need.shred", need)


def rung_key(need: NeedId, rung: Rung) -> str:
    return f"{need}:{rung}"


def parsed_rung_key(key: str) -> tuple[NeedId, Rung]:
    """The need and rung of a task.

    >>> parsed_rung_key("n-1:duty")
    ('n-1', <Rung.DUTY: 'duty'>)
    """
    need, _, rung = key.rpartition(":")
    return NeedId(need), Rung(rung)


def _arm(tx: Transaction, need: Need) -> None:
    """No hotel has said yes, from now on: the ladder starts, and so does the night."""
    for rung, due in ladder_from(tx.now):
        tx.schedule(RUNG, rung_key(need.need, rung), due=due)
    tx.schedule(EXPIRE, need.need, due=gives_up(need.first, tx.now))


def _tell(tx: Transaction, need: Need, hold: Hold | None) -> None:
    changed = ShelterChanged(
        need=need.need,
        state=need.phase,
        asking=need.asking,
        hold=None if hold is None else hold.hold,
        hold_state=None if hold is None else hold.state,
    )
    if need.asker:
        tx.publish(own_channel(need.asker), changed)
    _tell_queue(tx, need, hold)


def _tell_queue(tx: Transaction, need: Need, hold: Hold | None, *, climbed: bool = False) -> None:
    tx.publish(
        QUEUE,
        QueueNeed(
            need=need.need,
            state=need.phase,
            first=need.first,
            nights=need.nights,
            at=need.asked_at,
            by=need.by,
            asking=need.asking,
            area=need.area,
            escalation=need.escalation,
            hold=None if hold is None else hold.hold,
            hold_state=None if hold is None else hold.state,
            climbed=climbed,
        ),
    )
