"""A phone in a pocket is woken for an offer: when, whose, how often, and when not any more."""

import random
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass

import pytest

from matching.dispatch.incident import AlertId, Offer
from matching.dispatch.search import Search
from matching.reach.rules import GIVE_UP, RECEIPT_WITHIN
from realtime.adapters.memory import MemoryPresence
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.push.sender import BODY_BYTES, VERSION
from tests.support.helping import north, stage
from tests.support.pockets import LAT, LON, Pockets, pockets
from tests.support.push_service import Answer

SOON = RECEIPT_WITHIN.total_seconds()


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the sender."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def street(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Pockets]:
    async with pockets(monkeypatch) as made:
        yield made


async def test_who_has_no_page_open_is_asked_through_the_phone(street: Pockets) -> None:
    helper, phone = await street.sleeper()
    nobody = await street.helper()

    alert = await street.raised()

    assert street.asked(helper, nobody) == [True, False]
    (letter,) = street.service.letters
    assert letter.text == VERSION
    assert len(letter.body) == BODY_BYTES
    seen = f"{letter.path} {dict(letter.headers)} {dict(letter.claims)}"
    for told in (alert, helper.person, helper.session, street.offer(helper), "Camille", "followed"):
        assert told not in seen
    assert street.woken(phone) == 1


async def test_the_answer_to_an_offer_asked_through_the_phone_counts_as_any_other(
    street: Pockets,
) -> None:
    helper, _ = await street.sleeper()
    await street.raised()
    state = await street.world.ask(helper, "me.state")
    offers = state["offers"]
    assert isinstance(offers, list)

    answers = [
        (await street.world.ask(helper, f"offer.{word}", offer=offers[0]["offer"]))["state"]
        for word in ("received", "accept")
    ]

    assert answers == ["received", "accepted"]


async def test_a_page_that_says_received_needs_no_push(street: Pockets) -> None:
    helper, phone = await street.sleeper(live=True)
    await street.raised()
    await street.world.ask(helper, "offer.received", offer=street.offer(helper))

    await street.world.pass_time(SOON)

    assert street.woken(phone) == 0


async def test_a_page_that_says_nothing_is_taken_for_asleep(street: Pockets) -> None:
    _, phone = await street.sleeper(live=True)
    await street.raised()
    await street.world.pass_time(SOON - 1)
    assert street.woken(phone) == 0

    await street.world.pass_time(1)

    assert street.woken(phone) == 1


async def test_of_equally_near_ones_those_who_have_a_page_open_come_first(
    street: Pockets,
) -> None:
    asleep, _ = await street.sleeper()
    live = [await street.helper(live=True) for _ in range(7)]

    await street.raised()

    assert street.asked(*live) == [True] * 7
    assert street.asked(asleep) == [False]


async def test_phones_fill_up_the_first_seven(street: Pockets) -> None:
    live = [await street.helper(live=True) for _ in range(5)]
    sleepers = [(await street.sleeper())[0] for _ in range(3)]

    await street.raised()

    assert street.asked(*live) == [True] * 5
    assert sum(street.asked(*sleepers)) == 2


async def test_who_sleeps_around_the_corner_is_asked_before_who_is_live_far_away(
    street: Pockets,
) -> None:
    near, _ = await street.sleeper(metres=100)
    far = await street.helper(metres=4_000, live=True)

    await street.raised()
    at_once = street.asked(near), _near_offer(street, far)
    for _ in range(4):
        await street.world.pass_time(20)

    assert at_once == ([True], False)
    assert _near_offer(street, far)


def _near_offer(street: Pockets, helper: object) -> bool:
    return any(b'"ring":"near"' in it for it in street.world.told(helper))  # type: ignore[arg-type]


async def test_a_phone_silent_for_long_is_found_by_its_declared_zone(street: Pockets) -> None:
    helper, phone = await street.sleeper()
    await street.world.pass_time(11 * 60)

    await street.raised()

    assert street.asked(helper) == [True]
    assert street.woken(phone) == 1


async def test_whom_she_fears_is_not_woken(street: Pockets) -> None:
    feared, phone = await street.sleeper()
    her = street.world.somebody()
    await street.world.ask(her, "exclude.add", id="exclude-1", helper=feared.person)

    await street.world.raise_help(her)
    await street.world.pass_time(60)

    assert street.asked(feared) == [False]
    assert street.woken(phone) == 0


async def test_a_phone_is_woken_again_when_its_service_failed_but_not_for_what_is_over(
    street: Pockets,
) -> None:
    _, phone = await street.sleeper()
    street.service.answers.extend([Answer(500), Answer(500)])
    her = street.world.somebody()
    raised = await street.world.raise_help(her)
    assert street.woken(phone) == 1
    await street.world.pass_time(2)
    assert street.woken(phone) == 2

    await street.world.ask(her, "help.cancel", alert=raised["alert"])
    await street.world.pass_time(60)

    assert street.woken(phone) == 2


async def test_a_phone_that_said_received_is_left_alone(street: Pockets) -> None:
    helper, phone = await street.sleeper()
    street.service.answers.append(Answer(500))
    await street.raised()
    await street.world.ask(helper, "offer.received", offer=street.offer(helper))

    await street.world.pass_time(30)

    assert street.woken(phone) == 1


async def test_one_waking_is_enough(street: Pockets) -> None:
    _, phone = await street.sleeper()
    await street.raised()

    await street.world.pass_time(60)

    assert street.woken(phone) == 1


