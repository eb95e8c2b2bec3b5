"""The AsyncAPI 3.0 document, made of the channel table and the messages of each channel. Pure."""

from collections.abc import Iterable, Mapping

import msgspec

from realtime.channels import ChannelRule
from web.access.gate import CHANNELS
from web.access.tables import Access
from web.access.vocabulary import Role
from web.api.openapi import VERSION, Json, portable
from web.api.pushes import MESSAGES
from web.commands.room_fields import LookingLine, NoteLine, RoomLine, TypingLine

REF = "#/components/schemas/{name}"
#: What the part of a channel's name after its colon stands for.
PARAMETER: Mapping[str, str] = {
    "me:": "#{person}",
    "alert:": "{alert}",
    "room:": "{room}",
    "staff:": "{room}",
    "typing:": "{room}",
    "queue:": "{line}",
    "board:": "{area}",
    "desk:": "{hotel}",
    "looking:": "{room}",
}
#: What clients publish, by prefix.
LINES: Mapping[str, type[msgspec.Struct]] = {
    "room:": RoomLine,
    "staff:": NoteLine,
    "typing:": TypingLine,
    "looking:": LookingLine,
}


def document(rules: Iterable[ChannelRule], access: Access) -> Json:
    public = [rule for rule in rules if rule.prefix in PARAMETER]
    kinds: list[type[msgspec.Struct]] = [
        *LINES.values(),
        *(kind for rule in public for kind in MESSAGES[rule.prefix]),
    ]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Entraide",
            "version": VERSION,
            "description": "Channels of the Centrifugo client protocol (JSON) at "
            "/connection/websocket; connect.token is a ticket from POST /api/session/ticket.",
        },
        "servers": {
            "here": {
                "host": "127.0.0.1:8000",
                "pathname": "/connection/websocket",
                "protocol": "wss",
            }
        },
        "defaultContentType": "application/json",
        "channels": {_key(rule): _channel(rule, access) for rule in public},
        "operations": {
            name: operation for rule in public for name, operation in _operations(rule).items()
        },
        "components": {
            "schemas": {name: portable(schema) for name, schema in schemas.items()},
            "messages": {kind.__name__: _message(kind) for kind in kinds},
        },
    }


def _key(rule: ChannelRule) -> str:
    return rule.prefix.rstrip(":")


def _channel(rule: ChannelRule, access: Access) -> Json:
    address = rule.prefix + PARAMETER[rule.prefix]
    name = address.partition("{")[2].rstrip("}")
    messages: list[type[msgspec.Struct]] = [*MESSAGES[rule.prefix]]
    if rule.writable:
        messages.append(LINES[rule.prefix])
    row = CHANNELS[_key(rule)]
    return {
        "address": address,
        "description": rule.title,
        "parameters": {name: {"description": "An opaque name that the server gave."}},
        "messages": {
            kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in messages
        },
        "x-lane": rule.lane.value,
        "x-durable": rule.durable,
        "x-sealed": rule.sealed,
        "x-kept-seconds": None if rule.kept is None else int(rule.kept.total_seconds()),
        "x-presence": rule.presence,
        "x-client-publish": rule.writable,
        "x-roles": [
            role.value
            for role in Role
            if access.may(row.listen, role) or access.must_look(row.listen, role)
        ],
    }


def _operations(rule: ChannelRule) -> Json:
    key = _key(rule)
    channel = {"$ref": f"#/channels/{key}"}
    found: Json = {}
    if said := MESSAGES[rule.prefix]:
        found[f"{key}.hear"] = {
            "action": "send",
            "channel": channel,
            "messages": [_in_channel(key, kind) for kind in said],
        }
    if rule.writable:
        found[f"{key}.say"] = {
            "action": "receive",
            "channel": channel,
            "messages": [_in_channel(key, LINES[rule.prefix])],
        }
    return found


def _in_channel(key: str, kind: type[msgspec.Struct]) -> Json:
    return {"$ref": f"#/channels/{key}/messages/{kind.__name__}"}


def _message(kind: type[msgspec.Struct]) -> Json:
    return {
        "name": kind.__name__,
        "summary": (kind.__doc__ or "").strip(),
        "payload": {"$ref": REF.format(name=kind.__name__)},
    }
