"""Our policy: the machine that runs (``matching/dispatch``), its rules and its order, not a copy.

Only what the live map and the tables answer is made here: who is near, and what is known of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from geo.cells import Cell, cell_of
from matching.dispatch import machine, rules, search
from matching.dispatch.incident import AlertId, Incident, Kind, Mode, Offer, OfferState, Ring
from matching.dispatch.moves import (
    Answer,
    Ask,
    Call,
    Candidate,
    Change,
    Decision,
    Event,
    Look,
    LookAfar,
    Rest,
    Step,
    Word,
)
from realtime.kernel.ids import PersonId
from tests.simulation.policy.nights import Reach, moment, seconds
from tests.simulation.policy.picking import READS_S, Asked, Field, Picker


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    name: str = "ours"
    #: Fifty are asked to call or write beside.
    remote: bool = True
    #: Planted: a refusal or a silence is replaced by nobody.
    replaces: bool = True

    def begin(self, field: Field) -> Picker:
        return Searching(field, remote=self.remote, replaces=self.replaces)


OURS = Ours()
#: The same without its remote ring: what asking fifty people to call costs, and brings.
COMING_ONLY = Ours(name="ours, nobody asked to call", remote=False)


class Searching:
    def __init__(self, field: Field, *, remote: bool, replaces: bool) -> None:
        at = moment(field.request.at_s)
        here = cell_of(field.request.place)
        self._field = field
        self._calls = remote
        self._replaces = replaces
        self._numbers = count()
        self._incident = Incident(
            alert=AlertId(f"a{field.request.number}"),
            raiser=PersonId("she"),
            mode=Mode.HOME if field.request.at_home else Mode.PUBLIC,
            kind=Kind.FOLLOWED,
            cell=here,
            shown=Cell(""),
            room="",
            opened_at=at,
            ring=0,
            widen_at=at + rules.STEP,
        )
        #: As it began: what ``search.allowed`` is given, because whoever was asked already is left
        #: out before, by the same ``may_be_asked``. The machine itself is given all of it.
        self._bare = self._incident
        #: The incident's own offers, by helper: it looks for one by walking through all.
        self._offers: dict[int, Offer] = {}
        self.next_look: float | None = field.request.at_s

    def look(self, now: float) -> list[Asked]:
        over = not self._replaces and bool(self._offers)
        decided = self._decided(Step([] if over else self._near(now)), now)
        if any(isinstance(it, LookAfar) for it in decided):
            afar = [] if over else [it.person for it in self._remote(now)]
            # All at once: here no commit is kept waiting by theirs.
            decided += self._decided(Call(afar), now)
        return [Asked(_number(it.helper), it.ring) for it in decided if isinstance(it, Ask)]

    def told(self, helper: int, word: Word, now: float) -> bool:
        offer = self._offers[helper]
        decided = machine.decide(self._incident, Answer(offer.id, word), moment(now), self._id)
        self._carry(decided)
        return self._offers[helper].going

    def open_to(self, helper: int, ring: Ring, now: float) -> bool:
        offer = self._offers[helper]
        if offer.ring is not ring:
            return False
        just_told = offer.told_at is not None and now - seconds(offer.told_at) <= READS_S
        return offer.open or (offer.state is OfferState.COVERED and just_told)

    def _decided(self, event: Event, now: float) -> tuple[Decision, ...]:
        decided = machine.decide(self._incident, event, moment(now), self._id)
        self._carry(decided)
        return decided

    def _id(self) -> str:
        return f"o{next(self._numbers)}"

    def _carry(self, decided: Sequence[Decision]) -> None:
        self._incident = machine.after(self._incident, decided)
        for it in decided:
            match it:
                case Ask(name, person):
                    offer = self._incident.offer(name)
                    if offer is not None:
                        self._offers[_number(person)] = offer
                case Change(offer):
                    self._offers[_number(offer.helper)] = offer
                case Look(at):
                    self.next_look = seconds(at)
                case Rest():
                    self.next_look = None
                case _:
                    pass

    # What the live map and the tables would answer.

    def _near(self, now: float) -> list[Candidate]:
        return self._candidates(Ring.NEAR, rules.NEAR_HOPEFUL + rules.SPARE, now)

    def _remote(self, now: float) -> list[Candidate]:
        if not self._calls or not machine.asks_from_afar(self._incident):
            return []
        enough = search.enough_afar(self._incident)
        return search.from_afar(self._candidates(Ring.REMOTE, enough, now))[::-1]

    def _candidates(self, ring: Ring, enough: int, now: float) -> list[Candidate]:
        walk = self._walk(ring)
        found: list[Candidate] = []
        while len(found) < enough:
            some = list(islice(walk, enough))
            if not some:
                break
            candidates = [Candidate(_person(it.helper), it.steps) for it in some]
            facts = {it.person: self._field.facts(_number(it.person), now) for it in candidates}
            found += search.allowed(self._bare, ring, candidates, facts, moment(now))
        return search.in_order(self._incident, ring, found[:enough])

    def _walk(self, ring: Ring) -> Iterator[Reach]:
        """The nearest first, without those whose answer is known already."""
        is_near = ring is Ring.NEAR
        for reach in self._field.near if is_near else self._field.remote:
            if is_near and reach.steps > rules.RINGS[-1]:
                return
            if machine.may_be_asked(self._offers.get(reach.helper), ring):
                yield reach


def _person(helper: int) -> PersonId:
    return PersonId(f"h{helper:05d}")


def _number(person: PersonId) -> int:
    return int(person[1:])
