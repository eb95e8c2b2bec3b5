"""People ride the demo's tram so that a visitor always has some beside her, and share the roles."""

from random import Random

from web.demo.people import population
from web.demo.riders import AGENTS, RIDES, Rider, riders, role
from web.demo.tram import ROUND_S, VISITORS

ROLES = ("distract", "sit", "call", "driver", "document")


def everybody() -> list[Rider]:
    return riders(Random(1))


def test_they_have_names_of_their_own_that_say_where_they_are() -> None:
    names = {it.person.name for it in everybody()}

    assert len(names) == len(RIDES) == 14
    assert not names & {it.name for it in population(Random(1))}


def test_six_at_least_are_always_on_the_vehicle_of_the_visitor() -> None:
    with_her = [it.ride for it in everybody() if it.ride.vehicle == VISITORS]

    aboard = [sum(it.aboard(second) for it in with_her) for second in range(0, int(ROUND_S), 5)]

    assert min(aboard) == 6
    assert max(aboard) == 9


def test_others_ride_behind_and_most_of_the_time_somebody_waits_at_a_platform() -> None:
    waiting = [
        any(not it.ride.aboard(second) for it in everybody()) for second in range(int(ROUND_S))
    ]

    assert sum(waiting) / len(waiting) > 0.8
    assert sum(it.ride.vehicle != VISITORS for it in everybody()) == 5


def test_most_of_them_come_and_none_comes_to_a_home() -> None:
    assert all(0.7 <= it.person.accepts < 0.98 for it in everybody())
    assert all(it.person.accepts + it.person.declines < 1 for it in everybody())
    assert {it.person.tier for it in everybody()} == {1}


def test_those_who_work_there_tell_the_driver() -> None:
    agent, other = (it for it in everybody() if it.agent)

    assert (agent.person.name, other.person.name) == AGENTS
    assert role(other, ["call", "sit", "document"], Random(1)) == "call"
    assert role(agent, ROLES, Random(1)) == "driver"
    assert role(agent, ["document", "sit"], Random(1)) == "sit"


def test_the_others_do_what_is_free_and_not_all_of_them_the_same() -> None:
    someone = everybody()[2]

    taken = {role(someone, ROLES, Random(seed)) for seed in range(50)}

    assert taken == {"sit", "distract", "call"}
    assert role(someone, ["document"], Random(1)) == "document"
    assert role(someone, [], Random(1)) is None
