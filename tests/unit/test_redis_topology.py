"""Who serves what, from what several servers say at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.adapters.redis.address import Server
from realtime.adapters.redis.topology import (
    SLOTS,
    Claim,
    alone,
    claims,
    elected,
    settled,
)

HERE = Server("10.0.0.9", 7000)
A, B, C = Server("a", 1), Server("b", 2), Server("c", 3)

NODES = """\
07c3 127.0.0.1:30004@31004,,shard-id=6 slave e7d1 0 1426238317239 4 connected
67ed 127.0.0.1:30002@31002,two.example master - 0 1426238316232 2 connected 5461-10922
292f 127.0.0.1:30003@31003 master,fail - 0 1426238318243 3 disconnected 10923-16382 16383
e7d1 :30001@31001 myself,master - 0 0 1 connected 0-5460 [93->-292f] [77-<-67ed]
ffff :0@0 master,noaddr - 0 0 0 disconnected
"""


def test_a_node_tells_what_all_of_them_serve() -> None:
    assert claims(NODES, HERE) == {
        Claim(2, Server("127.0.0.1", 30002), 5461, 10922),
        Claim(3, Server("127.0.0.1", 30003), 10923, 16382),
        Claim(3, Server("127.0.0.1", 30003), 16383, 16383),
        # It does not know its own address: it is where we asked.
        Claim(1, Server("10.0.0.9", 30001), 0, 5460),
    }


def test_names_of_hosts_are_taken_where_there_are_certificates() -> None:
    servers = {claim.server.host for claim in claims(NODES, HERE, by_name=True)}

    assert servers == {"two.example", "127.0.0.1", "10.0.0.9"}


def test_slots_nobody_serves_have_no_owner() -> None:
    topology = settled([Claim(1, A, 0, 99), Claim(2, B, 200, SLOTS - 1)])

    owners = [topology.owner(slot) for slot in (0, 99, 100, 199, 200, SLOTS - 1)]
    assert owners == [A, A, None, None, B, B]
    assert topology.servers == {A, B}


def test_one_server_serves_everything() -> None:
    assert {alone(A).owner(slot) for slot in range(SLOTS)} == {A}


def test_who_was_cut_off_does_not_win_against_who_was_elected_since() -> None:
    stale = [Claim(1, A, 0, SLOTS - 1)]
    fresh = [Claim(7, B, 0, SLOTS - 1)]

    assert settled([*stale, *fresh]) == settled([*fresh, *stale]) == settled(fresh)


SOME = st.lists(
    st.builds(
        lambda epoch, server, ends: Claim(epoch, server, min(ends), max(ends)),
        st.integers(0, 5),
        st.sampled_from([A, B, C]),
        st.tuples(*[st.integers(0, SLOTS - 1)] * 2),
    ),
    max_size=6,
)


@given(SOME, st.integers(0, SLOTS - 1))
def test_the_greatest_epoch_has_the_slot(heard: list[Claim], slot: int) -> None:
    owner = settled(heard).owner(slot)

    claiming = [claim for claim in heard if claim.first <= slot <= claim.last]
    greatest = max((claim.epoch for claim in claiming), default=None)
    winners = {claim.server for claim in claiming if claim.epoch == greatest}
    assert owner in winners if winners else owner is None


@pytest.mark.parametrize(
    ("answers", "now", "chosen"),
    [
        ([A], None, A),
        ([A, B, B], A, B),
        ([A, B], A, A),
        ([A, B], B, B),
        ([A, A, B], C, A),
    ],
)
def test_most_sentinels_decide(answers: list[Server], now: Server | None, chosen: Server) -> None:
    assert elected(answers, now) == chosen
