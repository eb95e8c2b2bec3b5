"""Rooms and holds as a plain list that is counted anew each time: what the real ones must equal.

And random operations on both: the same words said to the model and to whatever is tested.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from matching.shelter.errors import AlreadyHeld, RoomsPromised, RoomTaken
from matching.shelter.holds import machine
from matching.shelter.holds.machine import Event
from matching.shelter.night import night_of, nights
from matching.shelter.rules import NIGHTS_ALONE
from matching.shelter.values import (
    Count,
    Hold,
    HoldId,
    HoldState,
    HotelId,
    KindId,
    NeedId,
    Night,
    RoomKind,
)
from realtime.kernel.errors import AppError, Malformed


@dataclass
class Model:
    """Every room and every hold; nothing is remembered that can be counted."""

    kinds: list[RoomKind]
    now: datetime
    said: dict[tuple[KindId, Night], tuple[int, int]] = field(default_factory=dict)
    holds: dict[HoldId, Hold] = field(default_factory=dict)

    @property
    def tonight(self) -> Night:
        return night_of(self.now)

    def count(self, of: RoomKind, night: Night) -> Count:
        total, occupied = self.said.get((of.kind, night), (of.usual, 0))
        held = sum(
            it.kind == of.kind and night in nights(it.first, it.nights)
            for it in self.holds.values()
            if it.alive
        )
        return Count(total, occupied, held)

    def hold(self, name: str, need: str, of: RoomKind, first: Night, many: int, by: str) -> Hold:
        if any(it.alive and it.need == need for it in self.holds.values()):
            raise AlreadyHeld
        self._refuse_full(of, nights(first, many))
        new = Hold(
            hold=HoldId(name),
            need=NeedId(need),
            hotel=of.hotel,
            kind=of.kind,
            first=first,
            nights=many,
            state=HoldState.HELD,
            alias="",
            word="",
            held_at=self.now,
            expires_at=self.now + timedelta(minutes=90),
            extended=False,
            price_cents=of.price_cents,
            budget=None,
            approved=many <= NIGHTS_ALONE,
            by=by,
        )
        self.holds[new.hold] = new
        return new

    def happen(self, name: HoldId, event: Event) -> Hold:
        return self._keep(machine.after(self.holds[name], event, self.now))

    def approve(self, name: HoldId, actor: str) -> Hold:
        return self._keep(machine.approved(self.holds[name], actor))

    def more(self, name: HoldId, many: int, actor: str) -> Hold:
        before = self.holds[name]
        after = machine.more(before, many, actor)
        of = next(it for it in self.kinds if it.kind == before.kind)
        self._refuse_full(of, nights(before.first, after.nights)[before.nights :])
        return self._keep(after)

    def say(self, of: RoomKind, night: Night, *, total: int = 0, occupied: int = 0) -> Count:
        before = self.count(of, night)
        after = replace(before, total=before.total + total, occupied=before.occupied + occupied)
        if after.occupied < 0:
            raise Malformed
        if after.free < 0:
            raise RoomsPromised
        self.said[of.kind, night] = (after.total, after.occupied)
        return after

    def pass_time(self, gone: timedelta) -> None:
        """Time ends what nobody has ended."""
        self.now += gone
        for it in list(self.holds.values()):
            due, event = machine.due(it), machine.timely(it)
            if due is not None and event is not None and due <= self.now:
                self.happen(it.hold, event)

    def problems(self) -> list[str]:
        """What must never be true."""
        days = {night for it in self.holds.values() for night in nights(it.first, it.nights)}
        days |= {night for _, night in self.said}
        return [
            f"{of.kind} on {night}: {self.count(of, night)}"
            for of in self.kinds
            for night in sorted(days)
            if self.count(of, night).free < 0
        ]

    def _refuse_full(self, of: RoomKind, stay: list[Night]) -> None:
        if any(self.count(of, night).free <= 0 for night in stay):
            raise RoomTaken

    def _keep(self, hold: Hold) -> Hold:
        self.holds[hold.hold] = hold
        return hold


Verb = Literal[
    "hold", "confirm", "decline", "extend", "cancel", "arrive", "leave", "approve", "more",
    "change", "occupy", "wait",
]  # fmt: skip
#: How often each is said, of all.
WEIGHTS: dict[Verb, int] = {
    "hold": 24, "confirm": 16, "decline": 2, "extend": 4, "cancel": 4, "arrive": 14, "leave": 8,
    "approve": 3, "more": 12, "change": 8, "occupy": 6, "wait": 7,
}  # fmt: skip
EVENTS: dict[Verb, Event] = {
    "confirm": Event.CONFIRM,
    "decline": Event.DECLINE,
    "extend": Event.EXTEND,
    "cancel": Event.CANCEL,
    "arrive": Event.ARRIVE,
    "leave": Event.LEAVE,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One operation; each verb reads what concerns it."""

    verb: Verb
    need: str
    #: Which kind, and which of the holds made so far: to be taken modulo how many there are.
    kind: int
    hold: int
    #: Nights from tonight.
    days: int
    many: int
    by: int
    minutes: int
    actor: str


