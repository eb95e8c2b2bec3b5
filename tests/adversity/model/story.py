"""Two minutes of the model's life under faults, from one seed: a history, and what is left. Pure.

Everything is decided by one dice: a seed replays to the letter.
"""

import random
from dataclasses import dataclass, field

from tests.adversity.history.lines import (
    Fault,
    Found,
    Heard,
    Joined,
    Line,
    Operation,
    Phase,
    Rested,
    What,
)
from tests.adversity.model.bugs import Bug
from tests.adversity.model.hub import HELPERS, Away, Command, Hub, Message, Refused
from tests.adversity.model.tables import START_S, Tables

TICK_S = 0.1
STORY_S, QUIET_S = 120.0, 20.0
PEOPLE = 4
#: A phone whose line was cut is back after that long, at most.
AWAY_S = 3.0
#: Answers that never arrive.
LOST_ANSWERS = 0.05


@dataclass(slots=True)
class Phone:
    """Listens to one channel through one hub, and remembers where it stands."""

    who: str
    channel: str
    hub: Hub | None = None
    offset: int | None = None
    #: Where its hub stands for it: it lets through only what follows.
    cursor: int = 0
    back_at: float = 0.0


@dataclass(slots=True)
class Person:
    who: str
    room: str
    under_way: Command | None = None
    alert: str = ""
    excluded: set[str] = field(default_factory=set)
    asked: int = 0


