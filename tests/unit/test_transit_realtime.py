"""GTFS-Realtime: what is read of a feed, what is refused of it, and a feed of alerts written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from google.transit import gtfs_realtime_pb2 as wire
from hypothesis import given
from hypothesis import strategies as st

from geo.transit import realtime
from geo.transit.realtime import Notice, Refusal, encoded, notices, vehicles
from geo.transit.rules import LARGEST_REALTIME, VEHICLE_FRESH
from geo.transit.values import LineId, StopId
from tests.support.small_line import DEMO, NOW, TRAM

SECOND = int(NOW.timestamp())


def feed(*change: Callable[[wire.FeedEntity], object], at: int = SECOND) -> bytes:
    """A feed with a vehicle for each change, which is made to it."""
    message = wire.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = at
    for number, each in enumerate(change):
        entity = message.entity.add(id=str(number))
        entity.vehicle.trip.trip_id = f"trip-{number}"
        entity.vehicle.trip.route_id = "t1"
        entity.vehicle.position.latitude = 48.85
        entity.vehicle.position.longitude = 2.3
        each(entity)
    data: bytes = message.SerializeToString()
    return data


def nothing(entity: wire.FeedEntity) -> None:
    """As it is."""


def set_direction(direction: int) -> Callable[[wire.FeedEntity], object]:
    def change(entity: wire.FeedEntity) -> None:
        entity.vehicle.trip.direction_id = direction

    return change


def set_time(seconds: int) -> Callable[[wire.FeedEntity], object]:
    def change(entity: wire.FeedEntity) -> None:
        entity.vehicle.timestamp = seconds

    return change


def test_vehicles_are_read_with_their_line_and_direction() -> None:
    data = feed(nothing, set_direction(1), set_direction(9), set_time(SECOND - 30))

    found, refusals = vehicles(data, DEMO, NOW)

    assert refusals == {}
    assert {it.line for it in found} == {TRAM}
    assert [it.direction for it in found] == [None, 1, None, None]
    assert [it.trip for it in found] == ["trip-0", "trip-1", "trip-2", "trip-3"]
    assert found[0].lat == pytest.approx(48.85, abs=1e-5)
    assert [it.at for it in found] == [NOW, NOW, NOW, NOW - timedelta(seconds=30)]


def clear(*fields: str) -> Callable[[wire.FeedEntity], object]:
    def change(entity: wire.FeedEntity) -> None:
        for name in fields:
            (entity.vehicle if name == "position" else entity.vehicle.trip).ClearField(name)

    return change


def set_place(lat: float) -> Callable[[wire.FeedEntity], object]:
    def change(entity: wire.FeedEntity) -> None:
        entity.vehicle.position.latitude = lat

    return change


def name_trip(name: str) -> Callable[[wire.FeedEntity], object]:
    def change(entity: wire.FeedEntity) -> None:
        entity.vehicle.trip.trip_id = name

    return change


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (clear("trip_id"), Refusal.NO_TRIP),
        (clear("route_id"), Refusal.NO_LINE),
        (clear("position"), Refusal.NO_PLACE),
        (set_place(123.0), Refusal.NO_PLACE),
        (set_place(float("nan")), Refusal.NO_PLACE),
        (name_trip("x" * 200), Refusal.BAD_TEXT),
        (name_trip("a\nb"), Refusal.BAD_TEXT),
        (set_time(SECOND + 3_600), Refusal.BAD_TIME),
        (set_time(2**63), Refusal.BAD_TIME),
        (set_time(SECOND - 1 - int(VEHICLE_FRESH.total_seconds())), Refusal.STALE),
    ],
)
def test_a_bad_vehicle_is_refused_with_its_reason_and_others_are_read(
    change: Callable[[wire.FeedEntity], object], refusal: Refusal
) -> None:
    found, refusals = vehicles(feed(nothing, change), DEMO, NOW)

    assert [it.trip for it in found] == ["trip-0"]
    assert refusals == {refusal: 1}


def test_a_vehicle_without_any_moment_is_refused() -> None:
    assert vehicles(feed(nothing, at=0), DEMO, NOW) == ([], {Refusal.BAD_TIME: 1})


def test_what_is_no_feed_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    old = wire.FeedMessage()
    old.header.gtfs_realtime_version = "0.1"
    monkeypatch.setattr(realtime, "MOST_ENTITIES", 1)

    for data, refusal in (
        (b"<html>no</html>", Refusal.UNREADABLE),
        (b"", Refusal.UNREADABLE),
        (feed(nothing)[:-5], Refusal.UNREADABLE),
        (old.SerializeToString(), Refusal.UNREADABLE),
        (b"\0" * (LARGEST_REALTIME + 1), Refusal.TOO_LARGE),
        (feed(nothing, nothing), Refusal.TOO_MANY),
    ):
        assert vehicles(data, DEMO, NOW) == ([], {refusal: 1})
        assert notices(data, DEMO) == ([], {refusal: 1})


@given(st.binary(max_size=400))
def test_whatever_comes_nothing_is_raised(data: bytes) -> None:
    assert isinstance(vehicles(data, DEMO, NOW)[0], list)
    assert isinstance(notices(data, DEMO)[0], list)


def test_a_text_that_is_not_utf_8_is_refused() -> None:
    data = encoded([NOTICE], NOW).replace(
        "Trafic dévié".encode(), "Trafic d\xe9vi\xe9!!".encode("latin-1")
    )

    assert vehicles(feed(nothing).replace(b"trip-0", b"tri\xff-0"), DEMO, NOW) == (
        [], {Refusal.BAD_TEXT: 1},
    )  # fmt: skip
    assert notices(data, DEMO) == ([], {Refusal.BAD_TEXT: 1})


@given(st.data())
def test_a_feed_with_any_byte_changed_raises_nothing(data: st.DataObject) -> None:
    whole = bytearray(feed(nothing, nothing))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))

    vehicles(bytes(whole), DEMO, NOW)
    notices(bytes(whole), DEMO)


NOTICE = Notice(
    id="n1",
    network=DEMO,
    effect="DETOUR",
    header={"fr": "Trafic dévié", "en": "Detour"},
    text={"fr": "Prenez le bus."},
    lines=(TRAM,),
    stops=(StopId("demo:s1"),),
    start=NOW,
    until=NOW + timedelta(hours=1),
)


def test_alerts_that_were_written_are_read_again() -> None:
    plain = Notice(id="n2", network=DEMO, effect="OTHER_EFFECT", header={"": "Attention"})

    found, refusals = notices(encoded([NOTICE, plain], NOW), DEMO)

    assert (found, refusals) == ([NOTICE, plain], {})


def test_a_written_feed_is_what_readers_expect() -> None:
    half = Notice(id="n3", network=DEMO, effect="invented", header={"fr": "x"}, until=NOW)

    message = wire.FeedMessage()
    message.ParseFromString(encoded([NOTICE, half], NOW))

    assert message.header.timestamp == SECOND
    assert message.IsInitialized()
    first, second = message.entity
    assert [it.route_id or it.stop_id for it in first.alert.informed_entity] == ["t1", "s1"]
    assert second.alert.informed_entity[0].agency_id == "demo"
    assert second.alert.effect == wire.Alert.OTHER_EFFECT
    assert not second.alert.active_period[0].HasField("start")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"header": {}}, Refusal.NO_TEXT),
        ({"header": {"fr": " "}}, Refusal.NO_TEXT),
        ({"header": {"fr": "x" * 5_000}}, Refusal.BAD_TEXT),
        ({"header": {"fr": "a\x07b"}}, Refusal.BAD_TEXT),
        ({"header": {"x" * 100: "a"}}, Refusal.BAD_TEXT),
        ({"id": ""}, Refusal.NO_ID),
        ({"lines": (LineId("demo:" + "x" * 100),)}, Refusal.BAD_TEXT),
    ],
)
def test_a_bad_alert_is_refused_with_its_reason(
    change: dict[str, object], refusal: Refusal
) -> None:
    said: dict[str, object] = {"id": "n", "effect": "DETOUR", "header": {"fr": "x"}, **change}
    bad = Notice(network=DEMO, **said)  # type: ignore[arg-type]

    found, refusals = notices(encoded([NOTICE, bad], NOW), DEMO)

    assert (found, refusals) == ([NOTICE], {refusal: 1})
