"""What a room is worth, how far to read, which zones keep a hotel out, and the reasons told."""

from dataclasses import replace
from datetime import date

import pytest

from geo.cells import cell_of, centre
from geo.places.near.solid import FARTHEST, solid
from geo.point import Point
from matching.shelter.inventory.freshness import Freshness
from matching.shelter.search import far
from matching.shelter.search.far import Answered, Look
from matching.shelter.search.fences import Fence, fences
from matching.shelter.search.score import Parts, Ranked, fits, order, parts
from matching.shelter.search.why import why
from matching.shelter.values import (
    Hotel,
    HotelId,
    Household,
    Inside,
    KindId,
    Near,
    RoomKind,
    Wanted,
)
from realtime.kernel.errors import Malformed

PARIS = Point(lat=48.85, lon=2.35)
CELL = cell_of(PARIS)
HOTEL = Hotel(
    hotel=HotelId("h"), commune="75056", commune_name="Paris", lat=48.85, lon=2.35, cell=CELL,
    margin_m=200.0, desk_24h=True, canary=False, spoken_at=None, accepted=0, refused=0,
)  # fmt: skip
KIND = RoomKind(
    kind=KindId("k"), hotel=HOTEL.hotel, people=2, cots=1, accessible=True, pets=True,
    ground_floor=False, price_cents=6_000, usual=1,
)  # fmt: skip
WANTED = Wanted(household=Household(adults=1), first=date(2026, 11, 25), nights=1, cell=CELL)


def measured(wanted: Wanted = WANTED, metres: float = 3_000.0, azimuth: float = 0.0) -> Parts:
    return parts(HOTEL, KIND, wanted, metres=metres, azimuth=azimuth, freshness=Freshness.STALE)


def ranked(of: Parts, freshness: Freshness = Freshness.STALE, hotel: Hotel = HOTEL) -> Ranked:
    return Ranked(
        hotel=hotel, kind=KIND, free=1, metres=of.distance * 1_000, score=of.score, parts=of,
        freshness=freshness,
    )  # fmt: skip


def test_a_score_is_the_sum_of_kilometres() -> None:
    found = measured(replace(WANTED, bearing=180.0))

    assert (found.distance, found.freshness, found.price, found.empty_beds) == (3.0, 15.0, 6.0, 2.0)
    assert found.history == pytest.approx(10 / 3)
    assert found.direction == 10.0
    assert found.score == 39.333333


def test_at_her_own_cell_there_is_no_wrong_way() -> None:
    assert measured(replace(WANTED, bearing=0.0), metres=0.0, azimuth=180.0).direction == 0.0


@pytest.mark.parametrize(
    ("wanted", "well"),
    [
        (WANTED, True),
        (replace(WANTED, household=Household(adults=3)), False),
        (replace(WANTED, household=Household(adults=2, children=(1,))), True),
        (replace(WANTED, household=Household(adults=2, children=(1, 0))), False),
        (replace(WANTED, household=Household(adults=2, children=(2,))), False),
        (replace(WANTED, household=Household(adults=1, pets=1, wheelchair=True)), True),
        (replace(WANTED, most_cents=6_000), True),
        (replace(WANTED, most_cents=5_999), False),
    ],
)
def test_all_of_a_household_sleeps_there_for_what_it_may_cost(wanted: Wanted, well: bool) -> None:
    assert fits(KIND, wanted) == well


def test_pets_and_wheelchairs_need_rooms_that_take_them() -> None:
    other = replace(KIND, accessible=False, pets=False)

    assert fits(other, WANTED)
    assert not fits(other, replace(WANTED, household=Household(adults=1, pets=1)))
    assert not fits(other, replace(WANTED, household=Household(adults=1, wheelchair=True)))


def test_ties_are_in_the_order_of_bytes() -> None:
    names = ["a", "B", "é", "Z"]
    alike = [ranked(measured(), hotel=replace(HOTEL, hotel=HotelId(it))) for it in names]

    assert [it.hotel.hotel for it in sorted(alike, key=order)] == ["B", "Z", "a", "é"]


# How far to read.


def answered(
    rooms: int = 60, highest: float = 40.0, good: int = 12, last: float | None = 30.0
) -> Answered:
    return Answered(rooms=rooms, highest=highest, good=good, wanted=12, last=last)


def test_enough_is_read_when_nothing_unread_can_be_better() -> None:
    look = Look(60_000, 60)

    assert look.next(answered(), free=True) is None
    assert look.next(answered(rooms=59, highest=20.0, last=59.9), free=True) is None


def test_whoever_scores_as_the_last_may_still_be_unread() -> None:
    assert Look(60_000, 60).next(answered(highest=30.0), free=True) is not None
    assert Look(30_000, 60).next(answered(rooms=5), free=True) is not None


def test_beyond_what_the_last_scores_nothing_is_read() -> None:
    further = Look(20_000, 60).next(answered(rooms=40, last=30.0), free=True)

    assert further is not None
    assert further.reach == pytest.approx(30_003)
    assert further.most == 60


