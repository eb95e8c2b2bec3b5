"""The door itself: sessions, what anyone may read, and one's own stream."""

from web.access.vocabulary import EVERYONE, SIGNED_IN, Relation, grant, table

DOOR = table(
    {
        "session": (grant(EVERYONE),),
        "session.ticket": (grant(SIGNED_IN),),
        "session.keep": (grant(SIGNED_IN),),
        # Leaving twice, or after the session has ended, still erases what the browser holds.
        "session.leave": (grant(EVERYONE),),
        "config": (grant(EVERYONE),),
        "me.state": (grant(SIGNED_IN),),
        "me.listen": (grant(SIGNED_IN, Relation.SELF),),
        # A page is an empty shell: what it shows comes from commands, which ask again.
        "page.open": (grant(EVERYONE),),
    }
)
