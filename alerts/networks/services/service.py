"""Service alerts as use cases: a supervisor decides, travellers' systems read, it ends."""

from collections.abc import Callable, Sequence
from datetime import datetime

from alerts.cap.values import Message
from alerts.networks.errors import NotOfNetwork, TooLongAhead, TooManyServiceAlerts
from alerts.networks.messages import Effect, ServiceEnded, ServiceMade, ServiceView, Text
from alerts.networks.ports import Names
from alerts.networks.rules import SERVICE_ENDED, SERVICE_MOST, SERVICES_MOST
from alerts.networks.services import store
from alerts.networks.services.public import as_message, as_notice
from alerts.networks.services.values import ServiceAlert
from geo.transit.realtime import Notice
from geo.transit.values import LineId, StopId, network_of
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction


class ServiceAlerts:
    """Never by itself: each is somebody's decision, and in the audit."""

    def __init__(self, names: Callable[[], Names], *, sender: str) -> None:
        #: What is known of lines now: it changes with each import.
        self._names = names
        self._sender = sender

    async def decide(
        self,
        tx: Transaction,
        *,
        network: str,
        network_name: str,
        line: str | None,
        stop: str | None,
        effect: Effect,
        text: Text,
        until: datetime,
        alert: str | None,
        actor: PersonId,
    ) -> ServiceMade:
        if not tx.now < until <= tx.now + SERVICE_MOST:
            raise TooLongAhead
        if await store.count(tx.db, tx.now, network) >= SERVICES_MOST:
            raise TooManyServiceAlerts
        made = ServiceAlert(
            service=tx.ids(),
            network=network,
            network_name=network_name,
            effect=effect,
            text=text,
            at=tx.now,
            until=until,
            line=line,
            line_name=self._line(network, line),
            stop=stop,
            stop_name=self._stop(network, stop),
            alert=alert,
        )
        await store.add(tx.db, made)
        tx.record(actor, "service.alert", made.service)
        return ServiceMade(made.service, until)

    async def end(self, tx: Transaction, service: str, *, actor: PersonId) -> ServiceEnded:
        """Said twice, it ended the first time."""
        found = await store.find(tx.db, service)
        if found is None:
            raise NotFound
        if found.ended is None:
            await store.end(tx.db, service, tx.now)
            tx.record(actor, "service.end", service)
        return ServiceEnded(service)

    async def standing(self, reading: Reading, network: str | None) -> list[ServiceView]:
        return [_view(it) for it in await store.standing(reading.db, reading.now, network)]

    async def forget(self, tx: Transaction) -> None:
        await store.forget(tx.db, tx.now - SERVICE_MOST)

    # What everybody reads.

    async def messages(self, reading: Reading) -> Sequence[tuple[str, Message]]:
        """Each as a public message with its own name, the newest first."""
        now = reading.now
        found = await store.told(reading.db, now, now - SERVICE_ENDED)
        return [(it.service, as_message(it, sender=self._sender)) for it in found]

    async def message(self, reading: Reading, service: str) -> Message:
        found = await store.find(reading.db, service)
        if found is None:
            raise NotFound
        return as_message(found, sender=self._sender)

    async def notices(self, reading: Reading, network: str) -> list[Notice]:
        found = await store.standing(reading.db, reading.now, network)
        return [as_notice(it) for it in found]

    def _line(self, network: str, line: str | None) -> str:
        if line is None:
            return ""
        found = self._names().line(LineId(line))
        if found is None or found.network != network:
            raise NotOfNetwork
        return found.name

    def _stop(self, network: str, stop: str | None) -> str:
        if stop is None:
            return ""
        found = self._names().stop(StopId(stop))
        if found is None or network_of(found.id) != network:
            raise NotOfNetwork
        return found.name


def _view(it: ServiceAlert) -> ServiceView:
    return ServiceView(
        service=it.service,
        network=it.network,
        line=it.line,
        line_name=it.line_name,
        stop=it.stop,
        stop_name=it.stop_name,
        effect=it.effect,
        text=it.text,
        at=it.at,
        until=it.until,
        alert=it.alert,
    )
