"""Who is around, live: what dispatch and the board ask of it.

Every numbered promise is checked by the test of the same number in
``tests/conformance/test_whereabouts.py`` and ``test_whereabouts_walk.py``, on every backend.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from geo.cells import Cell
from geo.point import Point
from realtime.kernel.ids import PersonId

#: A position older than this is forgotten.
FRESH = timedelta(minutes=10)
#: Fewer people than this in a cell are not counted for a board: one could be recognised.
LEAST_COUNTED = 5


class Found(NamedTuple):
    person: PersonId
    #: The live cell (res 9), or the declared zone (res 7) of somebody who is not live.
    cell: Cell
    #: Cells of res 9 between the origin and ``cell`` (a declared zone counts from its middle).
    steps: int
    live: bool


class Walk(Protocol):
    """Those around a place, from the nearest on, as far as somebody goes (W16)."""

    async def on(self, want: int) -> list[Found]:
        """So many more, by whole layers; fewer when nobody is left in reach."""
        ...


class Whereabouts(Protocol):
    """Live helpers by cell, in memory or in a Redis that keeps nothing on disk.

    W1. Only who is enlisted is kept: a move by anybody else answers False and leaves no trace.
    W2. ``discharge`` forgets everything about a person; doing it twice does nothing more.
    W3. A person is in one place, the latest told; a late report does not undo a recent one.
    W4. Ten minutes after their last move a person is not live any more; they stay enlisted.
    W5. ``near`` answers nearest first by whole layers of equal ``steps``: all of a layer or none,
        stopping at the first that makes ``want``; with fewer in reach, everybody in reach.
    W6. Inside a layer the order depends on the ids and on ``salt``, and on nothing else.
    W7. ``ring`` is the furthest layer, itself included; None: no limit, over the whole Earth.
    W8. With ``tags_all``, only those whose tags (31 bits) have all of these; enlisting again
        replaces them and keeps the person where they are.
    W9. Live beats declared: a person who is live is never answered at a declared zone. Declared
        people are otherwise taken as given: tags are not looked at, the caller has chosen them.
    W10. The answer depends on cells only: two places of one cell cannot be told apart.
    W11. ``counts`` holds no cell with fewer than ``at_least`` people live in it.
    W12. It is bounded: enlisting one too many raises ``WhereaboutsFull`` and changes nothing.
    W13. A cell that is none, or coarser than res 9, raises ``Malformed``; a finer one counts as the
        res-9 cell that holds it.
    W14. While the backend is away nobody is live, and a dispatch goes on: ``near`` answers the
        declared people only, ``counts`` nobody, ``move`` is dropped and answers True (the phone
        sends its cell again). ``enlist`` and ``discharge`` raise ``Unavailable``, so that the task
        that tells is repeated. Whoever moves after it was emptied is live again with that move.
    W15. Whoever is ``at_hand`` is enlisted, and ``move_at_once`` does without waiting what ``move``
        does for the cell of that place. With a backend that has to be waited for nobody is.
    W16. A ``walk`` answers in pieces what ``near`` answers at once: each as ``near`` would, of
        those further than the pieces before, and nobody once nobody is left. People may move
        between two pieces: nobody is answered twice.
    """

    async def enlist(self, person: PersonId, tags: int) -> None:
        """On duty, with these tags (bits that the caller gives a meaning)."""
        ...

    async def discharge(self, person: PersonId) -> None:
        """Off duty."""
        ...

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        """Live in this cell, from now on. False: not enlisted, ignored."""
        ...

    def at_hand(self, person: PersonId) -> bool:
        """Whether this person can be moved at once."""
        ...

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        """Live in the cell of this place, from now on; only for whoever is ``at_hand``."""
        ...

    async def near(
        self,
        origin: Cell,
        *,
        ring: int | None,
        want: int,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> list[Found]:
        """Who is nearest: live helpers, and those whose declared zone (a res-7 cell) is near.

        Give the alert's id as ``salt``, so that two people of one cell are not always taken in
        the same order.
        """
        ...

    def walk(
        self,
        origin: Cell,
        *,
        ring: int | None,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> Walk:
        """The same, for whoever cannot say beforehand how many will do."""
        ...

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        """How many are live by cell, from res 5 to 8."""
        ...
