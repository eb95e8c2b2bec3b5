"""What geo needs of servers that all nodes share; ``realtime.adapters.redis.batches`` is it."""

from collections.abc import Sequence
from typing import Any, Protocol

# Any: whatever a command takes and answers.
Command = tuple[Any, ...]


class Redis(Protocol):
    """Servers that keep nothing on disk."""

    @property
    def divided(self) -> bool:
        """Whether the keys of one command must carry one hash tag: they may be on other servers."""
        ...

    def key(self, *parts: str) -> str:
        """The name of something of ours."""
        ...

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers in order, texts as bytes; ``Unavailable`` when there are none in time."""
        ...
