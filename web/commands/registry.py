"""The command registry: what a command is, and the table of all of them.

A command is a typed struct in, a struct out, the errors it may answer, what it is about, and a
handler. Its method is also its action in the access tables. From one definition come the RPC
(``help.raise``), the HTTP route (``POST /api/help/raise``) and its page in the OpenAPI document.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

import msgspec

from realtime.haste import Haste
from realtime.kernel.errors import AppError, UnknownMethod
from realtime.ledger import Reading, Transaction
from realtime.ports import Caller
from web.access.vocabulary import Role, Thing
from web.services import Services

In = TypeVar("In", bound=msgspec.Struct)
Out = TypeVar("Out", bound=msgspec.Struct)

_METHOD = re.compile(r"[a-z]+(\.[a-z]+)?\Z")


@dataclass(frozen=True, slots=True)
class Writing:
    """What a handler that changes something is given. It awaits only the transaction."""

    services: Services
    tx: Transaction
    caller: Caller
    #: Where the request came from, as ``web.auth.addresses.network`` says it: over HTTP only, and
    #: never kept as it is.
    network: str = ""


@dataclass(frozen=True, slots=True)
class Looking:
    """What a handler that only reads is given: one snapshot."""

    services: Services
    reading: Reading
    caller: Caller
    #: Whether this caller, being what they are to this object, may see a field of the answer.
    may: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Living:
    """What a handler is given that needs no database: live positions, tickets, configuration."""

    services: Services
    caller: Caller


class Door(Enum):
    """Where a command can be called."""

    BOTH = "rpc and http"
    #: It reads or sets what only HTTP has: the address, a cookie, a header.
    HTTP = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[In, Out]):
    """What all commands have in common; one of the three below says what it touches."""

    method: str
    #: One sentence for the documents.
    title: str
    takes: type[In]
    gives: type[Out]
    #: The object whose relation to the caller decides, if any.
    about: Callable[[In], Thing | None] = lambda _: None
    errors: tuple[type[AppError], ...] = ()
    door: Door = Door.BOTH
    verb: str = "POST"
    #: Answered with 204 and no body over HTTP.
    silent: bool = False

    @property
    def path(self) -> str:
        return "/api/" + self.method.replace(".", "/")

    @property
    def repeatable(self) -> bool:
        """Carries a client-made id: repeating it answers the same, without a second effect."""
        return "id" in self.takes.__struct_fields__


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes(Command[In, Out]):
    #: An error that is *raised* undoes everything. One that is *returned* is answered after the
    #: commit: a wrong code is counted, one address too many locks. Never with an id to repeat.
    run: Callable[[Writing, In], Awaitable[Out | AppError]]
    #: The key under which an answer that says something of her is kept for who asks twice: it is
    #: gone when the key is. None: nothing in it is anybody's business to hide.
    sealed: Callable[[In], str] | None = None
    #: For whom there is nothing to write: answered ``Done`` at once, without a commit.
    nothing_for: Callable[[Caller], bool] = lambda _: False
    #: Beside what others wait for.
    haste: Haste = Haste.USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads(Command[In, Out]):
    run: Callable[[Looking, In], Awaitable[Out]]
    #: Written and committed before the answer is read, when one of these roles asks: a look that
    #: leaves a line in the audit, a seat taken in a room.
    noted_for: frozenset[Role] = frozenset()
    note: Callable[[Writing, In], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives(Command[In, Out]):
    run: Callable[[Living, In], Awaitable[Out]]


AnyCommand = (
    Writes[msgspec.Struct, msgspec.Struct]
    | Reads[msgspec.Struct, msgspec.Struct]
    | Lives[msgspec.Struct, msgspec.Struct]
)


class Registry:
    def __init__(self, commands: Iterable[object]) -> None:
        self._commands: dict[str, AnyCommand] = {}
        for command in commands:
            if not isinstance(command, Writes | Reads | Lives):
                raise TypeError(f"not a command: {command!r}")
            if not _METHOD.match(command.method):
                raise ValueError(f"a method is one or two words: {command.method!r}")
            if command.method in self._commands:
                raise ValueError(f"{command.method} is defined twice")
            if command.repeatable and not isinstance(command, Writes):
                raise ValueError(f"{command.method} has an id to repeat but writes nothing")
            self._commands[command.method] = command

    def __iter__(self) -> Iterator[AnyCommand]:
        return iter(self._commands.values())

    def __contains__(self, method: str) -> bool:
        return method in self._commands

    def find(self, method: str) -> AnyCommand:
        command = self._commands.get(method)
        if command is None:
            raise UnknownMethod
        return command
