"""Load from another process: helpers on sockets, some of whom come, and talk in the room.

``python -m tests.proofs.engines.helpers BOOK SEED URL OPERATOR IDS COUNT``: they are
enrolled with the token OPERATOR; their ids are written to the file IDS once all are on duty.
"""

import asyncio
import contextlib
import random
import signal
import sys
from pathlib import Path
from typing import Any

from centrifuge import CentrifugeError

from tests.adversity.history.book import Book
from tests.adversity.history.lines import Operation, Phase, What
from tests.proofs.engines.asking import Asker, Refused, session
from tests.proofs.engines.listening import Ear
from tests.proofs.engines.people import PLACE, rest

#: How often a helper who is called says that she comes.
COMES = 0.08
MOVE_EVERY_S = 2.0
#: Answers of one helper under way at once; called more often, she lets it pass.
ANSWERING = 4


class Helper(Ear):
    """One phone: on duty, sending its place again and again, coming now and then."""

    def __init__(
        self, asker: Asker, socket_url: str, who: str, token: str, place: dict[str, float]
    ) -> None:
        super().__init__(asker, socket_url, who, token)
        self._place = place
        self._answering: set[asyncio.Task[None]] = set()

    async def enrol(self, operator: str) -> None:
        application = {
            "id": f"apply-{self.who}",
            "name": "Camille",
            "skills": ["come", "call"],
            "languages": ["fr"],
            "charter": True,
        }
        await self._asker.ask("helper/apply", application, token=self._token)
        approval = {"helper": self.who, "tier": 1}
        await self._asker.ask("helper/approve", approval, token=operator)
        # Told of everything: quiet hours and a small budget are another test's.
        wishes = {"quiet": None, "budget": 20}
        await self._asker.ask("helper/prefer", wishes, token=self._token)
        await self._asker.ask("helper/duty", {"on": True, **self._place}, token=self._token)

    async def live(self) -> None:
        await self.client.connect()
        while not self._asker.over.is_set():
            with contextlib.suppress(CentrifugeError, TimeoutError):
                await self.client.rpc("helper.move", {"position": self._place})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MOVE_EVERY_S):
                    await self._asker.over.wait()
        await asyncio.gather(*self._answering)

    def heard(self, data: dict[str, Any]) -> None:
        over = self._asker.over.is_set() or len(self._answering) >= ANSWERING
        if data.get("type") != "offer" or over or self._asker.chance.random() > COMES:
            return
        task = asyncio.create_task(self._come(str(data["offer"]), str(data["alert"])))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _come(self, offer: str, alert: str) -> None:
        line = Operation(0, self.who, f"accept {offer}", What.ACCEPT, Phase.INVOKE)
        try:
            answer = await self._asker.ask("offer/accept", {"offer": offer}, token=self._token)
        except Refused:
            # It was over before she could answer.
            return
        if answer["state"] != "accepted":
            return
        now = self._asker.book.now()
        self._asker.book.write(
            Operation(now, self.who, line.id, What.ACCEPT, Phase.OK, alert=alert)
        )
        if answer.get("room"):
            await self.enter(str(answer["room"]))


async def run(path: Path, seed: int, url: str, operator: str, ids: Path, count: int) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    book = Book(path)
    socket_url = url.replace("http", "ws", 1) + "/connection/websocket"
    async with session(url) as web:
        helpers = []
        for number in range(count):
            asker = Asker(web, book, random.Random(f"{seed}/h{number}"), over)
            answer = await asker.ask("session", {})
            who, token = str(answer["person"]), str(answer["token"])
            helper = Helper(asker, socket_url, who, token, _near(number))
            await helper.enrol(operator)
            helpers.append(helper)
        async with asyncio.TaskGroup() as group:
            for helper in helpers:
                group.create_task(helper.live())
            ids.write_text("\n".join(helper.who for helper in helpers))
        await rest(list(helpers))


def _near(number: int) -> dict[str, float]:
    return {"lat": PLACE["lat"] + 0.001 * (number % 3), "lon": PLACE["lon"] + 0.001 * (number // 3)}


if __name__ == "__main__":
    book_path, seed_text, where, operator_token, ids_path, count_text = sys.argv[1:]
    asyncio.run(
        run(Path(book_path), int(seed_text), where, operator_token, Path(ids_path), int(count_text))
    )
