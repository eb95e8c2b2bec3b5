"""What nodes tell each other on ``control:nodes``, and what each of them does at once when told.

Rights and sessions that end close channels and sockets, a shredded key is forgotten. Other orders
are the application's: what it holds in memory follows them.
"""

from collections.abc import Callable, Coroutine, Mapping

import structlog

from realtime import wire
from realtime.channels import Lane
from realtime.clients import Clients
from realtime.frames import encode_text
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Ledger
from realtime.ports import Application
from realtime.session import INSUFFICIENT, RIGHT_ENDED, SESSION_ENDED
from realtime.subscriptions import Subscriptions

log = structlog.get_logger(__name__)

Chore = Callable[[Coroutine[None, None, None]], None]


class Orders:
    def __init__(self, clients: Clients, ledger: Ledger, application: Application) -> None:
        self._clients = clients
        self._ledger = ledger
        self._application = application

    def obey(self, order: Mapping[str, str], subscriptions: Subscriptions) -> None:
        """Do what a transaction, of this node or another, decided."""
        match order:
            case {"type": "revoke", "person": person, "channel": name}:
                self._revoke(PersonId(person), Channel(name), subscriptions)
            case {"type": "end_session", "session": session}:
                for client in self._clients.end(session):
                    client.close(SESSION_ENDED)
            case {"type": "shred", "key": key}:
                self._ledger.forget_key(key)
            case _:
                self._application.ordered(order)

    def lost(self) -> None:
        """Some orders are gone before we could hear them: begin again, believing nothing.

        It takes a node that did not run for longer than they are kept.
        """
        log.warning("orders.lost", sockets=len(self._clients))
        self._ledger.forget_keys()
        self._application.ordered(None)
        for client in self._clients:
            client.close(INSUFFICIENT)

    def _revoke(self, person: PersonId, channel: Channel, subscriptions: Subscriptions) -> None:
        push = encode_text(wire.unsubscribed(channel, RIGHT_ENDED.code, RIGHT_ENDED.reason))
        for client in self._clients.of(person):
            if client.session.dropped(channel):
                subscriptions.leave(client, channel)
                client.deliver(Lane.VITAL, "", push)
