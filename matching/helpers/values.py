"""What a helper is made of: status, skills, quiet hours, preferences. Values only."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from geo.cells import Cell
from realtime.kernel.ids import PersonId


class Status(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"


class Skill(StrEnum):
    COME = "come"
    CALL = "call"
    WRITE = "write"


#: What can be done from anywhere.
REMOTE_SKILLS = frozenset({Skill.CALL, Skill.WRITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours on the wall clock of Paris in which a helper is left in peace."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A helper as the table keeps her, without her name and zone, which are sealed."""

    person: PersonId
    status: Status
    tier: int
    skills: frozenset[Skill]
    languages: tuple[str, ...]
    budget: int
    quiet: Quiet | None = None
    on_duty: bool = False
    #: The name of the key that seals her declared zone, while she is on duty.
    zone_key: str | None = None
    #: The keyed HMAC of her phone number.
    phone_tag: str | None = None

    @property
    def may_serve(self) -> bool:
        return self.status is Status.APPROVED and self.tier >= 1


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody on duty: what she can do, and the neighbourhood she declared."""

    tags: int
    zone: Cell


def skills_of(words: "list[str] | tuple[str, ...] | frozenset[str]") -> frozenset[Skill]:
    """What somebody can do, or ``ValueError``.

    >>> skills_of(["come", "come"])
    frozenset({<Skill.COME: 'come'>})
    """
    return frozenset(Skill(word) for word in words)
