"""Lines from pieces of track: the real ones of Île-de-France, and what a bad file says."""

import json
from collections.abc import Sequence

import pytest

from geo.cells import Cell
from geo.errors import FileCutShort, NotGeoJson, NothingToLoad
from geo.places.rows import Reason
from geo.places.stations import Station
from geo.transit.traces.assembling import courses
from geo.transit.traces.graph import Graph
from geo.transit.traces.reading import Traced, read
from geo.transit.track import Track
from geo.transit.values import Course, Line, NetworkId, Spot, Stop, StopId
from tests.support.small_line import spot
from tests.support.traces import idf_network, traced

IDFM = NetworkId("idfm")


def line(name: str) -> Line:
    return next(it for it in traced().lines if it.name == name)


def names(course: Course) -> list[str]:
    return [traced().stops[it].name for it in course.stops]


def ends(name: str, direction: int = 0) -> set[tuple[str, str]]:
    return {(names(it)[0], it.headsign) for it in line(name).courses if it.direction == direction}


def test_the_real_lines_go_where_they_go() -> None:
    assert ends("METRO 6") == {("Charles De Gaulle-Étoile", "Nation")}
    assert names(line("METRO 6").courses[0])[:4] == [
        "Charles De Gaulle-Étoile", "Kléber", "Boissière", "Trocadéro",
    ]  # fmt: skip
    assert ends("METRO 6", 1) == {("Nation", "Charles De Gaulle-Étoile")}
    assert ends("METRO 13") == {
        ("Châtillon-Montrouge", "Les Courtilles"),
        ("Châtillon-Montrouge", "Saint-Denis - Université"),
    }
    assert ends("RER A") == {
        ("Cergy Le Haut", "Marne-la-Vallée-Chessy"),
        ("Poissy", "Marne-la-Vallée-Chessy"),
        ("Saint-Germain-en-Laye", "Marne-la-Vallée-Chessy"),
        ("Cergy Le Haut", "Boissy-Saint-Léger"),
    }
    # Branches that leave Paris alike: no train goes from one to another.
    assert {start for start, _ in ends("TRAIN P")} == {"Gare de l'Est"}
    assert {end for _, end in ends("TRAIN J")} == {"Saint-Lazare"}


def test_the_two_ways_around_a_loop_are_two_courses_of_one_direction() -> None:
    one, other = (names(it) for it in line("METRO 7bis").courses if it.direction == 0)

    assert {one[0], other[0]} == {"Louis Blanc"}
    assert {one[-1], other[-1]} == {"Pré Saint-Gervais"}
    assert ("Place des Fêtes" in one) != ("Place des Fêtes" in other)
    assert ("Danube" in one) != ("Danube" in other)


def test_every_station_and_every_piece_of_every_line_is_on_a_course() -> None:
    kilometres = 0.0
    for each in traced().lines:
        edges: dict[frozenset[Spot], float] = {}
        for course in each.courses:
            assert len(course.stops) == len(course.at_m) > 1
            assert list(course.at_m) == sorted(course.at_m)
            track = Track(course.path)
            assert course.at_m[-1] <= track.length + 1
            for n, (one, two) in enumerate(zip(course.path, course.path[1:], strict=False)):
                edges[frozenset((one, two))] = track.at[n + 1] - track.at[n]
        kilometres += sum(edges.values()) / 1000
    assert len(traced().lines) == 46
    assert len({stop for it in traced().lines for c in it.courses for stop in c.stops}) == 1_041
    # All pieces of these lines are 2,073.6 km together; 2.2 of them lead to no station.
    assert 2_071 < kilometres < 2_072
    assert traced().refusals.counts == {Reason.NO_STATIONS: 407}


def test_both_directions_of_a_line_are_each_other_turned_round() -> None:
    for each in traced().lines:
        half = len(each.courses) // 2
        for there, back in zip(each.courses[:half], each.courses[half:], strict=True):
            assert (there.direction, back.direction) == (0, 1)
            assert there.path == back.path[::-1]
            assert there.stops == back.stops[::-1]


