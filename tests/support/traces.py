"""The network of Île-de-France from the real files, read once for all tests of a process."""

from functools import cache
from pathlib import Path

from geo.places import stations
from geo.places.files import Table, open_table
from geo.places.stations import Station
from geo.transit.network import Network
from geo.transit.traces.reading import Traced, read
from geo.transit.values import NetworkId

DATA = Path(__file__).parents[2].parent / "shared/data/transit"
STATIONS = DATA / "idf_emplacement_des_gares_2026.csv"
TRACES = DATA / "idf_rail_traces.geojson"
IDFM = NetworkId("idfm")


@cache
def traced() -> Traced:
    reader = open_table(STATIONS, Table(stations.SEPARATOR, stations.COLUMNS, stations.read))
    found: list[Station] = []
    while values := reader.batch():
        found += values
    reader.close()
    return read(TRACES.read_bytes(), found, IDFM)


@cache
def idf_network() -> Network:
    return Network(traced().lines, traced().stops.values())
