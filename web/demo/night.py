"""The simulated night desks: each answers what is held and asked at its own hotel."""

import asyncio
import logging
from random import Random

from web.demo.api import Api, Json, Refused, client_id
from web.demo.inns import INNS, Inn, accepts, answers_after, confirms
from web.demo.line import Line, LineDown

log = logging.getLogger(__name__)

#: How often a desk looks at its page though nothing was heard, and says that its rooms are right.
LOOKS_S = 60.0


class NightDesk:
    def __init__(self, number: int, api: Api, token: str, random: Random) -> None:
        self._number = number
        self._inn: Inn = INNS[number]
        self._random = random
        self._coming: set[str] = set()
        self._line = Line(api, token, heard=self._heard, opened=self._opened, random=random)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            looking = group.create_task(self._look_again())
            await self._line.run()
            looking.cancel()

    async def _opened(self, whole: bool) -> None:
        state = await self._line.call("desk.state", {})
        await self._line.subscribe(f"desk:{state.get('hotel')}")
        self._take(state)

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "hold", "hold": str(hold), "state": "held"}:
                self._soon(hold)
            case {"type": "ask", "ask": str(ask), "state": "open"}:
                self._soon(ask)
            case _:
                pass

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_S * self._random.uniform(0.8, 1.2))
            try:
                state = await self._line.call("desk.state", {})
                self._take(state)
                if state.get("freshness") != "fresh":
                    await self._line.call("desk.fresh", {"id": client_id(self._random)})
            except (Refused, LineDown):
                continue

    def _take(self, state: Json) -> None:
        """What waits for an answer."""
        for kind, waiting in (("hold", "held"), ("ask", "open")):
            found = state.get(f"{kind}s")
            for it in found if isinstance(found, list) else ():
                if isinstance(it, dict) and it.get("state") == waiting:
                    self._soon(str(it[kind]))

    def _soon(self, thing: str) -> None:
        if thing not in self._coming:
            self._coming.add(thing)
            self._group.create_task(self._answer(thing))

    async def _answer(self, thing: str) -> None:
        await asyncio.sleep(answers_after(self._number, self._random))
        try:
            await self._decide(thing, await self._line.call("desk.state", {}))
        except (Refused, LineDown) as error:
            log.info("a desk could not answer: %s", error)
        finally:
            self._coming.discard(thing)

    async def _decide(self, thing: str, state: Json) -> None:
        """What somebody else has answered meanwhile, at the tablet, stays as it is."""
        if _waits(state, "hold", "held", thing):
            if confirms(self._inn, self._random):
                await self._line.call("hold.confirm", {"hold": thing})
            else:
                await self._line.call("hold.decline", {"hold": thing, "reason": "full"})
        elif _waits(state, "ask", "open", thing):
            yes = accepts(self._inn, self._random)
            await self._line.call("ask.accept" if yes else "ask.decline", {"ask": thing})


def _waits(state: Json, kind: str, waiting: str, thing: str) -> bool:
    found = state.get(f"{kind}s")
    return any(
        isinstance(it, dict) and it.get(kind) == thing and it.get("state") == waiting
        for it in (found if isinstance(found, list) else ())
    )
