"""What must be true whatever happens, looked at while it happens and when all is quiet again.

``Trace`` writes down what happened; ``Witness`` is told what phones hear; ``Watch`` sees each
commit of the database.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import msgspec
from sqlalchemy import Connection as Raw
from sqlalchemy import Integer, column, select, table

from alerts.help.store import alert as alerts
from realtime import store
from realtime.audit import Chain, Line
from tests.simulation.database import Server

#: A request that nobody accepts is on the board after 60 s; what the faults may add to it.
ALARM = timedelta(seconds=60)
LATE = timedelta(seconds=12)
_ROW = column("rowid", Integer)
_ENDED = frozenset({"closed", "cancelled", "expired"})


class Trace:
    """What happened, in words, with the virtual time: the same seed writes the same."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self.lines: list[str] = []
        #: What was promised and is not true. Told here and not raised: whoever it happens in may
        #: catch it, and a task that ends would change what happens next.
        self.broken: list[str] = []
        self.closed = False

    def breaks(self, sentence: str) -> None:
        self.add("BROKEN", sentence)
        if not self.closed:
            self.broken.append(sentence)

    def add(self, *words: object) -> None:
        if not self.closed:
            self.lines.append(" ".join([f"{self._time():10.4f}", *map(str, words)]))

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


class Witness:
    """What phones hear: each publication once, in order, the same for all."""

    def __init__(self, trace: Trace, time: Callable[[], float]) -> None:
        self.trace = trace
        self._time = time
        self._said: dict[tuple[str, int], bytes] = {}
        self._pings: dict[str, float] = {}
        self.publications = self.restarts = 0

    def note(self, person: str, event: str, detail: str) -> None:
        self.trace.add(person, event, detail)

    def ping(self, person: str) -> None:
        self._pings[person] = self._time()

    def pinged(self, person: str, within: float) -> bool:
        return self._time() - self._pings.get(person, -within) < within

    def started(self, person: str, channel: str, offset: int, *, over: bool) -> None:
        self.restarts += over
        self.trace.add(person, "starts over" if over else "starts", channel, offset)

    def stands(self, person: str, channel: str, place: int, told: int) -> None:
        if place != told:
            self.trace.breaks(f"{person} was resumed on {channel} to {place}, and told {told}")

    def heard(
        self, person: str, channel: str, place: int, offset: int, data: dict[str, object]
    ) -> None:
        self.trace.add(person, "hears", channel, offset)
        self.publications += 1
        if offset != place + 1:
            self.trace.breaks(f"{person} heard {offset} on {channel} after {place}")
        body = msgspec.json.encode(data)
        if self._said.setdefault((channel, offset), body) != body:
            self.trace.breaks(f"{person} heard something else at {offset} of {channel}")


@dataclass(slots=True)
class Place:
    """Where a phone stands in a channel."""

    epoch: str
    offset: int


@dataclass(slots=True)
class Promised:
    """What was acknowledged to people."""

    #: Alerts by raiser.
    alerts: dict[str, str] = field(default_factory=dict)
    #: Of whom it was said that these will never be asked.
    excluded: set[tuple[str, str]] = field(default_factory=set)
    #: Messages by room.
    messages: list[tuple[str, str]] = field(default_factory=list)


