"""Gathers what ``rules.why_not`` must know of many people at once, in few statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from matching.helpers import store
from matching.helpers.rules import Facts
from matching.helpers.values import Helper
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading


@dataclass(frozen=True, slots=True)
class Load:
    """What some people are already doing; dispatch knows it from its offers."""

    near_today: Mapping[PersonId, int] = field(default_factory=dict)
    remote_today: Mapping[PersonId, int] = field(default_factory=dict)
    busy: frozenset[PersonId] = frozenset()
    in_need: frozenset[PersonId] = frozenset()


async def facts_of(
    reading: Reading, people: Collection[PersonId], raiser: PersonId, load: Load
) -> dict[PersonId, Facts]:
    """The facts of those of ``people`` who are helpers: two statements for each 200 people.

    In a transaction they stay true until its commit: an operator who refuses somebody on another
    node waits for it, and then finds what she was offered here.
    """
    found: dict[PersonId, Facts] = {}
    for part in store.in_parts(people):
        helpers = await store.find_all(reading.db, part, stay=True)
        excluded = await excluded_among(reading, helpers, raiser)
        for person, helper in helpers.items():
            found[person] = Facts(
                helper=helper,
                near_today=load.near_today.get(person, 0),
                remote_today=load.remote_today.get(person, 0),
                busy=person in load.busy,
                in_need=person in load.in_need,
                excluded=person in excluded,
            )
    return found


async def excluded_among(
    reading: Reading, helpers: Mapping[PersonId, Helper], raiser: PersonId
) -> frozenset[PersonId]:
    """Those whom the raiser fears, and those who fear the raiser: neither learns of it."""
    feared, fearing = await store.fears(reading.db, raiser, list(helpers))
    return fearing | {
        person
        for person, helper in helpers.items()
        if (store.PERSON, person) in feared or (store.PHONE, helper.phone_tag) in feared
    }


async def vetted_of(
    reading: Reading, people: Collection[PersonId], others: Collection[PersonId]
) -> dict[PersonId, tuple[Helper, bool]]:
    """Those of ``people`` who are helpers, and whether one of ``others`` is feared, or fears them.

    As ``facts_of``, for what several people have raised together.
    """
    found: dict[PersonId, tuple[Helper, bool]] = {}
    for part in store.in_parts(people):
        helpers = await store.find_all(reading.db, part, stay=True)
        excluded = await excluded_by_any(reading, helpers, others)
        found |= {person: (helper, person in excluded) for person, helper in helpers.items()}
    return found


async def excluded_by_any(
    reading: Reading, helpers: Mapping[PersonId, Helper], others: Collection[PersonId]
) -> frozenset[PersonId]:
    """Those whom one of these people fears, and those who fear one of them."""
    found: set[PersonId] = set()
    for part in store.in_parts(others):
        feared = await store.excluded_by_any(reading.db, part)
        tags = [it.phone_tag for it in (await store.find_all(reading.db, part)).values()]
        found |= await store.excluding_any(
            reading.db, list(helpers), part, [it for it in tags if it]
        )
        found |= {
            person
            for person, helper in helpers.items()
            if (store.PERSON, person) in feared or (store.PHONE, helper.phone_tag) in feared
        }
    return frozenset(found)
