"""The search for helpers as one state machine: event in, decisions out. It never waits.

Every step tops up those who may still say yes to seven, from the nearest within the ring reached;
each 20 s a ring is added; a ring without anybody is passed over at once. Two who come cover the
alert: nobody else is asked and those still asked are thanked; if one turns back, it goes on, and
who was thanked may be asked again. Remote helpers are asked after, some at a time, and never cover
anything.

``evolve`` says what a decision changes, so a search is replayed from its events alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import Incident, Offer, OfferId, OfferState, Ring
from matching.dispatch.moves import (
    Answer,
    Ask,
    Call,
    Candidate,
    Change,
    Decision,
    Drop,
    End,
    Event,
    Finish,
    Look,
    LookAfar,
    Rest,
    Step,
    Widen,
    Word,
)
from matching.dispatch.rules import (
    IDLE,
    LATE,
    NEAR_HOPEFUL,
    ON_THE_WAY_MOST,
    REMOTE_MOST,
    RINGS,
    SILENCE,
    STEP,
)
from realtime.kernel.ids import Ids, PersonId


def decide(incident: Incident, event: Event, now: datetime, ids: Ids) -> tuple[Decision, ...]:
    """What an event leads to. The same event again leads to nothing more."""
    match event:
        case Step():
            return tuple(_step(incident, event, now, ids))
        case Call():
            return tuple(_call(incident, event, now, ids))
        case Answer(offer, word):
            found = incident.offer(offer)
            return () if found is None else _answer(incident, found, word, now)
        case Drop(helper):
            return _drop(incident, helper, now)
        case End(state):
            return () if incident.ended else tuple(_end(incident, state))
        case _:
            assert_never(event)


def evolve(incident: Incident, decision: Decision) -> Incident:
    """The search after a decision."""
    return after(incident, (decision,))


def after(incident: Incident, decisions: Iterable[Decision]) -> Incident:
    """The search after several decisions; whoever is asked stands last."""
    offers = {it.id: it for it in incident.offers}
    ring, widen_at, ended = incident.ring, incident.widen_at, incident.ended
    for decision in decisions:
        match decision:
            case Ask(offer=name):
                offers[name] = asked(offers.pop(name, None), decision)
            case Change(offer):
                offers[offer.id] = offer
            case Widen():
                ring, widen_at = decision.ring, decision.next_at
            case Finish():
                ended = True
            case Look() | LookAfar() | Rest():
                pass
            case _:
                assert_never(decision)
    return replace(
        incident, ring=ring, widen_at=widen_at, ended=ended, offers=tuple(offers.values())
    )


def asked(known: Offer | None, ask: Ask) -> Offer:
    """The offer that an ``Ask`` makes, or makes again: what was delivered stays delivered."""
    return Offer(
        id=ask.offer,
        helper=ask.helper,
        ring=ask.ring,
        state=OfferState.OFFERED,
        asked_at=ask.at,
        received=known is not None and known.received,
        seen=known is not None and known.seen,
    )


def heard(offer: Offer, word: Word) -> Offer:
    """What ``RECEIVED`` or ``SEEN`` makes of an offer: it concerns nobody else."""
    if not offer.open:
        return offer
    if word is Word.SEEN:
        return replace(offer, state=OfferState.SEEN, received=True, seen=True)
    if offer.state is OfferState.OFFERED:
        return replace(offer, state=OfferState.RECEIVED, received=True)
    return offer


# Looking for helpers.


def _step(incident: Incident, step: Step, now: datetime, ids: Ids) -> list[Decision]:
    if incident.ended or incident.covered:
        return [Rest()]
    ring, widen_at = incident.ring, incident.widen_at
    if now >= widen_at:
        ring, widen_at = min(ring + 1, len(RINGS) - 1), now + STEP
    near = [it for it in step.near if may_be_asked(incident.offer_to(it.person), Ring.NEAR)]
    wanted = NEAR_HOPEFUL - sum(it.hopeful(now) for it in incident.offers if it.ring is Ring.NEAR)
    if wanted > 0:
        ring = _first_ring_with_anybody(near, ring)
    chosen = [it.person for it in near if it.steps <= RINGS[ring]][: max(wanted, 0)]
    decisions: list[Decision] = []
    if (ring, widen_at) != (incident.ring, incident.widen_at):
        decisions.append(Widen(ring, widen_at))
    decisions += [_ask(incident, person, Ring.NEAR, now, ids) for person in chosen]
    changed = after(incident, decisions)
    missing = step.more and len(chosen) < wanted
    decisions.append(Look(now if missing else _next_look(changed, now)))
    if asks_from_afar(changed):
        decisions.append(LookAfar())
    return decisions


def _first_ring_with_anybody(near: Sequence[Candidate], ring: int) -> int:
    """This ring, or the next that holds somebody; this one still when none does."""
    for index in range(ring, len(RINGS)):
        if any(it.steps <= RINGS[index] for it in near):
            return index
    return ring


def may_be_asked(offer: Offer | None, ring: Ring) -> bool:
    """Never asked, or thanked, or asked from afar and now to come; not who said no or is barred."""
    if offer is None:
        return True
    if offer.barred:
        return False
    covered = offer.state is OfferState.COVERED
    if ring is Ring.REMOTE:
        return covered and offer.ring is Ring.REMOTE
    return covered or (offer.open and offer.ring is Ring.REMOTE)


def asks_from_afar(incident: Incident) -> bool:
    """Whether anybody else is still to be asked to call or write."""
    asked = [it for it in incident.offers if it.ring is Ring.REMOTE]
    thanked = any(it.state is OfferState.COVERED for it in asked)
    return not incident.remote_covered and (len(asked) < REMOTE_MOST or thanked)


def _call(incident: Incident, call: Call, now: datetime, ids: Ids) -> list[Decision]:
    """Ask some of these; those who were just asked to come are not asked to call."""
    if incident.ended or incident.covered or incident.remote_covered:
        return []
    decisions: list[Decision] = [
        _ask(incident, person, Ring.REMOTE, now, ids) for person in _remote(incident, call.people)
    ]
    if call.more and asks_from_afar(after(incident, decisions)):
        decisions.append(LookAfar())
    return decisions


def _remote(incident: Incident, candidates: Sequence[PersonId]) -> list[PersonId]:
    """Whom to ask to call or write; fifty in all."""
    room = REMOTE_MOST - sum(it.ring is Ring.REMOTE for it in incident.offers)
    chosen: list[PersonId] = []
    for person in candidates:
        offer = incident.offer_to(person)
        if not may_be_asked(offer, Ring.REMOTE):
            continue
        if offer is None:
            if room <= 0:
                continue
            room -= 1
        chosen.append(person)
    return chosen


def _ask(incident: Incident, person: PersonId, ring: Ring, now: datetime, ids: Ids) -> Ask:
    known = incident.offer_to(person)
    if known is None:
        return Ask(OfferId(ids()), person, ring, now)
    return Ask(known.id, person, ring, now, again=True)


def _next_look(incident: Incident, now: datetime) -> datetime:
    """When a ring is added, when somebody has been silent too long, or soon if nobody is asked."""
    waiting = [
        it.asked_at + SILENCE
        for it in incident.offers
        if it.ring is Ring.NEAR and it.open and it.hopeful(now)
    ]
    further = incident.widen_at if incident.ring < len(RINGS) - 1 else now + STEP
    return min([further, *(waiting or [now + IDLE])])


# Answers.


def _answer(incident: Incident, offer: Offer, word: Word, now: datetime) -> tuple[Decision, ...]:
    match word:
        case Word.RECEIVED | Word.SEEN:
            changed = heard(offer, word)
            return () if changed == offer else (Change(changed),)
        case Word.ACCEPT:
            state = OfferState.ACCEPTED if _may_accept(incident, offer, now) else offer.state
        case Word.DECLINE:
            state = _declined(offer)
        case Word.ARRIVED:
            state = _arrived(offer)
        case _:
            assert_never(word)
    if state is offer.state:
        return ()
    told = replace(offer, state=state, received=True, seen=True, told_at=None)
    return _settled(incident, Change(told), now)


def _may_accept(incident: Incident, offer: Offer, now: datetime) -> bool:
    if offer.open:
        return True
    if offer.state is not OfferState.COVERED or offer.barred or incident.ended:
        return False
    if offer.ring is Ring.REMOTE:
        return not incident.remote_covered and (not incident.covered or _on_its_way(offer, now))
    if not incident.covered:
        return True
    return _on_its_way(offer, now) and incident.going(Ring.NEAR) < ON_THE_WAY_MOST


def _on_its_way(offer: Offer, now: datetime) -> bool:
    """Whether an acceptance that comes now was sent before "covered" could be read."""
    return offer.told_at is not None and now - offer.told_at <= LATE


def _declined(offer: Offer) -> OfferState:
    if offer.open:
        return OfferState.DECLINED
    return OfferState.WITHDRAWN if offer.going else offer.state


def _arrived(offer: Offer) -> OfferState:
    if offer.open or (offer.going and offer.ring is Ring.REMOTE):
        raise OfferClosed
    return OfferState.ARRIVED if offer.going else offer.state


def _drop(incident: Incident, helper: PersonId, now: datetime) -> tuple[Decision, ...]:
    offer = incident.offer_to(helper)
    if offer is None or offer.barred:
        return ()
    state = OfferState.COVERED if offer.open or offer.going else offer.state
    return _settled(incident, Change(replace(offer, state=state, barred=True)), now)


def _settled(incident: Incident, change: Change, now: datetime) -> tuple[Decision, ...]:
    """A change, and what it means for the others: enough, or not enough any more."""
    changed = evolve(incident, change)
    if changed.ended:
        return (change,)
    if changed.covered:
        thanked = _thank(changed, now, (Ring.NEAR, Ring.REMOTE))
        return (change, *thanked, Rest())
    thanked = _thank(changed, now, (Ring.REMOTE,)) if changed.remote_covered else []
    look = [Look(now)] if _was_counted_upon(incident.offer(change.offer.id), now) else []
    return (change, *thanked, *([] if change.offer.going else look))


def _was_counted_upon(offer: Offer | None, now: datetime) -> bool:
    """Whether somebody must replace her at once if she does not come."""
    return offer is not None and (offer.going or (offer.ring is Ring.NEAR and offer.hopeful(now)))


def _thank(incident: Incident, now: datetime, rings: Sequence[Ring]) -> list[Change]:
    return [
        Change(replace(it, state=OfferState.COVERED, told_at=now))
        for it in incident.offers
        if it.open and it.ring in rings
    ]


def _end(incident: Incident, state: OfferState) -> list[Decision]:
    ended = [Change(replace(it, state=state)) for it in incident.offers if it.open or it.going]
    return [*ended, Finish(), Rest()]
