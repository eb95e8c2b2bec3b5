"""What kind of channel a name stands for. The rows are the application's (``web/channels.py``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

import msgspec

from realtime.kernel.errors import UnknownChannel
from realtime.kernel.ids import Channel, PersonId


class Lane(Enum):
    """What gives way when a client is slow. One per channel, so offsets are never overtaken."""

    VITAL = "vital"
    ORDERED = "ordered"
    LATEST = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule:
    """One row of the channel table (DESIGN 4.3)."""

    #: The name up to and including its colon: ``room:``.
    prefix: str
    lane: Lane
    #: Publications are kept in the ledger, with offsets, and can be recovered.
    durable: bool
    #: Bodies are sealed with a key of the channel's own, in the ledger and the broker alike.
    sealed: bool = False
    #: How long publications are kept; ``None``: until the channel's key is shredded.
    kept: timedelta | None = None
    #: Whether subscribers may ask who else listens.
    presence: bool = False
    #: Whether clients may publish.
    writable: bool = False
    #: On ``LATEST``, the field of a publication that says what it is the newest of; None: of all.
    keyed: str | None = None
    #: What it is for and who may listen, for the AsyncAPI document.
    title: str = ""

    def key(self, body: bytes) -> str:
        """What a publication replaces: an older one of the same key.

        >>> rule = ChannelRule(prefix="board:", lane=Lane.LATEST, durable=False, keyed="handle")
        >>> rule.key(b'{"handle":"h1","free":2}'), rule.key(b'{"open":3}')
        ('h1', '')
        """
        if self.keyed is None:
            return ""
        found = msgspec.json.decode(body, type=dict[str, object]).get(self.keyed)
        return found if isinstance(found, str) else ""


#: What nodes tell each other: rights that ended, sessions that were closed. Never for clients.
CONTROL = Channel("control:nodes")
_CONTROL_RULE = ChannelRule(
    prefix="control:",
    lane=Lane.VITAL,
    durable=True,
    kept=timedelta(hours=1),
    title="between nodes",
)


def own_channel(person: PersonId) -> Channel:
    """The channel of one person, the only one that the server subscribes.

    >>> own_channel(PersonId("anna"))
    'me:#anna'
    """
    return Channel(f"me:#{person}")


class ChannelTable:
    def __init__(self, rules: Iterable[ChannelRule]) -> None:
        self._rules = {rule.prefix: rule for rule in (*rules, _CONTROL_RULE)}

    def __iter__(self) -> Iterator[ChannelRule]:
        return iter(self._rules.values())

    def rule(self, channel: Channel) -> ChannelRule:
        prefix, colon, rest = channel.partition(":")
        rule = self._rules.get(prefix + colon)
        # PostgreSQL keeps no text with a NUL in it, so no channel has such a name.
        if rule is None or not rest or "\x00" in rest:
            raise UnknownChannel
        return rule
