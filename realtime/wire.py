"""The Centrifugo client protocol, JSON form: what is on the wire, and nothing of what it means.

Definitions: the public repository centrifugal/protocol, ``definitions/client.proto`` (JSON is its
proto3 mapping, bytes as raw JSON). Several objects in one message are separated by newlines.
Fields that this server has no use for are ignored, as an SDK newer than the server may send them.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from realtime.kernel.errors import AppError
from realtime.kernel.ids import Channel

CommandId = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Offset = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, Meta(max_length=255)]
NOTHING = Raw(b"")


class Position(Struct, omit_defaults=True):
    offset: Offset = 0
    epoch: Name = ""


class SubscribeRequest(Struct):
    channel: Name = ""
    recover: bool = False
    epoch: Name = ""
    offset: Offset = 0
    #: Bit 2: refuse with error 112 rather than answer ``recovered: false``.
    flag: int = 0


class ConnectRequest(Struct):
    token: Annotated[str, Meta(max_length=4096)] = ""
    subs: dict[Name, SubscribeRequest] = {}
    name: Name = ""
    version: Name = ""


class ChannelRequest(Struct):
    channel: Name = ""


class PublishRequest(Struct):
    channel: Name = ""
    data: Raw = NOTHING


class HistoryRequest(Struct):
    channel: Name = ""
    limit: int = 0
    since: Position | None = None
    reverse: bool = False


class SendRequest(Struct):
    data: Raw = NOTHING


class Sent(Struct, forbid_unknown_fields=True):
    """A command that sends something, and nothing else."""

    send: SendRequest


class RpcRequest(Struct):
    method: Name = ""
    data: Raw = NOTHING


class RefreshRequest(Struct):
    token: Annotated[str, Meta(max_length=4096)] = ""


class PingRequest(Struct):
    pass


class Command(Struct):
    """One command; the first request that is present is the one that counts."""

    id: CommandId = 0
    connect: ConnectRequest | None = None
    subscribe: SubscribeRequest | None = None
    unsubscribe: ChannelRequest | None = None
    publish: PublishRequest | None = None
    presence: ChannelRequest | None = None
    presence_stats: ChannelRequest | None = None
    history: HistoryRequest | None = None
    ping: PingRequest | None = None
    send: SendRequest | None = None
    rpc: RpcRequest | None = None
    refresh: RefreshRequest | None = None
    sub_refresh: ChannelRequest | None = None


class Publication(Struct, omit_defaults=True):
    data: Raw
    offset: int = 0


class ClientInfo(Struct, omit_defaults=True):
    user: str
    client: str


class ConnectResult(Struct, omit_defaults=True):
    client: str
    version: str
    ping: int
    pong: bool
    subs: dict[str, "SubscribeResult"] = {}


class SubscribeResult(Struct, omit_defaults=True):
    recoverable: bool = False
    epoch: str = ""
    publications: Sequence[Publication] = ()
    recovered: bool = False
    offset: int = 0
    positioned: bool = False
    was_recovering: bool = False


class PresenceResult(Struct):
    presence: dict[str, ClientInfo]


class PresenceStatsResult(Struct):
    num_clients: int
    num_users: int


class HistoryResult(Struct, omit_defaults=True):
    publications: Sequence[Publication]
    epoch: str
    offset: int


class RpcResult(Struct):
    data: Raw


class RefreshResult(Struct, omit_defaults=True):
    client: str = ""
    version: str = ""
    expires: bool = False


class Empty(Struct):
    """A result whose presence is the answer."""


class Failure(Struct, omit_defaults=True):
    code: int
    message: str
    temporary: bool = False


class Reply(Struct, omit_defaults=True):
    id: int
    error: Failure | None = None
    connect: ConnectResult | None = None
    subscribe: SubscribeResult | None = None
    unsubscribe: Empty | None = None
    publish: Empty | None = None
    presence: PresenceResult | None = None
    presence_stats: PresenceStatsResult | None = None
    history: HistoryResult | None = None
    ping: Empty | None = None
    rpc: RpcResult | None = None
    refresh: RefreshResult | None = None
    sub_refresh: RefreshResult | None = None


class Unsubscribed(Struct, omit_defaults=True):
    code: int
    reason: str


class Presented(Struct):
    info: ClientInfo


class Push(Struct, omit_defaults=True):
    channel: str = ""
    pub: Publication | None = None
    join: Presented | None = None
    leave: Presented | None = None
    unsubscribe: Unsubscribed | None = None


class Pushed(Struct):
    push: Push


#: The server's ping, and the client's answer to it.
PING = b"{}"

_SENDS = b'{"send":'

_commands = msgspec.json.Decoder(Command)
_sent = msgspec.json.Decoder(Sent)
_json = msgspec.json.Encoder()


def parse(message: bytes) -> list[Command]:
    """The commands of one message, or ``msgspec.MsgspecError`` (a ``ValueError``)."""
    return _commands.decode_lines(message)


def sent(message: bytes) -> bytes | None:
    """The short way for what phones send all day: what is sent, if the message is nothing else.

    ``None`` says nothing about the message but that it has to be parsed.

    >>> sent(b'{"send":{"data":{"a":1}}}'), sent(b'{"send":{"data":1},"id":2}'), sent(b"{}")
    (b'{"a":1}', None, None)
    """
    if not message.startswith(_SENDS):
        return None
    try:
        return bytes(_sent.decode(message).send.data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def encode(reply: Reply) -> bytes:
    return _json.encode(reply)


def refusal(to: int, error: AppError) -> Reply:
    return Reply(id=to, error=Failure(error.number, error.name, error.temporary))


def publication(channel: Channel, body: bytes, offset: int) -> bytes:
    """A push of one publication; ``offset`` 0 on channels that keep nothing."""
    return _json.encode(Pushed(Push(channel=channel, pub=Publication(Raw(body), offset))))


def unsubscribed(channel: Channel, code: int, reason: str) -> bytes:
    return _json.encode(Pushed(Push(channel=channel, unsubscribe=Unsubscribed(code, reason))))


def joined(channel: Channel, info: ClientInfo) -> bytes:
    return _json.encode(Pushed(Push(channel=channel, join=Presented(info))))


def left(channel: Channel, info: ClientInfo) -> bytes:
    return _json.encode(Pushed(Push(channel=channel, leave=Presented(info))))