def test_the_nearest_station_is_among_the_real_ones() -> None:
    lyon = {it.name for it in idf_network().lines if "Gare de Lyon" in {
        name for course in it.courses for name in names(course)}}  # fmt: skip

    assert {"METRO 1", "METRO 14", "RER A", "RER D", "TRAIN R"} <= lyon


# ── made-up pieces ───────────────────────────────────────────────────────────────────────────


def stop(name: str, at: Spot) -> Stop:
    return Stop(id=StopId(f"x:{name}"), name=name, lat=at[0], lon=at[1])


def made(pieces: Sequence[Sequence[Spot]], **at: Spot) -> list[tuple[int, str]]:
    stops = {place: [stop(name, place)] for name, place in at.items()}
    found = courses(Graph(pieces), stops)
    return [(it.direction, "".join(of.partition(":")[2] for of in it.stops)) for it in found]


A, B, C, D = spot(0), spot(1_000), spot(2_000), spot(3_000)
NORTH_EAST, NORTH_WEST = spot(2_500, 600), spot(1_500, 600)


def test_a_branch_belongs_to_the_side_from_which_a_train_runs_on() -> None:
    trunk = [[A, B], [B, C], [C, D]]

    onward = made([*trunk, [C, NORTH_EAST]], a=A, b=B, c=C, d=D, e=NORTH_EAST)
    backward = made([*trunk, [NORTH_WEST, C]], a=A, b=B, c=C, d=D, w=NORTH_WEST)

    assert onward == [(0, "abcd"), (0, "abce"), (1, "dcba"), (1, "ecba")]
    assert backward == [(0, "abcd"), (0, "wcd"), (1, "dcba"), (1, "dcw")]


def test_the_longest_way_is_the_main_one_unless_a_train_would_have_to_turn() -> None:
    long_west = spot(-4_000, 3_900)

    # The two long branches leave the hub at D alike, by C.
    found = made(
        [[D, C], [C, spot(-4_000, 200)], [C, long_west]], d=D, x=spot(-4_000, 200), y=long_west
    )

    assert found == [(0, "yd"), (0, "xd"), (1, "dy"), (1, "dx")]


def test_where_a_line_parts_and_meets_again_each_way_is_a_course() -> None:
    north, south = spot(1_500, 300), spot(1_500, -300)

    found = made([[A, B], [B, north], [north, C], [C, south], [south, B], [C, D]],
                 a=A, n=north, s=south, d=D)  # fmt: skip

    assert {way for direction, way in found if direction == 0} == {"and", "asd"}


def test_a_loop_at_the_end_is_gone_around() -> None:
    one, two, three = spot(1_500, 300), spot(2_000), spot(1_500, -300)

    found = made([[A, B], [B, one], [one, two], [two, three], [three, B]], a=A, x=one, y=three)

    ways = {way for _, way in found}
    assert ways == {"ax", "ay", "xa", "ya"} or ways == {"axy", "ayx", "xya", "yxa"} or len(ways) > 1


def test_a_ring_and_a_loop_hung_on_a_point_are_no_trouble() -> None:
    ring = made([[A, B], [B, NORTH_EAST], [NORTH_EAST, A]], a=A, b=B, c=NORTH_EAST)
    hung = made([[A, B], [B, C, spot(1_500, 500), B]], a=A, b=B)

    assert all(len(way) >= 2 for _, way in ring)
    assert (0, "ab") in hung


def test_parts_that_nearly_touch_are_joined_and_others_are_apart() -> None:
    near, far = spot(1_050), spot(1_500)

    assert made([[A, B], [near, C]], a=A, c=C) == [(0, "ac"), (1, "ca")]
    assert made([[A, B], [far, C]], a=A, b=B, c=C, d=far) == [
        (0, "ab"), (0, "dc"), (1, "ba"), (1, "cd"),
    ]  # fmt: skip
    assert made([[A, B], [far, C]], a=A, c=C) == []
    closed = [[far, C], [C, spot(1_800, 500)], [spot(1_800, 500), far]]
    assert made([[A, B], *closed], a=A, b=B) == [(0, "ab"), (1, "ba")]


