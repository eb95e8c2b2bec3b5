"""What a policy is to one request, and the policies that are not ours.

Each is as its makers publish it (``features.md`` section 2). What is left out of what they publish
is filled in their favour, and said here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from matching.dispatch.incident import Ring
from matching.dispatch.moves import Word
from matching.helpers.rules import Facts
from tests.simulation.policy.nights import Reach, Request

#: A person who has just been told "enough" may have answered before she could read it.
READS_S = 3.0


@dataclass(frozen=True, slots=True)
class Asked:
    helper: int
    ring: Ring = Ring.NEAR


@dataclass(frozen=True, slots=True)
class Field:
    """What one request lets a policy know."""

    request: Request
    by_metres: Sequence[Reach]
    #: By cells, those whom the live map's tags let through: to come, and to call or write.
    near: Sequence[Reach]
    remote: Sequence[Reach]
    #: What is known of a helper at this moment.
    facts: Callable[[int, float], Facts]
    #: Whether she may be asked to come at this moment: the same rules for every policy, budgets,
    #: quiet hours and the tier for homes included. So only whom, and when, is compared.
    may: Callable[[int, float], bool]


class Picker(Protocol):
    """One policy at work for one request."""

    #: When it wants to look again; None: not before it is told something.
    next_look: float | None

    def look(self, now: float) -> list[Asked]:
        """Whom to ask now."""
        ...

    def told(self, helper: int, word: Word, now: float) -> bool:
        """She said that. Of an acceptance, whether she is taken."""
        ...

    def open_to(self, helper: int, ring: Ring, now: float) -> bool:
        """Whether she still sees a request that she can answer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A policy in four numbers."""

    name: str
    #: Asked at once, or counted upon at any time; None: everybody.
    many: int | None
    within_m: float | None = None
    #: Somebody who says no, or turns back, is replaced by the next nearest.
    replaces: bool = False
    #: So is somebody who is silent for so long.
    silence_s: float | None = None

    def begin(self, field: Field) -> Picker:
        return Picking(self, field)


#: New Zealand, New South Wales: [R1] [R2]; the "current policy" of van den Berg et al. [R6].
GOODSAM = Plain(name="GoodSAM: 3 nearest in 1 km", many=3, within_m=1_000)
#: London: "reject → next nearest" [R3b] [R5]; no limit of distance is published.
GOODSAM_LONDON = Plain(name="GoodSAM London: refusals replaced", many=3, replaces=True)
#: [A4] [A7]: one broadcast, no limit of distance.
SORORITY = Plain(name="The Sorority: 50 nearest", many=50)
#: Citizen asks all in ¼ mile, Heartrunner in 1.8 km, GoodSAM in 0.5 to 1 km: one in between.
RADIUS = Plain(name="radius: all in 1 km", many=None, within_m=1_000)
#: What van den Berg et al. found best for 30 volunteers in 1 km [R6]; silences too, and as far, as
#: ours. Whoever accepts keeps her place among the seven.
SEVEN = Plain(name="7, each replaced", many=7, within_m=10_000, replaces=True, silence_s=20)
OTHERS = (GOODSAM, GOODSAM_LONDON, SORORITY, RADIUS, SEVEN)


class Picking:
    """A ``Plain`` policy at work. Whoever accepts goes: nobody is told that others come."""

    def __init__(self, plain: Plain, field: Field) -> None:
        self._plain = plain
        self._field = field
        #: Since when somebody is counted upon; None: said no, or turned back.
        self._asked: dict[int, float | None] = {}
        self._going: set[int] = set()
        self._walk = iter(field.by_metres)
        self.next_look: float | None = field.request.at_s

    def look(self, now: float) -> list[Asked]:
        plain = self._plain
        many = len(self._field.by_metres) if plain.many is None else plain.many
        room = many - sum(self._counted_upon(it, now) for it in self._asked)
        chosen: list[Asked] = []
        while len(chosen) < room:
            found = next(self._eligible(now), None)
            if found is None:
                break
            chosen.append(Asked(found))
            self._asked[found] = now
        self.next_look = self._silence_ends(now)
        return chosen

    def told(self, helper: int, word: Word, now: float) -> bool:
        if word is Word.ACCEPT:
            self._going.add(helper)
        elif word is Word.DECLINE:
            self._going.discard(helper)
            self._asked[helper] = None
            if self._plain.replaces:
                self.next_look = now
        return True

    def open_to(self, helper: int, ring: Ring, now: float) -> bool:
        return True

    def _eligible(self, now: float) -> Iterator[int]:
        within = self._plain.within_m
        for reach in self._walk:
            if within is not None and reach.metres > within:
                return
            if self._field.may(reach.helper, now):
                yield reach.helper

    def _counted_upon(self, helper: int, now: float) -> bool:
        since, patience = self._asked[helper], self._plain.silence_s
        if helper in self._going or since is None:
            return since is not None
        return patience is None or now - since < patience

    def _silence_ends(self, now: float) -> float | None:
        patience = self._plain.silence_s
        if patience is None:
            return None
        waiting = [
            since + patience
            for helper, since in self._asked.items()
            if since is not None and helper not in self._going and since + patience > now
        ]
        return min(waiting, default=None)
