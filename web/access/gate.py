"""Who may listen and see who else is there: ``realtime.ports.Gate`` by the access tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from realtime.kernel.errors import NotAllowed
from realtime.kernel.ids import Channel
from realtime.ledger import Ledger
from realtime.ports import Caller
from web.access.ports import Facts
from web.access.tables import Access, role_of
from web.access.vocabulary import Kind, Relation, Role, Thing


@dataclass(frozen=True, slots=True)
class Row:
    """Which actions guard a kind of channel, and what its name names."""

    listen: str
    about: Kind | None = None
    presence: str | None = None


#: By prefix. A channel without a row is refused.
CHANNELS: Mapping[str, Row] = {
    "me": Row("me.listen", Kind.PERSON),
    "alert": Row("alert.listen", Kind.ALERT),
    "room": Row("room.listen", Kind.ROOM, presence="room.presence"),
    "staff": Row("staff.listen", Kind.ROOM, presence="staff.presence"),
    "typing": Row("typing.listen", Kind.ROOM),
    "looking": Row("looking.listen", Kind.ROOM),
    "queue": Row("queue.listen"),
    "board": Row("board.listen"),
    "desk": Row("desk.listen", Kind.HOTEL),
}
#: The lines and areas there are: any other name would be a channel nobody guards.
KNOWN = frozenset(
    f"{kind}:{line}"
    for kind in ("queue", "board")
    for line in ("help", "shelter", "3919", "witness")
)


class AccessGate:
    """G1, G2: returns, or raises ``NotAllowed`` whether the thing is foreign or does not exist."""

    def __init__(self, ledger: Ledger, access: Access, facts: Facts) -> None:
        self._ledger = ledger
        self._access = access
        self._facts = facts

    async def may_subscribe(self, caller: Caller, channel: Channel) -> None:
        row, thing = _guarded(channel)
        await self._check(row.listen, caller, thing)

    async def may_see_presence(self, caller: Caller, channel: Channel) -> None:
        row, thing = _guarded(channel)
        await self._check(row.presence, caller, thing)

    async def seat(self, caller: Caller, channel: Channel) -> str:
        _, thing = _guarded(channel)
        if thing is None or thing.kind is not Kind.ROOM:
            raise NotAllowed
        among_staff = channel.startswith("staff:")
        async with self._ledger.reading() as reading:
            seat = await self._facts.seat(reading, caller, thing, among_staff=among_staff)
        if seat is None:
            raise NotAllowed
        return seat

    async def _check(self, action: str | None, caller: Caller, thing: Thing | None) -> None:
        role = role_of(caller.role)
        if action is None or role is Role.ANYONE:
            raise NotAllowed
        held: frozenset[Relation] = frozenset()
        if self._access.must_look(action, role):
            async with self._ledger.reading() as reading:
                held = await self._facts.relations(reading, caller, thing)
        elif thing is not None and thing.kind is Kind.ALERT:
            # Staff may listen to any alert, but not to one that does not exist.
            async with self._ledger.reading() as reading:
                if not await self._facts.exists(reading, thing):
                    raise NotAllowed
        self._access.check(action, role, held, otherwise=NotAllowed)


def _guarded(channel: Channel) -> tuple[Row, Thing | None]:
    prefix, _, name = channel.partition(":")
    row = CHANNELS.get(prefix)
    if row is None or not name:
        raise NotAllowed
    if row.about is None:
        if channel not in KNOWN:
            raise NotAllowed
        return row, None
    if row.about is Kind.PERSON:
        # ``me:#<person>``: the # is Centrifugo's mark for a channel of one user.
        if not name.startswith("#"):
            raise NotAllowed
        name = name[1:]
    return row, Thing(row.about, name)
