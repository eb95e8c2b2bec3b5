"""Handing a commit's deliveries over: a round trip for each server, once more where that failed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from realtime.adapters.redis.address import Server
from realtime.adapters.redis.servers import ANSWER_S, CONNECT_S
from realtime.adapters.redis.voice import Message, Part, Voice
from realtime.kernel.errors import Unavailable

#: Two attempts, each with a line that must be opened. Nobody waits for it but other publications.
MOST_S = 2 * (CONNECT_S + ANSWER_S)


class Publishing:
    def __init__(
        self,
        route: Callable[[bytes], Server | None],
        voice: Callable[[Server], Voice],
        look: Callable[[], Awaitable[None]],
    ) -> None:
        self._route = route
        self._voice = voice
        #: Find out where things are now.
        self._look = look

    async def publish(self, messages: Iterable[Message]) -> None:
        """Return when servers have taken them all; ``Unavailable`` when they have not in 4 s.

        A server that failed is tried once more: its line may have died unused. So some may be heard
        twice, and some even if this raises: the ledger's offsets let each through once.
        """
        try:
            async with asyncio.timeout(MOST_S):
                left = await self._hand_over(messages)
                if left:
                    await self._look()
                    left = await self._hand_over(left)
        except TimeoutError:
            raise Unavailable from None
        if left:
            raise Unavailable

    async def _hand_over(self, messages: Iterable[Message]) -> list[Message]:
        """What remains: what had no server, or one that failed, or one that named another."""
        left: list[Message] = []
        by_server: dict[Server, list[Message]] = {}
        for message in messages:
            server = self._route(message[0])
            if server is None:
                left.append(message)
            else:
                by_server.setdefault(server, []).append(message)
        parts = [self._hand(server, each) for server, each in by_server.items()]
        for part in parts:
            answer = await part.done
            left.extend(part.messages if answer is None else answer)
        return left

    def _hand(self, server: Server, messages: list[Message]) -> Part:
        part = Part(messages)
        self._voice(server).hand(part)
        return part
