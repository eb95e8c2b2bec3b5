"""The OpenAPI 3.1 document, made of the command registry and the error table. Pure."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from realtime.kernel.errors import (
    AppError,
    Malformed,
    NotAllowed,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from web.access.tables import Access
from web.access.vocabulary import Role
from web.commands.registry import AnyCommand, Door, Registry, Writes
from web.errors import ErrorAnswer, ForeignOrigin, NotJson, WrongVerb

Json = dict[str, object]
VERSION = "1.0"
REF = "#/components/schemas/{name}"

#: What any command may answer over HTTP, whatever it does.
ALWAYS: tuple[type[AppError], ...] = (
    AppError,
    Malformed,
    NotJson,
    TooLarge,
    WrongVerb,
    Unavailable,
    TooManyRequests,
)
#: What a session adds: it may have ended, be another role's, or come from a foreign page.
SIGNED: tuple[type[AppError], ...] = (Unauthorized, NotAllowed, ForeignOrigin)


def errors_of(command: AnyCommand, access: Access) -> list[type[AppError]]:
    """Every error a command may answer with, by number."""
    found = {*ALWAYS, *command.errors}
    if not access.may(command.method, Role.ANYONE):
        found |= {*SIGNED}
        if any(access.must_look(command.method, role) for role in Role):
            found.add(NotFound)
    return sorted(found, key=lambda error: error.number)


class Filed(Protocol):
    """What is answered with a file: see ``web.api.exports``."""

    @property
    def method(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def takes(self) -> type[msgspec.Struct]: ...
    @property
    def forms(self) -> Mapping[str, tuple[str, str]]: ...


def document(
    registry: Registry,
    access: Access,
    files: Iterable[Filed] = (),
    more: Mapping[str, Json] | None = None,
) -> Json:
    """``more``: paths that are neither commands nor exports, as they are to be told."""
    files = list(files)
    kinds = {ErrorAnswer, *(it.takes for it in registry), *(it.gives for it in registry)}
    kinds |= {it.takes for it in files}
    _, schemas = msgspec.json.schema_components(
        sorted(kinds, key=lambda kind: kind.__name__), ref_template=REF
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Entraide",
            "version": VERSION,
            "summary": "Commands over HTTP. Each is also an RPC of the same name on the socket.",
            "description": "Software under construction, not an emergency service: call 17 or 112.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            **{it.path: {it.verb.lower(): _operation(it, access)} for it in registry},
            **{it.path: {"post": _file(it, access)} for it in files},
            **(more or {}),
        },
        "components": {
            "schemas": {name: portable(schema) for name, schema in schemas.items()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-s",
                    "description": "With __Host-p, and only from our own pages.",
                },
            },
        },
    }


def portable(schema: object) -> object:
    """The same schema with patterns that other languages read: they end with ``$``."""
    match schema:
        case dict():
            return {
                name: value.replace("\\Z", "$")
                if name == "pattern" and isinstance(value, str)
                else portable(value)
                for name, value in schema.items()
            }
        case list() | tuple():
            return [portable(value) for value in schema]
        case _:
            return schema


def _operation(command: AnyCommand, access: Access) -> Json:
    operation: Json = {
        "operationId": command.method,
        "summary": command.title,
        "tags": [command.method.partition(".")[0]],
        "x-roles": [role.value for role in Role if _could(command, access, role)],
        "x-rpc": command.door is Door.BOTH,
        "responses": {**_success(command), **failures(errors_of(command, access))},
    }
    if isinstance(command, Writes) and command.repeatable:
        operation["description"] = "Repeating it with the same id answers the same, once."
    if command.verb == "POST":
        operation["requestBody"] = {
            "required": bool(command.takes.__struct_fields__),
            "content": {"application/json": {"schema": _ref(command.takes)}},
        }
    operation["security"] = (
        [] if access.may(command.method, Role.ANYONE) else [{"bearer": []}, {"cookie": []}]
    )
    return operation


def _file(file: Filed, access: Access) -> Json:
    kinds: dict[str, Json] = {kind.partition(";")[0]: {} for kind, _ in file.forms.values()}
    errors = {*ALWAYS, *SIGNED, NotFound}
    return {
        "operationId": file.method,
        "summary": file.title,
        "tags": [file.method.partition(".")[0]],
        "x-roles": [role.value for role in Role if may_ever(file.method, access, role)],
        "x-rpc": False,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(file.takes)}},
        },
        "responses": {
            "200": {"description": "The file.", "content": kinds},
            **failures(sorted(errors, key=lambda error: error.number)),
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }


def _could(command: AnyCommand, access: Access, role: Role) -> bool:
    return may_ever(command.method, access, role)


def may_ever(method: str, access: Access, role: Role) -> bool:
    return access.may(method, role) or access.must_look(method, role)


def _success(command: AnyCommand) -> Json:
    if command.silent:
        return {"204": {"description": "Done."}}
    content = {"application/json": {"schema": _ref(command.gives)}}
    return {"200": {"description": "The answer.", "content": content}}


def failures(errors: Iterable[type[AppError]]) -> Json:
    by_status: dict[str, list[type[AppError]]] = {}
    for error in errors:
        by_status.setdefault(str(error.status), []).append(error)
    return {
        status: {
            "description": " ".join(f"{it.name}: {it().sentence}" for it in kinds),
            "x-errors": [
                {"code": it.number, "name": it.name, "temporary": it.temporary} for it in kinds
            ],
            "content": {"application/json": {"schema": _ref(ErrorAnswer)}},
        }
        for status, kinds in sorted(by_status.items())
    }


def _ref(kind: type[msgspec.Struct]) -> Json:
    return {"$ref": REF.format(name=kind.__name__)}