class Story:
    def __init__(self, seed: int, bug: Bug | None = None) -> None:
        self._chance = random.Random(seed)
        self._bug = bug
        self._now = START_S
        self._tables = Tables()
        self._hubs = [
            Hub(f"hub{number}", self._tables, self._chance, bug, skew=0.25 * number)
            for number in range(2)
        ]
        self.lines: list[Line] = []
        self._people = [Person(f"person{number}", f"room{number}") for number in range(PEOPLE)]
        self._phones = [Phone(helper, f"me:{helper}") for helper in HELPERS]
        for person in self._people:
            self._tables.members[person.room] = {person.who, "witness", "operator"}
            self._phones += [
                Phone(who, person.room) for who in sorted(self._tables.members[person.room])
            ]
        self._mended: dict[float, Hub | None] = {}

    def told(self) -> tuple[list[Line], Found]:
        """The history of all clients, and what the tables have at the end."""
        end = START_S + STORY_S
        while self._now < end + QUIET_S:
            self._now = round(self._now + TICK_S, 3)
            self._mend()
            if self._now < end:
                self._break_something()
                for person in self._people:
                    self._act(person)
            for phone in self._phones:
                self._connect(phone)
            for hub in self._hubs:
                hub.tick(self._now, self._deliver)
        self.lines += [
            Rested(self._now, it.who, it.channel)
            for it in self._phones
            if it.who in self._tables.members.get(it.channel, {it.who})
        ]
        return self.lines, self._tables.found(self._now)

    def _break_something(self) -> None:
        dice = self._chance.random()
        hub = self._chance.choice(self._hubs)
        if dice < 0.01 and hub.up:
            self._fault("killed", 0.5, hub)
            hub.kill()
        elif dice < 0.02 and hub.up and not hub.draining:
            hub.draining = True
            self._fault("drained", 0.6, hub)
        elif dice < 0.03 and hub.database_up:
            self._fault("database away", 1.0, None)
            for it in self._hubs:
                it.database_up = False
        elif dice < 0.05:
            # A broker that is emptied: what was on its way is gone, and the log has it.
            hub.outgoing.clear()
        self._hang_up()

    def _fault(self, what: str, seconds: float, hub: Hub | None) -> None:
        until = round(self._now + seconds, 3)
        while until in self._mended:
            until = round(until + TICK_S, 3)
        self._mended[until] = hub
        self.lines.append(Fault(self._now, until, what))

    def _mend(self) -> None:
        for until in sorted(it for it in self._mended if it <= self._now):
            hub = self._mended.pop(until)
            if hub is None:
                for it in self._hubs:
                    it.database_up = True
            else:
                if hub.draining:
                    hub.kill()
                hub.up = True

    def _hang_up(self) -> None:
        for phone in self._phones:
            if phone.hub is not None and (not phone.hub.up or self._chance.random() < 0.005):
                phone.hub = None
                phone.back_at = self._now + self._chance.uniform(0, AWAY_S)

    def _connect(self, phone: Phone) -> None:
        behind = phone.hub is not None and phone.cursor < self._head(phone.channel)
        lost = behind and not any(hub.outgoing for hub in self._hubs)
        if (phone.hub is not None and not lost) or phone.back_at > self._now:
            return
        allowed = phone.who in self._tables.members.get(phone.channel, {phone.who})
        up = [hub for hub in self._hubs if hub.up and not hub.draining and hub.database_up]
        if not up or not allowed:
            return
        log = self._tables.log.get(phone.channel, [])
        if phone.hub is None:
            phone.hub = self._chance.choice(up)
            recovered = phone.offset is not None
            place = len(log) if phone.offset is None else phone.offset
            self.lines.append(
                Joined(self._now, phone.who, phone.channel, self._tables.epoch, place, recovered)
            )
            phone.offset = phone.cursor = place
        missed = log[phone.offset or 0 :]
        if self._bug is Bug.CURSOR_OFF_BY_ONE:
            missed = missed[1:]
        if self._bug is Bug.RESUME_PARTIAL:
            missed = missed[:2]
        for entry in missed:
            alert = entry.id[2:].rpartition("-")[0] if entry.id.startswith("o-") else ""
            self._hear(phone, (phone.channel, entry.offset, entry.id, alert))
        phone.cursor = len(log)

    def _deliver(self, message: Message) -> None:
        channel, offset, _, _ = message
        for phone in self._phones:
            if phone.channel != channel or phone.hub is None or not self._may_hear(phone):
                continue
            blind = self._bug in (Bug.DOUBLE_RELAY, Bug.WALL_CLOCK)
            if blind or offset == phone.cursor + 1:
                self._hear(phone, message)
                phone.cursor = offset

    def _may_hear(self, phone: Phone) -> bool:
        members = self._tables.members.get(phone.channel, {phone.who})
        return phone.who in members or self._bug is Bug.NEVER_UNSUBSCRIBED

    def _hear(self, phone: Phone, message: Message) -> None:
        channel, offset, said, alert = message
        self.lines.append(Heard(self._now, phone.who, channel, offset, said, alert))
        phone.offset = offset

    def _head(self, channel: str) -> int:
        return len(self._tables.log.get(channel, ()))

    def _act(self, person: Person) -> None:
        if person.under_way is None:
            if self._chance.random() < 0.7:
                return
            person.under_way = self._next(person)
        command = person.under_way
        what = What(command.what)
        line = Operation(
            self._now, command.who, command.id, what, Phase.INVOKE,
            alert=command.alert, room=command.room, about=command.about,
        )  # fmt: skip
        if what is What.LEAVE:
            line = Operation(
                self._now, command.who, command.id, what, Phase.INVOKE, channel=command.room
            )
        self.lines.append(line)
        self._ask(person, command, line)

    def _ask(self, person: Person, command: Command, line: Operation) -> None:
        try:
            answer = self._chance.choice(self._hubs).ask(command, self._now)
            self._perhaps_lose_the_answer()
        except Away:
            self._write(line, Phase.INFO)
            return
        except Refused:
            self._write(line, Phase.FAIL)
            return
        self._write(line, Phase.OK, alert=answer.get("alert", command.alert))
        person.under_way = None
        if command.what == "raise":
            person.alert = answer["alert"]
        elif command.what == "cancel":
            person.alert = ""

    def _perhaps_lose_the_answer(self) -> None:
        if self._chance.random() < LOST_ANSWERS:
            raise Away

    def _write(self, line: Operation, phase: Phase, *, alert: str | None = None) -> None:
        self.lines.append(
            Operation(
                self._now,
                line.who,
                line.id,
                line.what,
                phase,
                alert=line.alert if alert is None else alert,
                room=line.room,
                about=line.about,
                channel=line.channel,
            )
        )

    def _next(self, person: Person) -> Command:
        person.asked += 1
        name = f"{person.who}-{person.asked}"
        if not person.alert:
            return Command("raise", person.who, name, room=person.room)
        dice = self._chance.random()
        if dice < 0.12:
            return Command("cancel", person.who, name, alert=person.alert)
        if dice < 0.18 and len(person.excluded) < 5:
            about = self._chance.choice(HELPERS)
            person.excluded.add(about)
            return Command("exclude", person.who, name, about=about)
        if dice < 0.19:
            return Command("leave", "witness", name, room=person.room)
        return Command("say", person.who, name, alert=person.alert, room=person.room)
