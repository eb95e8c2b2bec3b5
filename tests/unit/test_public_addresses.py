"""Which addresses a stranger's name may lead to: anybody's, and no other."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.push.addresses import URL_MOST, is_callable, is_public, may_call

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",  # noqa: S104
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:9.9.9.9", "::127.0.0.1",
    "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "5f00::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "2620:4f:8000::1",
]  # fmt: skip
PUBLIC = [
    "9.9.9.9", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "198.17.0.1", "223.255.255.255", "2a00:1450:4007::1", "2606:4700::1111", "64:ff9b::9.9.9.9",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_everybodys(text: str) -> None:
    assert not is_public(ip_address(text))
    assert not may_call(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_everybodys(text: str) -> None:
    assert is_public(ip_address(text))
    assert may_call(text, loopback=True)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_that_python_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_no_way_of_writing_an_address_inside_another_makes_it_public(inner: IPv4Address) -> None:
    number = int(inner)
    forms = {
        "mapped": (0xFFFF << 32) | number,
        "compatible": number,
        "6to4": (0x2002 << 112) | (number << 80),
        "teredo": (0x20010000 << 96) | (number ^ 0xFFFFFFFF),
    }

    assert not any(is_public(IPv6Address(it)) for it in forms.values())
    nat64 = IPv6Address((0x64FF9B << 96) | number)
    assert is_public(nat64) == is_public(inner)


@pytest.mark.parametrize(
    "url",
    [
        "https://hook.tam.example/entraide?x=1",
        "https://hook.tam.example:443/",
        "https://xn--rseau-bsa.example/",
    ],
)
def test_an_address_that_is_called(url: str) -> None:
    assert is_callable(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.tam.example/", "https://hook.tam.example:8443/", "https://hook.tam.example:0/",
        "https://a:b@hook.tam.example/", "https://hook.tam.example/#part", "ftp://a.example/",
        "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/",
        "https://127.1/", "https://localhost/", "https://hook/", "https://a_b.example/",
        "https://hook.tam.example\\@10.0.0.1/", "https://hook tam.example/", "https:///x",
        "//hook.tam.example/", "https://hook.tam.example:99999/", "https://①②⑦.example/",
        "https://hook.tam.example/\r\nHost: x", "https://a..example/", "",
        "https://a.example/" + "x" * URL_MOST, "http://127.0.0.1:9/",
    ],
)  # fmt: skip
def test_an_address_that_is_not(url: str) -> None:
    assert not is_callable(url)


def test_tests_may_call_one_address_of_this_machine() -> None:
    assert is_callable("http://127.0.0.1:9/", loopback=True)
    assert may_call("127.0.0.1", loopback=True)
    for url in (
        "http://127.0.0.2:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://a@127.0.0.1/",
    ):
        assert not is_callable(url, loopback=True)
    assert not may_call("127.0.0.2", loopback=True)
    assert not may_call("::ffff:127.0.0.1", loopback=True)
