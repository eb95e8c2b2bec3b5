"""Reading addresses of Redis: what they say, what is refused, and that a password stays inside."""

import pytest

from realtime.adapters.redis.address import Address, Kind, Server


def test_the_shortest_address() -> None:
    address = Address.read("redis://localhost")

    assert address.kind is Kind.SINGLE
    assert address.servers == (Server("localhost", 6379),)
    assert (address.number, address.user, address.tls, address.ca) == (0, "", False, "")
    assert not address.password


def test_everything_an_address_may_say() -> None:
    address = Address.read("rediss://anna:a%40b@[::1]:7000/3?ca=/etc/ca.pem")

    assert address.servers == (Server("::1", 7000),)
    assert (address.number, address.user, address.tls) == (3, "anna", True)
    assert address.ca == "/etc/ca.pem"
    assert address.password.reveal() == "a@b"


def test_sentinels_have_a_port_of_their_own_and_a_name_to_ask_for() -> None:
    address = Address.read("redis+sentinel://:secret@a,b:1/main?sentinel_password=other")

    assert address.kind is Kind.SENTINEL
    assert address.servers == (Server("a", 26379), Server("b", 1))
    assert address.name == "main"
    assert address.sentinel_password.reveal() == "other"


@pytest.mark.parametrize("scheme", ["redis+cluster", "rediss+cluster"])
def test_some_of_a_cluster_stand_for_all(scheme: str) -> None:
    address = Address.read(f"{scheme}://a:1,b:2,c")

    assert address.kind is Kind.CLUSTER
    assert address.servers == (Server("a", 1), Server("b", 2), Server("c", 6379))
    assert address.tls is scheme.startswith("rediss")


@pytest.mark.parametrize(
    "wrong",
    [
        "http://:hush@host",
        "redis://:hush@",
        "redis://:hush@host:port",
        "redis://:hush@host/first",
        "redis://:hush@[::1",
        "redis://:hush@host?db=1",
        "redis+cluster://:hush@host/1",
        "redis+cluster://:hush@host,,other",
        "redis+sentinel://:hush@host",
    ],
)
def test_what_is_wrong_is_told_without_the_password(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"Redis|Sentinels") as refused:
        Address.read(wrong)

    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_address_shows_itself_without_its_passwords() -> None:
    address = Address.read("redis+sentinel://u:hush@a/main?sentinel_password=hush")

    assert "hush" not in repr(address)
