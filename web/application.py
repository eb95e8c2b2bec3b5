"""What the node asks of the program above it: ``realtime.ports.Application``."""

from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager

import msgspec
import structlog

from alerts.witness.watch import service as watch
from alerts.witness.watch.service import Watching
from matching.helpers.posts import CHANGED
from matching.helpers.told import Told
from realtime.admission import Rank
from realtime.kernel.errors import NotAllowed, TicketExpired
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Ledger, Reading
from realtime.ports import Caller, Limits, Tickets
from realtime.shared import Shared
from web.arrivals import ARRIVING, Arrivals
from web.auth.sessions import Sessions
from web.commands.in_turn import NEVER_LIMITED
from web.commands.parse import decode
from web.commands.pipeline import Pipeline
from web.commands.room_fields import (
    LookingLine,
    NoteAdd,
    NoteLine,
    RoomLine,
    RoomLooking,
    RoomSay,
    RoomTyping,
    TypingLine,
)
from web.moves import Moves

log = structlog.get_logger("web.application")

#: Commands of one person: a burst for a page that opens, then what a hand can do.
RATE, BURST = 10.0, 60
#: Counted apart, so that nothing else a page does keeps it from going out: more than a hand does.
APART: Mapping[str, tuple[str, float, int]] = {"witness.report": ("witnessed", 1.0, 60)}


#: What one person may publish, by kind of channel: counted as what, how often, how many at once.
SAID: Mapping[str, tuple[str, float, int]] = {
    "room": ("says", 2.0, 20),
    "staff": ("says", 2.0, 20),
    "typing": ("marks", 1.0, 10),
    "looking": ("marks", 1.0, 10),
}


class EntraideApplication:
    def __init__(
        self,
        pipeline: Pipeline,
        ledger: Ledger,
        *,
        tickets: Tickets,
        sessions: Sessions,
        limits: Limits,
        moves: Moves,
        told: Told | None = None,
        watching: Watching | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        """``told`` keeps the roster right, ``watching`` who watches; ``arrivals``: who is first."""
        self._pipeline = pipeline
        self._ledger = ledger
        self._tickets = tickets
        self._sessions = sessions
        #: Asked of each who greets; answered with what they will be asked next.
        self._open = Shared(self._greeted, self._open_among, otherwise=False)
        self._limits = limits
        self._moves = moves
        self._told = told
        self._watching = watching
        self._arrivals = arrivals

    def rank(self, ticket: str) -> Rank:
        return Rank.OTHERS if self._arrivals is None else self._arrivals.of_ticket(ticket)

    async def authenticate(self, ticket: str) -> Caller:
        caller = await self._tickets.redeem(ticket)
        # The session may have been left in the 30 s since the ticket was given.
        if not await self._open.of(caller):
            raise TicketExpired
        return caller

    async def call(self, caller: Caller, method: str, data: bytes) -> bytes:
        await self.spend(caller, method)
        if method not in ARRIVING or self._arrivals is None:
            return await self._pipeline.run(caller, method, data)
        async with self._arrivals.turn(self._arrivals.of_caller(caller)):
            return await self._pipeline.run(caller, method, data)

    async def spend(self, caller: Caller, method: str) -> None:
        """Count a command of this person, or raise ``TooManyRequests``."""
        if method not in NEVER_LIMITED:
            what, rate, burst = APART.get(method, ("calls", RATE, BURST))
            await self._limits.spend(f"{what}:{caller.person}", rate=rate, burst=burst)

    async def say(self, caller: Caller, channel: Channel, data: bytes) -> None:
        """A publication is the command of its channel: one use case, two ways in."""
        prefix, _, room = channel.partition(":")
        if prefix not in SAID or not room:
            raise NotAllowed
        spent, rate, burst = SAID[prefix]
        await self._limits.spend(f"{spent}:{caller.person}", rate=rate, burst=burst)
        method, asked = _as_command(prefix, room, data)
        await self._pipeline.run_parsed(caller, method, asked)

    async def heard(self, caller: Caller, data: bytes) -> None:
        """Where a phone is."""
        await self._moves.heard(caller, data)

    def heard_at_once(self, caller: Caller, data: bytes) -> bool:
        return self._moves.heard_at_once(caller, data)

    def ordered(self, order: Mapping[str, str] | None) -> None:
        """What this process holds in memory follows the tables: the roster."""
        match order:
            case None:
                if self._told is not None:
                    self._told.tell_all()
                if self._watching is not None:
                    self._watching.told(None)
            case {"type": kind, "person": person} if kind == CHANGED:
                if self._told is not None:
                    self._told.tell([PersonId(person)])
            case {"type": kind, "person": person} if kind == watch.CHANGED:
                if self._watching is not None:
                    self._watching.told(person)
            case _:
                log.error("unknown_order")

    @asynccontextmanager
    async def _greeted(self) -> AsyncGenerator[tuple[Reading, int]]:
        """A reading, and how often somebody began or ceased to watch before it began."""
        changes = 0 if self._watching is None else self._watching.changes
        async with self._ledger.reading() as reading:
            yield reading, changes

    async def _open_among(
        self, greeted: tuple[Reading, int], callers: Collection[Caller]
    ) -> dict[Caller, bool]:
        """Those whose session is open. Where they are is what they say next: who watches, too."""
        reading, changes = greeted
        found = await self._sessions.open_among(reading, [it.session for it in callers])
        welcome = [it for it in callers if it.session in found]
        if self._watching is not None:
            people = [it.person for it in welcome]
            await self._watching.learn(reading, people, since=changes)
        return dict.fromkeys(welcome, True)


def _as_command(prefix: str, room: str, data: bytes) -> tuple[str, msgspec.Struct]:
    """The command that a publication stands for, with the room that its channel names."""
    match prefix:
        case "staff":
            note = decode(NoteLine, data)
            return "note.add", NoteAdd(
                room=room, id=note.id, kind=note.kind, text=note.text, to=note.to
            )
        case "typing":
            return "typing.say", RoomTyping(room=room, on=decode(TypingLine, data).on)
        case "looking":
            return "looking.say", RoomLooking(room=room, state=decode(LookingLine, data).state)
        case _:
            line = decode(RoomLine, data)
            return "room.say", RoomSay(
                room=room, id=line.id, text=line.text, attachment=line.attachment
            )
