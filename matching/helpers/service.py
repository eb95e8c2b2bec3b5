"""Helpers: apply, be approved, go on and off duty, choose when to be left in peace.

Where a helper is, live, is never written down: ``move`` goes to the live map only, and the zone
declared for a turn of duty is sealed under a key that is shredded at its end.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from geo.cells import DECLARED_RES, cell_of
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from matching.helpers import eligibility, quiet, store
from matching.helpers.eligibility import Load
from matching.helpers.errors import AlreadyApplied, DutyNeedsAPlace, ExclusionListFull, NotAHelper
from matching.helpers.messages import (
    ApplicationArrived,
    ApplicationLine,
    Applications,
    Applied,
    Approved,
    Duty,
    Excluded,
    HelperChanged,
    Preferences,
    Profile,
    QuietHours,
    Refused,
)
from matching.helpers.phone import tag_of
from matching.helpers.posts import Posts
from matching.helpers.roster import Roster
from matching.helpers.rules import BUDGET_DEFAULT, BUDGET_MOST, EXCLUSIONS_MOST, Facts
from matching.helpers.told import Told
from matching.helpers.values import Helper, Quiet, Status, skills_of
from realtime.channels import own_channel
from realtime.kernel.errors import Gone, Malformed, NotFound
from realtime.kernel.ids import Channel, PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Reading, Transaction
from realtime.tasks import Tasks

QUEUE = Channel("queue:help")
#: Applications listed at once: an operator answers them one by one.
PENDING_PAGE = 200
_NAME = "helper name"


def _name_key(person: PersonId) -> str:
    return f"person:{person}"


class Helpers:
    def __init__(self, roster: Roster, whereabouts: Whereabouts, *, phone_key: Secret) -> None:
        self._posts = Posts(roster, whereabouts)
        self._phone_key = phone_key

    def register(self, tasks: Tasks, ledger: Ledger) -> Told:
        """Take its tasks; what keeps the roster right is to be run, and told of changed posts."""
        self._posts.register(tasks, ledger)
        return Told(self._posts, ledger)

    @property
    def roster(self) -> Roster:
        """Who is on duty, as of what is committed."""
        return self._posts.roster

    # Becoming a helper.

    async def apply(
        self,
        tx: Transaction,
        person: PersonId,
        *,
        name: str,
        skills: Iterable[str],
        languages: Iterable[str],
        phone: str | None = None,
    ) -> Applied:
        if await store.find(tx.db, person) is not None:
            raise AlreadyApplied
        new = Helper(
            person=person,
            status=Status.APPLIED,
            tier=0,
            skills=skills_of(frozenset(skills)),
            languages=tuple(dict.fromkeys(languages)),
            budget=BUDGET_DEFAULT,
            phone_tag=None if phone is None else tag_of(phone, self._phone_key),
        )
        sealed = await tx.seal(_name_key(person), name.encode(), context=_NAME)
        await store.put(tx.db, new, name=sealed, applied=tx.now)
        tx.record(person, "helper.apply", person)
        tx.publish(QUEUE, ApplicationArrived())
        return Applied(new.status)

    async def pending(self, reading: Reading) -> Applications:
        return Applications(
            [
                ApplicationLine(
                    helper=it.person,
                    name=await self._opened_name(reading, it.person, name),
                    skills=sorted(it.skills),
                    languages=list(it.languages),
                    at=applied,
                )
                for it, name, applied in await store.pending(reading.db, PENDING_PAGE)
            ]
        )

    async def approve(
        self, tx: Transaction, operator: PersonId, helper: PersonId, *, tier: int
    ) -> Approved:
        if tier not in (1, 2):
            raise Malformed
        found = await self._found(tx, helper)
        changed = replace(found, status=Status.APPROVED, tier=tier)
        if changed != found:
            await self._posts.keep(tx, changed)
            tx.record(operator, f"helper.approve.{tier}", helper)
            tx.publish(own_channel(helper), HelperChanged(changed.status, tier))
            self._tell_boards(tx, found)
        return Approved(helper, tier)

    async def refuse(self, tx: Transaction, operator: PersonId, helper: PersonId) -> Refused:
        """No, or no longer. Whoever was on duty is not any more."""
        found = await self._found(tx, helper)
        if found.status is not Status.REFUSED:
            refused = replace(found, status=Status.REFUSED, tier=0)
            await self._posts.leave(tx, refused)
            tx.record(operator, "helper.refuse", helper)
            tx.publish(own_channel(helper), HelperChanged(refused.status, 0))
            self._tell_boards(tx, found)
        return Refused(helper)

    @staticmethod
    def _tell_boards(tx: Transaction, before: Helper) -> None:
        """An application that one operator has answered leaves the other operators' boards."""
        if before.status is Status.APPLIED:
            tx.publish(QUEUE, ApplicationArrived())

    # Duty.

    async def duty(
        self, tx: Transaction, person: PersonId, *, on: bool, place: Point | None = None
    ) -> Duty:
        found = await store.find(tx.db, person)
        if found is None or not found.may_serve:
            raise NotAHelper
        if not on:
            await self._posts.leave(tx, found)
        elif place is None:
            raise DutyNeedsAPlace
        else:
            await self._posts.take(tx, found, cell_of(place, DECLARED_RES))
        tx.record(person, "helper.on" if on else "helper.off", person)
        return Duty(on)

    async def move(self, person: PersonId, point: Point, now: datetime) -> None:
        """Live memory only. Whoever is not on duty is not heard, and is not told so."""
        await self._posts.move(person, point, now)

    def at_hand(self, person: PersonId) -> bool:
        """Whether she is known to be on duty, and ``move_at_once`` may be asked."""
        return self._posts.at_hand(person)

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        """``move``, where nothing has to be waited for."""
        self._posts.move_at_once(person, point, now)

    async def prefer(
        self,
        tx: Transaction,
        person: PersonId,
        *,
        quiet: tuple[str, str] | None,
        budget: int,
    ) -> Preferences:
        found = await store.find(tx.db, person)
        if found is None:
            raise NotAHelper
        if not 1 <= budget <= BUDGET_MOST:
            raise Malformed
        changed = replace(found, quiet=_parsed(quiet), budget=budget)
        await self._posts.keep(tx, changed)
        return Preferences(_hours(changed.quiet), budget)

    # The silent exclusion list.

    async def exclude(
        self, tx: Transaction, person: PersonId, *, phone: str | None, helper: PersonId | None
    ) -> Excluded:
        if (phone is None) == (helper is None):
            raise Malformed
        if phone is not None:
            await store.exclude(tx.db, person, store.PHONE, tag_of(phone, self._phone_key))
        if helper is not None:
            await store.exclude(tx.db, person, store.PERSON, helper)
        count = await store.count_exclusions(tx.db, person)
        if count > EXCLUSIONS_MOST:
            raise ExclusionListFull
        tx.record(person, "exclude.add", person)
        return Excluded(count)

    async def clear_exclusions(self, tx: Transaction, person: PersonId) -> Excluded:
        await store.clear_exclusions(tx.db, person)
        tx.record(person, "exclude.clear", person)
        return Excluded(0)

    async def excluded_among(
        self, reading: Reading, people: Collection[PersonId], raiser: PersonId
    ) -> frozenset[PersonId]:
        helpers = await store.find_all(reading.db, list(people))
        return await eligibility.excluded_among(reading, helpers, raiser)

    # What others ask.

    async def facts(
        self, reading: Reading, people: Collection[PersonId], raiser: PersonId, load: Load
    ) -> dict[PersonId, Facts]:
        return await eligibility.facts_of(reading, people, raiser, load)

    async def vetted(
        self, reading: Reading, people: Collection[PersonId], others: Collection[PersonId]
    ) -> dict[PersonId, tuple[Helper, bool]]:
        """The helpers among these people; and whether one of ``others`` is feared or fears them."""
        return await eligibility.vetted_of(reading, people, others)

    async def profile(self, reading: Reading, person: PersonId) -> Profile | None:
        found = await store.find(reading.db, person)
        if found is None:
            return None
        return Profile(
            status=found.status,
            tier=found.tier,
            on=found.on_duty,
            skills=sorted(found.skills),
            languages=list(found.languages),
            quiet=_hours(found.quiet),
            budget=found.budget,
        )

    async def is_helper(self, reading: Reading, person: PersonId) -> bool:
        found = await store.find(reading.db, person)
        return found is not None and found.may_serve

    async def serving_among(
        self, reading: Reading, people: Collection[PersonId]
    ) -> frozenset[PersonId]:
        """Those of these people who are approved helpers."""
        found = await store.find_all(reading.db, list(people))
        return frozenset(person for person, helper in found.items() if helper.may_serve)

    async def names(self, reading: Reading, people: Collection[PersonId]) -> dict[PersonId, str]:
        sealed = await store.names(reading.db, people)
        return {
            person: await self._opened_name(reading, person, name)
            for person, name in sealed.items()
        }

    async def load(self, reading: Reading) -> None:
        """Fill the roster, at the start."""
        await self._posts.load(reading)

    async def muster(self) -> None:
        """Tell the live map about everybody on the roster, at the start."""
        await self._posts.muster()

    async def _found(self, tx: Transaction, person: PersonId) -> Helper:
        found = await store.find(tx.db, person)
        if found is None:
            raise NotFound
        return found

    async def _opened_name(self, reading: Reading, person: PersonId, sealed: bytes) -> str:
        try:
            return (await reading.open(_name_key(person), sealed, context=_NAME)).decode()
        except Gone:
            return ""


def _parsed(hours: tuple[str, str] | None) -> Quiet | None:
    return None if hours is None else quiet.parsed(*hours)


def _hours(found: Quiet | None) -> QuietHours | None:
    if found is None:
        return None
    return QuietHours(quiet.written(found.start), quiet.written(found.end))
