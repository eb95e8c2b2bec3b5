"""What is written last in a commit, for all its commands together: offsets, tasks, audit lines.

Just before COMMIT, so that the rows everyone needs are held for the shortest time: streams in the
order of their names, then the end of the audit chain, so that two nodes never wait for each other
crosswise.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

import msgspec

from realtime import store
from realtime.audit import End, linked, vouched
from realtime.channels import ChannelTable
from realtime.ledger import Effects, Transaction, sealing_context
from realtime.ports import Delivery
from realtime.seal import Seals, lock
from realtime.store import Kept

#: The kind of task that holds publications not yet handed to the broker.
RELAY = "relay"
#: How long the process that committed has to hand them over before another may: it may be cut off
#: from the broker, or dead. Handed over twice, they are heard once.
HANDED_OVER = timedelta(seconds=0.8)
#: How long it has to carry out other work of its own that is due now.
GRACE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit leaves to do, in memory, at once."""

    deliveries: tuple[Delivery, ...]
    tasks: tuple[store.Task, ...]
    #: The relay task that holds the durable deliveries until they have been handed over.
    relay: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is ready before any offset is given."""

    tasks: list[store.Task]
    #: Of the sealed streams on which something is said.
    keys: Mapping[str, bytes]


class Ending:
    """Writes the end of a commit, in a transaction that sees what its commands left to do.

    ``plan`` first: it may meet another node, and must not hold then what everybody needs.
    ``number`` takes that, and waits only for commits that are under way.
    """

    def __init__(self, channels: ChannelTable, seals: Seals, *, shared: bool) -> None:
        self._channels = channels
        self._seals = seals
        #: Other nodes write too: what is remembered of keys may be out of date.
        self._shared = shared

    async def plan(self, tx: Transaction, total: Effects, relayed: tuple[str, ...]) -> Plan:
        """Write the tasks, and make the keys that are missing.

        ``total``: of all commands; ``relayed``: relay tasks that have been carried out.
        """
        if relayed:
            await store.drop_tasks(tx.db, RELAY, relayed)
        tasks = await _planned(tx, total)
        rules = {it.channel: self._channels.rule(it.channel) for it in total.said}
        sealed = sorted(it for it, rule in rules.items() if rule.durable and rule.sealed)
        keys = {}
        if self._shared and sealed:
            # A key shredded by another node must not seal anything more.
            keys = await tx.held_keys(sealed)
            # Some may have been made.
            total.add(tx.effects)
            tx.effects = Effects()
        return Plan(tasks, keys)

    async def number(self, tx: Transaction, total: Effects, plan: Plan) -> Committed:
        """Give each durable publication its offset; answer what is left to do in memory."""
        deliveries = await self._deliveries(tx, total, plan.keys)
        # Sealing may have made keys.
        total.add(tx.effects)
        relay = _relay_task(tx, deliveries)
        if relay is None:
            tasks = plan.tasks
        else:
            await store.put_tasks(tx.db, [(relay, None)])
            tasks = [*plan.tasks, relay]
        if total.noted:
            await self._note(tx, total)
        return Committed(tuple(deliveries), tuple(tasks), relay.key if relay else None)

    async def _deliveries(
        self, tx: Transaction, total: Effects, keys: Mapping[str, bytes]
    ) -> list[Delivery]:
        """Each publication with its offset, sealed where the channel table says so."""
        rules = {it.channel: self._channels.rule(it.channel) for it in total.said}
        counts = Counter(it.channel for it in total.said if rules[it.channel].durable)
        tops = await store.advance(tx.db, counts) if counts else {}
        next_of = {channel: tops[channel] - count for channel, count in counts.items()}
        deliveries: list[Delivery] = []
        for said in total.said:
            channel, body = said.channel, said.body
            offset = 0
            if rules[channel].durable:
                offset = next_of[channel] = next_of[channel] + 1
                if rules[channel].sealed:
                    context = sealing_context(channel, offset)
                    if channel in keys:
                        body = lock(keys[channel], body, context)
                    else:
                        body = await tx.seal(channel, body, context=context)
            deliveries.append(Delivery(channel, offset, body))
        kept = [Kept(*delivery) for delivery in deliveries if delivery.offset]
        if kept:
            await store.append(tx.db, kept, tx.now)
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
    return store.Task(RELAY, tx.ids(), tx.now + HANDED_OVER, payload, 0, tx.ids())


async def _planned(tx: Transaction, total: Effects) -> list[store.Task]:
    """Write what is scheduled, forget what is unscheduled; what there is to wake for.

    In the order of their names, so that two nodes never wait for each other crosswise; those
    between which nothing is forgotten are written together.
    """
    tasks: list[store.Task] = []
    in_order = sorted(total.scheduled.items(), key=itemgetter(0))
    for forgotten, some in groupby(in_order, lambda item: item[1] is None):
        if forgotten:
            for (kind, key), _ in some:
                await store.drop_tasks(tx.db, kind, [key])
            continue
        new = [task for _, task in some if task is not None]
        # Work due now is born leased: this process runs it without another commit to claim it.
        lease = tx.now + GRACE
        await store.put_tasks(tx.db, [(it, lease if it.due <= tx.now else None) for it in new])
        tasks += new
    return tasks
