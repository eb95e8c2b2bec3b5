"""Who sits in a channel, on any node: shown to those who listen by seat, never by person.

Where everybody sits is known to the presence port. That somebody came or went is pushed at once to
who listens here, and through the broker to the other nodes: at most once, as what is lost is seen
by asking again. The seats of a node that died are gone when one asks; nobody is told of it.
"""

from collections.abc import Callable

import msgspec
import structlog

from realtime import wire
from realtime.client import Client
from realtime.frames import encode_text
from realtime.kernel.ids import Channel
from realtime.ports import Delivery, Presence

log = structlog.get_logger(__name__)


class Notice(msgspec.Struct, frozen=True):
    """What nodes tell each other, as a delivery without an offset on a channel that keeps."""

    node: str
    came: bool
    client: str
    seat: str


_read = msgspec.json.Decoder(Notice)


class Seats:
    def __init__(
        self,
        node: str,
        presence: Presence,
        *,
        here: Callable[[Channel, bytes], None],
        elsewhere: Callable[[Delivery], None],
    ) -> None:
        """``here`` writes a frame to who listens on this node, ``elsewhere`` asks the broker."""
        self._node = node
        self._presence = presence
        self._here = here
        self._elsewhere = elsewhere
        self._seats: dict[Channel, dict[Client, str]] = {}

    async def sit(self, client: Client, channel: Channel, seat: str) -> None:
        """Tell that a client is here, under that name; ``stand`` may overtake it."""
        self._seats.setdefault(channel, {})[client] = seat
        self._tell(channel, client, seat, came=True)
        await self._presence.sit(channel, client.id, seat)
        if client not in self._seats.get(channel, {}):
            await self._presence.stand(channel, client.id)

    def leave(self, client: Client, channel: Channel) -> bool:
        """Tell that a client has left. True when it had a seat: it must ``stand``, too."""
        seats = self._seats.get(channel, {})
        seat = seats.pop(client, None)
        if seat is None:
            return False
        if not seats:
            del self._seats[channel]
        self._tell(channel, client, seat, came=False)
        return True

    async def stand(self, client: Client, channel: Channel) -> None:
        await self._presence.stand(channel, client.id)
        if (seat := self._seats.get(channel, {}).get(client)) is not None:
            # Back again before we were done.
            await self._presence.sit(channel, client.id, seat)

    async def present(self, channel: Channel) -> dict[str, wire.ClientInfo]:
        """The seat of each connection in a channel, on every node."""
        everywhere = await self._presence.seated(channel)
        here = {client.id: seat for client, seat in self._seats.get(channel, {}).items()}
        return {
            it: wire.ClientInfo(user=seat, client=it) for it, seat in (everywhere | here).items()
        }

    def heard(self, channel: Channel, body: bytes) -> None:
        """The broker brought what a node, perhaps this one, said."""
        try:
            notice = _read.decode(body)
        except msgspec.MsgspecError:
            log.exception("seats.unreadable_notice")
            return
        if notice.node != self._node:
            info = wire.ClientInfo(user=notice.seat, client=notice.client)
            self._here(channel, _push(channel, info, came=notice.came))

    def _tell(self, channel: Channel, client: Client, seat: str, *, came: bool) -> None:
        info = wire.ClientInfo(user=seat, client=client.id)
        self._here(channel, _push(channel, info, came=came))
        notice = Notice(self._node, came, client.id, seat)
        self._elsewhere(Delivery(channel, 0, msgspec.json.encode(notice)))


def _push(channel: Channel, info: wire.ClientInfo, *, came: bool) -> bytes:
    return encode_text(wire.joined(channel, info) if came else wire.left(channel, info))
