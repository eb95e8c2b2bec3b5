"""What rows of a feed mean, which ways of a route are kept, and which way a shape is travelled."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from geo.errors import FileNotText, FileNotUtf8, FileTooLarge, WrongHeader
from geo.places.rows import Reason, Refused
from geo.transit.grid import StopGrid
from geo.transit.gtfs import routes
from geo.transit.gtfs.drawn import oriented
from geo.transit.gtfs.routes import Trip
from geo.transit.gtfs.tables import Rows
from geo.transit.gtfs.ways import (
    Ways,
    by_route,
    path_of,
    snapped,
    timed,
    without_repeats,
)
from geo.transit.rules import MOST_WAYS
from geo.transit.values import Course, NetworkId, Spot, Stop, StopId
from tests.support.small_line import spot

X = NetworkId("x")


def refusal(read: object, *arguments: object) -> Reason:
    with pytest.raises(Refused) as refused:
        read(*arguments)  # type: ignore[operator]
    return refused.value.reason


def test_a_stop_is_read_and_what_is_none_is_left_out() -> None:
    found = routes.stop(["1", "48.85", "2.3", " Gare ", "1", ""], X)

    assert found == Stop(id=StopId("x:1"), name="Gare", lat=48.85, lon=2.3)
    platform = routes.stop(["2", "48.85", "2.3", "A", "", "1"], X)
    assert platform is not None
    assert platform.parent == "x:1"
    assert [routes.stop(["3", "", "", "", kind, ""], X) for kind in "234"] == [None] * 3


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["", "48", "2", "A", "", ""], Reason.NO_ID),
        (["1", "", "", "A", "", ""], Reason.NO_PLACE),
        (["1", "x", "2", "A", "", ""], Reason.BAD_PLACE),
        (["1", "nan", "2", "A", "", ""], Reason.BAD_PLACE),
        (["1", "148", "2", "A", "", ""], Reason.BAD_PLACE),
        (["1", "48", "2", "", "", ""], Reason.NO_NAME),
        (["1\x07", "48", "2", "A", "", ""], Reason.BAD_TEXT),
        (["1" * 99, "48", "2", "A", "", ""], Reason.BAD_TEXT),
        (["1", "48", "2", "A", "", "p\x00"], Reason.BAD_TEXT),
    ],
)
def test_a_bad_stop_is_refused_with_its_reason(cells: list[str], reason: Reason) -> None:
    assert refusal(routes.stop, cells, X) is reason


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("0", "tram"), ("1", "metro"), ("3", "bus"), ("11", "trolleybus"), ("715", "bus"),
     ("900", "tram"), ("109", "rail"), ("1400", "funicular")],
)  # fmt: skip
def test_kinds_of_routes_are_modes(kind: str, mode: str) -> None:
    found = routes.route(["r", kind, "", "Mosson - Odysseum", "0044A9"], X)

    assert (found.id, found.name, found.mode, found.colour) == (
        "x:r", "Mosson - Odysseum", mode, "0044a9",
    )  # fmt: skip


def test_a_bad_route_or_trip_is_refused_and_a_bad_colour_is_no_colour() -> None:
    assert routes.route(["r", "3", "9", "", "red"], X).colour == ""
    assert refusal(routes.route, ["r", "9999", "9", "", ""], X) is Reason.UNKNOWN_VALUE
    assert refusal(routes.route, ["r", "-1", "9", "", ""], X) is Reason.BAD_NUMBER
    assert refusal(routes.route, ["r", "3", "", "", ""], X) is Reason.NO_NAME
    assert refusal(routes.trip, ["r", "t", "2", "", ""]) is Reason.UNKNOWN_VALUE
    assert refusal(routes.trip, ["r", "", "0", "", ""]) is Reason.NO_ID
    assert routes.trip(["r", "t", "", "", ""]) == Trip("t", "r", 0, "", "")


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def rows(raw: bytes) -> Rows:
    return Rows(BytesIO(raw), ("id", "lat"), ("name",), lambda many: None)


def test_a_table_gives_the_wanted_columns_in_their_order_whatever_the_file_has() -> None:
    table = rows(b'\xef\xbb\xbflat,other, id \n1,x, a \n\n2,"y, z","b"\n')

    assert list(table) == [["a", "1", ""], ["b", "2", ""]]
    assert table.refusals.total == 0


def test_bad_rows_are_counted_and_others_are_read() -> None:
    table = rows(b'id,lat\na,1\nb\nc,3,4\n"d"x,4\ne,5\n')

    assert [it[0] for it in table] == ["a", "e"]
    assert table.refusals.counts == {Reason.WRONG_COLUMNS: 2, Reason.UNREADABLE: 1}
    assert table.refusals.lines == {Reason.WRONG_COLUMNS: [3, 4], Reason.UNREADABLE: [5]}


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", WrongHeader),
        (b"id\n1\n", WrongHeader),
        (b"id,lat,id\n1,2,3\n", WrongHeader),
        (b'"id,lat', WrongHeader),
        (b"\0\1", FileNotText),
        (b"id,lat\n\xe9,1\n", FileNotUtf8),
        (b"id,lat\n" + b"x" * 70_000, FileTooLarge),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(rows(raw))


def test_a_quote_that_is_never_closed_does_not_swallow_memory() -> None:
    with pytest.raises(FileTooLarge):
        list(rows(b'id,lat\n"' + b"x,1\n" * 60_000))
    table = rows(b'id,lat\na,1\n"b,2\nc,3\n')
    assert [it[0] for it in table] == ["a"]
    assert table.refusals.counts == {Reason.UNREADABLE: 1}


# ── ways ─────────────────────────────────────────────────────────────────────────────────────


def trip(of: str, direction: int = 0, shape: str = "", headsign: str = "") -> Trip:
    return Trip(of, "r", direction, shape, headsign)


def stop(name: str, at: Spot, of: str = "") -> Stop:
    return Stop(id=StopId(f"x:{of or name}"), name=name, lat=at[0], lon=at[1])


A, B, C = stop("a", spot(0)), stop("b", spot(600)), stop("c", spot(1_200))


def test_the_most_frequent_ways_of_each_direction_are_kept() -> None:
    ways = Ways()
    for number in range(MOST_WAYS + 2):
        for again in range(number + 1):
            ways.add(trip(f"{number}-{again}", shape=f"shape-{number}", headsign=str(again)))
    ways.add(trip("back", 1, headsign="A"))
    ways.add(trip("back 2", 1, headsign="A"))
    ways.add(trip("elsewhere", 1, headsign="B"))

    kept = [it.id for it in ways.chosen()]

    assert kept == ["5-0", "4-0", "3-0", "2-0", "back", "elsewhere"]


def test_a_course_with_times_lies_along_its_shape_or_from_stop_to_stop() -> None:
    shape = (spot(-50), spot(700, 5), spot(1_250))

    along = timed(trip("t", headsign="C town"), [A, B, C], shape)
    direct = timed(trip("t"), [A, B, C], ())

    assert along is not None
    assert direct is not None
    assert [round(it, -1) for it in along.at_m] == [50, 650, 1_250]
    assert (along.headsign, direct.headsign) == ("C town", "c")
    assert direct.at_m == (0, 600, 1_200)
    assert timed(trip("t"), [A], shape) is None
    assert timed(trip("t"), [A, A], ()) is None


def test_a_stop_told_twice_in_a_row_is_one_stop() -> None:
    found = timed(trip("t"), [A, A, B], (spot(0), spot(700)))

    assert found is not None
    assert [it.rpartition(":")[2] for it in found.stops] == ["a", "b"]
    assert len(found.at_m) == 2


def test_on_a_shape_that_passes_twice_stops_are_in_the_order_of_the_trip() -> None:
    there_and_back = (spot(0), spot(1_200), spot(1_200, 60), spot(0, 60))
    last = stop("last", spot(600, 60))

    found = timed(trip("t"), [A, B, C, last], there_and_back)

    assert found is not None
    assert [round(it, -1) for it in found.at_m] == [0, 600, 1_200, 1_860]


def test_without_times_the_stops_on_the_right_of_the_shape_are_the_course() -> None:
    shape = (spot(0), spot(1_300))
    right = [stop("a", spot(100, -8), "a1"), stop("b", spot(600, -8), "b1")]
    left = [stop("a", spot(110, 8), "a2"), stop("b", spot(590, 8), "b2")]
    twice = stop("b", spot(640, -20), "b3")
    far = stop("c", spot(900, -80))
    grid = StopGrid([*right, *left, twice, far])

    there, back = (
        snapped(trip("t", headsign="B"), it, grid) for it in (shape, tuple(reversed(shape)))
    )

    assert there is not None
    assert back is not None
    assert [it.rpartition(":")[2] for it in there.stops] == ["a1", "b1"]
    assert [it.rpartition(":")[2] for it in back.stops] == ["b2", "a2"]
    assert [round(it, -1) for it in there.at_m] == [100, 600]
    assert snapped(trip("t"), (spot(0),), grid) is None
    assert snapped(trip("t"), (spot(0, 5_000), spot(900, 5_000)), grid) is None


def course(stops: Sequence[str], direction: int = 0) -> Course:
    ids = tuple(StopId(it) for it in stops)
    return Course(
        direction=direction, headsign=stops[-1], stops=ids, at_m=(0,) * len(ids), path=(spot(0),)
    )


def test_a_way_that_stops_nowhere_new_is_left_out() -> None:
    kept = without_repeats([course("bc"), course("abc"), course("xb"), course("cb", 1)])

    assert ["".join(it.stops) for it in kept] == ["abc", "xb", "cb"]


def test_courses_are_put_to_their_routes() -> None:
    trips = [trip("one"), trip("none"), Trip("two", "s", 0, "", "")]
    one, two = course("ab"), course("cd")

    assert by_route(trips, {"one": one, "two": two}) == {"r": [one], "s": [two]}


def test_a_shape_is_a_path_in_order_without_doubles() -> None:
    assert path_of([(3, spot(3)), (1, spot(1)), (2, spot(1))]) == (spot(1), spot(3))


# ── which way a shape is travelled ───────────────────────────────────────────────────────────

NAMED = StopGrid([stop("Gare du Nord", spot(0)), stop("Étouvie Quai B", spot(4_000))])
DRAWN = (spot(0), spot(4_000))


def turned(*trips: Trip, shapes: dict[str, tuple[Spot, ...]] | None = None) -> dict[str, bool]:
    given = {"1": DRAWN, "2": DRAWN} if shapes is None else shapes
    return {of: path != given["1"] for of, path in oriented(trips, given, NAMED).items()}


def test_a_headsign_says_which_way_a_shape_is_travelled() -> None:
    there, back = trip("t", 0, "1", "ETOUVIE"), trip("b", 1, "2", "GARE DU NORD")

    assert turned(there, back) == {"t": False, "b": True}


def test_where_it_says_nothing_the_other_direction_does() -> None:
    unsaid = trip("u", 0, "1", "Centre")

    assert turned(unsaid, trip("b", 1, "2", "Etouvie")) == {"b": False, "u": True}
    assert turned(unsaid, trip("v", 1, "2", "Ailleurs")) == {"u": False, "v": True}


def test_shapes_that_are_drawn_apart_are_travelled_as_drawn() -> None:
    shapes = {"1": DRAWN, "2": (spot(4_000, 30), spot(0, 30))}
    back = trip("b", 1, "2", "Centre")

    paths = oriented([trip("t", 0, "1", "Centre"), back, trip("x", 0, "none")], shapes, NAMED)

    assert paths == {"t": shapes["1"], "b": shapes["2"]}
