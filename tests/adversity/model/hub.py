"""One hub of the model: it runs commands on the tables, and hands on what they said. Pure.

What it holds itself is lost when it is killed. Without a bug that is only what phones are about to
hear, which the log has.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.adversity.model.bugs import Bug
from tests.adversity.model.tables import BOARD_AFTER_S, Alert, Tables

HELPERS = tuple(f"helper{number}" for number in range(6))
#: How long dispatch thinks.
CALL_AFTER_S = 2.0


class Away(Exception):
    """Nothing came back: it may have been done, or not."""


class Refused(Exception):
    """It was not done."""


@dataclass(frozen=True, slots=True)
class Command:
    what: str
    who: str
    id: str
    alert: str = ""
    room: str = ""
    about: str = ""


Answer = dict[str, str]
#: Channel, offset, id, alert.
Message = tuple[str, int, str, str]


@dataclass(slots=True)
class Hub:
    name: str
    tables: Tables
    chance: random.Random
    bug: Bug | None
    #: By how much its clock is wrong.
    skew: float
    up: bool = True
    draining: bool = False
    database_up: bool = True
    #: What has been committed and not handed on yet.
    outgoing: list[Message] = field(default_factory=list)
    #: Bugs only: work that waits in memory, as the tables should.
    waiting: list[Callable[[float], object]] = field(default_factory=list)
    timers: dict[tuple[str, str], float] = field(default_factory=dict)
    planned: dict[str, list[str]] = field(default_factory=dict)

    def kill(self) -> None:
        self.up = self.draining = False
        self.outgoing.clear()
        self.waiting.clear()
        self.timers.clear()
        self.planned.clear()

    def ask(self, command: Command, now: float) -> Answer:
        """Do a command; ``Refused`` when it was not done."""
        if not self.up:
            raise Away
        if self.draining and self.bug is Bug.LOST_DRAIN:
            return self._foreseen(command)
        if self.bug is Bug.ACK_BEFORE_COMMIT:
            self.waiting.append(lambda then: self._do(command, then))
            return self._foreseen(command)
        if self.bug is Bug.DEDUP_RACE and self._slow(command):
            # It has looked for an earlier answer already; the writing comes later.
            self.waiting.append(lambda then: self._write(command, then))
            raise Away
        if not self.database_up:
            if self.bug is Bug.PUBLISHED_BEFORE_COMMIT:
                self._publish_undone(command)
            if self.bug is Bug.SILENT_CATCH:
                return self._foreseen(command)
            raise Refused
        return self._do(command, now)

    def tick(self, now: float, phones: Callable[[Message], None]) -> None:
        """Do what is due, and hand on what was said."""
        if not self.up:
            return
        if self.database_up:
            self._work(now)
        outgoing, self.outgoing = self.outgoing, []
        for message in outgoing:
            phones(message)
            if self.bug is Bug.DOUBLE_RELAY and self.chance.random() < 0.3:
                phones(message)

    def _work(self, now: float) -> None:
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work(now)
        timers = self.timers if self.bug is Bug.IN_MEMORY_TIMER else self.tables.tasks
        due = [task for task, at in self.tables.tasks.items() if at <= now]
        due += [task for task, at in self.timers.items() if at <= now]
        for kind, name in dict.fromkeys(due):
            if kind == "board":
                timers.pop((kind, name))
                self._board(self.tables.alerts[name], now)
            else:
                del self.tables.tasks[kind, name]
                self._call(self.tables.alerts[name], now)

    def _do(self, command: Command, now: float) -> Answer:
        known = self.tables.answered.get((command.who, command.id))
        if known is not None and self.bug is not Bug.MISSING_DEDUP:
            return known
        return self._write(command, now)

    def _write(self, command: Command, now: float) -> Answer:
        tables = self.tables
        answer = self._foreseen(command)
        match command.what:
            case "raise":
                answer = self._raise(command, now)
            case "say":
                tables.rooms.setdefault(command.room, []).append(command.id)
                self._publish(command.room, command.id, now)
            case "cancel":
                self._cancel(tables.alerts.get(command.alert), command.who, now)
            case "exclude":
                tables.excluded.add((command.who, command.about))
            case _:
                tables.members[command.room].discard(command.who)
        tables.answered[command.who, command.id] = answer
        return answer

    def _raise(self, command: Command, now: float) -> Answer:
        tables, known = self.tables, (command.who, command.id) in self.tables.answered
        name = f"a-{command.id}" + (f"-{len(tables.alerts)}" if known else "")
        tables.alerts[name] = Alert(name, command.who, command.room, now)
        tables.rooms.setdefault(command.room, [])
        if self.bug is Bug.HALF_DONE and self.chance.random() < 0.1:
            return {"alert": name, "room": command.room}
        tables.note(now, command.who, "help.raise", name)
        tables.tasks["call", name] = now + CALL_AFTER_S
        timers = self.timers if self.bug is Bug.IN_MEMORY_TIMER else tables.tasks
        timers["board", name] = now + BOARD_AFTER_S
        if self.bug is Bug.EXCLUSION_BEFORE:
            self.planned[name] = self._callable(command.who)
        return {"alert": name, "room": command.room}

    def _cancel(self, alert: Alert | None, who: str, now: float) -> None:
        if alert is not None and alert.state == "searching":
            alert.state = "cancelled"
            self.tables.note(now, who, "alert.cancelled", alert.name)

    def _call(self, alert: Alert, now: float) -> None:
        """Offer an alert to every helper who may be called for it."""
        if alert.state != "searching":
            return
        for helper in self.planned.pop(alert.name, None) or self._callable(alert.raiser):
            self._publish(f"me:{helper}", f"o-{alert.name}-{helper}", now, alert.name)

    def _board(self, alert: Alert, now: float) -> None:
        if alert.state == "searching" or self.bug is Bug.CLIMBS_AFTER_END:
            self.tables.note(now, "ladder", "alert.board", alert.name)

    def _callable(self, raiser: str) -> list[str]:
        return [it for it in HELPERS if (raiser, it) not in self.tables.excluded]

    def _publish(self, channel: str, said: str, now: float, alert: str = "") -> None:
        by_clock = self.bug is Bug.WALL_CLOCK
        at = now + (self.skew if by_clock else 0.0)
        offset = self.tables.publish(channel, said, at, by_clock=by_clock)
        self.outgoing.append((channel, offset, said, alert))

    def _publish_undone(self, command: Command) -> None:
        """Say what would have been committed: each try of a request makes another alert."""
        if command.what == "say":
            self.outgoing.append((command.room, self._next(command.room), command.id, ""))
        elif command.what == "raise":
            alert = f"a-{command.id}-undone"
            for helper in self._callable(command.who):
                channel = f"me:{helper}"
                self.outgoing.append((channel, self._next(channel), f"o-{alert}", alert))

    def _next(self, channel: str) -> int:
        return len(self.tables.log.get(channel, ())) + 1

    def _slow(self, command: Command) -> bool:
        new = (command.who, command.id) not in self.tables.answered
        return new and self.chance.random() < 0.05

    def _foreseen(self, command: Command) -> Answer:
        """What the answer will be, if all goes well."""
        if command.what == "raise":
            return {"alert": f"a-{command.id}", "room": command.room}
        return {}
