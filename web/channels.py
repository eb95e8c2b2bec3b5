"""The channel table (DESIGN 4.3), one row per kind of channel. AsyncAPI is made of it."""

from datetime import timedelta

from realtime.channels import ChannelRule, ChannelTable, Lane

RULES = (
    ChannelRule(
        prefix="me:",
        lane=Lane.VITAL,
        durable=True,
        kept=timedelta(hours=48),
        title="What concerns one person: offers, their changes, her alerts. "
        "Subscribed by the server at connect.",
    ),
    ChannelRule(
        prefix="alert:",
        lane=Lane.VITAL,
        durable=True,
        sealed=True,
        title="How one request goes: for her, operators, and those who accepted.",
    ),
    ChannelRule(
        prefix="room:",
        lane=Lane.ORDERED,
        durable=True,
        sealed=True,
        presence=True,
        writable=True,
        title="A conversation, for its members; presence is by seat, never by person.",
    ),
    ChannelRule(
        prefix="staff:",
        lane=Lane.ORDERED,
        durable=True,
        sealed=True,
        presence=True,
        writable=True,
        title="Notes beside a room, for the association's members of that room only.",
    ),
    ChannelRule(
        prefix="queue:",
        lane=Lane.VITAL,
        durable=True,
        kept=timedelta(days=7),
        title="What waits for the operators of a line.",
    ),
    ChannelRule(
        prefix="desk:",
        lane=Lane.VITAL,
        durable=True,
        sealed=True,
        # What is personal is forgotten within a day (issue 4), and an alias with a household is.
        kept=timedelta(hours=24),
        title="What waits for one hotel's desk.",
    ),
    ChannelRule(
        prefix="board:",
        lane=Lane.LATEST,
        durable=False,
        keyed="handle",
        title="Counts for the operators' board: only the newest matters, of each hotel.",
    ),
    ChannelRule(
        prefix="typing:",
        lane=Lane.LATEST,
        durable=False,
        writable=True,
        keyed="key",
        title="Somebody is writing in a room, or has read so far: the newest of each key.",
    ),
    ChannelRule(
        prefix="looking:",
        lane=Lane.LATEST,
        durable=False,
        writable=True,
        keyed="key",
        title="Who of the staff looks at a room, writes in it or holds its draft; for them only.",
    ),
)


def channel_table() -> ChannelTable:
    return ChannelTable(RULES)
