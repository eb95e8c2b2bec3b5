"""A person's devices: told, kept sealed, bounded, forgotten.

An address wakes a phone and tells which browser it has: it is sealed under a key of the person's
own, whose name is random, and the key is shredded with the last device.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from matching.reach import store
from matching.reach.errors import BadSubscription
from matching.reach.rules import DEVICES_MOST
from matching.reach.store import Device
from realtime.kernel.errors import Gone
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.push.message import Keys
from realtime.push.policy import Hosts
from realtime.push.sender import Subscription

_CONTEXT = "push device"


class _Written(msgspec.Struct, frozen=True):
    """What is sealed."""

    endpoint: str
    point: bytes
    auth: bytes


@dataclass(frozen=True, slots=True)
class Reachable:
    """A device, opened."""

    device: Device
    subscription: Subscription


def name_of(endpoint: str) -> str:
    """A device's name: a page makes it from its own address, nobody an address from it."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:32]


def checked(endpoint: str, point: str, auth: str, hosts: Hosts) -> Subscription:
    """A browser's subscription, or ``BadSubscription`` when we would not call its service."""
    if hosts.host_of(endpoint) is None:
        raise BadSubscription
    try:
        return Subscription(endpoint, Keys.of(point, auth))
    except ValueError:
        raise BadSubscription from None


async def keep(tx: Transaction, person: PersonId, subscription: Subscription) -> str:
    """A new device, or one that is seen again; the oldest of too many goes. Answers its name."""
    name = name_of(subscription.endpoint)
    known = await store.find(tx.db, name)
    if known is not None and known.person != person:
        # One browser, another session: whoever holds its address now is who it wakes.
        await forget(tx, [known])
        known = None
    own = await store.of_person(tx.db, person)
    seal = own[0].seal if own else f"push:{tx.ids()}"
    written = _Written(subscription.endpoint, subscription.keys.point, subscription.keys.auth)
    sealed = await tx.seal(seal, msgspec.msgpack.encode(written), context=_CONTEXT)
    fresh = Device(device=name, person=person, sealed=sealed, seal=seal, seen=tx.now)
    if known is not None:
        fresh = replace(known, sealed=sealed, seen=tx.now)
    await store.put(tx.db, fresh)
    others = [it.device for it in own if it.device != name]
    if surplus := others[DEVICES_MOST - 1 :]:
        await store.drop(tx.db, surplus)
    return name


async def forget(tx: Transaction, devices: Sequence[Device]) -> None:
    """Delete devices; a key that seals none any more is shredded."""
    await store.drop(tx.db, [it.device for it in devices])
    for person, seal in sorted({(it.person, it.seal) for it in devices}):
        # Two nodes may have given her a key each at her first two devices.
        left = await store.of_person(tx.db, person)
        if not any(it.seal == seal for it in left):
            await tx.shred(seal)


async def opened(reading: Reading, devices: Sequence[Device]) -> list[Reachable]:
    """Those whose key is still there."""
    found = []
    for device in devices:
        try:
            clear = await reading.open(device.seal, device.sealed, context=_CONTEXT)
        except Gone:
            continue
        it = msgspec.msgpack.decode(clear, type=_Written)
        found.append(Reachable(device, Subscription(it.endpoint, Keys(it.point, it.auth))))
    return found
