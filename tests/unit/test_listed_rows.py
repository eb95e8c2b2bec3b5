"""A row of the public list as a hotel that could join, and rooms invented for it."""

from collections import Counter
from itertools import count

import pytest

from geo.cells import cell_of, centre, parent
from geo.places.rows import Reason, Refused
from geo.point import Point
from matching.shelter.inventory.listed.drawn import drawn
from matching.shelter.inventory.listed.rows import Listed, as_hotel, communes, read
from matching.shelter.values import HotelId

ROW = {
    "id": "7", "name": "HÔTEL DU PORT", "stars": "2", "address": "1 rue X", "postcode": "13200",
    "city": "ARLES", "rooms": "20", "capacity": "40", "insee": "13004", "lat": "43.6766",
    "lon": "4.6278", "geo_precision": "commune",
}  # fmt: skip


def listed(**changed: str) -> Listed:
    return read({**ROW, **changed})


def test_a_row_is_a_place_with_an_address_apart() -> None:
    it = listed()

    assert (it.key, it.insee, it.precision, it.rooms) == ("7", "13004", "commune", 20)
    assert (it.address.name, it.address.street) == ("HÔTEL DU PORT", "1 rue X")
    assert (it.address.postcode, it.address.city, it.address.phone) == ("13200", "ARLES", None)


def test_without_a_commune_it_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        listed(insee="")

    assert refused.value.reason is Reason.UNKNOWN_VALUE


@pytest.mark.parametrize(
    ("precision", "metres"),
    [("address", 200), ("commune", 5_000), ("postcode", 5_000), ("none", 20_004_000)],
)
def test_a_margin_holds_wherever_the_hotel_may_be(precision: str, metres: int) -> None:
    it = listed(geo_precision=precision)

    hotel = as_hotel(it, HotelId("ours"), {})

    from_the_middle = it.place.distance_to(centre(hotel.cell))
    assert metres + from_the_middle <= hotel.margin_m < metres + from_the_middle + 1
    assert hotel.cell == cell_of(it.place)


def test_it_is_shown_where_its_commune_is_and_never_where_it_is() -> None:
    here = listed(geo_precision="address", lat="43.5", lon="4.5")
    points = communes([listed(), here])

    assert points == {"13004": Point(lat=43.6766, lon=4.6278)}
    assert as_hotel(here, HotelId("h"), points).lat == 43.6766
    alone = as_hotel(here, HotelId("h"), {})
    assert Point(lat=alone.lat, lon=alone.lon) == centre(parent(alone.cell, 6))


def test_nobody_has_heard_of_it_yet() -> None:
    hotel = as_hotel(listed(stars="1"), HotelId("h"), {})

    assert (hotel.spoken_at, hotel.accepted, hotel.refused, hotel.canary) == (None, 0, 0, False)
    assert (hotel.commune, hotel.commune_name, hotel.area) == ("13004", "Arles", "13")
    assert not hotel.desk_24h
    assert as_hotel(listed(rooms="60"), HotelId("h"), {}).desk_24h


def test_rooms_drawn_add_up_and_are_the_same_for_the_same_seed() -> None:
    for rooms in ("0", "1", "7", "237"):
        it = listed(rooms=rooms)
        once, again, other = (
            drawn(it, HotelId("h"), (f"k{n}" for n in count()).__next__, seed) for seed in (1, 1, 2)
        )

        assert once == again
        assert sum(of.usual for of in once) == int(rooms)
        assert sum(of.usual for of in other) == int(rooms)


def test_rooms_of_all_shapes_are_drawn() -> None:
    ids = (f"k{n}" for n in count()).__next__
    rooms = [
        it for n in range(300) for it in drawn(listed(id=str(n), rooms="80"), HotelId("h"), ids, 3)
    ]

    assert set(Counter(it.people for it in rooms)) == {1, 2, 3, 4, 5, 6}
    assert all({getattr(it, of) for it in rooms} == {True, False} for of in
               ("accessible", "pets", "ground_floor"))  # fmt: skip
    assert {it.cots for it in rooms} == {0, 1, 2}
    assert all(2_000 <= it.price_cents <= 60_000 for it in rooms)
