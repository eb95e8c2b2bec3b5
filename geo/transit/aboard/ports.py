"""Who is on which line, live: what an alert in transport asks.

Every numbered promise is checked by the test of the same number in
``tests/conformance/test_aboard.py``, on every backend.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from geo.cells import Cell
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.ids import PersonId

Rider = tuple[PersonId, Ride]


class Aboard(Protocol):
    """Rides of consenting, vetted people, in memory or in a Redis that keeps nothing on disk.

    A1. A person has one ride, the latest told; a late report does not undo a recent one.
    A2. ``forget`` leaves no trace of a person; doing it twice does nothing more.
    A3. Ten minutes after ``ride.at`` nobody is found by it any more.
    A4. ``on_line`` answers who rides that line in that direction: neither who only stands at a stop
        (``ride.stop``) nor whose confidence is below ``ABOARD``.
    A5. ``at_stops`` answers who stands at one of these stops.
    A6. ``near`` answers whoever is in that cell or one of the six around it, riding or standing.
    A7. Each answer is in the order of the ids, and has nobody twice.
    A8. It is bounded: beyond the bound the ride that was told longest ago is forgotten.
    A9. Nothing of it is written to a disk, and nothing outlives ten minutes, whoever dies.
    A10. While the backend is away nobody is aboard: ``put`` and ``forget`` do nothing, questions
        answer nobody. A ride that could not be forgotten goes after ten minutes by itself.
    """

    async def put(self, person: PersonId, ride: Ride) -> None: ...

    async def forget(self, person: PersonId) -> None: ...

    async def ride_of(self, person: PersonId, now: datetime) -> Ride | None: ...

    async def on_line(self, line: LineId, direction: int, now: datetime) -> list[Rider]: ...

    async def at_stops(self, stops: Collection[StopId], now: datetime) -> list[Rider]: ...

    async def near(self, cell: Cell, now: datetime) -> list[Rider]: ...
