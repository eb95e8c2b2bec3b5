"""Many want the last room at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from matching.shelter.holds.service import Change
from matching.shelter.inventory import reconciling
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError, Unavailable
from tests.support.sheltering import OPERATOR, Shelter, shelter

#: Told that it is not possible now, before being told anything else.
AGAIN = "again"


async def race(places: Sequence[Shelter], racers: int, *, name: str) -> Counter[str]:
    """All at once, on each of the nodes; the winner gives the room back. What they were told."""
    first = places[0]
    before = await first.count()
    again: Counter[str] = Counter()
    answers = await asyncio.gather(
        *(
            _patiently(places[number % len(places)], f"{name}-{number:04d}", again)
            for number in range(racers)
        ),
        return_exceptions=True,
    )
    winners = [it.after for it in answers if isinstance(it, Change)]
    told = Counter(_told(it) for it in answers) + again
    if await first.count() != type(before)(before.total, before.occupied, len(winners)):
        told["counted wrong"] += 1
    told["drift"] += await first.read(reconciling.drift)
    for it in winners:
        await first.write(lambda tx, it=it: first.holds.cancel(tx, it.hold, actor=OPERATOR))  # type: ignore[misc]
    return told


async def nodes(
    stack: AsyncExitStack, folder: Path, address: str, many: int, run: str = "node"
) -> list[Shelter]:
    """So many writers on one database."""
    clock = ManualClock()
    return [
        await stack.enter_async_context(
            shelter(folder, address, clock=clock, run=f"{run}-{number}", alone=False)
        )
        for number in range(many)
    ]


async def _patiently(place: Shelter, need: str, again: Counter[str]) -> Change:
    """As a phone does: what is refused for now is asked again."""
    while True:
        try:
            return await place.take(need)
        except Unavailable:
            again[AGAIN] += 1


def _told(answer: Change | BaseException) -> str:
    match answer:
        case Change():
            return "held"
        case AppError():
            return answer.name
        case _:
            return repr(answer)
