"""GTFS-Realtime: bytes of a network's feed to values, and a feed of service alerts written.

What comes is another server's: its size is bounded, what is wrong in it is counted by reason, and
one bad entity does not take the others with it. Of a feed that cannot be read at all nothing comes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as wire

from geo.point import Point
from geo.transit.gtfs.routes import LONGEST_ID
from geo.transit.rules import (
    AHEAD,
    LARGEST_REALTIME,
    LONGEST_NOTICE,
    MOST_ENTITIES,
    MOST_INFORMED,
    VEHICLE_FRESH,
)
from geo.transit.values import LineId, NetworkId, StopId, Vehicle
from realtime.kernel.errors import Malformed


class Refusal(StrEnum):
    #: The whole feed: not protobuf of that kind, too large, too many entities.
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    #: One entity of it.
    NO_ID = "no_id"
    NO_TRIP = "no_trip"
    NO_LINE = "no_line"
    NO_PLACE = "no_place"
    NO_TEXT = "no_text"
    BAD_TEXT = "bad_text"
    #: In the future, or no moment at all.
    BAD_TIME = "bad_time"
    #: Too old to say where the vehicle is now.
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A service alert: what happens on a line or at a stop, for everybody."""

    id: str
    network: NetworkId
    #: GTFS-Realtime's Effect, in its own words: "DETOUR", "SIGNIFICANT_DELAYS"…
    effect: str
    #: Sentences by language; "" is one that the feed does not name.
    header: Mapping[str, str]
    text: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[LineId, ...] = ()
    stops: tuple[StopId, ...] = ()
    start: datetime | None = None
    until: datetime | None = None


Refusals = dict[Refusal, int]
V = TypeVar("V")


class _Refused(Exception):
    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def vehicles(data: bytes, network: NetworkId, now: datetime) -> tuple[list[Vehicle], Refusals]:
    """Where a network's vehicles are, and what was refused of the feed by reason."""
    feed = _parsed(data)
    if isinstance(feed, Refusal):
        return [], {feed: 1}
    said = feed.header.timestamp
    return _each(
        (it for it in feed.entity if it.HasField("vehicle")),
        lambda entity: _vehicle(entity.vehicle, network, said, now),
    )


def notices(data: bytes, network: NetworkId) -> tuple[list[Notice], Refusals]:
    """The service alerts of a feed."""
    feed = _parsed(data)
    if isinstance(feed, Refusal):
        return [], {feed: 1}
    return _each(
        (it for it in feed.entity if it.HasField("alert")), lambda entity: _notice(entity, network)
    )


def encoded(alerts: Sequence[Notice], now: datetime) -> bytes:
    """A feed of service alerts, of the networks' own ids (without the slug)."""
    feed = wire.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.incrementality = wire.FeedHeader.FULL_DATASET
    feed.header.timestamp = int(now.timestamp())
    for notice in alerts:
        entity = feed.entity.add(id=notice.id)
        alert = entity.alert
        alert.effect = wire.Alert.Effect.Value(_effect(notice.effect))
        alert.cause = wire.Alert.OTHER_CAUSE
        if notice.start is not None or notice.until is not None:
            alert.active_period.add(start=_second(notice.start), end=_second(notice.until))
        for line in notice.lines:
            alert.informed_entity.add(route_id=_own(line))
        for stop in notice.stops:
            alert.informed_entity.add(stop_id=_own(stop))
        if not alert.informed_entity:
            alert.informed_entity.add(agency_id=notice.network)
        for texts, into in (
            (notice.header, alert.header_text),
            (notice.text, alert.description_text),
        ):
            for language, text in texts.items():
                into.translation.add(text=text, language=language or None)
    data: bytes = feed.SerializeToString()
    return data


