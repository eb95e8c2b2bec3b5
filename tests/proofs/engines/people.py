"""Load from another process: people who ask for help, speak, exclude and cancel, and listen.

``python -m tests.proofs.engines.people BOOK SEED PEOPLE URL HELPERS``: a file of their ids.
SIGTERM: no new request; what is under way is finished, phones come to rest, and it ends.
"""

import asyncio
import contextlib
import random
import signal
import sys
from pathlib import Path

from tests.adversity.history.book import Book
from tests.adversity.history.lines import Operation, Phase, What
from tests.proofs.engines.asking import Asker, Refused, session
from tests.proofs.engines.listening import Ear

PLACE = {"lat": 48.857, "lon": 2.352, "accuracy_m": 20}
#: Ten requests in ten minutes are one person's most: then it is another's turn.
MOST_ALERTS = 8
#: Between two messages of one person, in seconds.
PAUSES_S = (0.05, 0.35)
#: Nobody has heard anything for that long when the phones are asked whether they heard all.
QUIET_S = 3.0
BACK_S = 40.0


class Person:
    """Whoever sits in this chair: a new pseudonym after a few requests."""

    def __init__(self, asker: Asker, socket_url: str, helpers: list[str], *, listens: bool) -> None:
        self._asker = asker
        self._socket_url = socket_url
        self._helpers = helpers
        self._listens = listens
        self._who = self._token = ""
        self.ear: Ear | None = None

    async def live(self) -> None:
        while not self._asker.over.is_set():
            answer = await self._asker.ask("session", {})
            self._who, self._token = str(answer["person"]), str(answer["token"])
            await self._listen()
            # What is refused for good is written down, and must not have been: by ``unfinished``.
            with contextlib.suppress(Refused):
                await self._several_alerts()

    async def _several_alerts(self) -> None:
        for _ in range(self._asker.chance.randint(2, MOST_ALERTS)):
            if self._asker.over.is_set() or await self._one_alert():
                # One open alert each: the next one is somebody else's.
                return

    async def _listen(self) -> None:
        if self._listens:
            if self.ear is not None:
                await self.ear.client.disconnect()
            self.ear = Ear(self._asker, self._socket_url, self._who, self._token)
            await self.ear.client.connect()

    async def _one_alert(self) -> bool:
        chance = self._asker.chance
        if self._helpers and chance.random() < 0.15:
            await self._exclude(chance.choice(self._helpers))
        raising = self._asker.id()
        answer = await self._ask(
            "help/raise",
            {"id": raising, "kind": "followed", "mode": "public", "place": PLACE},
            Operation(0, self._who, raising, What.RAISE, Phase.INVOKE, token=self._token),
        )
        alert, room = str(answer["alert"]), str(answer["room"])
        if self.ear is not None:
            await self.ear.enter(room)
        for _ in range(chance.randint(1, 6)):
            await asyncio.sleep(chance.uniform(*PAUSES_S))
            saying = self._asker.id()
            line = Operation(0, self._who, saying, What.SAY, Phase.INVOKE, alert=alert, room=room)
            await self._ask("room/say", {"id": saying, "room": room, "text": "canari"}, line)
        if chance.random() < 0.1:
            return True
        await self._ask(
            "help/cancel",
            {"alert": alert},
            Operation(0, self._who, f"cancel {alert}", What.CANCEL, Phase.INVOKE, alert=alert),
        )
        return False

    async def _exclude(self, helper: str) -> None:
        saying = self._asker.id()
        line = Operation(0, self._who, saying, What.EXCLUDE, Phase.INVOKE, about=helper)
        await self._ask("exclude/add", {"id": saying, "helper": helper}, line)

    async def _ask(
        self, command: str, body: dict[str, object], line: Operation
    ) -> dict[str, object]:
        return await self._asker.ask(command, body, token=self._token, line=line)


async def rest(ears: list[Ear]) -> None:
    """Once everybody is back and nothing is said any more, each phone says where it stands."""
    async with asyncio.timeout(BACK_S):
        while not all(ear.there for ear in ears):  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.1)
    last = asyncio.get_running_loop().time() + BACK_S
    while (quiet := min((ear.quiet_s for ear in ears), default=QUIET_S)) < QUIET_S:
        if asyncio.get_running_loop().time() > last:
            break
        await asyncio.sleep(QUIET_S - quiet)
    for ear in ears:
        ear.rest()
        await ear.client.disconnect()


async def run(path: Path, seed: int, people: int, url: str, helpers: list[str]) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    book = Book(path)
    socket_url = url.replace("http", "ws", 1) + "/connection/websocket"
    async with session(url) as web:
        chairs = [
            Person(
                Asker(web, book, random.Random(f"{seed}/{number}"), over),
                socket_url,
                helpers,
                listens=number % 2 == 0,
            )
            for number in range(people)
        ]
        async with asyncio.TaskGroup() as group:
            for chair in chairs:
                group.create_task(chair.live())
        await rest([chair.ear for chair in chairs if chair.ear is not None])


if __name__ == "__main__":
    book_path, seed_text, people_text, where, file = sys.argv[1:]
    ids = Path(file).read_text().split()
    asyncio.run(run(Path(book_path), int(seed_text), int(people_text), where, ids))
