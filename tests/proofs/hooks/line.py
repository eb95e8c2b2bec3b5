"""A small network for proofs: so many lines of four stops each, as GTFS files."""

from pathlib import Path

NETWORK = "essai"


def line_id(number: int) -> str:
    return f"{NETWORK}:L{number}"


def write_gtfs(folder: Path, lines: int) -> None:
    folder.mkdir(parents=True)
    stops = ["stop_id,stop_name,stop_lat,stop_lon"]
    routes = ["route_id,route_short_name,route_type"]
    trips = ["route_id,service_id,trip_id,direction_id,trip_headsign"]
    times = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    for line in range(lines):
        routes.append(f"L{line},{line},0")
        names = [f"S{line}-{stop}" for stop in range(4)]
        stops += [
            f"{name},Arrêt {name},{48.5 + line / 200:.4f},{2 + stop / 100:.4f}"
            for stop, name in enumerate(names)
        ]
        for direction, order in enumerate((names, names[::-1])):
            trip = f"T{line}-{direction}"
            trips.append(f"L{line},s,{trip},{direction},Arrêt {order[-1]}")
            times += [
                f"{trip},08:0{turn}:00,08:0{turn}:00,{name},{turn}"
                for turn, name in enumerate(order)
            ]
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    files = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone",
                       "a,Essai,https://essai.example,Europe/Paris"],
        "calendar.txt": [f"service_id,{days},start_date,end_date",
                         "s,1,1,1,1,1,1,1,20260101,20271231"],
        "stops.txt": stops, "routes.txt": routes, "trips.txt": trips, "stop_times.txt": times,
    }  # fmt: skip
    for name, rows in files.items():
        (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