class Watch:
    """What is committed: seen in the order of the commits."""

    def __init__(self, server: Server, trace: Trace, promised: Promised) -> None:
        self._server = server
        self._trace = trace
        self._promised = promised
        self._last = 0
        self._raisers: dict[str, str] = {}
        self._ended: set[str] = set()
        #: How far each stream was a moment before the end.
        self._before_the_end: dict[str, int] = {}
        server.committed = self.committed

    def committed(self, raw: Raw) -> None:
        rows = raw.execute(
            select(_ROW, *store.publication.c["channel", "position", "body"])
            .select_from(store.publication)
            .where(self._last < _ROW)
            .order_by(_ROW)
        ).all()
        said = [f"{row.channel}@{row.position}" for row in rows]
        self._trace.add("commit", *said)
        for row in rows:
            self._last = row.rowid
            if row.channel.startswith("me:#"):
                self._said(row.channel[4:], msgspec.json.decode(row.body))

    def _said(self, person: str, message: dict[str, str]) -> None:
        match message:
            case {"type": "alert", "alert": alert, "state": state}:
                self._raisers[alert] = person
                if state in _ENDED:
                    self._ended.add(alert)
            case {"type": "offer", "alert": alert}:
                if alert in self._ended:
                    self._trace.breaks(f"{person} was asked for {alert}, which had ended")
                if (self._raisers[alert], person) in self._promised.excluded:
                    self._trace.breaks(f"{person} was asked by one who had excluded them")
            case _:
                return

    # At any moment.

    def live_requests(self, now: datetime, calm_since: datetime) -> None:
        """Each has an acceptance, an alarm, or something that will happen; none too late."""
        open_now = select(*alerts.c["alert", "accepted", "escalation"]).where(
            alerts.c.ended.is_(None)
        )
        for alert, accepted, escalation in self._server.look(open_now):
            if accepted or escalation:
                continue
            to_do = self._server.look(
                select(store.task.c.kind, store.task.c.due).where(
                    store.task.c.key.startswith(str(alert))
                )
            )
            rungs = [due for kind, due in to_do if kind == "alert.rung"]
            if not rungs or "dispatch.step" not in {kind for kind, _ in to_do}:
                self._trace.breaks(f"nothing more will happen for {alert}: {to_do}")
                continue
            first = min(cast("list[datetime]", rungs))
            # It starts again when everybody who had accepted has turned back.
            if first > now + ALARM or now > max(first, calm_since) + LATE:
                self._trace.breaks(f"{alert} waits, and operators are told at {first:%T}")

    # When all is quiet.

    def kept(self) -> None:
        """What was acknowledged is there; the audit chain is whole, and nothing in it twice."""
        found = {row[0] for row in self._server.look(select(alerts.c.alert))}
        for raiser, alert in self._promised.alerts.items():
            if alert not in found:
                self._trace.breaks(f"the request of {raiser} was acknowledged, and is not there")

    def audit(self) -> None:
        lines = [
            Line(*row)  # type: ignore[arg-type]
            for row in self._server.look(select(store.audit).order_by(store.audit.c.number))
        ]
        if Chain().first_break(lines) is not None:
            self._trace.breaks("the audit chain is broken")
        for (action, thing), times in Counter((it.action, it.thing) for it in lines).items():
            if action in {"help.raise", "alert.duty"} and times > 1:
                self._trace.breaks(f"{action} {times} times for {thing}")

    def steps(self, chains: int, steps: int) -> None:
        """Each step of each chain took effect, once."""
        done = table("simulation_done", column("chain"), column("step"))
        times = Counter(self._server.look(select(done.c.chain, done.c.step)))
        for chain in range(chains):
            for step in range(1, steps + 1):
                found = times[f"chain-{chain}", step]
                if found != 1:
                    self._trace.breaks(f"step {step} of chain {chain} took effect {found} times")

    def begun_once(self, begun: Mapping[tuple[str, int], int]) -> None:
        """Where nothing went wrong, nobody took another's work for a dead one's."""
        again = sorted(step for step, times in begun.items() if times > 1)
        if again:
            self._trace.breaks(f"begun twice, though everybody was well: {again}")

    def message(self, room: str, name: str, bodies: list[bytes]) -> None:
        times = sum(msgspec.json.decode(it)["id"] == name for it in bodies)
        if times != 1:
            self._trace.breaks(f"{name} was acknowledged, and is {times} times in its room")

    def quieter(self) -> None:
        """What is said from now on may be on its way at the end: a broker may refuse it once."""
        self._before_the_end = self._tops()

    def _tops(self) -> dict[str, int]:
        rows = self._server.look(select(store.stream.c.channel, store.stream.c.top))
        return {str(channel): int(str(top)) for channel, top in rows}

    def told_all(
        self, person: str, hears: Collection[str], places: Mapping[str, Place | None]
    ) -> None:
        """Who listens when all is quiet has heard everything that was said."""
        if f"me:#{person}" not in hears:
            self._trace.breaks(f"{person} has not come back")
        now = self._tops()
        for channel in sorted(hears):
            place, said = places.get(channel), now.get(channel, 0)
            if (
                place is not None
                and not self._before_the_end.get(channel, 0) <= place.offset <= said
            ):
                self._trace.breaks(
                    f"{person} is at {place.offset} of {channel}, which is at {said}"
                )
