"""Load from another process: members of rooms who talk on sockets, and write down what they hear.

Orders come as one line of JSON on standard input; it answers with a line when everyone listens,
begins at the next line, and answers again when all is said and heard. What is not answered is sent
again under the same id, as pages do, until it is.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

import aiohttp
import msgspec

from tests.load.processes import tell
from tests.proofs.whole.checking import WHISPERED, Book, Transcript, leaks
from tests.proofs.whole.phone import Down, Phone
from tests.support.turns import turn
from web.demo.api import Api, Json, Refused

#: Between two attempts to say something.
AGAIN_S = (0.1, 0.6)
#: Whoever speaks too fast waits for so long, and a little more.
SLOWER_S = 1.0
#: Until everyone must have come to rest, once the last word is said.
REST_S = 90.0
#: Of what she says, so much is a change of what she said before.
CHANGED = 0.05


class OneRoom(msgspec.Struct, frozen=True):
    """A room, and the tokens of those who are in it."""

    room: str
    her: str
    listener: str
    supervisor: str


class Orders(msgspec.Struct, frozen=True):
    url: str
    seed: int
    rooms: list[OneRoom]
    #: Publications in each, of all kinds.
    each: int
    #: Between one socket that we break and the next, in seconds.
    drop_every_s: float
    #: Between two words of one person in one room, about.
    pace_s: float
    #: What is not said by then is not said: a machine that is too slow fails, and ends.
    patience_s: float
    book: str


class Talkers:
    def __init__(self, orders: Orders, api: Api) -> None:
        self._orders = orders
        self._chance = random.Random(orders.seed)
        self.book = Book([], {})
        self._again: Counter[str] = Counter()
        self._api = api
        self._until = 0.0
        self.members: dict[str, Phone] = {}
        for it in orders.rooms:
            self._sits("elle", it.her, f"room:{it.room}")
            self._sits("ecoutante", it.listener, f"room:{it.room}", f"staff:{it.room}")
            self._sits("superviseuse", it.supervisor, f"room:{it.room}", f"staff:{it.room}")

    def _sits(self, role: str, token: str, *channels: str) -> None:
        member = self.members.get(token)
        if member is None:
            number = len(self.members)
            chance = random.Random(f"{self._orders.seed}/{number}")
            member = Phone(self._api, token, f"{role} {number}", self.book, chance)
            if role == "elle":
                member.saw = self._saw
            self.members[token] = member
        member.channels += channels

    def _saw(self, frame: str) -> None:
        """A visitor received this."""
        self.book.frames += 1
        self.book.leaks += leaks(frame)

    async def talk(self) -> None:
        """Everything is said in every room, each in their own order; sockets break meanwhile."""
        self._until = time.monotonic() + self._orders.patience_s
        breaking = asyncio.create_task(self._break_sockets())
        try:
            async with asyncio.TaskGroup() as group:
                for it in self._orders.rooms:
                    group.create_task(self._hers(it))
                    group.create_task(self._theirs(it, it.listener, "ecoutante-1", 0.40))
                    group.create_task(self._theirs(it, it.supervisor, "superviseuse-1002", 0.10))
        finally:
            breaking.cancel()
            await asyncio.gather(breaking, return_exceptions=True)

    async def _hers(self, room: OneRoom) -> None:
        member, channel, last = self.members[room.her], f"room:{room.room}", ""
        for number in range(round(self._orders.each * 0.5)):
            if time.monotonic() > self._until:
                return
            name = self._name(member)
            if last and member.chance.random() < CHANGED:
                edit: Json = {
                    "room": room.room,
                    "id": name,
                    "of": last,
                    "text": f"mieux : {turn(number)}",
                }
                if await self._insist(member, "room.edit", edit):
                    self._said(channel, "elle", name)
                continue
            await self._insist(member, channel, {"id": name, "text": turn(number)})
            self._said(channel, "elle", name)
            last = name
            await self._pause(member)

    async def _theirs(self, room: OneRoom, token: str, seat: str, share: float) -> None:
        """An operator answers, and notes now and then; a supervisor only whispers."""
        member = self.members[token]
        for number in range(round(self._orders.each * share)):
            if time.monotonic() > self._until:
                return
            name = self._name(member)
            noted = seat.startswith("superviseuse") or member.chance.random() < 0.1
            channel = f"{'staff' if noted else 'room'}:{room.room}"
            said: Json = {"id": name, "text": turn(-number)}
            if noted:
                said = {"id": name, "kind": "whisper", "text": f"{WHISPERED}{number}"}
            await self._insist(member, channel, said)
            self._said(channel, seat, name)
            await self._pause(member)

    async def _pause(self, member: Phone) -> None:
        await asyncio.sleep(member.chance.uniform(0, 2 * self._orders.pace_s))

    def _name(self, member: Phone) -> str:
        return f"{member.chance.getrandbits(96):024x}"

    def _said(self, channel: str, seat: str, name: str) -> None:
        self.book.acknowledged.setdefault(channel, {}).setdefault(seat, []).append(name)

    async def _insist(self, member: Phone, what: str, said: Json) -> bool:
        """Publish, or run a command, until it is answered; False when it is refused for good."""
        while True:
            slower = 0.0
            try:
                await (member.publish if ":" in what else member.call)(what, said)
            except Refused as refused:
                self._again[refused.name] += 1
                if refused.name == "not_last":
                    # Later than five minutes after the message, on a machine that is broken often.
                    return False
                if not refused.temporary:
                    raise
                slower = SLOWER_S if refused.name == "too_many_requests" else 0.0
            except Down:
                self._again["line down"] += 1
            else:
                return True
            await asyncio.sleep(slower + member.chance.uniform(*AGAIN_S))

    async def _break_sockets(self) -> None:
        members = sorted(self.members.values(), key=lambda it: it.who)
        while True:
            await asyncio.sleep(self._chance.uniform(0, 2 * self._orders.drop_every_s))
            self.book.dropped += self._chance.choice(members).break_off()

    async def rest(self) -> None:
        """Until everyone has heard as much as there is; whoever has not by then has lost it."""
        async with asyncio.timeout(REST_S):
            for member in self.members.values():
                for channel in member.channels:
                    await self._heard_all(member, channel)

    async def _heard_all(self, member: Phone, channel: str) -> None:
        kind, _, room = channel.partition(":")
        method = "room.state" if kind == "room" else "note.list"
        while True:
            try:
                top = (await member.call(method, {"room": room}))["offset"]
            except (Refused, Down):
                await asyncio.sleep(0.2)
                continue
            heard = member.heard.get(channel, [])
            if top == 0 or (heard and heard[-1][0] == top):
                return
            await asyncio.sleep(0.1)

    def written(self) -> Book:
        self.book.again = dict(self._again)
        self.book.transcripts = [
            Transcript(member.who, channel, heard)
            for member in self.members.values()
            for channel, heard in member.heard.items()
        ]
        return self.book


async def main(orders: Orders, asked: asyncio.StreamReader) -> None:
    timeout = aiohttp.ClientTimeout(total=10)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
        talkers = Talkers(orders, Api(http, orders.url))
        running = []
        for member in talkers.members.values():
            running.append(asyncio.create_task(member.run()))
            await asyncio.sleep(0.01)
        for member in talkers.members.values():
            await member.connected.wait()
        tell(listening=len(running))
        await asked.readline()
        await talkers.talk()
        tell(said=True)
        await asked.readline()
        rested = True
        try:
            await talkers.rest()
        except TimeoutError:
            rested = False
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        book = talkers.written()
        Path(orders.book).write_bytes(msgspec.json.encode(book))
        tell(rested=rested, transcripts=len(book.transcripts))


async def _run() -> None:
    asked = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(asked), sys.stdin
    )
    await main(msgspec.convert(json.loads(await asked.readline()), Orders), asked)


if __name__ == "__main__":
    asyncio.run(_run())
