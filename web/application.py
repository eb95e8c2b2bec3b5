"""What the node asks of the program above it: ``realtime.ports.Application``."""

from collections.abc import Mapping

import structlog

from matching.helpers.posts import CHANGED
from matching.helpers.told import Told
from realtime.admission import Rank
from realtime.kernel.errors import NotAllowed, TicketExpired
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Ledger
from realtime.ports import Caller, Limits, Tickets
from web.arrivals import ARRIVING, Arrivals
from web.auth.sessions import Sessions
from web.commands.fields import Asked, Position
from web.commands.helpers import Move
from web.commands.parse import decode
from web.commands.pipeline import Pipeline
from web.commands.rooms import RoomLine, RoomSay
from web.errors import tamed

log = structlog.get_logger("web.application")

#: Commands of one person: a burst for a page that opens, then what a hand can do.
RATE, BURST = 10.0, 60
#: A phone says where it is at most every few seconds; what comes faster is not heard.
MOVES_RATE, MOVES_BURST = 0.5, 6
#: Never slowed down: whoever raises an alert can have only one, and it must go out.
NEVER_LIMITED = frozenset({"help.raise", "help.cancel", "session.leave"})


class Heard(Asked, frozen=True):
    """A message that wants no answer: where the phone is."""

    position: Position


class EntraideApplication:
    def __init__(
        self,
        pipeline: Pipeline,
        ledger: Ledger,
        *,
        tickets: Tickets,
        sessions: Sessions,
        limits: Limits,
        told: Told | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        """``told`` keeps the roster right; ``arrivals`` says who comes back first."""
        self._pipeline = pipeline
        self._ledger = ledger
        self._tickets = tickets
        self._sessions = sessions
        self._limits = limits
        self._told = told
        self._arrivals = arrivals

    def rank(self, ticket: str) -> Rank:
        return Rank.OTHERS if self._arrivals is None else self._arrivals.of_ticket(ticket)

    async def authenticate(self, ticket: str) -> Caller:
        caller = await self._tickets.redeem(ticket)
        # The session may have been left in the 30 s since the ticket was given.
        async with self._ledger.reading() as reading:
            if not await self._sessions.is_open(reading, caller.session):
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
            await self._limits.spend(f"calls:{caller.person}", rate=RATE, burst=BURST)

    async def say(self, caller: Caller, channel: Channel, data: bytes) -> None:
        """A publication is the command of its channel: one use case, two ways in."""
        prefix, _, name = channel.partition(":")
        if prefix != "room" or not name:
            # Notes and typing marks come with the helpline.
            raise NotAllowed
        await self._limits.spend(f"says:{caller.person}", rate=2.0, burst=20)
        line = decode(RoomLine, data)
        asked = RoomSay(room=name, id=line.id, text=line.text)
        await self._pipeline.run_parsed(caller, "room.say", asked)

    async def heard(self, caller: Caller, data: bytes) -> None:
        """Where a helper is. It wants no answer, so an unreadable one is simply not heard."""
        try:
            position = decode(Heard, data).position
            await self._limits.spend(f"moves:{caller.person}", rate=MOVES_RATE, burst=MOVES_BURST)
            await self._pipeline.run_parsed(caller, "helper.move", Move(position=position))
        except Exception as error:  # noqa: BLE001 - the socket goes on
            # Nothing to answer to: ours are dropped, and what we did not foresee is logged.
            tamed(error, where="heard")

    def ordered(self, order: Mapping[str, str] | None) -> None:
        """What this process holds in memory follows the tables: the roster."""
        if self._told is None:
            return
        match order:
            case None:
                self._told.tell_all()
            case {"type": kind, "person": person} if kind == CHANGED:
                self._told.tell([PersonId(person)])
            case _:
                log.error("unknown_order")