def operations(seed: int, many: int) -> Iterator[Said]:
    dice = Random(seed)
    for _ in range(many):
        [verb] = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))
        yield Said(
            verb=verb,
            need=f"need-{dice.randrange(40)}",
            kind=dice.randrange(1_000),
            # The newest are the most likely to be alive.
            hold=int(dice.random() ** 4 * 30),
            days=dice.choice((0, 0, 0, 1, 2, -1)),
            many=dice.choice((1, 1, 1, 2, 3, 9)),
            by=dice.choice((-2, -1, -1, 1, 1, 2)),
            minutes=dice.choice((1, 1, 5, 5, 30, 95, 700)),
            actor=dice.choice(("anna", "bea")),
        )


def outcome(work: Callable[[], Hold | Count | None]) -> str:
    """What came of it, as both sides say it."""
    try:
        return told(work())
    except AppError as error:
        return error.name


def told(result: Hold | Count | None) -> str:
    match result:
        case None:
            return "nothing"
        case Count(total, occupied, held):
            return f"{total} {occupied} {held}"
        case Hold():
            ends = result.expires_at.isoformat()
            return f"{result.state} {result.nights} {result.approved} {result.extended} {ends}"


def say_to(model: Model, it: Said, number: int) -> str:
    """Say an operation to the model; a hold it makes is called by its number."""
    of = model.kinds[it.kind % len(model.kinds)]
    night = model.tonight + timedelta(days=it.days)
    name = pick(list(model.holds), it.hold)
    match it.verb:
        case "hold":
            return outcome(lambda: model.hold(f"{number}", it.need, of, night, it.many, it.actor))
        case "change":
            return outcome(lambda: model.say(of, night, total=it.by))
        case "occupy":
            return outcome(lambda: model.say(of, night, occupied=it.by))
        case "wait":
            model.pass_time(timedelta(minutes=it.minutes))
            return "nothing"
        case _ if name is None:
            return "nothing"
        case "approve":
            return outcome(lambda: model.approve(name, it.actor))
        case "more":
            return outcome(lambda: model.more(name, it.many, it.actor))
        case verb:
            return outcome(lambda: model.happen(name, EVENTS[verb]))


def pick(holds: list[HoldId], back: int) -> HoldId | None:
    """The newest but so many."""
    return holds[-1 - back % len(holds)] if holds else None


def some_kinds() -> list[RoomKind]:
    """Three hotels with few rooms, so that they are wanted by many at once."""
    return [
        RoomKind(
            kind=KindId(f"k{hotel}{number}"),
            hotel=HotelId(f"h{hotel}"),
            people=2 + number,
            cots=1,
            accessible=False,
            pets=False,
            ground_floor=False,
            price_cents=5_000 + 1_000 * number,
            usual=1 + number,
        )
        for hotel in range(3)
        for number in range(2)
    ]
