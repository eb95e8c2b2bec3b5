"""Rooms as GeoJSON and EDXL-HAVE 2.0: well formed, in the schema's order, nothing personal."""

import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from matching.shelter.public.feed import Missed, told_month, word_for
from matching.shelter.public.geojson import as_geojson
from matching.shelter.public.have import COMMON, GML, HAVE, NAMES, as_have, code
from matching.shelter.public.places import Kind, Place, handle
from matching.shelter.public.shape import SHAPES, shape_of
from matching.shelter.values import Count, HotelId, Household

KEY = b"a key of this deployment"
NOW = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
TONIGHT = date(2026, 11, 25)


def kind(free: int, **more: object) -> Kind:
    made: dict[str, object] = {
        "people": 2, "cots": 0, "accessible": False, "pets": False, "ground_floor": False,
        "count": Count(free + 3, 2, 1),
    }  # fmt: skip
    return Kind(**(made | more))  # type: ignore[arg-type]


def place(name: str, *kinds: Kind, spoken: datetime | None = NOW) -> Place:
    return Place(
        hotel=HotelId(name),
        commune="69123",
        commune_name="Lyon & <Villeurbanne>",
        area="69",
        lat=45.76,
        lon=4.84,
        desk_24h=True,
        spoken_at=spoken,
        kinds=list(kinds),
    )


PLACES = [
    place("one", kind(2), kind(0, people=4, cots=2, accessible=True, pets=True, ground_floor=True)),
    place("two", kind(1), spoken=None),
]


def test_geojson_has_one_point_for_each_hotel_longitude_first() -> None:
    read = json.loads(as_geojson(PLACES, key=KEY, night=TONIGHT, now=NOW))

    assert (read["type"], read["night"]) == ("FeatureCollection", "2026-11-25")
    one, two = read["features"]
    assert one["geometry"] == {"type": "Point", "coordinates": [4.84, 45.76]}
    assert one["properties"]["place"] == "commune"
    assert [it["free"] for it in one["properties"]["kinds"]] == [2, 0]
    assert one["properties"]["kinds"][1] == {
        "people": 4, "cots": 2, "accessible": True, "pets": True, "ground_floor": True,
        "total": 3, "occupied": 2, "held": 1, "free": 0,
    }  # fmt: skip
    assert two["properties"]["said_at"] is None
    assert len({one["id"], two["id"]}) == 2


#: Children of each element, in the order of the schema's sequences (editor's draft of HAVE 2.0);
#: those that must be there are marked.
ORDER = {
    "HAVE": ["organizationInformation!", "reportingPeriod", "reportComment", "facility!"],
    "facility": [
        "facilityInformation!", "reportingPeriod", "activityInPeriod", "serviceList!", "capacity",
        "resources", "commentText", "facilityColourStatus", "securityStatus", "operations",
        "capabilities",
    ],
    "facilityInformation": [
        "facilityID!", "parentFacility", "facilityName!", "facilityGeoLocation",
        "facilityDetails!", "facilityKind", "facilityProfile",
    ],
    "serviceList": [
        "taxonomyURI!", "taxonomyName!", "serviceTaxonomyComment", "serviceListComment",
        "serviceListItem!",
    ],
    "serviceListItem": [
        "serviceTaxonomyKeyValue!", "serviceName!", "serviceStatus", "serviceBedCapacity",
        "capacity", "staffingLevels", "comment", "futureServiceStates",
    ],
    "serviceStatus": ["isAvailable!", "colourStatus", "comment", "stability", "statusLevel"],
    "serviceBedCapacity": ["availableCount!", "baselineCount", "capacityNote", "availability"],
}  # fmt: skip


def test_have_is_well_formed_and_in_the_order_of_the_schema() -> None:
    raw = as_have(PLACES, key=KEY, now=NOW)
    root = ET.fromstring(raw)  # noqa: S314 - our own

    assert raw.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert root.tag == f"{{{HAVE}}}HAVE"
    checked = 0
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{HAVE}}}")
        if name not in ORDER:
            continue
        checked += 1
        wanted = [it.rstrip("!") for it in ORDER[name]]
        found = [child.tag.removeprefix(f"{{{HAVE}}}") for child in element]
        places = [wanted.index(child) for child in found]
        assert places == sorted(places), name
        assert {it[:-1] for it in ORDER[name] if it.endswith("!")} <= set(found), name
    assert checked >= 15


