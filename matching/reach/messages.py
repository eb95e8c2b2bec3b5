"""What is answered about waking phones, field for field as it travels."""

from datetime import datetime

from msgspec import Struct


class PushKey(Struct, frozen=True, omit_defaults=True):
    """What a page must know to offer it: nothing here opens anything."""

    #: For ``applicationServerKey``; None: this installation wakes no phones.
    key: str | None
    #: This very device is known.
    on: bool
    #: When a test was last asked for, and when this device last had one.
    tested_at: datetime | None = None
    received_at: datetime | None = None
    #: Her name for the text-message gateway, where there is one.
    reference: str | None = None


class Subscribed(Struct, frozen=True):
    #: A digest of the address, which the page can make too.
    device: str


class Unsubscribed(Struct, frozen=True):
    device: str


class Tested(Struct, frozen=True):
    #: On its way: the phone itself says when it has arrived.
    tested_at: datetime


class Received(Struct, frozen=True):
    #: Whether a test was under way.
    test: bool


class ResultCount(Struct, frozen=True):
    #: ``offer.sent``, ``test.received``, ``sms.failed``…
    result: str
    count: int


class HostState(Struct, frozen=True):
    host: str
    #: ``closed`` (all is well), ``open`` (left alone), ``trying``.
    state: str


class PushBoard(Struct, frozen=True):
    """How reaching phones goes: counts and hosts, nobody."""

    on: bool
    #: Whether there is a second channel.
    sms: bool
    devices: int
    #: Over the last day, on all nodes.
    results: list[ResultCount]
    #: As the node that answers sees them.
    hosts: list[HostState]
    #: When any phone last received a test.
    last_test_at: datetime | None
