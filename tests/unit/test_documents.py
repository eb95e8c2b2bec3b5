"""The documents say what the program does: every command, channel and error, and no other."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from realtime.kernel.errors import every_error
from web.access.tables import Access
from web.access.vocabulary import Role
from web.api import asyncapi, errors, openapi
from web.api.pushes import MESSAGES
from web.channels import RULES
from web.commands.catalogue import registry
from web.commands.registry import Door

# Any: a JSON document.
Document = dict[str, Any]

#: The commands of the contract, by hand: a document made of an empty table would be right too.
COMMANDS = sorted(
    f"{domain}.{word}".rstrip(".")
    for domain, words in {
        "session": (".", "ticket", "keep", "leave", "list", "end"),
        "config": (".",),
        "me": ("state",),
        "helper": ("apply", "pending", "approve", "refuse", "duty", "move", "prefer"),
        "exclude": ("add", "clear"),
        "help": ("raise", "state", "cancel", "close", "release"),
        "offer": ("received", "seen", "accept", "decline", "arrived"),
        "room": ("state", "say", "edit", "read", "draft"),
        "note": ("add", "list"),
        "typing": ("say",),
        "looking": ("say",),
        "push": ("key", "subscribe", "unsubscribe", "test", "received", "board"),
        "board": ("state",),
        "staff": ("invite", "accept", "list", "remove"),
        "passkey": ("begin", "finish", "ask", "enter"),
        "totp": ("begin", "finish", "enter"),
        "stepup": ("ask", "finish"),
        "desk": ("link", "open", "state", "rooms", "fresh", "incident"),
        "shelter": (
            *("public", "ask", "state", "options", "hold", "wave", "close", "mine", "board"),
        ),
        "hold": (
            *("state", "extend", "cancel", "more", "approve", "admit", "address"),
            *("confirm", "decline", "arrive", "left"),
        ),
        "ask": ("accept", "decline"),
        "stay": ("followup",),
        "reveal": ("unlock",),
        "alarm": ("seen", "desk"),
        "shift": ("set", "begin", "end"),
        "fund": ("state", "grant", "entries", "pay"),
        "line": ("hours", "state", "duty", "set", "offices", "figures", "counts"),
        "chat": (
            *("ask", "state", "leave", "resume", "transcript", "accept", "refuse", "next", "hold"),
            *("finish", "wrap", "transfer", "interpret", "part", "watch", "join", "take"),
        ),
        "transfer": ("accept", "refuse", "finish"),
        "operator": ("set",),
        "reply": ("list", "set", "drop", "used"),
        "directory": ("find",),
        "block": ("set", "list", "drop"),
        "bridge": ("ask", "answer", "list"),
        "sheet": ("list",),
        "practice": ("list", "begin"),
        "witness": (
            *("report", "update", "cancel", "state", "received", "seen", "claim", "release"),
            *("decline", "confirm", "board", "judge", "close", "hotspots", "agent"),
        ),
        "watch": ("set", "mute", "unmute"),
        "campaign": ("create", "list", "state", "end", "drill", "undrill", "drills"),
        "transit": ("code", "place", "lines", "stops", "map"),
        "network": ("list", "set", "hooks", "retry"),
        "service": ("alert", "end", "alerts"),
        "warning": ("list",),
    }.items()
    for word in words
)


#: What is answered whoever asks: ways in and out.
OPEN = {
    *("session", "session.leave", "config"),
    *("shelter.public", "line.hours", "transit.code"),
    *("staff.accept", "passkey.ask", "passkey.enter", "totp.enter", "desk.open"),
}


@pytest.fixture(scope="module")
def opened() -> Document:
    made = openapi.document(registry(), Access())
    return msgspec.json.decode(msgspec.json.encode(made))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def streams() -> Document:
    made = asyncapi.document(RULES, Access())
    return msgspec.json.decode(msgspec.json.encode(made))  # type: ignore[no-any-return]


def operations(document: Document) -> dict[str, Document]:
    return {
        operation["operationId"]: {**operation, "path": path, "verb": verb}
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    }


def references(part: object) -> Iterator[str]:
    match part:
        case dict():
            for name, value in part.items():
                if name == "$ref":
                    yield value
                else:
                    yield from references(value)
        case list():
            for value in part:
                yield from references(value)
        case _:
            return


def found(document: Document, reference: str) -> object:
    part: Any = document
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    return part


def test_every_command_of_the_contract_is_there_and_no_other(opened: Document) -> None:
    assert sorted(operations(opened)) == COMMANDS


def test_each_operation_has_its_address_its_argument_and_its_answer(opened: Document) -> None:
    for command in registry():
        operation = operations(opened)[command.method]
        assert operation["path"] == "/api/" + command.method.replace(".", "/")
        assert operation["summary"].endswith(".")
        assert operation["x-rpc"] is (command.door is Door.BOTH)
        if command.verb == "POST":
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            schema = found(opened, body["$ref"])
            assert isinstance(schema, dict)
            assert list(schema.get("properties", {})) == list(
                command.takes.__struct_encode_fields__
            )
            assert schema.get("additionalProperties") is False
        if command.silent:
            assert "204" in operation["responses"]
        else:
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            schema = found(opened, answer["$ref"])
            assert isinstance(schema, dict)
            assert set(schema["properties"]) == set(command.gives.__struct_encode_fields__)


def test_each_operation_lists_its_errors_by_status_number_and_name(opened: Document) -> None:
    table = {it.name: it for it in every_error()}
    for command in registry():
        responses = operations(opened)[command.method]["responses"]
        told = {
            (status, error["code"], error["name"])
            for status, response in responses.items()
            for error in response.get("x-errors", [])
        }
        assert all(
            (status, code) == (str(table[name].status), table[name].number)
            for status, code, name in told
        )
        names = {name for _, _, name in told}
        assert names >= {
            "malformed",
            "unavailable",
            "internal",
            *(it.name for it in command.errors),
        }


def test_what_needs_a_session_says_so(opened: Document) -> None:
    for method, operation in operations(opened).items():
        open_to_all = method in OPEN
        assert operation["security"] == ([] if open_to_all else [{"bearer": []}, {"cookie": []}])
        assert ("anyone" in operation["x-roles"]) is open_to_all


def test_the_roles_are_those_of_the_access_table(opened: Document) -> None:
    assert operations(opened)["board.state"]["x-roles"] == ["operator", "supervisor", "duty"]
    assert operations(opened)["help.raise"]["x-roles"] == ["citizen"]


def test_every_reference_leads_somewhere(opened: Document, streams: Document) -> None:
    for document in (opened, streams):
        every = list(references(document))
        assert every
        for reference in every:
            assert found(document, reference) is not None, reference


def test_patterns_are_those_that_other_languages_read(opened: Document) -> None:
    text = json.dumps(opened)

    assert "\\\\Z" not in text
    patterns = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', text)
    assert len(patterns) > 10
    assert all(pattern.endswith("$") for pattern in patterns)


def test_no_schema_that_everyone_reaches_holds_an_address_or_a_stranger_s_place(
    opened: Document,
) -> None:
    """Places go in by some commands and come out by one, whose field the access table guards.

    A hotel on the operators' board is at its commune's own point.
    """
    holding = {
        name
        for name, schema in opened["components"]["schemas"].items()
        if "lat" in schema.get("properties", {})
    }

    assert holding == {
        *("Position", "ExactPlace", "DutyAsked", "PlaceAsked", "ZoneAsked"),
        *("Place", "DemoView", "BoardRooms"),
        # Where a phone has been, sealed; and a stop, where everybody knows that it is.
        *("Fix", "TrailFix", "StopView", "StopShown"),
    }
    assert {
        name
        for name, schema in opened["components"]["schemas"].items()
        if {"street", "postcode"} & set(schema.get("properties", {}))
        # A postcode goes in, and a département is what is kept of it.
    } == {"HotelAddress", "ChatAsk"}


def test_every_kind_of_channel_is_there_with_its_lane(streams: Document) -> None:
    for rule in RULES:
        channel = streams["channels"][rule.prefix.rstrip(":")]
        assert channel["address"].startswith(rule.prefix)
        assert channel["x-lane"] == rule.lane.value
        assert channel["x-durable"] is rule.durable
        assert channel["x-sealed"] is rule.sealed
        assert set(channel["messages"]) >= {it.__name__ for it in MESSAGES[rule.prefix]}
        assert set(channel["x-roles"]) <= {role.value for role in Role}
    assert set(streams["channels"]) == {rule.prefix.rstrip(":") for rule in RULES}
    assert "control" not in json.dumps(streams)


def test_a_room_is_both_said_and_heard(streams: Document) -> None:
    assert streams["operations"]["room.say"]["action"] == "receive"
    assert streams["operations"]["room.hear"]["action"] == "send"
    assert "alert.say" not in streams["operations"]


def test_no_publication_has_a_field_for_a_place_or_a_note(streams: Document) -> None:
    for name, schema in streams["components"]["schemas"].items():
        fields = set(schema.get("properties", {}))
        # A hotel on the operators' board is at its commune's own point.
        fields -= {"lat", "lon"} if name == "RoomsChanged" else set()
        # Her place in the queue; a colleague who comes on duty.
        fields -= {"ChatChanged": {"place"}, "QueueColleague": {"person"}}.get(name, set())
        # A line and a stop have names of their own, and everybody knows where a stop is.
        fields -= {"LineView": {"name"}, "StopView": {"name", "lat", "lon"}}.get(name, set())
        assert not fields & {"lat", "lon", "place", "note", "phone", "name", "person"}, name


def test_the_error_page_lists_every_error_once() -> None:
    page, table = errors.page(), errors.table()

    assert [it["name"] for it in table] == [it.name for it in every_error()]
    for error in every_error():
        assert page.count(f'id="{error.name}"') == 1
        assert error().sentence.endswith(".")


def test_errors_have_numbers_and_names_of_their_own() -> None:
    numbers = [error.number for error in every_error()]
    names = [error.name for error in every_error()]

    assert len(set(numbers)) == len(numbers)
    assert len(set(names)) == len(names)
    assert all(100 <= number < 2000 for number in numbers)
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)
