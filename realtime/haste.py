"""How soon something must be written, beside everything else that wants to be."""

from enum import IntEnum


class Haste(IntEnum):
    """Of commands that wait for a commit, and of kinds of tasks. The lower goes first."""

    #: The ladder to people when nobody has come, and what keeps it heard: leases, and their claim.
    #: However many ask for help at once, it goes before them.
    ALARM = 0
    #: A request for help, and each step that asks somebody to come.
    URGENT = 1
    USUAL = 2
    #: Worth less at this moment than anything else, and long: committed one by one.
    PATIENT = 3
