"""What happens in transport: reported, answered by those who are told, judged by operators."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from alerts.witness.errors import NotOnTheSpot, RoleTaken, WitnessEnded, WitnessNeedsAPlace
from alerts.witness.messages import (
    CallAnswer,
    Confirmed,
    EventEnded,
    HotSpots,
    Reported,
    Updated,
    WitnessBoard,
    WitnessState,
)
from alerts.witness.placing import Spoken
from alerts.witness.recording import Asked
from alerts.witness.values import As, Kind, Outcome, Role
from geo.transit.values import Fix, LineId, StopId
from realtime.kernel.errors import NotFound
from web.access.tables import role_of
from web.access.vocabulary import STAFF, Thing
from web.access.vocabulary import Kind as About
from web.commands.fields import Nothing
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.witness_fields import (
    SpotsAsked,
    WitnessAsked,
    WitnessClaim,
    WitnessClose,
    WitnessConfirm,
    WitnessJudge,
    WitnessReport,
    WitnessUpdate,
)

AnyAsked = (
    WitnessAsked | WitnessClaim | WitnessClose | WitnessConfirm | WitnessJudge | WitnessUpdate
)


def _event(asked: AnyAsked) -> Thing:
    return Thing(About.ALERT, asked.alert)


async def report(call: Writing, asked: WitnessReport) -> Reported:
    now = call.tx.now
    return await call.services.witness.report(
        call.tx,
        call.caller.person,
        Asked(
            role=As(asked.as_),
            kind=Kind(asked.kind),
            spoken=Spoken(
                line=None if asked.line is None else LineId(asked.line),
                direction=asked.direction,
                stop=None if asked.stop is None else StopId(asked.stop),
            ),
            car=asked.car or "",
            # Phones are asked to round; of one that does not, no more is known than of others.
            trail=[
                Fix(
                    lat=round(it.lat, 3),
                    lon=round(it.lon, 3),
                    at=now - timedelta(seconds=it.ago_s),
                )
                for it in asked.trail
            ],
            note=asked.note or "",
            origin=call.services.whence.of(call.network, now),
        ),
        code=asked.code,
    )


async def update(call: Writing, asked: WitnessUpdate) -> Updated:
    return await call.services.witness.update(
        call.tx,
        call.caller.person,
        asked.alert,
        kind=None if asked.kind is None else Kind(asked.kind),
        car=asked.car,
        stop=None if asked.stop is None else StopId(asked.stop),
    )


async def cancel(call: Writing, asked: WitnessAsked) -> EventEnded:
    return await call.services.witness.cancel(call.tx, call.caller.person, asked.alert)


async def note_look(call: Writing, asked: WitnessAsked) -> None:
    """An operator who reads what was written is seen doing so."""
    if await call.services.witness.exists(call.tx, asked.alert):
        call.tx.record(call.caller.person, "witness.looked", asked.alert)


async def state(call: Looking, asked: WitnessAsked) -> WitnessState:
    staff = role_of(call.caller.role) in STAFF
    return await call.services.witness.state(
        call.reading, call.caller.person, asked.alert, staff=staff
    )


# Whoever is told.


async def received(call: Writing, asked: WitnessAsked) -> CallAnswer:
    return await call.services.witness.received(call.tx, call.caller.person, asked.alert)


async def seen(call: Writing, asked: WitnessAsked) -> CallAnswer:
    return await call.services.witness.seen(call.tx, call.caller.person, asked.alert)


async def claim(call: Writing, asked: WitnessClaim) -> CallAnswer:
    return await call.services.witness.claim(
        call.tx, call.caller.person, asked.alert, Role(asked.role), done=asked.done
    )


async def release(call: Writing, asked: WitnessAsked) -> CallAnswer:
    return await call.services.witness.release(call.tx, call.caller.person, asked.alert)


async def decline(call: Writing, asked: WitnessAsked) -> CallAnswer:
    return await call.services.witness.decline(call.tx, call.caller.person, asked.alert)


async def confirm(call: Writing, asked: WitnessConfirm) -> Confirmed:
    return await call.services.witness.confirm(
        call.tx, call.caller.person, asked.alert, seen=asked.seen
    )


# Operators.


async def board(call: Looking, asked: Nothing) -> WitnessBoard:
    return await call.services.witness.board(call.reading)


async def judge(call: Writing, asked: WitnessJudge) -> EventEnded:
    return await call.services.witness.judge(
        call.tx, call.caller.person, asked.alert, true=asked.verdict == "confirmed"
    )


async def close(call: Writing, asked: WitnessClose) -> EventEnded:
    return await call.services.witness.close(
        call.tx, call.caller.person, asked.alert, Outcome(asked.outcome)
    )


async def hotspots(call: Looking, asked: SpotsAsked) -> HotSpots:
    return await call.services.witness.hotspots(call.reading, asked.days)


def _answer(
    method: str,
    title: str,
    run: Callable[[Writing, WitnessAsked], Awaitable[CallAnswer]],
) -> Writes[WitnessAsked, CallAnswer]:
    return Writes(
        method=method, title=title, takes=WitnessAsked, gives=CallAnswer, about=_event, run=run
    )


COMMANDS = (
    Writes(
        method="witness.report",
        title="Say what happens in transport. The answer comes after the commit: it is recorded.",
        takes=WitnessReport,
        gives=Reported,
        errors=(WitnessNeedsAPlace,),
        run=report,
    ),
    Writes(
        method="witness.update",
        title="Say something else of it: what it is, in which car, at which stop.",
        takes=WitnessUpdate,
        gives=Updated,
        about=_event,
        errors=(WitnessEnded,),
        run=update,
    ),
    Writes(
        method="witness.cancel",
        title="Take one's word back. It is over when nobody else says it.",
        takes=WitnessAsked,
        gives=EventEnded,
        about=_event,
        run=cancel,
    ),
    Reads(
        method="witness.state",
        title="One event as the caller may see it now: the snapshot of alert:<id>.",
        takes=WitnessAsked,
        gives=WitnessState,
        about=_event,
        note=note_look,
        noted_for=STAFF,
        run=state,
    ),
    _answer("witness.received", "The phone has it.", received),
    _answer("witness.seen", "Whoever was told has looked at it.", seen),
    Writes(
        method="witness.claim",
        title="Take a part that nobody has, or say that it is done.",
        takes=WitnessClaim,
        gives=CallAnswer,
        about=_event,
        errors=(RoleTaken, WitnessEnded),
        run=claim,
    ),
    _answer("witness.release", "Let one's part go: another may take it.", release),
    _answer("witness.decline", "Not this time; after coming, not any more.", decline),
    Writes(
        method="witness.confirm",
        title="Say whether one sees it, being there.",
        takes=WitnessConfirm,
        gives=Confirmed,
        about=_event,
        errors=(WitnessEnded, NotOnTheSpot),
        run=confirm,
    ),
    Reads(
        method="witness.board",
        title="What is open in transport: the snapshot of queue:witness.",
        takes=Nothing,
        gives=WitnessBoard,
        run=board,
    ),
    Writes(
        method="witness.judge",
        title="It is true, and is carried like any other; or nothing happened, and it is over.",
        takes=WitnessJudge,
        gives=EventEnded,
        errors=(NotFound,),
        run=judge,
    ),
    Writes(
        method="witness.close",
        title="It is over: what happened next, told to who reported it.",
        takes=WitnessClose,
        gives=EventEnded,
        errors=(NotFound,),
        run=close,
    ),
    Reads(
        method="witness.hotspots",
        title="Stops and hours with five events or more, in steps of five.",
        takes=SpotsAsked,
        gives=HotSpots,
        run=hotspots,
    ),
)