async def test_nobody_is_woken_for_an_offer_of_long_ago(street: Pockets) -> None:
    _, phone = await street.sleeper()
    street.service.answers.extend([Answer(500)] * 100)
    await street.raised()
    await street.world.pass_time(GIVE_UP.total_seconds() + 300)
    tried = street.woken(phone)

    await street.world.pass_time(600)

    assert tried < 100
    assert street.woken(phone) == tried


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_over_is_deleted(street: Pockets, status: int) -> None:
    helper, phone = await street.sleeper()
    street.service.answers.append(Answer(status))
    await street.raised()
    assert await street.devices() == 0

    await street.raised()

    assert street.woken(phone) == 1
    assert await street.results() == {"offer.gone": 1}
    assert (await street.world.ask(helper, "push.key", device="0" * 32))["on"] is False


async def test_retry_after_is_obeyed_for_that_phone_whatever_happens(street: Pockets) -> None:
    _, busy = await street.sleeper()
    street.service.answers.append(Answer(429, {"Retry-After": "30"}))
    await street.raised()
    assert street.woken(busy) == 1
    await street.raised()

    await street.world.pass_time(29)
    assert street.woken(busy) == 1
    await street.world.pass_time(1)

    assert street.woken(busy) == 2


async def test_all_devices_of_a_person_are_woken(street: Pockets) -> None:
    helper, one = await street.sleeper()
    two = await street.subscribes(helper)

    await street.raised()

    assert [street.woken(it) for it in (one, two)] == [1, 1]


async def test_where_few_are_online_phones_are_woken_for_a_call_too(street: Pockets) -> None:
    """Nobody near; somebody far away, asleep, who can call."""
    far, phone = await street.sleeper(metres=60_000)

    await street.raised()

    assert street.asked(far) == [True]
    assert street.woken(phone) == 1
    assert not _near_offer(street, far)


async def test_a_service_that_hangs_takes_some_places_of_the_runner_not_all(
    street: Pockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.reach.waking.WOKEN_AT_ONCE", 1)
    phones = [(await street.sleeper())[1] for _ in range(2)]
    street.service.answers.append(Answer(hangs=True))
    place = {"lat": LAT, "lon": LON, "accuracy_m": 20}
    asked = {"id": "raise-0001", "kind": "followed", "mode": "public", "place": place}
    await street.world.ask(street.world.somebody(), "help.raise", **asked)
    await street.service.arrived(1)
    await street.until_waiting("push.send", later=1)
    assert len(street.service.letters) == 1

    street.service.close()
    await street.world.settle()
    await street.world.pass_time(1)

    assert [street.woken(it) for it in phones] == [1, 1]


async def test_without_a_phone_to_wake_nothing_changes() -> None:
    """The same crowd, some of it online: with push and without, the same people, in order."""
    dice = random.Random(3)
    async with stage() as scene:
        crowd = [
            await scene.helper(f"h{number:02d}", north(dice.choice(PLACES)), online=False)
            for number in range(24)
        ]
        # Nobody is online yet, so nobody has been asked.
        alert = AlertId((await scene.raise_help()).alert)
        parts = scene.made.ledger, scene.helpers, scene.whereabouts, scene.presence
        for _ in range(8):
            online = dice.sample(crowd, k=dice.randint(3, 20))
            for person in online:
                await scene.presence.arrive(person, "phone")

            without = await Search(*parts).near(alert)
            nobody = await Search(*parts, Phones(frozenset())).near(alert)
            everybody = await Search(*parts, Phones(frozenset(crowd))).near(alert)

            assert nobody == without
            assert without.people
            # Those who sleep are added, or come before others further away: nobody is moved.
            still = [it for it in everybody.people if it.live]
            assert still == list(without.people)[: len(still)]
            assert len(everybody.people) == 12
            for person in online:
                await scene.presence.leave(person, "phone")


async def test_whose_page_closes_while_others_are_looked_for_is_proposed_once() -> None:
    """Two offers to one person cannot be written: nobody would be asked in that step."""
    async with stage() as scene:
        crowd = [await scene.helper(f"h{number}", north(100), online=False) for number in range(4)]
        alert = AlertId((await scene.raise_help()).alert)
        closing = Closing(crowd[:2])
        phones = Phones(frozenset(crowd))
        search = Search(scene.made.ledger, scene.helpers, scene.whereabouts, closing, phones)

        found = await search.near(alert)

        assert sorted((it.person, it.live) for it in found.people) == [
            (person, number < 2) for number, person in enumerate(crowd)
        ]


#: Metres north of her: several in one ring, some alone.
PLACES = (0, 100, 400, 900, 3_000, 20_000)


@dataclass
class Phones:
    """Those who have one."""

    people: frozenset[PersonId]

    async def among(self, reading: Reading, people: Sequence[PersonId]) -> frozenset[PersonId]:
        return self.people & frozenset(people)

    def ring(self, tx: Transaction, offer: Offer, *, live: bool) -> None:
        """Nobody is made an offer here."""


class Closing(MemoryPresence):
    """Whoever has a page open when first asked about closes it then."""

    def __init__(self, people: Iterable[PersonId]) -> None:
        super().__init__()
        self._open = frozenset(people)

    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]:
        here, self._open = self._open & frozenset(people), frozenset()
        return here
