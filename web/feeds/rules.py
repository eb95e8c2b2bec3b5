"""Every number of fetching feeds. Pure."""

from datetime import timedelta

#: Vehicles move: GTFS-Realtime asks for feeds that are no older than 30 s (best practices).
TRANSIT_EVERY = timedelta(seconds=15)
#: Warnings last for hours.
CAP_EVERY = timedelta(minutes=2)
#: A feed that cannot be had is asked for later each time, at most after this.
PAUSE_MOST = timedelta(minutes=15)
#: Of a network's feed: Île-de-France's positions have about 1 MB.
TRANSIT_BYTES = 8 * 1024 * 1024
#: Messages that a feed only names and that are fetched one by one; how many at once; and all of
#: them within this, or the others the next time (a preparation may take 60 s).
LINKED_MOST, LINKED_AT_ONCE, LINKED_S = 50, 4, 30.0
#: How often each node looks whether another one has fetched where vehicles are.
LOOK_S = 5.0
#: Where vehicles were that long ago says nothing any more.
STALE = timedelta(minutes=5)


def pause_after(failures: int, every: timedelta) -> timedelta:
    """When to ask for a feed again that has failed so often in a row.

    >>> [pause_after(failures, CAP_EVERY).seconds for failures in (0, 1, 2, 3, 50)]
    [120, 240, 480, 900, 900]
    """
    times: int = 2 ** min(failures, 10)
    return min(every * times, PAUSE_MOST)
