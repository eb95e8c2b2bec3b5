"""Under which names a ride is found: its cell, and the line it is on or the stop it is at."""

from geo.cells import Cell
from geo.transit.rules import ABOARD
from geo.transit.values import LineId, Ride, StopId

Key = tuple[str, str]


def names_of(ride: Ride) -> list[Key]:
    """Each name by which this ride answers a question."""
    names = [by_cell(ride.cell)]
    if ride.stop is not None:
        names.append(by_stop(ride.stop))
    elif ride.confidence >= ABOARD:
        names.append(by_line(ride.line, ride.direction))
    return names


def by_cell(cell: Cell) -> Key:
    return "cell", cell


def by_stop(stop: StopId) -> Key:
    return "stop", stop


def by_line(line: LineId, direction: int) -> Key:
    return "line", f"{direction} {line}"