def _parsed(data: bytes) -> wire.FeedMessage | Refusal:
    if len(data) > LARGEST_REALTIME:
        return Refusal.TOO_LARGE
    feed = wire.FeedMessage()
    try:
        feed.ParseFromString(data)
    except (DecodeError, RecursionError):
        return Refusal.UNREADABLE
    if str(feed.header.gtfs_realtime_version)[:1] not in {"1", "2"}:
        return Refusal.UNREADABLE
    return feed if len(feed.entity) <= MOST_ENTITIES else Refusal.TOO_MANY


def _each(
    entities: Iterable[wire.FeedEntity], read: Callable[[wire.FeedEntity], V]
) -> tuple[list[V], Refusals]:
    found, refusals = list[V](), Counter[Refusal]()
    for entity in entities:
        try:
            found.append(read(entity))
        except _Refused as refused:
            refusals[refused.reason] += 1
    return found, dict(refusals)


def _vehicle(
    said: wire.VehiclePosition, network: NetworkId, feed_at: int, now: datetime
) -> Vehicle:
    if not said.HasField("position"):
        raise _Refused(Refusal.NO_PLACE)
    try:
        place = Point(lat=said.position.latitude, lon=said.position.longitude)
    except Malformed as error:
        raise _Refused(Refusal.NO_PLACE) from error
    at = _moment(said.timestamp or feed_at)
    if at is None or at > now + AHEAD:
        raise _Refused(Refusal.BAD_TIME)
    if at < now - VEHICLE_FRESH:
        raise _Refused(Refusal.STALE)
    return Vehicle(
        trip=_id(said.trip.trip_id or said.vehicle.id, Refusal.NO_TRIP),
        line=LineId(f"{network}:{_id(said.trip.route_id, Refusal.NO_LINE)}"),
        direction=_direction(said.trip),
        lat=place.lat,
        lon=place.lon,
        at=at,
    )


def _direction(trip: wire.TripDescriptor) -> int | None:
    return trip.direction_id if trip.HasField("direction_id") and trip.direction_id < 2 else None


def _notice(entity: wire.FeedEntity, network: NetworkId) -> Notice:
    alert = entity.alert
    header = _texts(alert.header_text)
    if not header:
        raise _Refused(Refusal.NO_TEXT)
    informed = alert.informed_entity[:MOST_INFORMED]
    period = alert.active_period[0] if alert.active_period else None
    return Notice(
        id=_id(entity.id, Refusal.NO_ID),
        network=network,
        effect=wire.Alert.Effect.Name(alert.effect),
        header=header,
        text=_texts(alert.description_text),
        lines=tuple(
            LineId(f"{network}:{_id(it.route_id, Refusal.NO_LINE)}")
            for it in informed
            if it.route_id
        ),
        stops=tuple(
            StopId(f"{network}:{_id(it.stop_id, Refusal.NO_ID)}") for it in informed if it.stop_id
        ),
        start=_moment(period.start) if period and period.start else None,
        until=_moment(period.end) if period and period.end else None,
    )


def _texts(said: wire.TranslatedString) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in said.translation:
        language = _text(each.language, LONGEST_ID)
        words: object = each.text
        # Feeds hold line ends.
        text = _text(" ".join(words.split()) if isinstance(words, str) else words, LONGEST_NOTICE)
        if text:
            texts[language] = text
    return texts


def _id(value: str, missing: Refusal) -> str:
    if not value:
        raise _Refused(missing)
    return _text(value, LONGEST_ID)


def _text(value: object, longest: int) -> str:
    # A text that is not UTF-8 comes as bytes, whatever its type says.
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise _Refused(Refusal.BAD_TEXT)
    return value


def _moment(seconds: int) -> datetime | None:
    """A moment that a feed says; None for one that is none."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return start + timedelta(seconds=seconds) if 0 < seconds < 2**33 else None


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _effect(effect: str) -> str:
    return effect if effect in wire.Alert.Effect.keys() else "OTHER_EFFECT"  # noqa: SIM118


def _own(of: str) -> str:
    """The network's own id, without its slug."""
    return of.partition(":")[2]
