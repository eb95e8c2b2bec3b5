"""Somebody is afraid on a tram: who is told, who is never told, who does what, and how it ends.

Through the public wire, behind real sockets, on both engines. Every frame that anybody was sent is
read again at the end: what they may not know is in none.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from alerts.witness.rules import OPEN_MOST, WAVE_AFTER
from tests.proofs.told.canaries import found_in
from tests.support.on_the_tram import LINE, Tram, aboard, at_stop, on_the_tram
from tests.support.served import Phone
from web.demo.api import Json, Refused
from web.demo.tram import OTHERS, VISITORS
from web.tramway import stops

pytestmark = pytest.mark.timeout(120)

#: Words that only operators, or nobody, may read.
NOTE, NAME, HER_FEAR = "CanariDansLaNote", "CanariPrenom", "+33612345678"
#: A place in the city, as phones write it.
PLACE = re.compile(r"4[34]\.6\d|\b6\.[34]\d")
#: Seconds into its round when her tram is between the Clairière and the Bois des Amies: the one
#: that comes the other way is three kilometres from there.
BETWEEN_STOPS, NEXT_STOP = 555.0, "Bois des Amies"
#: Seconds into its round when the one that comes the other way passes hers.
CROSSING = 410.0
#: Where stops are is no secret.
STOPS = re.compile("|".join(f'"lat":{it.lat},"lon":{it.lon}' for it in stops()))
ROLES = ("distract", "sit", "call", "driver", "document")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@dataclass
class Cast:
    """Everybody of the story."""

    tram: Tram
    she: Phone
    #: Three vetted people on her tram.
    beside: list[Phone]
    #: Vetted, at the platform where it stops next.
    ahead: Phone
    #: Who must never hear of it: vetted on another tram, unvetted, unknown, feared by her.
    others: dict[str, Phone]

    @property
    def asked(self) -> list[Phone]:
        return [*self.beside, self.ahead]

    def told(self) -> dict[str, list[Json]]:
        """What each of those who must not hear of it was told."""
        return {
            name: [data for _, data in it.heard if "alert" in data]
            for name, it in self.others.items()
        }


@pytest.fixture
async def cast(whole_address: str) -> AsyncGenerator[Cast]:
    async with on_the_tram(whole_address) as tram:
        # Nobody's phone speaks on the way there.
        await tram.until_phase(VISITORS, BETWEEN_STOPS - 110.0)
        here = aboard(VISITORS)
        she = await tram.somebody(here)
        await she.ask("exclude.add", id=tram.new_id("exclude"), phone=HER_FEAR)
        made = Cast(
            tram,
            she,
            [await tram.watcher(here, name=NAME) for _ in range(3)],
            await tram.watcher(at_stop(NEXT_STOP), name=NAME),
            {
                "the other way": await tram.watcher(aboard(OTHERS), name=NAME),
                "far behind": await tram.watcher(at_stop("Quai du Matin"), name=NAME),
                "not let in": await tram.applicant(here, name=NAME),
                "unknown": await tram.somebody(here),
                "feared": await tram.watcher(here, name=NAME, phone=HER_FEAR),
            },
        )
        await tram.ride(110.0)
        yield made


async def reports(cast: Cast, **changes: object) -> Json:
    """She says what happens: three taps, and what her phone kept of the way."""
    trail = cast.tram.trail(aboard(VISITORS))
    asked = {"as": "victim", "kind": "followed", "trail": trail, "note": NOTE}
    return await cast.she.ask(
        "witness.report", **({"id": cast.tram.new_id("report")} | asked | changes)
    )


async def silence(cast: Cast) -> None:
    """Nothing that was on its way can still come: each of the others has heard a later word."""
    await cast.tram.settle()
    for phone in cast.others.values():
        await phone.ask("me.state")
    for name, told in cast.told().items():
        assert told == [], name


async def roles(phone: Phone, alert: object) -> dict[str, bool]:
    state = await phone.ask("witness.state", alert=alert)
    return {it["role"]: it["taken"] for it in state["roles"]}  # type: ignore[attr-defined]


async def test_those_beside_her_are_told_then_those_ahead_and_nobody_else_ever(cast: Cast) -> None:
    said = await reports(cast)
    assert said["state"] == "recorded"
    alert = said["alert"]
    await cast.tram.settle()

    # At once: the three on her tram, in the ring of the trip, with every part free.
    for phone in cast.beside:
        offer = await phone.until("witness", alert=alert)
        assert (offer["ring"], offer["line"], offer["headsign"]) == ("trip", LINE, "Les Hauts")
        assert set(offer["roles_free"]) == set(ROLES)  # type: ignore[call-overload]
        assert (await phone.ask("witness.received", alert=alert))["state"] == "asked"
    assert cast.ahead.told("witness") == []

    # Nobody takes a part: those at the next stop are told too, wave after wave.
    waves = 0
    while not cast.ahead.told("witness"):
        await cast.tram.ride(WAVE_AFTER.total_seconds())
        waves += 1
        assert waves <= 3
    assert cast.ahead.told("witness")[0]["ring"] in {"platform", "next"}
    # The last tier too, those within three hundred metres: there is nobody.
    await cast.tram.ride(2 * WAVE_AFTER.total_seconds())
    await silence(cast)
    assert [len(it.told("witness", alert=alert)) for it in cast.asked] == [1, 1, 1, 1]


async def test_each_part_is_done_by_one_person_and_all_who_came_see_it(cast: Cast) -> None:
    one, two, three = cast.beside
    alert = (await reports(cast))["alert"]
    await asyncio.gather(*(it.until("witness", alert=alert) for it in cast.beside))

    # All three want to sit beside her.
    tried = await asyncio.gather(
        *(it.ask("witness.claim", alert=alert, role="sit") for it in cast.beside)
    )
    assert sorted(str(it.get("error", it.get("role"))) for it in tried) == [
        "role_taken", "role_taken", "sit",
    ]  # fmt: skip
    sits = cast.beside[[it.get("role") for it in tried].index("sit")]
    calls, waits = (it for it in (one, two, three) if it is not sits)
    # One person, one part: who takes another leaves the first.
    assert (await calls.ask("witness.claim", alert=alert, role="driver"))["role"] == "driver"
    assert (await calls.ask("witness.claim", alert=alert, role="call"))["role"] == "call"
    await cast.tram.settle()

    # Each who came, and who was told, sees which parts are taken, and never by whom.
    for phone in cast.beside:
        assert {it for it, taken in (await roles(phone, alert)).items() if taken} == {"sit", "call"}
    for phone in (sits, calls):
        await phone.line.subscribe(f"alert:{alert}")
    state = await sits.ask("witness.state", alert=alert)
    assert state["came"] == 2
    assert await waits.ask("witness.claim", alert=alert, role="call") == {"error": "role_taken"}
    assert [it["role"] for it in state["roles"] if it.get("mine")] == ["sit"]  # type: ignore[attr-defined]

    # Whoever leaves frees her part for another.
    await calls.ask("witness.release", alert=alert)
    assert (await waits.ask("witness.claim", alert=alert, role="call"))["role"] == "call"
    await silence(cast)


async def test_it_is_confirmed_by_who_is_there_changed_by_her_and_its_end_is_told(
    cast: Cast,
) -> None:
    she, (comes, goes, silent) = cast.she, cast.beside
    alert = (await reports(cast))["alert"]
    assert (await she.ask("witness.state", alert=alert))["mine"] is True
    with pytest.raises(Refused, match="not_allowed"):
        # Whoever reported it may be somebody else than she says.
        await she.line.subscribe(f"alert:{alert}")
    await comes.until("witness", alert=alert)
    await comes.ask("witness.claim", alert=alert, role="distract")
    await goes.ask("witness.decline", alert=alert)
    await comes.line.subscribe(f"alert:{alert}")

    await comes.ask("witness.confirm", alert=alert, seen=True)
    assert (await she.until("witness_own", confirmed=True))["came"] == 1
    assert (await cast.tram.operator.until("witness", alert=alert, confirmed=True))["came"] == 1

    await she.ask("witness.update", alert=alert, kind="physical", car="3")
    changed = await comes.until("witness_state", car="3")
    assert changed["kind"] == "physical"
    # Who has not taken a part yet knows it too.
    assert (await silent.ask("me.state"))["witness"]["calls"][0]["car"] == "3"  # type: ignore[index]

    ended = await cast.tram.operator.ask("witness.close", alert=alert, outcome="agents")
    assert ended["state"] == "closed"
    assert (await she.until("witness_own", state="closed"))["outcome"] == "agents"
    for phone in (comes, silent):
        assert (await phone.until("witness_end", alert=alert))["outcome"] == "agents"
    async with asyncio.timeout(1.0):
        while f"alert:{alert}" in comes.line._wanted:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
    refused = [
        await it.ask("witness.claim", alert=alert, role="call")
        for it in (silent, *cast.others.values())
    ]
    assert {str(it["error"]) for it in refused} <= {"witness_ended", "not_found", "not_allowed"}
    await silence(cast)


async def test_she_takes_it_back_and_nobody_is_asked_any_more(cast: Cast) -> None:
    alert = (await reports(cast))["alert"]
    for phone in cast.beside:
        await phone.until("witness", alert=alert)

    answer = await cast.she.ask("witness.cancel", alert=alert)
    await cast.tram.ride(60.0)

    assert answer["state"] == "cancelled"
    for phone in cast.beside:
        assert (await phone.until("witness_end", alert=alert))["outcome"] == "cancelled"
    assert cast.ahead.told("witness") == []
    await silence(cast)


async def test_whoever_rides_the_tram_that_crosses_hers_is_not_called(whole_address: str) -> None:
    async with on_the_tram(whole_address) as tram:
        await tram.until_phase(VISITORS, CROSSING - 110.0)
        here = aboard(VISITORS)
        she, beside = await tram.somebody(here), await tram.watcher(here)
        crosses = await tram.watcher(aboard(OTHERS))
        await tram.ride(110.0)
        apart = here(tram.seconds).distance_to(aboard(OTHERS)(tram.seconds))

        asked = {"id": "report-0001", "as": "witness", "kind": "verbal", "trail": tram.trail(here)}
        await she.ask("witness.report", **asked)
        await tram.ride(6 * WAVE_AFTER.total_seconds())
        await crosses.ask("me.state")

        assert apart < 300
        assert (await beside.until("witness"))["ring"] == "trip"
        assert crosses.told("witness") == []


async def test_it_is_over_by_itself_when_nobody_has_ended_it(cast: Cast) -> None:
    alert = (await reports(cast))["alert"]
    await cast.beside[0].until("witness", alert=alert)
    cast.tram.ways.clear()

    await cast.tram.served.world.pass_time(OPEN_MOST.total_seconds())

    assert (await cast.she.until("witness_own", state="expired"))["outcome"] == "expired"
    assert (await cast.beside[0].until("witness_end", alert=alert))["outcome"] == "expired"


async def test_no_place_word_or_name_is_in_any_frame_or_log(cast: Cast) -> None:
    with capture_logs() as logs:
        alert = (await reports(cast))["alert"]
        for phone in cast.beside:
            await phone.until("witness", alert=alert)
            await phone.ask("witness.received", alert=alert)
            await phone.ask("witness.seen", alert=alert)
        comes, other, _ = cast.beside
        await comes.ask("witness.claim", alert=alert, role="sit")
        await comes.line.subscribe(f"alert:{alert}")
        await other.ask("witness.claim", alert=alert, role="call")
        await comes.until("witness_state", came=2)
        await comes.ask("witness.state", alert=alert)
        await comes.ask("witness.confirm", alert=alert, seen=True)
        await cast.tram.ride(WAVE_AFTER.total_seconds())
        await cast.tram.operator.ask("witness.state", alert=alert)
        await cast.tram.operator.ask("witness.close", alert=alert, outcome="helped")
        await cast.tram.settle()

    people = {it.person for it in (cast.she, *cast.asked, *cast.others.values())}
    read = 0
    for phone in cast.tram.served.phones:
        if phone is cast.tram.operator:
            continue
        for frame in phone.frames:
            read += 1
            assert NOTE not in frame
            assert NAME not in frame
            assert PLACE.search(STOPS.sub("", frame)) is None, frame
            # Nobody's pseudonym but one's own.
            assert not [it for it in people - {phone.person} if it in frame], frame
    assert read > 100
    assert any(NOTE in frame for frame in cast.tram.operator.frames)
    # Nor in clear in what is kept.
    assert found_in(cast.tram.served.world.folder, [NOTE, HER_FEAR]) == {}
    written = str(logs)
    for word in (NOTE, NAME, HER_FEAR, *people):
        assert word not in written
    assert PLACE.search(written) is None
