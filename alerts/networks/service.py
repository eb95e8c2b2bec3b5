"""Networks as use cases: whom to call on each, and telling them of events on their lines."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from alerts.networks import store
from alerts.networks.errors import BadHook
from alerts.networks.hooks import store as outbox
from alerts.networks.hooks.store import Count
from alerts.networks.hooks.telling import Hook, Telling, hook_key
from alerts.networks.messages import (
    Alight,
    HookList,
    HookView,
    NetworkList,
    NetworkSet,
    NetworkView,
    Numbers,
    Retried,
)
from alerts.networks.ports import Posting
from alerts.networks.rules import NETWORKS_MOST
from alerts.networks.store import NetworkRow
from alerts.networks.values import ANYWHERE, Call, Event, What
from realtime.kernel.errors import LimitExceeded, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.tasks import Tasks

#: 32 random bytes.
NewKey = Callable[[], bytes]


class Networks:
    """It keeps the promises of ``alerts.witness.ports.Telling``."""

    def __init__(
        self,
        ledger: Ledger,
        posting: Posting,
        ours: Mapping[str, NetworkView],
        *,
        sender: str,
        new_key: NewKey,
    ) -> None:
        self._posting = posting
        self._ours = ours
        self._new_key = new_key
        self._telling = Telling(ledger, posting, sender=sender)

    def register(self, tasks: Tasks) -> None:
        self._telling.register(tasks)

    async def plan(self, tx: Transaction) -> None:
        await self._telling.plan(tx)

    # What events ask.

    async def call(self, reading: Reading, network: str | None) -> Call:
        """The numbers to call and to write to on a network; the police's where it has none."""
        found = None if network is None else await self.find(reading, network)
        return ANYWHERE if found is None else Call(found.call, found.sms)

    async def tell(self, tx: Transaction, alert: str, what: What, body: Event) -> None:
        """Leave a message for the network's hook, in the transaction that changes the event.

        Numbered for each alert, sent in that order, at least once. A network that wants to be told
        nothing has no hook: nothing is kept then.
        """
        row = await store.find(tx.db, body.network)
        if row is not None and row.hook is not None:
            await self._telling.tell(tx, alert, what, body, network_name=row.name)

    async def find(self, reading: Reading, network: str) -> NetworkView | None:
        """As this installation says it, else as the project does."""
        row = await store.find(reading.db, network)
        return self._ours.get(network) if row is None else _view(row)

    # What people ask.

    async def list(self, reading: Reading) -> NetworkList:
        said = {row.network: _view(row) for row in await store.every(reading.db)}
        every = {**self._ours, **said}
        return NetworkList(
            networks=[every[network] for network in sorted(every)],
            otherwise=Numbers(ANYWHERE.number, ANYWHERE.sms),
        )

    async def set(
        self,
        tx: Transaction,
        view: NetworkView,
        *,
        hook: str | None,
        new_key: bool,
        actor: PersonId,
    ) -> NetworkSet:
        """Say what a network is. ``hook``: where it is told; nothing: nowhere; None: as before.

        A key is made with the first address, and again when asked for: it is said once.
        """
        known = await store.find(tx.db, view.network)
        if known is None and await store.count(tx.db) >= NETWORKS_MOST:
            raise LimitExceeded
        before = known or NetworkRow(network=view.network, name="", call="", sms="")
        row = _row(view, before)
        key = None
        if hook == "":
            row = replace(row, hook=None, hook_host=None, hook_at=None)
        elif hook is not None or (new_key and before.hook is not None):
            row, key = await self._hooked(tx, row, before, url=hook, new_key=new_key)
        await store.put(tx.db, row)
        tx.record(actor, "network.set", view.network)
        if row.hook is not None and row.hook != before.hook:
            await self._telling.again(tx, view.network)
        return NetworkSet(view.network, key)

    async def _hooked(
        self,
        tx: Transaction,
        row: NetworkRow,
        before: NetworkRow,
        *,
        url: str | None,
        new_key: bool,
    ) -> tuple[NetworkRow, str | None]:
        """The row with another address or key, and the key when it is new."""
        name = hook_key(row.network)
        kept = None
        if before.hook is not None:
            clear = await tx.open(name, before.hook, context=name)
            kept = msgspec.json.decode(clear, type=Hook)
        address = url or (kept.url if kept else "")
        if not self._posting.fits(address):
            raise BadHook
        made = None
        if kept is None or new_key:
            made = base64.b64encode(self._new_key()).decode()
        key = made or (kept.key if kept else "")
        sealed = await tx.seal(name, msgspec.json.encode(Hook(address, key)), context=name)
        host = urlsplit(address).hostname
        return replace(row, hook=sealed, hook_host=host, hook_at=tx.now), made

    async def hooks(self, reading: Reading) -> HookList:
        """What waits to be told, and what was answered last."""
        counts = await outbox.counts(reading.db)
        rows = await store.every(reading.db)
        shown = [it for it in rows if it.hook is not None or it.network in counts]
        return HookList([_hook(it, counts.get(it.network, Count())) for it in shown])

    async def retry(self, tx: Transaction, network: str, *, actor: PersonId) -> Retried:
        """Send what waits for a network again, now."""
        if await store.find(tx.db, network) is None:
            raise NotFound
        tx.record(actor, "network.retry", network)
        return Retried(network, await self._telling.again(tx, network))


def _view(row: NetworkRow) -> NetworkView:
    alight = None
    if row.alight_modes and row.alight_from is not None and row.alight_until is not None:
        alight = Alight(row.alight_modes.split(), row.alight_from, row.alight_until)
    return NetworkView(row.network, row.name, row.call, row.sms, alight)


def _row(view: NetworkView, before: NetworkRow) -> NetworkRow:
    alight = view.alight
    return replace(
        before,
        name=view.name,
        call=view.call,
        sms=view.sms,
        alight_modes=" ".join(alight.modes) if alight else None,
        alight_from=alight.from_ if alight else None,
        alight_until=alight.until if alight else None,
    )


def _hook(row: NetworkRow, count: Count) -> HookView:
    return HookView(
        network=row.network,
        name=row.name,
        host=row.hook_host,
        since=row.hook_at,
        waiting=count.waiting,
        oldest_at=count.oldest_at,
        stuck=count.stuck,
        last_at=count.last_at,
        last_status=count.last_status,
    )
