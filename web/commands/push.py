"""Waking a phone whose page is closed: subscribe, try it, say that it woke."""

from typing import Annotated

from msgspec import Meta

from matching.reach.errors import BadSubscription
from matching.reach.messages import (
    PushBoard,
    PushKey,
    Received,
    Subscribed,
    Tested,
    Unsubscribed,
)
from realtime.kernel.errors import NotAvailable, NotFound
from realtime.push.policy import ENDPOINT_MOST
from web.commands.fields import Asked, Nothing
from web.commands.registry import Looking, Reads, Writes, Writing

#: The first half of the SHA-256 of a subscription's address, which page and server both make.
DeviceName = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z", min_length=32, max_length=32)]
Endpoint = Annotated[str, Meta(min_length=1, max_length=ENDPOINT_MOST)]
#: Base64 for addresses, with its padding or without.
BrowserKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,90}={0,2}\Z", max_length=92)]


class KeyAsked(Asked, frozen=True):
    #: The one that the page is on, if it has subscribed.
    device: DeviceName | None = None


class PushSubscribe(Asked, frozen=True):
    """A browser's ``PushSubscription``."""

    endpoint: Endpoint
    p256dh: BrowserKey
    auth: BrowserKey


class DeviceAsked(Asked, frozen=True):
    device: DeviceName


class ReceivedAsked(Asked, frozen=True):
    device: DeviceName | None = None


async def key(call: Looking, asked: KeyAsked) -> PushKey:
    return await call.services.reach.key(call.reading, call.caller.person, asked.device)


async def subscribe(call: Writing, asked: PushSubscribe) -> Subscribed:
    return await call.services.reach.subscribe(
        call.tx,
        call.caller.person,
        endpoint=asked.endpoint,
        point=asked.p256dh.rstrip("="),
        auth=asked.auth.rstrip("="),
    )


async def unsubscribe(call: Writing, asked: DeviceAsked) -> Unsubscribed:
    return await call.services.reach.unsubscribe(call.tx, call.caller.person, asked.device)


async def test(call: Writing, asked: DeviceAsked) -> Tested:
    return await call.services.reach.test(call.tx, call.caller.person, asked.device)


async def received(call: Writing, asked: ReceivedAsked) -> Received:
    return await call.services.reach.received(call.tx, call.caller.person, asked.device)


async def board(call: Looking, asked: Nothing) -> PushBoard:
    return await call.services.reach.board(call.reading)


COMMANDS = (
    Reads(
        method="push.key",
        title="What a page needs to subscribe, and how this device stands.",
        takes=KeyAsked,
        gives=PushKey,
        run=key,
    ),
    Writes(
        method="push.subscribe",
        title="This device may be woken when help is asked for. Said again, it is seen again.",
        takes=PushSubscribe,
        gives=Subscribed,
        errors=(BadSubscription, NotAvailable),
        run=subscribe,
    ),
    Writes(
        method="push.unsubscribe",
        title="This device is not to be woken any more.",
        takes=DeviceAsked,
        gives=Unsubscribed,
        run=unsubscribe,
    ),
    Writes(
        method="push.test",
        title="Wake this device now, to see whether it works.",
        takes=DeviceAsked,
        gives=Tested,
        errors=(NotFound,),
        run=test,
    ),
    Writes(
        method="push.received",
        title="A phone was woken, and is asking what for.",
        takes=ReceivedAsked,
        gives=Received,
        run=received,
    ),
    Reads(
        method="push.board",
        title="How reaching phones goes: counts and hosts, nobody.",
        takes=Nothing,
        gives=PushBoard,
        run=board,
    ),
)
