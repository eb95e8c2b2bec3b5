"""The five parts, each taken by one person, and how an event ends. Pure.

One person has one part: who takes another leaves the first. Taking what one has already, leaving
what one has not and ending what has ended change nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from alerts.witness.errors import RoleTaken
from alerts.witness.values import Outcome, Role, RoleState, State
from realtime.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Part:
    person: PersonId
    done: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """Who does what."""

    taken: Mapping[Role, Part] = field(default_factory=dict)

    def of(self, person: PersonId) -> Role | None:
        return next((role for role, it in self.taken.items() if it.person == person), None)

    def state(self, role: Role) -> RoleState:
        part = self.taken.get(role)
        if part is None:
            return RoleState.FREE
        return RoleState.DONE if part.done else RoleState.TAKEN

    @property
    def states(self) -> dict[Role, RoleState]:
        return {role: self.state(role) for role in Role}

    @property
    def free(self) -> list[Role]:
        return [role for role in Role if role not in self.taken]


def claimed(parts: Parts, person: PersonId, role: Role, *, done: bool = False) -> Parts:
    """This person does that now, or ``RoleTaken``. What has been done stays done."""
    part = parts.taken.get(role)
    if part is not None and part.person != person:
        raise RoleTaken
    rest = {name: it for name, it in parts.taken.items() if it.person != person}
    already = part is not None and part.done
    return Parts({**rest, role: Part(person, done=done or already)})


def released(parts: Parts, person: PersonId) -> Parts:
    """This person does nothing there any more."""
    return Parts({role: it for role, it in parts.taken.items() if it.person != person})


class Ending(StrEnum):
    #: An operator says what happened.
    CLOSE = "close"
    #: Everybody who reported it has taken it back.
    CANCEL = "cancel"
    EXPIRE = "expire"
    #: An operator has found that nothing happened.
    FALSE = "false"


def state_after(ending: Ending) -> State:
    match ending:
        case Ending.CLOSE | Ending.FALSE:
            return State.CLOSED
        case Ending.CANCEL:
            return State.CANCELLED
        case Ending.EXPIRE:
            return State.EXPIRED
        case _:
            assert_never(ending)


def outcome_after(ending: Ending, said: Outcome | None) -> Outcome:
    """What is told of it. ``said``: what an operator chose."""
    match ending:
        case Ending.CLOSE:
            return said or Outcome.HELPED
        case Ending.FALSE:
            return Outcome.FALSE_ALARM
        case Ending.CANCEL:
            return Outcome.CANCELLED
        case Ending.EXPIRE:
            return Outcome.EXPIRED
        case _:
            assert_never(ending)
