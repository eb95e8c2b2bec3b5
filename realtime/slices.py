"""A few in each turn of the loop: what many begin at once does not keep the others waiting.

Whatever has been asked for is begun in its order, in this turn while there is room and in the next
ones after it. As many can wait as there are sockets: each asks once, and then reads nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable

#: Begun in a turn: a handshake or a greeting takes up to a tenth of a millisecond.
IN_TURN = 16


class Slices:
    def __init__(self, in_turn: int = IN_TURN) -> None:
        self._in_turn = in_turn
        #: Room in this turn; none while somebody waits.
        self._left = in_turn
        self._waiting: deque[Callable[[], None]] = deque()
        self._due = False

    def begin(self, work: Callable[[], None]) -> bool:
        """Do it now, or in its turn. False: it waits."""
        if not self._left:
            self._waiting.append(work)
            return False
        self._left -= 1
        self._go_on()
        work()
        return True

    async def turn(self) -> None:
        """Return in a turn that has room."""
        called = asyncio.get_running_loop().create_future()
        # Whoever was cancelled meanwhile is done already.
        self.begin(lambda: None if called.done() else called.set_result(None))
        await called

    def _go_on(self) -> None:
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        self._due = False
        some = min(len(self._waiting), self._in_turn)
        self._left = self._in_turn - some
        if some:
            # First: should one of them fail, the others still have their turn.
            self._go_on()
        for _ in range(some):
            self._waiting.popleft()()
