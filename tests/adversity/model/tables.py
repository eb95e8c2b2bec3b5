"""What the model's database keeps: whatever is in here survives everything. Pure."""

from dataclasses import dataclass, field

from tests.adversity.history.lines import Entry, Found, Noted

#: When the first moment of a story is.
START_S = 1_000_000.0
#: The model's ladder is short, so that a story of two minutes climbs it.
BOARD_AFTER_S = 8.0


@dataclass(slots=True)
class Alert:
    name: str
    raiser: str
    room: str
    raised: float
    state: str = "searching"


@dataclass(slots=True)
class Tables:
    epoch: str = "first"
    alerts: dict[str, Alert] = field(default_factory=dict)
    rooms: dict[str, list[str]] = field(default_factory=dict)
    #: What was answered to each person's command.
    answered: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    log: dict[str, list[Entry]] = field(default_factory=dict)
    audit: list[Noted] = field(default_factory=list)
    #: Kind and alert, and when it is due.
    tasks: dict[tuple[str, str], float] = field(default_factory=dict)
    #: Who is never to be called for whom.
    excluded: set[tuple[str, str]] = field(default_factory=set)
    #: Who may hear which channel.
    members: dict[str, set[str]] = field(default_factory=dict)

    def publish(self, channel: str, said: str, at: float, *, by_clock: bool = False) -> int:
        """Number a publication; by the clock of whoever said it, when that is the bug."""
        entries = self.log.setdefault(channel, [])
        place = len(entries)
        while by_clock and place and entries[place - 1].at > at:
            place -= 1
        moved = [Entry(it.offset + 1, it.id, it.at) for it in entries[place:]]
        entries[place:] = [Entry(place + 1, said, at), *moved]
        return place + 1

    def note(self, at: float, actor: str, action: str, thing: str) -> None:
        self.audit.append(Noted(len(self.audit) + 1, at, actor, action, thing))

    def found(self, at: float) -> Found:
        written = {line.thing for line in self.audit}
        return Found(
            at=at,
            states={name: alert.state for name, alert in self.alerts.items()},
            rooms=self.rooms,
            audit=self.audit,
            log=self.log,
            halves=[f"{name} was not written down" for name in self.alerts if name not in written],
        )
