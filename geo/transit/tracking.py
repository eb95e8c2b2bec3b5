"""Which of the vehicles that a network tells of is the one that a ride is in."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from geo.transit.network import Network
from geo.transit.plane import apart
from geo.transit.rules import TOP_SPEED, VEHICLE_FRESH, VEHICLE_M
from geo.transit.values import LineId, Ride, Vehicle


class Vehicles:
    """By line. What a feed has said replaces what it said before."""

    def __init__(self, vehicles: Iterable[Vehicle] = ()) -> None:
        self._by_line: dict[LineId, list[Vehicle]] = {}
        for vehicle in vehicles:
            self._by_line.setdefault(vehicle.line, []).append(vehicle)

    def of(self, line: LineId) -> Sequence[Vehicle]:
        return self._by_line.get(line, ())


def with_trip(network: Network, vehicles: Vehicles, ride: Ride, now: datetime) -> Ride:
    """The ride with the trip of the nearest vehicle that could be there by now."""
    line = network.line(ride.line)
    if line is None or ride.stop is not None:
        return ride
    spot = network.track(ride.line, ride.course).spot(ride.along_m)
    near: list[tuple[float, str]] = []
    for it in vehicles.of(ride.line):
        age = abs((now - it.at).total_seconds())
        if age <= VEHICLE_FRESH.total_seconds() and it.direction in (None, ride.direction):
            metres = apart((it.lat, it.lon), spot)
            if metres <= VEHICLE_M + age * TOP_SPEED[line.mode]:
                near.append((metres, it.trip))
    return replace(ride, trip=min(near)[1]) if near else ride
