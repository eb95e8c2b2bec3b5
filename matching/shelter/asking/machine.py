"""Whom to ask next, and what their answers change. Pure.

Five hotels are asked at once, the best fit first, and five more every three minutes, or at once
when all have said no. The first that accepts has her; a silent one may still answer until then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from matching.shelter.errors import AskCovered
from matching.shelter.rules import ASKED_FOR, WAVE, WAVE_EVERY, WAVES_MOST
from matching.shelter.values import AskId, HotelId, KindId, NeedId
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import Ids


class AskState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: Another hotel has her, or she needs no room any more.
    COVERED = "covered"
    #: It was too late to answer.
    OVER = "over"


class Phase(StrEnum):
    ASKING = "asking"
    ACCEPTED = "accepted"
    STOPPED = "stopped"
    #: Nobody has said yes.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Fit:
    """A hotel that could take her in, and in which kind of room."""

    hotel: HotelId
    kind: KindId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    ask: AskId
    hotel: HotelId
    kind: KindId
    state: AskState
    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Hotels asked for one need."""

    need: NeedId
    phase: Phase
    began_at: datetime
    #: Waves that asked somebody, and when was last looked for whom to ask.
    wave: int = 0
    looked_at: datetime | None = None
    #: The last look found nobody.
    dry: bool = False
    asks: tuple[Ask, ...] = ()

    @property
    def until(self) -> datetime:
        return self.began_at + ASKED_FOR

    @property
    def waits(self) -> bool:
        """Whether somebody may still answer."""
        return any(it.state is AskState.OPEN for it in self.asks)

    def ask(self, name: AskId) -> Ask:
        for it in self.asks:
            if it.ask == name:
                return it
        raise NotFound


def begun(before: Round | None, need: NeedId, now: datetime) -> Round:
    """Begin, or begin again; what is under way goes on."""
    if before is not None and before.phase is Phase.ASKING:
        return before
    asks = () if before is None else before.asks
    return Round(need=need, phase=Phase.ASKING, began_at=now, asks=asks)


def looked(before: Round, fitting: Sequence[Fit], now: datetime, ids: Ids) -> Round:
    """Ask the best of those who could take her in and have not been asked."""
    if before.phase is not Phase.ASKING:
        return before
    if now >= before.until or _exhausted(before):
        return _ended(before, Phase.OVER, AskState.OVER)
    known = {it.hotel for it in before.asks if _counts(before, it)}
    others = [it for it in fitting if it.hotel not in known]
    new = tuple(_asked(it, before, now, ids) for it in others[: _room(before)])
    return replace(
        before,
        wave=before.wave + bool(new),
        looked_at=now,
        dry=not new,
        asks=before.asks + new,
    )


def accepted(before: Round, name: AskId) -> Round:
    """The first yes wins; the others are thanked."""
    found = before.ask(name)
    if found.state is AskState.ACCEPTED:
        return before
    if found.state is not AskState.OPEN:
        raise AskCovered
    yes = _with(before, replace(found, state=AskState.ACCEPTED))
    return _ended(yes, Phase.ACCEPTED, AskState.COVERED)


def declined(before: Round, name: AskId) -> Round:
    found = before.ask(name)
    if found.state is not AskState.OPEN:
        return before
    return _with(before, replace(found, state=AskState.DECLINED))


def stopped(before: Round) -> Round:
    """She needs no hotel any more, or has one."""
    if before.phase is not Phase.ASKING:
        return before
    return _ended(before, Phase.STOPPED, AskState.COVERED)


def next_look(after: Round) -> datetime | None:
    """When to look again; None: it is over."""
    if after.phase is not Phase.ASKING:
        return None
    if after.looked_at is None:
        return after.began_at
    if not after.waits and not after.dry:
        # All have said no: nobody is waited for.
        return after.looked_at
    if after.wave >= WAVES_MOST:
        return after.until
    return min(after.looked_at + WAVE_EVERY, after.until)


def _exhausted(before: Round) -> bool:
    return before.wave >= WAVES_MOST and not before.waits


def _room(before: Round) -> int:
    return WAVE if before.wave < WAVES_MOST else 0


def _counts(before: Round, it: Ask) -> bool:
    """Whether it is not to be asked (again): in this round it was, or it has said no."""
    return it.state is AskState.DECLINED or it.asked_at >= before.began_at


def _asked(it: Fit, before: Round, now: datetime, ids: Ids) -> Ask:
    return Ask(
        ask=AskId(ids()),
        hotel=it.hotel,
        kind=it.kind,
        state=AskState.OPEN,
        asked_at=now,
        until=before.until,
    )


def _ended(before: Round, phase: Phase, state: AskState) -> Round:
    asks = tuple(
        replace(it, state=state) if it.state is AskState.OPEN else it for it in before.asks
    )
    return replace(before, phase=phase, asks=asks)


def _with(before: Round, changed: Ask) -> Round:
    asks = tuple(changed if it.ask == changed.ask else it for it in before.asks)
    return replace(before, asks=asks)
