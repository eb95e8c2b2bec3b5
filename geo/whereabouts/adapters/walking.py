"""One walk over whoever is live, where that has to be asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from geo.whereabouts.asking import Asking
from geo.whereabouts.asks import Ask, Question
from geo.whereabouts.ports import Found
from geo.whereabouts.reached import Reached
from realtime.kernel.errors import Unavailable


class Walking:
    def __init__(
        self,
        question: Question,
        reached: Reached,
        find_out: Callable[[Asking, Ask], Awaitable[None]],
        *,
        patience_s: float,
    ) -> None:
        """``question`` wants nobody yet; each piece may take ``patience_s``."""
        self._question = question
        self._reached = reached
        self._find_out = find_out
        self._patience_s = patience_s
        self._asking: Asking | None = None

    async def on(self, want: int) -> list[Found]:
        first = self._asking is None
        asking = self._asking = self._asking or self._begun(want)
        found: list[Found] = []
        try:
            async with asyncio.timeout(self._patience_s):
                while len(found) < want and not asking.is_over:
                    asking.go_on(want - len(found))
                    while (ask := asking.next()) is not None:
                        await self._find_out(asking, ask)
                    found += asking.answer()
        except (Unavailable, TimeoutError):
            # W14: those who have declared a zone, and nobody else.
            asking.nobody_live()
            return found + asking.answer()
        if first:
            self._reached.note(replace(self._question, want=want), found)
        return found

    def _begun(self, want: int) -> Asking:
        question = replace(self._question, want=want)
        return Asking(question, self._reached.before(question))
