"""Alerts as they are shown: to her, to those who come, on the operators' board."""

from alerts.help import store
from alerts.help.values import Alert
from alerts.messages import AlertLine, BoardCounts, BoardLine, BoardState, CellCount, HelperCounts
from geo.cells import DECLARED_RES, outline
from geo.whereabouts.ports import Whereabouts
from matching.helpers.service import QUEUE, Helpers
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading

#: Open alerts on the board, the oldest first: more than any association could follow.
BOARD_PAGE = 500
#: Coarse enough to add everybody up in a few cells.
WHOLE_RES = 5


def line(alert: Alert, person: PersonId) -> AlertLine:
    return AlertLine(
        alert=alert.alert,
        state=alert.state,
        mode=alert.mode,
        kind=alert.kind,
        at=alert.raised_at,
        delivered=alert.counts.delivered,
        seen=alert.counts.seen,
        accepted=alert.counts.accepted,
        on_scene=alert.counts.on_scene,
        room=alert.room,
        mine=alert.raiser == person,
    )


def board_line(alert: Alert) -> BoardLine:
    return BoardLine(
        alert=alert.alert,
        state=alert.state,
        mode=alert.mode,
        kind=alert.kind,
        at=alert.raised_at,
        delivered=alert.counts.delivered,
        seen=alert.counts.seen,
        accepted=alert.counts.accepted,
        on_scene=alert.counts.on_scene,
        room=alert.room,
        mine=False,
        cell=alert.shown,
        escalation=alert.escalation,
        area=outline(alert.shown),
    )


class Board:
    """What operators see of everything at once: counts and coarse cells, never a person."""

    def __init__(self, ledger: Ledger, helpers: Helpers, whereabouts: Whereabouts) -> None:
        self._ledger = ledger
        self._helpers = helpers
        self._whereabouts = whereabouts

    async def state(self, reading: Reading) -> BoardState:
        place = await reading.place(QUEUE)
        cells = await self._whereabouts.counts(DECLARED_RES, reading.now)
        return BoardState(
            alerts=[board_line(it) for it in await store.open_alerts(reading.db, BOARD_PAGE)],
            helpers=HelperCounts(on_duty=len(self._helpers.roster), live=await self._live()),
            cells=[CellCount(cell, count, outline(cell)) for cell, count in sorted(cells.items())],
            epoch=place.epoch,
            offset=place.offset,
        )

    async def counts(self) -> BoardCounts:
        async with self._ledger.reading() as reading:
            waiting = await store.count_open(reading.db)
        return BoardCounts(on_duty=len(self._helpers.roster), live=await self._live(), open=waiting)

    async def _live(self) -> int:
        """How many are live, over the whole Earth: a sum that names no cell."""
        now = self._ledger.clock.now()
        return sum((await self._whereabouts.counts(WHOLE_RES, now, at_least=1)).values())
