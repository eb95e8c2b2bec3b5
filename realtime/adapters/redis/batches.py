"""Several commands in one round trip (in a cluster: one to each server), so many at once."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from realtime.adapters.redis.address import Kind
from realtime.adapters.redis.patience import Patience
from realtime.adapters.redis.servers import RedisServers, unavailable

#: Commands sent together: the loop breathes between two batches.
BATCH = 50

T = TypeVar("T")
#: A command with its arguments.
Command = tuple[Any, ...]


async def in_batches(
    servers: RedisServers, commands: Sequence[Command], *, patience_s: float
) -> list[Any]:
    """The answers, in order; ``Unavailable`` when a batch has no answer in time, or is refused."""
    answers: list[Any] = []
    with unavailable():
        for batch in pieces(commands, BATCH):
            async with asyncio.timeout(patience_s):
                if len(batch) == 1:
                    # A pipeline costs half a round trip more.
                    answers.append(await servers.commands.execute_command(*batch[0]))
                    continue
                line = servers.commands.pipeline(transaction=False)
                for command in batch:
                    line.execute_command(*command)
                answers += await line.execute()
    return answers


def pieces(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into parts of ``size``, the last one shorter.

    >>> list(pieces([1, 2, 3, 4, 5], 2))
    [[1, 2], [3, 4], [5]]
    """
    return (values[start : start + size] for start in range(0, len(values), size))


class Batches:
    """Batches of commands for a port that lives elsewhere, which needs no driver then."""

    def __init__(self, servers: RedisServers, name: str, *, patience_s: float = 1.0) -> None:
        """``name`` is what the log calls the port; ``patience_s`` is for one batch."""
        self._servers = servers
        self._patience_s = patience_s
        self._patience = Patience(name)

    @property
    def failures(self) -> int:
        """How often Redis did not answer."""
        return self._patience.failures

    @property
    def divided(self) -> bool:
        """Whether keys of one command must lie in one slot."""
        return self._servers.kind is Kind.CLUSTER

    def key(self, *parts: str) -> str:
        return self._servers.key(*parts)

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """``Unavailable`` as ``in_batches``, and for a second after another failure."""
        async with self._patience.asking():
            return await in_batches(self._servers, commands, patience_s=self._patience_s)