def test_where_the_cut_was_too_early_it_is_later_and_counts_what_is_free() -> None:
    looks = [Look(60_000, 60).next(answered(highest=29.0), free=free) for free in (True, False)]

    assert [(it.most, it.counted) for it in looks if it] == [(240, True), (240, False)]


def test_too_few_of_a_cut_are_completed_a_little_beyond_it() -> None:
    look = Look(60_000, 60).next(answered(highest=20.0, good=3, last=None), free=True)

    assert look == Look(30_000, 240, counted=True)


def test_too_few_of_all_are_looked_for_further_away_and_at_last_everywhere() -> None:
    few = answered(rooms=9, good=3, last=None)

    second = Look(60_000, 60).next(few, free=True)
    third = Look(200_000, 60).next(few, free=True)

    assert second == Look(145_000, 60)
    assert third == Look(FARTHEST, 60)
    assert Look(FARTHEST, 60).next(few, free=True) is None
    assert far.first(12) == Look(60_000, 60)


# Zones.


def kept_out(fence: Fence, metres: float, margin: float = 200.0) -> bool:
    place = Point(lat=PARIS.lat + metres / 111_200, lon=PARIS.lon)
    return fence.keeps_out(place, solid(lat=place.lat, lon=place.lon), margin)


def test_a_hotel_is_out_when_no_place_it_may_stand_at_is_inside() -> None:
    (circle, outline) = fences(
        [
            Near(lat=PARIS.lat, lon=PARIS.lon, radius_m=1_000),
            Inside([(48.841, 2.34), (48.841, 2.36), (48.859, 2.36), (48.859, 2.34)]),
        ]
    )

    for fence in (circle, outline):
        assert kept_out(fence, 1_190)
        assert not kept_out(fence, 1_210)
        assert kept_out(fence, 1_210, margin=5_000)
        assert not kept_out(fence, 9_000, margin=5_000)


def test_of_whom_it_is_not_known_every_zone_keeps_out() -> None:
    (fence,) = fences([Near(lat=0, lon=0, radius_m=1)])

    assert kept_out(fence, 0, margin=FARTHEST)


def test_a_ball_never_keeps_out_who_is_not_in_the_zone() -> None:
    (fence,) = fences([Near(lat=PARIS.lat, lon=PARIS.lon, radius_m=100_000)])

    ((x, y, z, radius),) = fence.balls()

    assert (x, y, z) == solid(lat=PARIS.lat, lon=PARIS.lon)
    assert radius == 99_990


def test_what_is_no_zone_is_refused() -> None:
    with pytest.raises(Malformed):
        fences([Inside([(48.0, 2.0), (48.0, 2.1)])])


# Reasons.


def keys(it: Ranked, wanted: Wanted | None = None) -> list[str]:
    return [reason.key for reason in why(it, wanted)]


def test_a_sentence_for_each_thing_that_counted() -> None:
    wanted = replace(WANTED, bearing=0.0, most_cents=6_000, zones=(Near(lat=0, lon=0, radius_m=1),))

    assert keys(ranked(measured(wanted)), wanted) == [
        "why.larger", "why.far", "why.right_way", "why.zones", "why.stale", "why.new", "why.cost",
    ]  # fmt: skip
    assert keys(ranked(measured(wanted))) == ["why.larger", "why.far", "why.stale", "why.new"]


def test_only_whole_kilometres_are_told() -> None:
    wanted = replace(WANTED, zones=(Near(lat=0, lon=0, radius_m=1),))
    hotel = replace(HOTEL, margin_m=5_130.0)

    told = {it.key: dict(it.values) for it in why(ranked(measured(), hotel=hotel), wanted)}

    assert told["why.far"] == {"km": 3}
    assert told["why.zones"] == {"km": 6}
    assert told["why.larger"] == {"n": 1}


def test_what_is_near_fits_and_answers_is_said_so() -> None:
    snug = replace(measured(metres=400.0), empty_beds=0.0, history=1.0, direction=3.0)
    asked = replace(HOTEL, accepted=9)

    assert keys(ranked(snug, Freshness.FRESH, asked)) == [
        "why.fits", "why.near", "why.wrong_way", "why.fresh", "why.accepts",
    ]  # fmt: skip
    assert "why.refuses" in keys(ranked(replace(snug, history=5.0), Freshness.AGING, asked))
    assert "why.accepts" not in keys(ranked(replace(snug, history=3.0), Freshness.AGING, asked))


def test_one_answer_is_no_habit() -> None:
    declines = replace(measured(), history=5.0)

    for refused, said in ((1, False), (4, False), (5, True)):
        told = keys(ranked(declines, hotel=replace(HOTEL, accepted=0, refused=refused)))
        assert ("why.refuses" in told) is said
        assert "why.new" not in told


def test_no_place_is_known_to_the_metre() -> None:
    wanted = replace(WANTED, zones=(Near(lat=0, lon=0, radius_m=1),))
    told = {it.key: dict(it.values) for it in why(ranked(measured(), hotel=HOTEL), wanted)}

    assert told["why.zones"]["km"] >= 1


def test_where_she_is_and_where_they_are_are_middles_of_cells() -> None:
    assert cell_of(centre(CELL)) == CELL
