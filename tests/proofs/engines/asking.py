"""Commands as pages ask them: again under one id until answered, every try written down."""

import asyncio
import contextlib
import random
from collections.abc import Mapping

import aiohttp
import msgspec

from tests.adversity.history.book import Book
from tests.adversity.history.lines import Operation, Phase

Answer = dict[str, object]
#: Pages say "not sent" after six seconds, and try again.
TIMEOUT_S = 6.0
#: What is under way when the load ends is asked until then.
LAST_CHANCE_S = 30.0


class Refused(Exception):
    """Asking again would not help."""


class Over(Exception):
    """The load has ended and nobody answers."""


class Asker:
    """One process's way to the front door."""

    def __init__(
        self, web: aiohttp.ClientSession, book: Book, chance: random.Random, over: asyncio.Event
    ) -> None:
        self.book = book
        self.chance = chance
        self.over = over
        self._web = web

    def id(self) -> str:
        return f"{self.chance.getrandbits(96):024x}"

    async def ask(
        self,
        command: str,
        body: Mapping[str, object],
        *,
        token: str = "",
        line: Operation | None = None,
    ) -> Answer:
        """Answered, at last; ``Refused`` when it is no use to ask again."""
        last = 0.0
        while True:
            self._note(line, Phase.INVOKE)
            status, answer = await self._once(command, body, token)
            if status == 200:
                self._note(line, Phase.OK, answer)
                return answer
            error = _error(answer)
            self._note(line, Phase.INFO if status is None else Phase.FAIL, error=error)
            if status is not None and status < 500 and status != 429:
                raise Refused(f"{command}: {status} {error}")
            now = asyncio.get_running_loop().time()
            if self.over.is_set():
                last = last or now + LAST_CHANCE_S
                if now > last:
                    raise Over(command)
            await asyncio.sleep(self.chance.uniform(0.05, 0.3))

    async def _once(
        self, command: str, body: Mapping[str, object], token: str
    ) -> tuple[int | None, Answer]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
            async with self._web.post(f"/api/{command}", json=body, headers=headers) as got:
                answer: Answer = await got.json()
                return got.status, answer
        return None, {}

    def _note(
        self, line: Operation | None, phase: Phase, answer: Answer | None = None, error: str = ""
    ) -> None:
        if line is None:
            return
        given = answer or {}
        self.book.write(
            msgspec.structs.replace(
                line,
                at=self.book.now(),
                phase=phase,
                alert=str(given.get("alert") or line.alert),
                room=str(given.get("room") or line.room),
                error=error,
            )
        )


def _error(answer: Answer) -> str:
    error = answer.get("error")
    return str(error.get("name", "")) if isinstance(error, dict) else ""


def session(url: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        url,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        connector=aiohttp.TCPConnector(limit=0),
    )
