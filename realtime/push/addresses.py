"""Which addresses belong to everybody: the only ones that a stranger's name may lead us to. Pure.

Whoever gives us a name decides what it resolves to, and may change that between two looks (DNS
rebinding). So the address itself is judged, at the moment it is connected to. Written out, not
asked of ``ipaddress``: what it calls global has changed from one Python to the next.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

#: IANA's special-purpose registry (RFC 6890 and later), multicast, and the one public address that
#: a cloud answers from inside (Azure's WireServer).
_PRIVATE_4 = tuple(
    IPv4Network(it)
    for it in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
)  # fmt: skip
#: What the world has been given of IPv6 (RFC 4291), and what in it is not a place of its own:
#: protocols and Teredo, documentation, 6to4, which carries an address of IPv4 inside.
_WORLD_6 = IPv6Network("2000::/3")
_PRIVATE_6 = tuple(
    IPv6Network(it)
    for it in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
#: How a network without IPv4 names it (RFC 6052): the address inside is judged.
_NAT64 = IPv6Network("64:ff9b::/96")
_LOOPBACK = IPv4Address("127.0.0.1")
#: The longest address of a hook or a feed.
URL_MOST = 1024
_URL = re.compile(r"https?://[!#$%&'()*+,./0-9:;=?@A-Z_a-z~-]+\Z", re.ASCII)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*\Z", re.ASCII)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is anybody's to call.

    >>> [is_public(ip_address(it)) for it in ("9.9.9.9", "2a00:1450::1", "64:ff9b::9.9.9.9")]
    [True, True, True]
    >>> [is_public(ip_address(it)) for it in ("10.0.0.1", "::ffff:9.9.9.9", "64:ff9b::10.0.0.1")]
    [False, False, False]
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _PRIVATE_4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _WORLD_6 and not any(address in network for network in _PRIVATE_6)


def may_call(text: str, *, loopback: bool = False) -> bool:
    """The same of an address in letters; what is none may not be called.

    ``loopback``: also 127.0.0.1, and no other address of this machine: for tests.

    >>> may_call("9.9.9.9"), may_call("127.0.0.1"), may_call("127.0.0.1", loopback=True)
    (True, False, True)
    >>> may_call("127.0.0.2", loopback=True), may_call("fe80::1%eth0"), may_call("nowhere")
    (False, False, False)
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return is_public(address) or (loopback and address == _LOOPBACK)


def is_callable(url: str, *, loopback: bool = False) -> bool:
    """Whether an address that somebody gave us may be called: https, by name, on its port.

    What the name leads to is judged when it is called.
    """
    if len(url) > URL_MOST or not _URL.match(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if "@" in parts.netloc or "#" in url:
        return False
    if loopback and parts.scheme == "http" and host == str(_LOOPBACK):
        return True
    return parts.scheme == "https" and port in {None, 443} and _NAME.match(host) is not None