def test_have_says_where_and_how_many() -> None:
    root = ET.fromstring(as_have(PLACES, key=KEY, now=NOW))  # noqa: S314 - our own
    spaces = {"h": HAVE, "c": COMMON, "g": GML, "n": NAMES}

    points = root.findall(".//h:facilityGeoLocation/c:EDXLGeoLocation/g:Point/g:pos", spaces)
    names = root.findall(".//h:facilityDetails/n:OrganisationName/n:NameElement", spaces)
    free = root.findall(".//h:serviceBedCapacity/h:availableCount", spaces)
    ids = [it.text for it in root.findall(".//h:facilityID", spaces)]

    assert [it.text for it in points] == ["45.76 4.84"] * 2
    assert [it.text for it in names] == ["Lyon & <Villeurbanne>"] * 2
    assert [it.text for it in free] == ["2", "0", "1"]
    assert ids == [handle(KEY, HotelId("one")), handle(KEY, HotelId("two"))]
    assert [it.text for it in root.findall(".//h:availability", spaces)] == ["Open", "Full", "Open"]
    # An xs:ID begins with a letter.
    assert all(it is not None and it[0] == "h" and it.isalnum() for it in ids)


def test_a_kind_of_room_has_a_word_of_its_own() -> None:
    assert code(kind(1)) == "room.2"
    assert code(PLACES[0].kinds[1]) == "room.4.cots2.accessible.pets.ground"


@pytest.mark.parametrize("form", ["geojson", "have"])
def test_a_hotel_is_known_by_nothing_that_leads_to_it(form: str) -> None:
    if form == "have":
        raw = as_have(PLACES, key=KEY, now=NOW)
    else:
        raw = as_geojson(PLACES, key=KEY, night=TONIGHT, now=NOW)

    assert b'"one"' not in raw
    assert b">one<" not in raw
    assert handle(b"another key", HotelId("one")).encode() not in raw


def test_a_household_becomes_one_of_four_words() -> None:
    every = [
        Household(adults=1),
        Household(adults=2, wheelchair=True, pets=3),
        Household(adults=1, children=(0, 17)),
        Household(adults=2, children=(1, 2, 3)),
    ]

    assert [shape_of(it) for it in every] == list(SHAPES)


def test_a_months_counts_add_up_where_they_are_told() -> None:
    missed = [
        Missed(date(2026, 10, day), area, shape, reason, 1)
        for day, area, shape, reason in [
            *((day, "69", "alone", "full") for day in range(1, 21)),
            *((day, "75", "children", "full") for day in range(1, 31)),
            *((day, "75", "alone", "cost") for day in range(1, 7)),
            (3, "13", "alone", "other"),
        ]
    ]

    month = told_month("2026-10", missed)

    told = {(it.area, it.of): it.count for it in month.reasons}
    assert told["13", "other"] is told["13", ""] is None
    assert told["69", "full"] in (20, None)
    assert all(count is None or count >= 5 for count in told.values())
    by_shape = {(it.area, it.of): it.count for it in month.shapes}
    assert {area: count for (area, of), count in told.items() if of == ""} == {
        area: count for (area, of), count in by_shape.items() if of == ""
    }


def test_needs_of_nowhere_in_particular_are_counted_once() -> None:
    missed = [Missed(date(2026, 10, day), "", "alone", "full", 1) for day in range(1, 11)]

    month = told_month("2026-10", missed)

    assert month.total == 10
    assert {(it.area, it.of): it.count for it in month.reasons}["unknown", "full"] == 10


def test_rooms_are_told_in_a_word() -> None:
    assert [word_for(free) for free in (-2, 0, 1, 4, 5, 500)] == [
        "non", "non", "peu", "peu", "oui", "oui",
    ]  # fmt: skip
