"""A phone, as the maintained SDKs behave: it comes back, resumes, and repeats what got no answer.

It is also the witness: each publication must follow the last it saw, unless it was told to start
over. ``said`` is what it makes of what it hears.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random

import msgspec

from realtime.link import Shell
from tests.simulation.checks import Place, Witness
from tests.simulation.line import Line
from tests.simulation.loop import Host, VirtualLoop

#: How long a phone waits for an answer before it tries elsewhere.
ANSWER_S = 6.0


@dataclass(frozen=True, slots=True)
class Network:
    """Where phones can connect to."""

    loop: VirtualLoop
    dice: Random
    hosts: Callable[[], list[Host]]
    shell: Callable[[Host], Shell | None]


class Refused(Exception):
    """The answer was an error that is not temporary."""


Reply = dict[str, object]
#: What is done with an answer in the very moment in which it arrives.
Take = Callable[[Reply], None]


def _leave_be(reply: Reply) -> None:
    """Whoever asked does all that is to be done."""


@dataclass(slots=True)
class _Connection:
    line: Line
    answers: dict[int, tuple[asyncio.Future[Reply], Take]] = field(default_factory=dict)
    over: bool = False
    #: Channels that are subscribed on this connection.
    channels: set[str] = field(default_factory=set)


class Phone:
    def __init__(self, network: Network, witness: Witness, person: str, role: str) -> None:
        self.person = person
        self.home = f"me:#{person}"
        self._network = network
        self._witness = witness
        self._role = role
        self._numbers = count(1)
        self._connection: _Connection | None = None
        self._changed = asyncio.Event()
        #: Where it stands in each channel that it wants to hear.
        self.places: dict[str, Place | None] = {self.home: None}
        self.said: Callable[[str, Reply], None] = lambda channel, data: None
        self.greeted: Callable[[], None] = lambda: None

    @property
    def line(self) -> Line | None:
        return None if self._connection is None else self._connection.line

    @property
    def hears(self) -> frozenset[str]:
        """What it listens to at this moment."""
        return frozenset(() if self._connection is None else self._connection.channels)

    # Staying connected.

    async def run(self) -> None:
        while True:
            hosts = self._network.hosts()
            if hosts:
                await self._connect(self._network.dice.choice(hosts))
            await asyncio.sleep(self._network.dice.uniform(0.1, 1.5))

    async def _connect(self, host: Host) -> None:
        line = Line(
            self._network.loop,
            self._network.dice,
            host,
            arrived=lambda message: self._arrived(connection, message),
            ended=lambda code: self._ended(connection, code),
        )
        connection = _Connection(line)
        line.open(lambda: self._network.shell(host))
        try:
            place = self.places[self.home]
            asked: Reply = {"token": f"{self.person}/{self._role}"}
            if place is not None:
                asked["subs"] = {self.home: _since(place)}
            reply = await self._ask(connection, {"connect": asked}, self._taking(connection))
        except (TimeoutError, ConnectionError):
            self._drop(connection)
            return
        if "error" in reply:
            self._drop(connection)
            return
        self._connection = connection
        self._witness.note(self.person, "connected", host.name)
        self.greeted()
        await self._keep(connection)
        self._connection = None
        self._witness.note(self.person, "disconnected", "")

    async def _keep(self, connection: _Connection) -> None:
        """Subscribe to what it wants to hear, for as long as the line holds."""
        while not connection.over:
            self._changed.clear()
            for channel in [it for it in self.places if it not in connection.channels]:
                await self._subscribe(connection, channel)
            try:
                async with asyncio.timeout(25):
                    await self._changed.wait()
            except TimeoutError:
                # Nobody has pinged for that long: the node is gone, or frozen.
                if not connection.over and not self._witness.pinged(self.person, 29):
                    self._drop(connection)

    async def _subscribe(self, connection: _Connection, channel: str) -> None:
        place = self.places.get(channel)
        asked: Reply = {"channel": channel, **({} if place is None else _since(place))}
        try:
            taking = self._taking(connection, channel)
            reply = await self._ask(connection, {"subscribe": asked}, taking)
        except (TimeoutError, ConnectionError):
            self._drop(connection)
            return
        if "error" not in reply:
            return
        if reply["error"]["code"] == 103 or not _temporary(reply):  # type: ignore[index]
            self.places.pop(channel, None)
        else:
            await asyncio.sleep(self._network.dice.uniform(0.2, 1))
            self._changed.set()

    def listen(self, channel: str) -> None:
        """Hear a channel from now on."""
        if channel not in self.places:
            self.places[channel] = None
            self._changed.set()

    def reload(self) -> None:
        """Come back at once, from where it stood."""
        if self._connection is not None:
            self._drop(self._connection)

    # Asking.

    async def call(self, method: str, **fields: object) -> Reply:
        """Run a command until it is answered: the same command, again and again."""
        reply = await self._until_answered({"rpc": {"method": method, "data": fields}})
        match reply:
            case {"rpc": {"data": dict(data)}}:
                return data
            case _:
                raise TypeError(reply)

    async def publish(self, channel: str, **fields: object) -> None:
        await self._until_answered({"publish": {"channel": channel, "data": fields}})

    def tell(self, **fields: object) -> None:
        """Say something that wants no answer."""
        if self._connection is not None:
            self._connection.line.send(msgspec.json.encode({"send": {"data": fields}}))

    async def _until_answered(self, asked: Reply) -> Reply:
        while True:
            connection = self._connection
            if connection is not None and not connection.over:
                try:
                    reply = await self._ask(connection, asked)
                except (TimeoutError, ConnectionError):
                    self._drop(connection)
                else:
                    if "error" not in reply:
                        return reply
                    if not _temporary(reply):
                        raise Refused(str(reply["error"]["message"]))  # type: ignore[index]
            await asyncio.sleep(self._network.dice.uniform(0.2, 1))

    async def _ask(self, connection: _Connection, asked: Reply, take: Take = _leave_be) -> Reply:
        number = next(self._numbers)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.answers[number] = answer, take
        connection.line.send(msgspec.json.encode({"id": number, **asked}))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        finally:
            connection.answers.pop(number, None)

    # Hearing.

    def _arrived(self, connection: _Connection, message: bytes) -> None:
        if connection.over:
            return
        reply: Reply = msgspec.json.decode(message)
        if not reply:
            self._witness.ping(self.person)
            connection.line.send(b"{}")
        elif "id" in reply:
            answer, take = connection.answers.get(reply["id"], (None, _leave_be))  # type: ignore[call-overload]
            if answer is not None and not answer.done():
                # Taken in now, and not when whoever asked runs: what is said next comes after it.
                take(reply)
                answer.set_result(reply)
        elif "push" in reply:
            self._pushed(connection, reply["push"])  # type: ignore[arg-type]

    def _taking(self, connection: _Connection, channel: str = "") -> Take:
        def take(reply: Reply) -> None:
            match reply:
                case {"connect": {"subs": dict(subs)}}:
                    self._subscribed(connection, self.home, subs[self.home])
                case {"subscribe": dict(result)}:
                    self._subscribed(connection, channel, result)
                case _:
                    # Refused.
                    return

        return take

    def _pushed(self, connection: _Connection, push: Reply) -> None:
        channel = str(push["channel"])
        match push:
            case {"pub": {"offset": int(offset), "data": dict(data)}}:
                self._heard(connection, channel, offset, data)
            case {"unsubscribe": {"code": int(code)}}:
                connection.channels.discard(channel)
                if code < 2500:
                    self.places.pop(channel, None)
                self._changed.set()
            case _:
                # Joins, leaves, counts: nothing that must not be missed.
                return

    def _subscribed(self, connection: _Connection, channel: str, result: Reply) -> None:
        connection.channels.add(channel)
        if channel not in self.places or "epoch" not in result:
            return
        place, offset = self.places[channel], result.get("offset", 0)
        assert isinstance(offset, int)
        if place is None or not result.get("recovered"):
            self._witness.started(self.person, channel, offset, over=place is not None)
            place = self.places[channel] = Place(str(result["epoch"]), offset)
        for it in result.get("publications", ()):  # type: ignore[attr-defined]
            self._heard(connection, channel, it["offset"], it["data"])
        self._witness.stands(self.person, channel, place.offset, offset)

    def _heard(self, connection: _Connection, channel: str, offset: int, data: Reply) -> None:
        place = self.places.get(channel)
        if place is None or channel not in connection.channels:
            return
        self._witness.heard(self.person, channel, place.offset, offset, data)
        place.offset = offset
        self.said(channel, data)

    def _ended(self, connection: _Connection, code: int) -> None:
        connection.over = True
        connection.channels.clear()
        for answer, _ in connection.answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError())
        self._changed.set()

    def _drop(self, connection: _Connection) -> None:
        if not connection.over:
            connection.line.leave()
            self._ended(connection, 0)


def _since(place: Place) -> Reply:
    return {"recover": True, "epoch": place.epoch, "offset": place.offset}


def _temporary(reply: Reply) -> bool:
    match reply:
        case {"error": {"temporary": bool(temporary)}}:
            return temporary
        case _:
            return False
