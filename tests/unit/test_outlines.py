"""Outlines of a map without tiles: rounded, small, and refused when they are no lines or areas."""

import json

import msgspec
import pytest

from geo.errors import FileCutShort, FileNotText, FileNotUtf8, NotGeoJson, NothingToLoad
from geo.places import outlines
from geo.places.outlines import Outline, Shape
from geo.places.rows import Reason

SQUARE = [[2.00001, 48.00001], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]
LINE = [[2.0, 48.0], [2.05, 48.05000001], [2.1, 48.1]]


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_an_area_is_rounded_and_says_what_it_is() -> None:
    drawn = outlines.read(collection(feature("Polygon", [SQUARE], code="23", nom="Creuse")))

    assert drawn.outline == Outline(
        box=(2.0, 48.0, 2.1, 48.1),
        shapes=[
            Shape(
                paths=[[2.0, 48.0, 2.1, 48.0, 2.1, 48.1, 2.0, 48.1]],
                closed=True,
                id="23",
                name="Creuse",
            )
        ],
    )
    assert drawn.refusals.total == 0


def test_a_line_keeps_only_the_points_that_bend_it() -> None:
    drawn = outlines.read(
        collection(feature("LineString", LINE, res_com="METRO 6", colourweb_hexa="6eca97"))
    )

    (shape,) = drawn.outline.shapes
    assert shape == Shape(paths=[[2.0, 48.0, 2.1, 48.1]], name="METRO 6", colour="6eca97")


def test_a_bare_feature_and_the_other_kinds_of_geometry_are_taken() -> None:
    alone = json.dumps(feature("MultiPolygon", [[SQUARE], [SQUARE]])).encode()
    lines = collection(feature("MultiLineString", [LINE, LINE]))

    assert len(outlines.read(b"\xef\xbb\xbf" + alone).outline.shapes[0].paths) == 2
    assert len(outlines.read(lines).outline.shapes[0].paths) == 2


def test_a_wide_map_is_rounded_to_a_hundred_metres() -> None:
    wide = [[-5.12345, 41.12345], [9.12345, 41.12345], [9.12345, 51.12345]]

    drawn = outlines.read(collection(feature("Polygon", [wide])))

    assert drawn.outline.box == (-5.123, 41.123, 9.123, 51.123)
    assert drawn.outline.shapes[0].paths == [[-5.123, 41.123, 9.123, 41.123, 9.123, 51.123]]


def test_properties_that_are_not_what_they_seem_are_not_passed_on() -> None:
    drawn = outlines.read(
        collection(
            feature("Polygon", [SQUARE], nom={"a": 1}, code=["x"], colour="red;}"),
            feature("Polygon", [SQUARE], nom="  A \n name " + "x" * 99, c_arinsee=75117),
            {**feature("Polygon", [SQUARE]), "properties": None},
        )
    )

    first, second, third = drawn.outline.shapes
    assert (first.id, first.name, first.colour) == ("", "", "")
    assert (second.id, second.name[:8], len(second.name)) == ("75117", "A name x", 80)
    assert (third.id, third.name) == ("", "")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"type": "Feature", "geometry": None}, Reason.NO_PLACE),
        ({"type": "Feature", "geometry": {"type": "Polygon"}}, Reason.NO_PLACE),
        (feature("Point", [2.0, 48.0]), Reason.UNKNOWN_VALUE),
        (feature("Spiral", [SQUARE]), Reason.UNKNOWN_VALUE),
        (feature("Polygon", []), Reason.BAD_PLACE),
        (feature("Polygon", SQUARE), Reason.BAD_PLACE),
        (feature("Polygon", [[["2", "48"], [3, 49]]]), Reason.BAD_PLACE),
        (feature("LineString", [[2.0, 48.0]]), Reason.BAD_PLACE),
        (feature("LineString", [[2.0], [3.0]]), Reason.BAD_PLACE),
        (feature("LineString", [[2.0, 91.0], [3.0, 48.0]]), Reason.BAD_PLACE),
        (feature("LineString", [[2.0, 48.0], [-181.0, 48.0]]), Reason.BAD_PLACE),
        (feature("LineString", "here"), Reason.BAD_PLACE),
        (feature("LineString", [[2.0, 48.0], [2.00001, 48.0]]), Reason.TOO_SMALL),
        (feature("Polygon", [[[2.0, 48.0], [2.1, 48.0], [2.0, 48.0]]]), Reason.TOO_SMALL),
    ],
)
def test_a_feature_that_cannot_be_drawn_is_refused_by_its_place(
    bad: dict[str, object], reason: Reason
) -> None:
    drawn = outlines.read(collection(feature("Polygon", [SQUARE]), bad))

    assert len(drawn.outline.shapes) == 1
    assert drawn.refusals.lines == {reason: [2]}


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", FileCutShort),
        (collection(feature("Polygon", [SQUARE]))[:-20], FileCutShort),
        (b"insee,nom\n1,2\n", NotGeoJson),
        (b"[]", NotGeoJson),
        (b"{}", NotGeoJson),
        (b'{"type": "FeatureCollection"}', NotGeoJson),
        (b'{"type": "FeatureCollection", "features": 3}', NotGeoJson),
        (b'{"type": "FeatureCollection", "features": [3]}', NotGeoJson),
        (b'{"type": "Topology", "objects": {}}', NotGeoJson),
        (b'{"type": "Feature", "properties": ' + b'{"a":' * 5_000, NotGeoJson),
        (b'{"type": "Feature", "geometry": {"coordinates": ' + b"[" * 100_000, NotGeoJson),
        (b"\x89PNG\r\n\x1a\n\0\0\0", FileNotText),
        ('{"type": "Fête"}'.encode("latin-1"), FileNotUtf8),
        (b'{"type": "FeatureCollection", "features": []}', NothingToLoad),
        (collection(feature("Point", [2.0, 48.0])), NothingToLoad),
        (collection(feature("LineString", [[2.0, 48.0], [2.0, 48.0]])), NothingToLoad),
    ],
)
def test_a_file_that_is_no_outline_is_refused(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        outlines.read(raw)


def test_what_is_sent_is_small_json() -> None:
    drawn = outlines.read(collection(feature("LineString", LINE)))

    assert msgspec.json.decode(outlines.encoded(drawn.outline)) == {
        "box": [2.0, 48.0, 2.1, 48.1],
        "shapes": [{"paths": [[2.0, 48.0, 2.1, 48.1]]}],
    }


def test_a_straightened_line_stays_near_and_keeps_its_ends() -> None:
    stairs = [(number / 100, (number % 2) / 10_000) for number in range(101)]

    assert outlines.straightened(stairs, tolerance=0.001) == [stairs[0], stairs[-1]]
    assert outlines.straightened(stairs, tolerance=0.00001) == stairs
    assert outlines.straightened([(0, 0), (1, 1), (0, 0)], tolerance=0.1) == [
        (0, 0),
        (1, 1),
        (0, 0),
    ]
