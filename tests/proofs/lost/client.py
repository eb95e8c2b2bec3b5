"""Load from another process: people who ask for help, speak, and cancel; all is written down.

``python -m tests.proofs.lost.client URL LOG SEED PEOPLE``; ends on SIGTERM. A request that is not
answered is asked again under the same id, as the pages do, until it is.
"""

import asyncio
import random
import signal
import sys
from pathlib import Path

import aiohttp
import msgspec

from tests.proofs.lost.history import Event

PLACE = {"lat": 48.857, "lon": 2.352, "accuracy_m": 20}
#: A note and messages hold this word: the privacy proofs look for it in files.
CANARY = "canari"


class Person:
    def __init__(
        self, web: aiohttp.ClientSession, log: "Log", chance: random.Random, over: asyncio.Event
    ) -> None:
        self._web = web
        self._log = log
        self._chance = chance
        self._over = over
        self._token = ""

    async def live(self) -> None:
        while not self._over.is_set():
            self._token = str((await self._ask("session", {}))["token"])
            for _ in range(self._chance.randint(1, 4)):
                left_open = await self._one_alert()
                if left_open:
                    # One open alert each: the next one is somebody else's.
                    break

    async def _one_alert(self) -> bool:
        raising = self._id()
        self._log.add(Event("raise", "invoke", raising))
        answer = await self._ask(
            "help/raise",
            {"id": raising, "kind": "followed", "mode": "public", "place": PLACE, "note": CANARY},
        )
        alert, room = str(answer["alert"]), str(answer["room"])
        self._log.add(Event("raise", "ok", raising, alert, room, self._token))
        for _ in range(self._chance.randint(0, 3)):
            saying = self._id()
            self._log.add(Event("say", "invoke", saying, alert, room))
            await self._ask("room/say", {"id": saying, "room": room, "text": CANARY})
            self._log.add(Event("say", "ok", saying, alert, room))
        if self._chance.random() < 0.2:
            return True
        self._log.add(Event("cancel", "invoke", alert, alert))
        await self._ask("help/cancel", {"alert": alert})
        self._log.add(Event("cancel", "ok", alert, alert))
        return False

    async def _ask(self, command: str, body: dict[str, object]) -> dict[str, object]:
        """Ask until answered; stop asking when the run is over."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        while not self._over.is_set():
            try:
                async with self._web.post(f"/api/{command}", json=body, headers=headers) as got:
                    answer: dict[str, object] = await got.json()
                    if got.status == 200:
                        return answer
                    if got.status < 500 and got.status != 429:
                        raise AssertionError(f"{command}: {got.status} {answer}")
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                pass
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
        raise asyncio.CancelledError

    def _id(self) -> str:
        return f"{self._chance.getrandbits(96):024x}"


class Log:
    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def add(self, event: Event) -> None:
        self._file.write(msgspec.json.encode(event) + b"\n")


def read_log(path: Path) -> list[Event]:
    lines = path.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=Event) for line in lines if line]


async def run(url: str, log: Path, seed: int, people: int) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(url, timeout=timeout) as web:
        book = Log(log)
        chances = [random.Random(f"{seed}/{number}") for number in range(people)]
        lives = [Person(web, book, chance, over).live() for chance in chances]
        failures = [
            it
            for it in await asyncio.gather(*lives, return_exceptions=True)
            if isinstance(it, Exception)
        ]
        if failures:
            raise ExceptionGroup("people", failures)


if __name__ == "__main__":
    where, log_path, seed_text, people_text = sys.argv[1:]
    asyncio.run(run(where, Path(log_path), int(seed_text), int(people_text)))
