"""What is written last in a commit, for all its commands together: offsets, tasks, audit lines.

Just before COMMIT, so that the rows everyone needs are held for the shortest time; stream rows in
name order, so that two writers never wait for each other crosswise.
"""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from realtime import store
from realtime.audit import End, linked, vouched
from realtime.channels import ChannelTable
from realtime.kernel.ids import Channel
from realtime.ledger import Effects, Transaction, sealing_context
from realtime.ports import Delivery
from realtime.seal import Seals
from realtime.store import Kept

#: The kind of task that holds publications not yet handed to the broker.
RELAY = "relay"
#: How long the process that committed has to hand them over before another may.
GRACE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit leaves to do, in memory, at once."""

    deliveries: tuple[Delivery, ...]
    tasks: tuple[store.Task, ...]
    #: The relay task that holds the durable deliveries until they have been handed over.
    relay: str | None


class Ending:
    """Writes the end of a commit, in a transaction that sees what its commands left to do."""

    def __init__(self, channels: ChannelTable, seals: Seals) -> None:
        self._channels = channels
        self._seals = seals

    async def write(self, tx: Transaction, total: Effects, relayed: tuple[str, ...]) -> Committed:
        """``total``: of all commands; ``relayed``: relay tasks that have been carried out."""
        deliveries = await self._number(tx, total)
        # Sealing may have made keys.
        total.add(tx.effects)
        if relayed:
            await store.drop_tasks(tx.db, RELAY, relayed)
        relay = _relay_task(tx, deliveries)
        if relay is not None:
            total.scheduled[RELAY, relay.key] = relay
        tasks = await _plan(tx, total)
        if total.noted:
            await self._note(tx, total)
        return Committed(tuple(deliveries), tuple(tasks), relay.key if relay else None)

    async def _number(self, tx: Transaction, total: Effects) -> list[Delivery]:
        """Give each durable publication its offset, sealed where the channel table says so."""
        rules = {it.channel: self._channels.rule(it.channel) for it in total.said}
        durable = sorted({channel for channel, rule in rules.items() if rule.durable})
        tops: dict[Channel, int] = await store.heads(tx.db, durable) if durable else {}
        deliveries: list[Delivery] = []
        for said in total.said:
            channel, body = said.channel, said.body
            offset = 0
            if rules[channel].durable:
                offset = tops[channel] = tops.get(channel, 0) + 1
                if rules[channel].sealed:
                    body = await tx.seal(channel, body, context=sealing_context(channel, offset))
            deliveries.append(Delivery(channel, offset, body))
        kept = [Kept(*delivery) for delivery in deliveries if delivery.offset]
        if kept:
            await store.append(tx.db, kept, tops, tx.now)
        return deliveries

    async def _note(self, tx: Transaction, total: Effects) -> None:
        number, link = await store.last_audit(tx.db)
        lines = []
        for note in total.noted:
            number += 1
            line = linked(
                link,
                number=number,
                at=tx.now,
                actor=note.actor,
                action=note.action,
                thing=note.thing,
            )
            link = line.link
            lines.append(line)
        proof = self._seals.vouch(vouched(number, link))
        await store.add_audit(tx.db, lines, End(number, link, proof))


def _relay_task(tx: Transaction, deliveries: list[Delivery]) -> store.Task | None:
    """What any node does should nobody hand these publications to the broker in time."""
    durable = [(it.channel, it.offset) for it in deliveries if it.offset]
    if not durable:
        return None
    payload = msgspec.json.encode(durable)
    return store.Task(RELAY, tx.ids(), tx.now + GRACE, payload, 0, tx.ids())


async def _plan(tx: Transaction, total: Effects) -> list[store.Task]:
    """Write what is scheduled, forget what is unscheduled; what there is to wake for."""
    tasks: list[store.Task] = []
    for (kind, key), task in sorted(total.scheduled.items(), key=lambda item: item[0]):
        if task is None:
            await store.drop_task(tx.db, kind, key)
            continue
        # Work due now is born leased: this process runs it without another commit to claim it.
        lease = tx.now + GRACE if task.due <= tx.now else None
        await store.put_task(tx.db, task, lease)
        tasks.append(task)
    return tasks
