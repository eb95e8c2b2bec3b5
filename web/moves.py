"""Where phones are: what they say all day, by the shortest way on which every rule is kept.

A position is a message that wants no answer, and the same as the command ``helper.move``. Of most
all is known at once: who may move, that she is on duty, that she does not watch a line, where she
was. They are counted and placed in the turn of the loop in which they arrive. Whatever has to be
waited for, a table or a Redis, goes the way of every command.
"""

import time
from collections.abc import Callable
from datetime import datetime

from geo.point import Point
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ports import Caller, Limits
from web.access.tables import Access
from web.access.vocabulary import Role
from web.answered import OK
from web.commands.fields import Asked, Position
from web.commands.helpers import Move
from web.commands.parse import decode
from web.commands.pipeline import Pipeline
from web.errors import tamed
from web.services import Services

METHOD = "helper.move"
#: A phone says where it is at most every few seconds; what comes faster is not heard.
RATE, BURST = 0.5, 6


class Heard(Asked, frozen=True):
    """A message that wants no answer: where the phone is."""

    position: Position


class Moves:
    def __init__(
        self,
        pipeline: Pipeline,
        services: Services,
        limits: Limits,
        access: Access,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pipeline = pipeline
        self._helpers = services.helpers
        self._watching = services.witness.watching
        self._clock = services.clock
        self._metrics = services.metrics
        self._limits = limits
        self._timer = timer
        #: The roles that may move, whoever they are to anything.
        self._roles = frozenset(role.value for role in Role if access.may(METHOD, role))

    async def heard(self, caller: Caller, data: bytes) -> None:
        """Take a position. It wants no answer, so an unreadable one is simply not heard."""
        try:
            position = decode(Heard, data).position
            await self._limits.spend(_counted(caller), rate=RATE, burst=BURST)
            await self._pipeline.run_parsed(caller, METHOD, Move(position=position))
        except Exception as error:  # noqa: BLE001 - the socket goes on
            # Nothing to answer to: ours are dropped, and what we did not foresee is logged.
            tamed(error, where="heard")

    def heard_at_once(self, caller: Caller, data: bytes) -> bool:
        """The same, if nothing has to be waited for. False: nothing was done."""
        person = caller.person
        if not (
            caller.role in self._roles
            and self._helpers.at_hand(person)
            and self._watching.known(person) is False
        ):
            return False
        try:
            position = decode(Heard, data).position
            now = self._clock.now()
            if not self._limits.spend_at_once(_counted(caller), now, rate=RATE, burst=BURST):
                return False
        except AppError:
            return True
        self._place(person, position, now)
        return True

    def _place(self, person: PersonId, position: Position, now: datetime) -> None:
        """Measured and counted as the pipeline does it."""
        start, outcome = self._timer(), OK
        try:
            point = Point(lat=position.lat, lon=position.lon)
            self._helpers.move_at_once(person, point, now)
        except Exception as error:  # noqa: BLE001 - the socket goes on
            outcome = tamed(error, where=METHOD).name
        finally:
            self._metrics.command(METHOD, outcome, self._timer() - start)


def _counted(caller: Caller) -> str:
    return f"moves:{caller.person}"
