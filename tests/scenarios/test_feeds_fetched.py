"""Feeds of authorities and networks, fetched by tasks: mirrored, forgotten, not believed far."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest
from google.transit import gtfs_realtime_pb2 as wire

from alerts.cap.atom import ATOM
from alerts.cap.values import Area, Info, Message
from alerts.cap.writing import as_cap
from realtime.kernel.clock import ManualClock
from realtime.ledger import Transaction
from tests.support.feeding import Following, Publisher, following, publishing
from web.feeds import authorities
from web.feeds.rules import CAP_EVERY, STALE, TRANSIT_EVERY

CLOCK = ManualClock()
NOW = CLOCK.now()
INFO = Info(
    language="fr-FR", categories=("Met",), event="Crue", urgency="Immediate", severity="Severe",
    certainty="Likely", expires=NOW + timedelta(hours=3), areas=(Area(description="Somme"),),
    headline="Crue de la Somme", sender_name="Préfecture de la Somme",
)  # fmt: skip
ENGLISH = replace(INFO, language="en-GB", event="Flood", headline="The Somme floods")
MESSAGE = Message(
    identifier="w.1", sender="somme.example", sent=NOW, status="Actual", kind="Alert",
    scope="Public", infos=(INFO, ENGLISH),
)  # fmt: skip
EVERY = CAP_EVERY.total_seconds()


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop: these wait for a database and a socket more than they think."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def publisher() -> AsyncGenerator[Publisher]:
    async with publishing() as made:
        yield made


def named(number: int, **more: object) -> Message:
    return replace(MESSAGE, identifier=f"w.{number}", **more)  # type: ignore[arg-type]


def index(publisher: Publisher, *numbers: int, inline: tuple[Message, ...] = ()) -> bytes:
    """An Atom feed that names messages by where they are, and holds others."""
    head = "<title>t</title><updated>2026-11-26T10:00:00Z</updated>"
    entries = "".join(
        f'<entry><id>{number}</id>{head}<link href="{publisher.url(f"/w{number}.xml")}"/></entry>'
        for number in numbers
    )
    for it in inline:
        whole = as_cap(it).decode().partition("?>")[2]
        entries += f"<entry><id>{it.identifier}</id>{head}<content>{whole}</content></entry>"
    return f'<feed xmlns="{ATOM}"><id>f</id>{head}{entries}</feed>'.encode()


def put(publisher: Publisher, *messages: Message) -> None:
    for it in messages:
        number = it.identifier.partition(".")[2]
        publisher.documents[f"/w{number}.xml"] = as_cap(it)


async def test_a_prefectures_warnings_are_shown_in_its_words(publisher: Publisher) -> None:
    put(publisher, named(1), named(2))
    publisher.documents["/feed"] = index(publisher, 1, 2, inline=(named(3),))

    async with following(publisher, cap="somme=/feed") as stage:
        assert await stage.names() == ["w.1", "w.2", "w.3"]
        by_name = {it.id: it for it in await stage.shown()}
        first, inline = by_name["w.1"], by_name["w.3"]
        assert (first.sender, first.headline) == ("Préfecture de la Somme", "Crue de la Somme")
        assert (first.area, first.expires) == ("Somme", INFO.expires)
        assert first.source_url == publisher.url("/w1.xml")
        assert inline.source_url == publisher.url("/feed")
        assert {it.headline for it in await stage.shown("en")} == {"The Somme floods"}
        assert {it.language for it in await stage.shown("de")} == {"fr-FR"}


async def test_a_feed_may_be_one_message(publisher: Publisher) -> None:
    publisher.documents["/w1.xml"] = as_cap(MESSAGE)

    async with following(publisher, cap="somme=/w1.xml") as stage:
        assert await stage.names() == ["w.1"]


async def test_what_it_lists_no_more_goes_and_what_expires_too(publisher: Publisher) -> None:
    put(publisher, named(1), named(2))
    publisher.documents["/feed"] = index(publisher, 1, 2)
    clock = ManualClock()
    async with following(publisher, cap="somme=/feed", clock=clock) as stage:
        publisher.documents["/feed"] = index(publisher, 2)
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.2"]

        clock.advance(3 * 3600)
        assert await stage.names() == []
        await stage.made.ledger.write(stage.warnings.forget)
        await stage.pass_time(0)
        assert await stage.names() == []


async def test_an_update_and_a_cancellation_take_away(publisher: Publisher) -> None:
    publisher.documents["/feed"] = index(publisher, inline=(named(1),))
    update = named(2, kind="Update", references=(named(1).name,))
    cancel = named(3, kind="Cancel", references=(update.name,))
    async with following(publisher, cap="somme=/feed") as stage:
        publisher.documents["/feed"] = index(publisher, inline=(named(1), update))
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.2"]

        publisher.documents["/feed"] = index(publisher, inline=(named(1), update, cancel))
        await stage.pass_time(EVERY)
        assert await stage.names() == []


async def test_one_feed_does_not_end_anothers_warning(publisher: Publisher) -> None:
    cancel = named(9, kind="Cancel", references=(named(1).name,))
    publisher.documents["/one"] = index(publisher, inline=(named(1),))
    publisher.documents["/two"] = index(publisher, inline=(cancel,))

    async with following(publisher, cap="one=/one two=/two") as stage:
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.1"]


async def test_a_message_that_cannot_be_had_now_is_kept_and_asked_for_again(
    publisher: Publisher,
) -> None:
    put(publisher, named(1))
    publisher.documents["/feed"] = index(publisher, 1)
    async with following(publisher, cap="somme=/feed") as stage:
        gone = publisher.documents.pop("/w1.xml")
        publisher.documents["/feed"] = index(publisher, 1, 2)
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.1"]

        publisher.documents["/w1.xml"] = gone
        put(publisher, named(2))
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.1", "w.2"]
        # Nothing is missing any more: only whether the feed has changed is asked.
        asked = publisher.asked["/w1.xml"]
        await stage.pass_time(EVERY)
        assert publisher.asked["/w1.xml"] == asked


async def test_what_is_wrong_in_a_feed_does_not_keep_the_rest_away(publisher: Publisher) -> None:
    put(publisher, named(1))
    publisher.documents["/w2.xml"] = b"<!DOCTYPE alert [<!ENTITY a 'b'>]><alert/>"
    publisher.documents["/feed"] = index(publisher, 1, 2)

    async with following(publisher, cap="somme=/feed") as stage:
        assert await stage.names() == ["w.1"]
        state = await stage.state("cap:somme")
        assert (state.taken, state.refused, state.failures) == (1, 1, 0)


async def test_a_feed_that_is_none_is_asked_less_and_less_and_takes_nothing_away(
    publisher: Publisher,
) -> None:
    publisher.documents["/feed"] = index(publisher, inline=(named(1),))
    async with following(publisher, cap="somme=/feed") as stage:
        publisher.documents["/feed"] = b"<html>closed</html>"
        await stage.pass_time(EVERY)
        assert await stage.names() == ["w.1"]
        assert (await stage.state("cap:somme")).failures == 1
        del publisher.documents["/feed"]
        asked = publisher.asked["/feed"]
        await stage.pass_time(EVERY)
        assert publisher.asked["/feed"] == asked
        await stage.pass_time(EVERY)
        assert publisher.asked["/feed"] == asked + 1
        assert (await stage.state("cap:somme")).failures == 2


async def test_links_inward_are_not_followed(publisher: Publisher) -> None:
    secret = b"http://127.0.0.2:1/w1.xml"
    publisher.documents["/feed"] = index(publisher, 1).replace(
        publisher.url("/w1.xml").encode(), secret
    )

    async with following(publisher, cap="somme=/feed") as stage:
        assert await stage.names() == []
        assert (await stage.state("cap:somme")).failures == 0


async def test_messages_that_hang_do_not_hold_a_feed(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authorities, "LINKED_S", 0.0)
    put(publisher, named(1))
    publisher.documents["/feed"] = index(publisher, 1, inline=(named(2),))

    async with following(publisher, cap="somme=/feed") as stage:
        assert "w.2" in await stage.names()


# GTFS-Realtime.


def positions(*trips: str, at: float) -> bytes:
    feed = wire.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = int(at)
    for trip in trips:
        vehicle = feed.entity.add(id=trip).vehicle
        vehicle.trip.trip_id, vehicle.trip.route_id, vehicle.trip.direction_id = trip, "T1", 0
        vehicle.position.latitude, vehicle.position.longitude = 43.6, 3.88
    return bytes(feed.SerializeToString())


def disturbance(until: int = 0) -> bytes:
    feed = wire.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    alert = feed.entity.add(id="a1").alert
    alert.effect = wire.Alert.DETOUR
    alert.header_text.translation.add(text="Déviation", language="fr")
    alert.informed_entity.add(route_id="T1")
    if until:
        alert.active_period.add(end=until)
    return bytes(feed.SerializeToString())


async def test_every_node_knows_where_vehicles_are(publisher: Publisher) -> None:
    clock = ManualClock()
    publisher.documents["/one"] = positions("a", "b", at=clock.now().timestamp())
    publisher.documents["/two"] = positions("c", at=clock.now().timestamp())

    async with following(publisher, transit="tam=/one tam=/two", clock=clock) as stage:
        assert sorted(it.trip for it in (await stage.look())["tam"]) == ["a", "b", "c"]
        assert (await stage.look())["tam"][0].line == "tam:T1"

        publisher.documents["/one"] = positions("d", at=clock.now().timestamp())
        await stage.pass_time(TRANSIT_EVERY.total_seconds())
        assert sorted(it.trip for it in (await stage.look())["tam"]) == ["c", "d"]


async def test_where_vehicles_were_long_ago_is_forgotten(publisher: Publisher) -> None:
    clock = ManualClock()
    publisher.documents["/one"] = positions("a", at=clock.now().timestamp())
    async with following(publisher, transit="tam=/one irigo=/two", clock=clock) as stage:
        publisher.documents.clear()
        publisher.documents["/two"] = positions(at=0)
        await stage.pass_time(STALE.total_seconds() + 1)

        assert (await stage.look())["tam"] == []
        assert (await stage.state("transit:tam")).failures > 0


async def test_a_networks_own_alerts_are_told_as_its_own(publisher: Publisher) -> None:
    clock = ManualClock()
    publisher.documents["/alerts"] = disturbance()
    publisher.documents["/over"] = disturbance(until=int(clock.now().timestamp()) - 60)
    async with following(publisher, transit="tam=/alerts irigo=/over", clock=clock) as stage:
        async with stage.made.ledger.reading() as reading:
            (notice,) = await stage.vehicles.theirs(reading, None)
            assert await stage.vehicles.theirs(reading, "irigo") == []

        assert (notice.network, notice.effect) == ("tam", "DETOUR")
        assert notice.header == {"fr": "Déviation"}


async def test_what_is_no_feed_of_vehicles_changes_nothing(publisher: Publisher) -> None:
    clock = ManualClock()
    publisher.documents["/one"] = positions("a", at=clock.now().timestamp())
    async with following(publisher, transit="tam=/one", clock=clock) as stage:
        publisher.documents["/one"] = b"\xff\xff not protobuf"
        await stage.pass_time(TRANSIT_EVERY.total_seconds())

        state = await stage.state("transit:tam")
        assert (state.failures, state.refused) == (1, 2)
        assert [it.trip for it in (await stage.look())["tam"]] == ["a"]


async def test_a_feed_that_nobody_follows_any_more_is_forgotten(publisher: Publisher) -> None:
    async with following(publisher) as stage:
        await schedule(stage, "feed.cap", "feed.transit")
        await stage.settle()

        async with stage.made.ledger.reading() as reading:
            assert await stage.vehicles.theirs(reading, None) == []


async def schedule(stage: Following, *kinds: str) -> None:
    async def work(tx: Transaction) -> None:
        for kind in kinds:
            tx.schedule(kind, "gone")

    await stage.made.ledger.write(work)
