"""The rules that are compared: ours, and what others do.

``RoundRobin`` and ``LeastBusy`` give each who comes to one operator at once, as assigning inboxes
do: she waits in that operator's own line, and only a missed offer takes her elsewhere. ``OneQueue``
is first come, first served: no risk, no head start.
"""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from matching.helpline.choosing import choose
from matching.helpline.order import places, rank
from matching.helpline.rules import ASK_AGAIN, capacity
from matching.helpline.values import Chat, ChatId, ChatState, LineId, Operator
from realtime.kernel.ids import PersonId
from tests.proofs.waiting.days import Listener, Visitor

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


class Desk:
    """What one operator has in hand."""

    def __init__(self, who: Listener) -> None:
        self.who = who
        self.load = 0
        self.idle_since = 0.0

    @property
    def has_room(self) -> bool:
        return self.load < capacity(trainee=self.who.trainee)


class Policy(Protocol):
    name: str

    def comes(self, visitor: Visitor, desks: Sequence[Desk]) -> None: ...
    def missed(self, visitor: Visitor, by: Desk, desks: Sequence[Desk], now: float) -> None:
        """Nobody has her: this operator did not see the offer."""
        ...

    def gone(self, visitor: Visitor) -> None:
        """She does not wait any more: offered, or left."""
        ...

    def offers(self, desks: Sequence[Desk], now: float) -> list[tuple[Visitor, Desk]]:
        """Who is offered to whom now."""
        ...


class Ours:
    """The helpline's own pure part, as it runs."""

    name = "ours"

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Visitor, Chat]] = {}
        self._passed: dict[tuple[str, str], float] = {}

    def comes(self, visitor: Visitor, desks: Sequence[Desk]) -> None:
        self._waiting[visitor.name] = (visitor, self._chat(visitor))

    def missed(self, visitor: Visitor, by: Desk, desks: Sequence[Desk], now: float) -> None:
        self._passed[visitor.name, by.who.name] = now
        self.comes(visitor, desks)

    def gone(self, visitor: Visitor) -> None:
        self._waiting.pop(visitor.name, None)

    def offers(self, desks: Sequence[Desk], now: float) -> list[tuple[Visitor, Desk]]:
        if not self._waiting or not any(it.has_room for it in desks):
            return []
        passed: dict[ChatId, dict[PersonId, bool]] = {}
        for (visitor, operator), at in self._passed.items():
            if at > now - ASK_AGAIN.total_seconds():
                passed.setdefault(ChatId(visitor), {})[PersonId(operator)] = False
        by_name = {it.who.name: it for it in desks}
        found = choose(
            [chat for _, chat in self._waiting.values()],
            [_operator(it) for it in desks],
            passed,
            _moment(now),
        )
        return [(self._waiting[it.chat.chat][0], by_name[it.to]) for it in found]

    def place(self, visitor: Visitor) -> int:
        """Where she stands in the queue, from 1."""
        return places([chat for _, chat in self._waiting.values()])[ChatId(visitor.name)]

    def _chat(self, visitor: Visitor) -> Chat:
        at = _moment(visitor.at)
        return Chat(
            chat=ChatId(visitor.name),
            line=LineId("3919"),
            visitor=PersonId(visitor.name),
            room="",
            state=ChatState.WAITING,
            level=visitor.level,
            language=visitor.language,
            asked_at=at,
            rank=self._rank(at, visitor.level),
            since=at,
        )

    def _rank(self, at: datetime, level: int) -> datetime:
        return rank(at, level)


class OneQueue(Ours):
    name = "one queue, first come"

    def _rank(self, at: datetime, level: int) -> datetime:
        return at


class RoundRobin:
    name = "round-robin"

    def __init__(self) -> None:
        self._lines: dict[str, deque[Visitor]] = {}
        self._turn = 0

    def comes(self, visitor: Visitor, desks: Sequence[Desk]) -> None:
        self._give(visitor, desks, without=None)

    def missed(self, visitor: Visitor, by: Desk, desks: Sequence[Desk], now: float) -> None:
        self._give(visitor, desks, without=by)

    def gone(self, visitor: Visitor) -> None:
        for line in self._lines.values():
            if visitor in line:
                line.remove(visitor)

    def offers(self, desks: Sequence[Desk], now: float) -> list[tuple[Visitor, Desk]]:
        found = []
        for desk in desks:
            line = self._lines.get(desk.who.name, deque())
            room = capacity(trainee=desk.who.trainee) - desk.load
            found += [(it, desk) for it in list(line)[: max(0, room)]]
        return found

    def _give(self, visitor: Visitor, desks: Sequence[Desk], *, without: Desk | None) -> None:
        able = [it for it in desks if visitor.language in it.who.languages and it is not without]
        chosen = self._chosen(able or [it for it in desks if it is not without])
        self._lines.setdefault(chosen.who.name, deque()).append(visitor)

    def _chosen(self, able: Sequence[Desk]) -> Desk:
        self._turn += 1
        return able[self._turn % len(able)]


class LeastBusy(RoundRobin):
    name = "least-busy"

    def _chosen(self, able: Sequence[Desk]) -> Desk:
        self._turn += 1
        busy = {it.who.name: it.load + len(self._lines.get(it.who.name, ())) for it in able}
        least = min(busy.values())
        return super()._chosen([it for it in able if busy[it.who.name] == least])


def _operator(desk: Desk) -> Operator:
    return Operator(
        person=PersonId(desk.who.name),
        on=True,
        trainee=desk.who.trainee,
        languages=desk.who.languages,
        skills=(),
        load=desk.load,
        idle_since=_moment(desk.idle_since),
    )


def _moment(seconds: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=seconds)
