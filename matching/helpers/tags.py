"""What the live map is told about a helper: a few bits, enough to pass over most of the others."""

from matching.helpers.values import REMOTE_SKILLS, Helper, Skill

COME = 1
REMOTE = 2
TIER_2 = 4


def tags_of(helper: Helper) -> int:
    """The bits of a helper on duty.

    >>> from matching.helpers.values import Status
    >>> from realtime.kernel.ids import PersonId
    >>> tags_of(Helper(person=PersonId("p"), status=Status.APPROVED, tier=2,
    ...                skills=frozenset({Skill.CALL}), languages=("fr",), budget=5))
    6
    """
    bits = 0
    if Skill.COME in helper.skills:
        bits |= COME
    if not helper.skills.isdisjoint(REMOTE_SKILLS):
        bits |= REMOTE
    if helper.tier >= 2:
        bits |= TIER_2
    return bits


def wanted(*, near: bool, at_home: bool) -> int:
    """The bits that a candidate must have, all of them."""
    return (COME if near else REMOTE) | (TIER_2 if at_home else 0)
