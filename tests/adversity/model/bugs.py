"""Ways of losing, doubling or leaking that a checker of histories must see. Pure."""

from enum import StrEnum


class Bug(StrEnum):
    #: "Recorded" is answered, and committed a moment later.
    ACK_BEFORE_COMMIT = "ack before commit"
    #: The ladder's next rung lives in the memory of one hub.
    IN_MEMORY_TIMER = "in-memory timer"
    #: A command asked again under the same id is done again.
    MISSING_DEDUP = "missing dedup"
    #: A phone that comes back is told what follows the publication after its last.
    CURSOR_OFF_BY_ONE = "cursor off by one"
    #: It is told the first few that it missed, and that this is all.
    RESUME_PARTIAL = "resume partial"
    #: Who may be called is decided before the transaction that calls them.
    EXCLUSION_BEFORE = "exclusion checked before instead of after"
    #: Publications are numbered by the hubs' clocks, which differ.
    WALL_CLOCK = "order by wall clock"
    #: Two hubs hand the same publication on, and nobody looks at its number.
    DOUBLE_RELAY = "double relay"
    #: A hub that is told to stop answers what waits in its queue, and stops.
    LOST_DRAIN = "lost drain"
    #: The database refuses; the handler catches it, and answers as if it had not.
    SILENT_CATCH = "silent catch"
    #: Phones hear of what is then not committed.
    PUBLISHED_BEFORE_COMMIT = "published before commit"
    #: A rung that has come due is climbed whatever has happened since.
    CLIMBS_AFTER_END = "climbs after the end"
    #: The alert is in one transaction, what goes with it in the next.
    HALF_DONE = "half done"
    #: Two tries of one command under way at once both look before either has written.
    DEDUP_RACE = "dedup by looking first"
    #: Who has left a channel goes on hearing it until he disconnects.
    NEVER_UNSUBSCRIBED = "a right ends, its subscription does not"
