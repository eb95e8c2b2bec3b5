"""The async shell of one serving process: sockets on one side, ledger and broker on the other.

It carries out what the dialogues ask for (``session.py``), hands what is committed to the broker,
and what the broker brings to whoever listens (``subscriptions.py``). What a command means is the
application's business; who may do what, the gate's.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import msgspec
import structlog

from realtime import wire
from realtime.channels import CONTROL, ChannelRule, own_channel
from realtime.client import Client
from realtime.clients import Clients
from realtime.gaps import Gaps
from realtime.heart import Heart
from realtime.kernel.errors import (
    AppError,
    NotAllowed,
    NotAvailable,
    NotFound,
    Unauthorized,
    Unavailable,
    UnknownChannel,
    UnrecoverablePosition,
    translating,
)
from realtime.kernel.ids import Channel, Ids
from realtime.ledger import Ledger
from realtime.link import Link, Refused
from realtime.orders import Orders
from realtime.ports import Application, Broker, Caller, Gate, Presence
from realtime.relay import Relay
from realtime.seats import Seats
from realtime.session import (
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
from realtime.turns import READS, SHARES, Turns
from realtime.writer import Committed, Writer

log = structlog.get_logger(__name__)

VERSION = "entraide"
#: Sockets open at once; beyond it new ones are told to try elsewhere.
MOST_CLIENTS = 50_000
#: Between two attempts to learn what was decided while this process was stopped.
UNSETTLED_S = 0.5


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
        turns: Turns | None = None,
    ) -> None:
        """``turns``: for coming back, when other doors share them."""
        self._ledger = ledger
        self._writer = writer
        self._broker = broker
        self._presence = presence
        self._gate = gate
        self._application = application
        self._ids = ids
        self._admits = admits
        # Not by its truth: nobody waits yet, and so it is empty.
        self._turns = Turns() if turns is None else turns
        self._clients = Clients()
        self._orders = Orders(self._clients, ledger, application)
        self._relay = Relay(ledger, writer, broker)
        self._subscriptions = Subscriptions(
            ledger,
            broker,
            lambda order: self._orders.obey(order, self._subscriptions),
            self._orders.lost,
            seats=lambda here: Seats(ids(), presence, here=here, elsewhere=self._relay.tell),
            sure=lambda: not self._gaps.stopped,
        )
        self._gaps = Gaps(self._subscriptions, broker, writer.tidy)
        self._heart = Heart()
        self._draining = False

    def __len__(self) -> int:
        """Sockets open on this node."""
        return len(self._clients)

    @property
    def clients(self) -> Collection[Client]:
        return self._clients.all

    @property
    def figures(self) -> Mapping[str, int]:
        """What has happened to those who came back, and what is missing now."""
        return {
            "resumed": self._subscriptions.resumed,
            "started_over": self._subscriptions.started_over,
            "behind": self._subscriptions.behind,
        }

    @property
    def checks(self) -> int:
        """How often everything followed was looked up in the ledger."""
        return self._gaps.checks

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
                group.create_task(self._gaps.beat(), name="realtime.node.beat"),
                group.create_task(self._gaps.run(), name="realtime.node.gaps"),
                group.create_task(self._gaps.tidy(), name="realtime.node.tidy"),
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
        self._clients.opened(client)
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
        caller = self._clients.gone(client)
        self._heart.remove(client)
        # In one order on every run: what follows can be played again (tests/simulation).
        for channel in sorted(client.listening):
            self._subscriptions.leave(client, channel)
        if caller is not None:
            self._subscriptions.chore(self._presence.leave(caller.person, client.id))

    async def carry_out(self, client: Client, effect: Effect) -> None:
        """Do what a client asked for, and answer it; whatever happens, it is answered."""
        try:
            # A process that was stopped must not act on what was true before.
            await self._gaps.settled()
            await self._do(client, effect)
        except AppError as error:
            self._refuse(client, effect, error)
        except Exception:
            log.exception("node.command_failed", kind=type(effect).__name__)
            self._refuse(client, effect, AppError())

    def heard_at_once(self, client: Client, data: bytes) -> bool:
        caller = client.caller
        if caller is None or self._gaps.stopped:
            return False
        return self._application.heard_at_once(caller, data)

    def _refuse(self, client: Client, effect: Effect, error: AppError) -> None:
        match effect:
            case Answer() | Close() | Hear():
                return
            case Authenticate() if client.caller is None:
                client.session.refused()
            case _:
                pass
        client.answer(wire.refusal(effect.to, error))
        if isinstance(effect, Authenticate) and client.caller is not None:
            # Half open is not a state that anybody could go on from.
            client.close(SERVER_ERROR)

    async def _do(self, client: Client, effect: Effect) -> None:
        match effect:
            case Authenticate(_, ticket, _):
                client.rank = self._application.rank(ticket)
                async with self._turns.turn(client.rank, weight=SHARES):
                    await self._authenticate(client, effect)
            case Answer(reply):
                client.answer(reply)
            case Close(why):
                client.close(why)
            case _ if client.caller is None or self._clients.ended(client.caller.session):
                # Sent with a greeting that was refused (the SDKs ask again after the next), or
                # before its session ended.
                return
            case _:
                await self._serve(client, client.caller, effect)

    async def _serve(self, client: Client, caller: Caller, effect: Request) -> None:
        match effect:
            case Hear(data):
                if not self._application.heard_at_once(caller, data):
                    await self._application.heard(caller, data)
            case Call(to, method, data):
                answer = await self._application.call(caller, method, data)
                client.answer(wire.Reply(id=to, rpc=wire.RpcResult(msgspec.Raw(answer))))
            case Publish():
                await self._publish(client, caller, effect)
            case Refresh(to, ticket):
                await self._application.authenticate(ticket)
                client.answer(wire.Reply(id=to, refresh=wire.RefreshResult(client.id, VERSION)))
            case Subscribe(since=None):
                await self._subscribe(client, caller, effect)
            case Subscribe():
                # It comes back with all it listened to.
                async with self._turns.turn(client.rank, weight=READS):
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
        # G2, as where one listens.
        with translating(NotFound, Unauthorized, into=NotAllowed):
            await self._application.say(caller, effect.channel, effect.data)
        client.answer(wire.Reply(id=effect.to, publish=wire.Empty()))

    async def _authenticate(self, client: Client, effect: Authenticate) -> None:
        caller = await self._application.authenticate(effect.ticket)
        channel = own_channel(caller.person)
        if self._clients.ended(caller.session):
            client.close(SESSION_ENDED)
        if client.session.state is State.CLOSED:
            return
        client.session.opened(channel)
        self._clients.greeted(client, caller)
        self._heart.greeted(client)
        await self._presence.arrive(caller.person, client.id)
        if client not in self._clients:
            # Gone meanwhile, and its leaving may have overtaken its arrival.
            await self._presence.leave(caller.person, client.id)

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
        here = await self._subscriptions.present(channel)
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
        stops = self._gaps.stops
        await self._gate.may_subscribe(caller, channel)
        since = effect.since.offset if effect.since is not None else None
        page = await self._ledger.history(
            channel, limit=effect.limit, since=since, reverse=effect.reverse
        )
        if self._gaps.stopped or self._gaps.stops != stops:
            # Since the gate was asked: the right may have ended before what was read was said.
            raise Unavailable
        publications = [
            wire.Publication(msgspec.Raw(it.body), it.offset) for it in page.missed or ()
        ]
        if effect.since is not None and effect.since.epoch not in ("", page.now.epoch):
            raise UnrecoverablePosition
        history = wire.HistoryResult(publications, page.now.epoch, page.now.offset)
        client.answer(wire.Reply(id=effect.to, history=history))

    async def _pump(self) -> None:
        async for batch in self._broker.deliveries():
            await self._settled()
            if not batch:
                self._gaps.missed()
            for delivery in batch:
                try:
                    self._subscriptions.deliver(delivery)
                except Exception:
                    log.exception("node.delivery_failed")

    async def _settled(self) -> None:
        """What waits here after a long stop may be for people who have lost the right to it."""
        while self._gaps.stopped:
            try:
                await self._gaps.settled()
            except AppError as error:
                log.warning("node.not_settled", error=error.name)
                await asyncio.sleep(UNSETTLED_S)


def _is_urgent(client: Client) -> bool:
    return any(channel.startswith("alert:") for channel in client.listening)