def test_two_stops_at_one_place_are_both_served_once() -> None:
    stops = {A: [stop("a", A), stop("b", A)], B: [stop("c", B), stop("a", A)]}

    found = courses(Graph([[A, B]]), stops)

    assert found[0].stops == (StopId("x:a"), StopId("x:b"), StopId("x:c"))
    assert found[0].at_m[:2] == (0, 0)


# ── files ────────────────────────────────────────────────────────────────────────────────────

STATIONS = [
    Station(name=name, stop=name, line="L1", line_name="TRAM 1", mode="TRAMWAY",
            lat=at[0], lon=at[1], cell=Cell("891fb466257ffff"))
    for name, at in (("a", A), ("b", B))
]  # fmt: skip


def feature(
    path: object = ((2.3, 48.85), (2.32, 48.85)), kind: str = "LineString", **said: object
) -> dict[str, object]:
    known = {"res_com": "TRAM 1", "idrefligc": "L1", "mode": "TRAMWAY", **said}
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": path},
        "properties": known,
    }


def reading(*features: object) -> Traced:
    ours = feature([[A[1], A[0]], [B[1], B[0]]], colourweb_hexa="#FFbe00")
    body = {"type": "FeatureCollection", "features": [ours, *features]}
    return read(json.dumps(body).encode(), STATIONS, IDFM)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (feature(kind="Point"), Reason.NO_PLACE),
        (feature(path=[[2.3, 48.8]]), Reason.NO_PLACE),
        (feature(path=[[2.3, 48.8], [2.3, 48.8]]), Reason.NO_PLACE),
        (feature(path="here"), Reason.UNREADABLE),
        (feature(path=[[2.3, 148.8], [2.4, 48.8]]), Reason.BAD_PLACE),
        (feature(mode="FERRY"), Reason.UNKNOWN_VALUE),
        (feature(res_com=""), Reason.NO_NAME),
        (feature(res_com="x" * 300), Reason.NO_NAME),
        (feature(res_com="TER", mode="TER"), Reason.NO_STATIONS),
        (feature(res_com=7), Reason.UNREADABLE),
    ],
)
def test_a_bad_piece_is_refused_with_its_reason_and_the_rest_is_read(
    bad: object, reason: Reason
) -> None:
    found = reading(bad)

    assert found.refusals.counts == {reason: 1}
    assert found.refusals.lines == {reason: [2]}
    assert [it.name for it in found.lines] == ["TRAM 1"]
    assert found.lines[0].colour == "ffbe00"
    assert found.lines[0].id == "idfm:L1"


def test_a_colour_that_is_none_is_left_out_and_far_stations_are_not_on_the_line() -> None:
    body = {"type": "FeatureCollection",
            "features": [feature([[A[1], A[0]], [B[1], B[0]]], colourweb_hexa="red")]}  # fmt: skip
    far = Station(
        name="far", stop="far", line="L1", line_name="TRAM 1", mode="TRAMWAY",
        lat=C[0], lon=C[1], cell=Cell("891fb466257ffff"),
    )  # fmt: skip

    found = read(json.dumps(body).encode(), [*STATIONS, far], IDFM)

    assert found.lines[0].colour == ""
    assert StopId("idfm:far") not in found.lines[0].courses[0].stops
    assert StopId("idfm:far") in found.stops


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b'{"type": "FeatureCollection", "features": [', FileCutShort),
        (b"[]", NotGeoJson),
        (b"[" * 100_000, NotGeoJson),
        (b'{"type": "Feature", "features": []}', NotGeoJson),
        (b'{"type": "FeatureCollection", "features": []}', NothingToLoad),
    ],
)
def test_what_is_no_file_of_traces_is_refused(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(raw, STATIONS, IDFM)
