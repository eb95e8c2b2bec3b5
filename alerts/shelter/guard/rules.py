"""Whether one more address may be opened by this person. Pure.

An address that was opened already within the hour is known: to look again costs nothing. The
eleventh other one locks, and calls a supervisor; nothing opens again until one has unlocked.
"""

from enum import StrEnum

from matching.shelter.rules import REVEALS


class Verdict(StrEnum):
    OPEN = "open"
    #: One too many: from now on locked.
    LOCK = "lock"
    LOCKED = "locked"


def judge(*, others: int, again: bool, locked: bool) -> Verdict:
    """``others``: different addresses opened within the hour, this one not counted.

    >>> judge(others=9, again=False, locked=False).value
    'open'
    >>> judge(others=10, again=False, locked=False).value
    'lock'
    """
    if locked:
        return Verdict.LOCKED
    if again or others < REVEALS:
        return Verdict.OPEN
    return Verdict.LOCK
