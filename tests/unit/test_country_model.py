"""The country's model: nobody is lost, more is never less, crowded cells cost where they lie."""

from dataclasses import replace
from random import Random

import pytest

from realtime.heart import Heart
from tests.load.country.cadence import Moves, cadences
from tests.load.country.costs import Cost, Costs, Happens, RedisCosts
from tests.load.country.day import HOURS, ON_THEIR_WAY, PEAK_REQUESTS, hour
from tests.load.country.keys import DIRECTORY, dealt, list_of, shard_of
from tests.load.country.model import Load, node_share, nodes, shards, spent, storm_s
from tests.load.country.narrow import narrow_places
from tests.load.country.people import SEATS, STADIUM, by_list, crowd
from tests.load.country.product import number, rhythm
from tests.load.country.territories import Assumed, load_of, territories

CHEAP = Cost(node_us=100, redis_us=50, database_us=20, commands=5, bytes_in=60)
COSTS = Costs(
    each=dict.fromkeys(Happens, CHEAP) | {Happens.DUTY: replace(CHEAP, commits=1)},
    redis=RedisCosts(
        trip=9, note=9, move=9, drop=4, publish=1, listener=0.3, beat=9, beat_node=0.2,
        asked=1, asking=30, read=0.4, reading=9,
    ),
    stage=CHEAP,
    heard=Cost(node_us=500, database_us=100),
    searches=2,
    offers=57,
    publications=120,
    base_bytes=2e8,
    phone_bytes=15e3,
    roster_bytes=400,
    loading_us=300,
)  # fmt: skip
LOAD = Load(
    phones=50_000, within=200, across=40, pings=2_500, returns=14, requests=0.01, duties=3,
    lists={"01566431": 200.0, "01566435": 40.0},
)  # fmt: skip
FEW = 2_000


def assumed(at: int = 18) -> Assumed:
    return Assumed(hour(at), rhythm(), cadences(rhythm(), Random(1), phones=3))


def test_the_pages_numbers_are_read_and_the_servers_imported() -> None:
    known = rhythm()

    assert known.ping_s == Heart.PING_S
    assert 0 < known.looks_s <= known.still_s
    with pytest.raises(LookupError):
        number("const OTHER = 3;", "MOVE_MS")


def test_who_stays_tells_seldom_and_who_goes_far_crosses_often() -> None:
    seen = cadences(rhythm(), Random(3), phones=5)

    assert seen[Moves.STILL].tells < 1 / rhythm().still_s
    assert seen[Moves.WALKS].tells <= 1 / rhythm().looks_s * 1.01
    assert seen[Moves.STILL].crossings < seen[Moves.WALKS].crossings < seen[Moves.DRIVES].crossings


def test_a_day_has_an_hour_on_the_way_and_its_peak_of_requests() -> None:
    assert sum(ON_THEIR_WAY) / 100 == pytest.approx(1.0, abs=0.05)
    assert max(hour(at).requests for at in HOURS) * 3600 == pytest.approx(PEAK_REQUESTS, rel=0.01)
    assert all(sum(hour(at).moves.values()) == pytest.approx(1) for at in HOURS)


@pytest.mark.parametrize("match", [True, False])
def test_every_phone_is_somewhere_whatever_happens(match: bool) -> None:
    found = crowd(hour(18), Random(5), phones=1e6, drawn=FEW, match=match)

    assert found.total == pytest.approx(1e6)
    assert sum(found.by_cell().values()) == pytest.approx(1e6)
    assert sum(by_list(found.by_cell()).values()) == pytest.approx(1e6)


def test_a_full_stadium_is_the_fullest_cell() -> None:
    found = crowd(hour(21), Random(5), drawn=60_000)
    ((_, most), *_) = found.fullest(3)

    assert STADIUM.lat > 48.9
    assert most > SEATS * 0.05


def test_a_territory_has_its_share_and_all_its_positions_are_in_lists() -> None:
    *_, country = territories()
    known = assumed()
    load = load_of(crowd(known.hour, Random(2), drawn=FEW), known)

    assert country.people > 60e6
    assert sum(load.lists.values()) == pytest.approx(load.within + load.across)


def test_a_commit_of_the_servers_own_clock_is_not_what_a_phone_costs() -> None:
    few, many = (replace(CHEAP, commits=it).without_few_commits() for it in (9.0, 10.0))

    assert (few.commits, many.commits) == (0, 10)
    assert few.node_us == CHEAP.node_us


def test_more_phones_never_need_less() -> None:
    before = (0, 0.0, 0.0)
    for factor in (1, 2, 5, 10):
        load = LOAD.times(factor)
        many = nodes(load, COSTS).needed
        assert many is not None
        now = (many, spent(load, COSTS).node_us, shards(load, COSTS, many).total)
        assert all(mine > other for mine, other in zip(now, before, strict=True))
        before = now


def test_each_node_hears_more_when_there_are_more() -> None:
    alone, among = (node_share(LOAD, COSTS, 1), node_share(LOAD.times(100), COSTS, 100))

    assert among > alone


def test_no_number_of_nodes_would_do_when_each_must_hold_too_much() -> None:
    crowded = nodes(LOAD.times(1_000), replace(COSTS, roster_bytes=4_000))

    assert crowded.needed is None
    assert crowded.binds.startswith("memory")


def test_a_hot_list_is_its_shards_and_no_other() -> None:
    loads = {list_of("01566431"): 1000.0, DIRECTORY: 1.0}
    found = dealt(loads, 64.0, 8)
    where = shard_of(list_of("01566431"), 8)

    assert sum(found) == pytest.approx(1065)
    assert found[where] > 1000
    assert max(it for number, it in enumerate(found) if number != where) < 10


def test_narrow_places_fill_and_are_found_where_they_are_full() -> None:
    for place in narrow_places(COSTS, 0.001, 1e-3):
        shares = [place.use(LOAD.times(factor)) for factor in (1, 2, 5, 10)]
        assert shares == sorted(shares)
        full = place.full_at(LOAD)
        assert place.use(LOAD.times(full * 1.01)) >= 1 or full == pytest.approx(1e4)


def test_fewer_nodes_let_people_in_later() -> None:
    assert storm_s(COSTS, LOAD, 4, 10_000) > storm_s(COSTS, LOAD, 40, 10_000)
