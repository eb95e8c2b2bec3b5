"""The async shell of one serving process: sockets on one side, ledger and broker on the other.

It carries out what the dialogues ask for (``session.py``), hands what is committed to the broker,
and what the broker brings to whoever listens (``subscriptions.py``). What a command means is the
application's business; who may do what, the gate's.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from http import HTTPStatus

import msgspec
import structlog

from realtime import wire
from realtime.channels import CONTROL, ChannelRule, Lane, own_channel
from realtime.client import Client
from realtime.frames import encode_text
from realtime.heart import Heart
from realtime.kernel.errors import (
    AppError,
    NotAllowed,
    NotAvailable,
    UnknownChannel,
    UnrecoverablePosition,
)
from realtime.kernel.ids import Channel, Ids, PersonId
from realtime.ledger import Ledger
from realtime.link import Link, Refused
from realtime.ports import Application, Broker, Caller, Gate, Presence
from realtime.relay import Relay
from realtime.session import (
    RIGHT_ENDED,
    SERVER_ERROR,
    SESSION_ENDED,
    SHUTDOWN,
    Answer,
    Authenticate,
    Call,
    Close,
    Effect,
    Hear,
    Publish,
    Refresh,
    Request,
    ShowHistory,
    ShowPresence,
    State,
    Subscribe,
    Unsubscribe,
)
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from realtime.writer import Committed, Writer

log = structlog.get_logger(__name__)

VERSION = "entraide"
#: Sockets open at once; beyond it new ones are told to try elsewhere.
MOST_CLIENTS = 50_000
#: Sessions that ended lately, remembered.
MOST_ENDED = 4096
#: How often the ledger is asked whether a right has ended, should the broker be away.
CONTROL_CHECK_S = 1.0


class Node:
    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        broker: Broker,
        presence: Presence,
        *,
        gate: Gate,
        application: Application,
        ids: Ids,
        admits: Callable[[str | None, str, bool], bool],
    ) -> None:
        self._ledger = ledger
        self._writer = writer
        self._broker = broker
        self._presence = presence
        self._gate = gate
        self._application = application
        self._ids = ids
        self._admits = admits
        self._subscriptions = Subscriptions(ledger, broker, self._controlled)
        self._heart = Heart()
        self._clients: dict[Client, None] = {}
        self._people: dict[PersonId, set[Client]] = {}
        self._relay = Relay(ledger, writer, broker)
        self._draining = False
        #: Sessions that ended lately: one of them may have been greeting at that moment.
        self._ended: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """Sockets open on this node."""
        return len(self._clients)

    @property
    def clients(self) -> Collection[Client]:
        return self._clients.keys()

    @property
    def channels(self) -> int:
        """Channels followed on this node."""
        return len(self._subscriptions)

    @asynccontextmanager
    async def running(self, tasks: Tasks) -> AsyncGenerator[None]:
        """Own the node's own tasks: should one of them die, so does the block, loudly."""
        self._relay.handled_by(tasks)
        async with self._broker, asyncio.TaskGroup() as group:
            await self._subscriptions.start()
            loops = [
                group.create_task(self._pump(), name="realtime.node.pump"),
                group.create_task(self._relay.run(), name="realtime.node.relay"),
                group.create_task(self._heart.beat(), name="realtime.node.heart"),
                group.create_task(self._watch(), name="realtime.node.watch"),
            ]
            try:
                yield
            finally:
                for loop in loops:
                    loop.cancel()
                await self._subscriptions.stop()

    def admits(self, origin: str | None, host: str, secure: bool) -> bool:
        """Whether a page of that origin may open a socket here."""
        if self._draining or len(self._clients) >= MOST_CLIENTS:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        return self._admits(origin, host, secure)

    def opened(self, link: Link) -> Client:
        client = Client(self._ids(), link, self)
        self._clients[client] = None
        self._heart.add(client)
        return client

    async def drain(self, window_s: float) -> None:
        """Ask every client to come back elsewhere, over a few seconds, those in an alert first.

        Spread, so that they do not all arrive at the next node in the same instant.
        """
        self._draining = True
        clients = sorted(self._clients, key=lambda it: (not _is_urgent(it), random.random()))  # noqa: S311
        for number, client in enumerate(clients):
            client.close(SHUTDOWN)
            if number % 64 == 63:
                await asyncio.sleep(window_s * 64 / len(clients))

    def committed(self, done: Committed) -> None:
        """Told of every commit, in order: what was said goes to the broker at once."""
        self._relay.committed(done)

    def gone(self, client: Client) -> None:
        """A socket has closed."""
        self._clients.pop(client, None)
        self._heart.remove(client)
        for channel in client.listening:
            self._subscriptions.leave(client, channel)
        caller = client.caller
        if caller is None:
            return
        others = self._people.get(caller.person, set())
        others.discard(client)
        if not others:
            self._people.pop(caller.person, None)
        self._subscriptions.chore(self._absent(caller.person, client))

    async def _absent(self, person: PersonId, client: Client) -> None:
        await self._presence.leave(person, client.id)

    async def carry_out(self, client: Client, effect: Effect) -> None:
        """Do what a client asked for, and answer it; whatever happens, it is answered."""
        try:
            await self._do(client, effect)
        except AppError as error:
            self._refuse(client, effect, error)
        except Exception:
            log.exception("node.command_failed", kind=type(effect).__name__)
            self._refuse(client, effect, AppError())

    def _refuse(self, client: Client, effect: Effect, error: AppError) -> None:
        match effect:
            case Answer() | Close() | Hear():
                return
            case Authenticate() if client.caller is None:
                client.session.refused()
            case Authenticate():
                # Half open is not a state that anybody could go on from.
                client.answer(wire.refusal(effect.to, error))
                client.close(SERVER_ERROR)
                return
            case _:
                pass
        client.answer(wire.refusal(effect.to, error))

    async def _do(self, client: Client, effect: Effect) -> None:
        match effect:
            case Authenticate():
                await self._authenticate(client, effect)
            case Answer(reply):
                client.answer(reply)
            case Close(why):
                client.close(why)
            case _ if client.caller is None:
                # Sent together with a greeting that was refused: the SDKs ask again after the next.
                return
            case _:
                await self._serve(client, client.caller, effect)

    async def _serve(self, client: Client, caller: Caller, effect: Request) -> None:
        match effect:
            case Hear(data):
                await self._application.heard(caller, data)
            case Call(to, method, data):
                answer = await self._application.call(caller, method, data)
                client.answer(wire.Reply(id=to, rpc=wire.RpcResult(msgspec.Raw(answer))))
            case Publish():
                await self._publish(client, caller, effect)
            case Refresh(to, ticket):
                await self._application.authenticate(ticket)
                refreshed = wire.RefreshResult(client.id, VERSION)
                client.answer(wire.Reply(id=to, refresh=refreshed))
            case Subscribe():
                await self._subscribe(client, caller, effect)
            case _:
                await self._look(client, caller, effect)

    async def _look(
        self, client: Client, caller: Caller, effect: Unsubscribe | ShowPresence | ShowHistory
    ) -> None:
        match effect:
            case Unsubscribe(to, channel):
                if client.session.dropped(channel):
                    self._subscriptions.leave(client, channel)
                client.answer(wire.Reply(id=to, unsubscribe=wire.Empty()))
            case ShowPresence():
                await self._show_presence(client, caller, effect)
            case ShowHistory():
                await self._show_history(client, caller, effect)

    async def _publish(self, client: Client, caller: Caller, effect: Publish) -> None:
        if not self._rule(effect.channel).writable:
            raise NotAllowed
        await self._gate.may_publish(caller, effect.channel)
        await self._application.say(caller, effect.channel, effect.data)
        client.answer(wire.Reply(id=effect.to, publish=wire.Empty()))

    async def _authenticate(self, client: Client, effect: Authenticate) -> None:
        caller = await self._application.authenticate(effect.ticket)
        channel = own_channel(caller.person)
        if caller.session in self._ended:
            client.close(SESSION_ENDED)
        if client.session.state is State.CLOSED:
            return
        client.caller = caller
        client.session.opened(channel)
        self._people.setdefault(caller.person, set()).add(client)
        self._heart.greeted(client)
        await self._presence.arrive(caller.person, client.id)
        if client not in self._clients:
            # Gone meanwhile, and its leaving may have overtaken its arrival.
            await self._absent(caller.person, client)

        def answer(result: wire.SubscribeResult) -> None:
            connected = wire.ConnectResult(
                client=client.id,
                version=VERSION,
                ping=Heart.PING_S,
                pong=True,
                subs={channel: result},
            )
            client.answer(wire.Reply(id=effect.to, connect=connected))

        since = effect.places.get(channel)
        await self._subscriptions.join(client, channel, since, whole=False, seat="", answer=answer)

    async def _subscribe(self, client: Client, caller: Caller, effect: Subscribe) -> None:
        channel = effect.channel
        rule = self._rule(channel)
        client.session.claim(channel)
        try:
            await self._gate.may_subscribe(caller, channel)
            seat = await self._gate.seat(caller, channel) if rule.presence else ""
            await self._subscriptions.join(
                client,
                channel,
                effect.since,
                whole=effect.whole,
                seat=seat,
                answer=lambda result: client.answer(wire.Reply(id=effect.to, subscribe=result)),
            )
        except BaseException:
            client.session.dropped(channel)
            raise

    def _rule(self, channel: Channel) -> ChannelRule:
        """The row of a channel that clients may name."""
        if channel == CONTROL:
            raise UnknownChannel
        return self._ledger.channels.rule(channel)

    async def _show_presence(self, client: Client, caller: Caller, effect: ShowPresence) -> None:
        channel = effect.channel
        if not self._rule(channel).presence:
            raise NotAvailable
        await self._gate.may_see_presence(caller, channel)
        here = self._subscriptions.present(channel)
        if effect.count_only:
            people = len({info.user for info in here.values()})
            stats = wire.PresenceStatsResult(num_clients=len(here), num_users=people)
            client.answer(wire.Reply(id=effect.to, presence_stats=stats))
        else:
            client.answer(wire.Reply(id=effect.to, presence=wire.PresenceResult(here)))

    async def _show_history(self, client: Client, caller: Caller, effect: ShowHistory) -> None:
        channel = effect.channel
        if not self._rule(channel).durable:
            raise NotAvailable
        await self._gate.may_subscribe(caller, channel)
        since = effect.since.offset if effect.since is not None else None
        page = await self._ledger.history(
            channel, limit=effect.limit, since=since, reverse=effect.reverse
        )
        publications = [
            wire.Publication(msgspec.Raw(it.body), it.offset) for it in page.missed or ()
        ]
        if effect.since is not None and effect.since.epoch not in ("", page.now.epoch):
            raise UnrecoverablePosition
        history = wire.HistoryResult(publications, page.now.epoch, page.now.offset)
        client.answer(wire.Reply(id=effect.to, history=history))

    def _controlled(self, order: dict[str, str]) -> None:
        """Obey what a transaction decided about rights and sessions."""
        match order:
            case {"type": "revoke", "person": person, "channel": name}:
                self._revoke(PersonId(person), Channel(name))
            case {"type": "end_session", "session": session}:
                self._end_session(session)
            case {"type": "shred", "key": key}:
                self._ledger.forget_key(key)
            case _:
                log.error("node.unknown_order")

    def _revoke(self, person: PersonId, channel: Channel) -> None:
        push = wire.unsubscribed(channel, RIGHT_ENDED.code, RIGHT_ENDED.reason)
        for client in tuple(self._people.get(person, ())):
            if client.session.dropped(channel):
                self._subscriptions.leave(client, channel)
                client.deliver(Lane.VITAL, "", encode_text(push))

    def _end_session(self, session: str) -> None:
        # Remembered, for the socket that is greeting with a ticket of that session just now.
        self._ended[session] = None
        if len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)
        for client in tuple(self._clients):
            if client.caller is not None and client.caller.session == session:
                client.close(SESSION_ENDED)

    async def _pump(self) -> None:
        async for batch in self._broker.deliveries():
            for delivery in batch:
                try:
                    self._subscriptions.deliver(delivery)
                except Exception:
                    log.exception("node.delivery_failed")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CONTROL_CHECK_S)
            try:
                await self._subscriptions.check(CONTROL)
                await self._writer.tidy()
            except AppError as error:
                log.warning("node.watch_failed", error=error.name)
            except Exception:
                # Whatever it was, sockets must not be closed for it.
                log.exception("node.watch_failed")


def _is_urgent(client: Client) -> bool:
    return any(channel.startswith("alert:") for channel in client.listening)
