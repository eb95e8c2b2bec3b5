"""One search for helpers on a table: a clock moved by hand, people by name. No database."""

from datetime import UTC, datetime, timedelta
from itertools import count

from geo.cells import Cell
from matching.dispatch.incident import (
    AlertId,
    Incident,
    Kind,
    Mode,
    Offer,
    OfferState,
    Ring,
)
from matching.dispatch.machine import after, decide
from matching.dispatch.moves import (
    Answer,
    Ask,
    Call,
    Candidate,
    Decision,
    Event,
    Look,
    Step,
    Word,
)
from realtime.kernel.ids import PersonId

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


class Search:
    """One search, told what happens."""

    def __init__(self) -> None:
        numbers = count(1)
        self.ids = lambda: f"offer-{next(numbers)}"
        self.now = START
        self.incident = Incident(
            alert=AlertId("alert"),
            raiser=PersonId("anna"),
            mode=Mode.PUBLIC,
            kind=Kind.FOLLOWED,
            cell=Cell("891fb466257ffff"),
            shown=Cell("881fb46625fffff"),
            room="room",
            opened_at=START,
            ring=0,
            widen_at=START + timedelta(seconds=20),
        )

    def happens(self, event: Event, *, seconds: float = 0) -> tuple[Decision, ...]:
        self.now += timedelta(seconds=seconds)
        decisions = decide(self.incident, event, self.now, self.ids)
        self.incident = after(self.incident, decisions)
        return decisions

    def looks(
        self, near: dict[str, int] | None = None, remote: str = "", *, seconds: float = 0
    ) -> tuple[Decision, ...]:
        """A step with these candidates, by their distance; then these are asked to call."""
        candidates = [Candidate(PersonId(it), far) for it, far in (near or {}).items()]
        decided = self.happens(Step(candidates), seconds=seconds)
        return decided + self.happens(Call([PersonId(it) for it in remote.split()]))

    def says(self, helper: str, word: Word, *, seconds: float = 0) -> tuple[Decision, ...]:
        return self.happens(Answer(self.offer(helper).id, word), seconds=seconds)

    def offer(self, helper: str) -> Offer:
        found = self.incident.offer_to(PersonId(helper))
        assert found is not None
        return found

    def state(self, helper: str) -> OfferState:
        return self.offer(helper).state

    def asked(self, decisions: tuple[Decision, ...], ring: Ring = Ring.NEAR) -> list[str]:
        return [it.helper for it in decisions if isinstance(it, Ask) and it.ring is ring]


def crowd(many: int, *, steps: int = 0, name: str = "h") -> dict[str, int]:
    return {f"{name}{number}": steps for number in range(many)}


def look_of(decisions: tuple[Decision, ...]) -> timedelta | None:
    """How long after the start the search looks again."""
    times = [it.at for it in decisions if isinstance(it, Look)]
    return times[0] - START if times else None
