"""A small network as it is published: one tram line of eight stops, there and back."""

import csv
from collections.abc import Iterable
from pathlib import Path

STOPS = (
    "Place Centrale",
    "Hôtel de Ville",
    "Gare du Nord",
    "Saint-Rémy-lès-Chevreuse",
    "Pont Neuf",
    "Les Tilleuls",
    "Université",
    "Terminus",
)


def write_gtfs(folder: Path) -> None:
    """The files that an import needs."""
    places = [(f"{n}", name, 48.8 + n / 200, 2.3) for n, name in enumerate(STOPS)]
    trips = [("there", 0, places), ("back", 1, places[::-1])]
    _write(folder / "agency.txt", [("agency_name", "agency_url", "agency_timezone"),
           ("Ville", "https://ville.example", "Europe/Paris")])  # fmt: skip
    _write(folder / "stops.txt", [("stop_id", "stop_name", "stop_lat", "stop_lon"), *places])
    _write(folder / "routes.txt", [("route_id", "route_short_name", "route_type", "route_color"),
           ("T9", "T9", 0, "C5007F")])  # fmt: skip
    _write(folder / "trips.txt", [
        ("route_id", "service_id", "trip_id", "direction_id", "trip_headsign", "shape_id"),
        *(("T9", "all", name, way, stops[-1][1], name) for name, way, stops in trips),
    ])  # fmt: skip
    _write(folder / "shapes.txt", [
        ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
        *((name, lat, lon, n) for name, _, stops in trips
          for n, (_, _, lat, lon) in enumerate(stops)),
    ])  # fmt: skip
    _write(folder / "stop_times.txt", [
        ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
        *((name, f"08:{n:02d}:00", f"08:{n:02d}:20", stop, n) for name, _, stops in trips
          for n, (stop, *_) in enumerate(stops)),
    ])  # fmt: skip


def _write(file: Path, rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
