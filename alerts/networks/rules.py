"""Every number about networks: telling them, telling travellers, mirroring warnings. Pure."""

from datetime import datetime, timedelta
from zlib import crc32

#: Calls under way to one network, and to all: the task runner has 64 places, and a hook that hangs
#: must leave some for dispatch (``matching/reach/rules.py`` says the same of phones).
HOOKS_AT_ONCE = 8
HOOK_HOSTS_AT_ONCE = 24
#: A hook that did not take a message is asked again after 1, 2, 4… seconds, at most a minute while
#: the message is news (an event lasts half an hour), then at most an hour.
NEWS = timedelta(minutes=30)
PAUSE_NEWS, PAUSE_MOST = timedelta(minutes=1), timedelta(hours=1)
#: Then it is kept and shown to the administrator, who says when to try again.
TRIED_FOR = timedelta(days=7)
#: What was told of an event is forgotten so long after the last of it was taken, with the key that
#: opens it in a backup: as the event itself (``alerts/witness/rules.py``).
TOLD_KEPT = timedelta(hours=24)
TIDY_EVERY = timedelta(hours=1)
TIDIED_AT_ONCE = 500
#: Networks in the table.
NETWORKS_MOST = 200

#: A service alert ends by itself, at the latest after this.
SERVICE_MOST = timedelta(hours=24)
#: Service alerts that stand at once, of one network.
SERVICES_MOST = 100
#: One that has ended is still told as ended for so long: readers come every few minutes.
SERVICE_ENDED = timedelta(hours=1)

#: A warning that does not say when it expires is shown that long (CAP 1.2, 3.2.2: "each recipient
#: is free to set its own policy").
WARNING_LASTS = timedelta(hours=24)
#: A sender's clock may be that much before ours.
AHEAD = timedelta(minutes=15)
#: Warnings that are kept of one feed, and characters of each text that is shown.
WARNINGS_MOST = 500
SHOWN_MOST = 500
#: Warnings told in one answer.
LISTED_MOST = 100


def pause_after(tries: int, waited: timedelta) -> timedelta:
    """When to call a hook again that has failed so often, about a message so old.

    >>> [int(pause_after(tries, NEWS / 2).total_seconds()) for tries in (1, 2, 6, 7, 60)]
    [1, 2, 32, 60, 60]
    >>> int(pause_after(60, NEWS).total_seconds())
    3600
    """
    most = PAUSE_NEWS if waited < NEWS else PAUSE_MOST
    return min(timedelta(seconds=2 ** min(tries - 1, 12)), most)


def spread(wait: timedelta, name: str) -> timedelta:
    """The same, up to three times longer: hundreds that wait for one host must not ask at once.

    >>> waits = {spread(timedelta(seconds=1), f"alert-{n}").total_seconds() for n in range(100)}
    >>> 1 <= min(waits) < max(waits) <= 3, len(waits) > 50
    (True, True)
    """
    return wait * (1 + crc32(name.encode()) % 201 / 100)


def is_stuck(at: datetime, now: datetime) -> bool:
    """Whether a message has waited for so long that only a person can help.

    >>> now = datetime(2026, 11, 26)
    >>> is_stuck(now - TRIED_FOR, now), is_stuck(now - NEWS, now)
    (True, False)
    """
    return now - at >= TRIED_FOR
