"""Who is connected to a node: found by person and by session, and forgotten when gone."""

import pytest

from realtime.clients import MOST_ENDED, Clients
from realtime.kernel.ids import Channel, PersonId
from realtime.ports import Caller
from tests.support.ears import open_client

ANNA, HOME = PersonId("anna"), Channel("me:#anna")


def caller(session: str) -> Caller:
    return Caller(ANNA, "citizen", session)


def test_two_sockets_of_one_person_are_found_until_each_is_gone() -> None:
    clients = Clients()
    (phone, _), (laptop, _) = open_client("anna", HOME), open_client("anna", HOME)
    for client, session in ((phone, "one"), (laptop, "two")):
        clients.opened(client)
        clients.greeted(client, caller(session))

    assert set(clients.of(ANNA)) == {phone, laptop}
    assert clients.end("one") == [phone]
    assert clients.ended("one")
    assert not clients.ended("two")
    assert clients.gone(phone) == caller("one")
    assert clients.of(ANNA) == (laptop,)
    assert (len(clients), phone in clients, list(clients)) == (1, False, [laptop])
    clients.gone(laptop)
    assert clients.of(ANNA) == ()


def test_a_socket_that_never_greeted_is_nobody_s() -> None:
    clients = Clients()
    client, _ = open_client("anna", HOME)
    client.caller = None
    clients.opened(client)

    assert clients.end("") == []
    assert clients.gone(client) is None


def test_sessions_that_ended_long_ago_are_forgotten_first() -> None:
    clients = Clients()

    for number in range(MOST_ENDED + 1):
        clients.end(str(number))

    assert not clients.ended("0")
    assert clients.ended("1")


@pytest.mark.parametrize("known", [True, False])
def test_what_is_walked_may_change_on_the_way(known: bool) -> None:
    clients = Clients()
    for name in "abc":
        client, _ = open_client(name, HOME)
        clients.opened(client)

    for client in clients:
        if known:
            clients.gone(client)

    assert len(clients.all) == (0 if known else 3)
