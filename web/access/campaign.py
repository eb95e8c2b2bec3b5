"""Posters: made by those who run the association's work, read by everyone who stands there."""

from web.access.vocabulary import EVERYONE, Role, grant, table

#: They make campaigns and exercises; an operator who answers alerts has no use for the figures.
CAMPAIGNERS = frozenset({Role.SUPERVISOR, Role.ADMIN})

CAMPAIGN = table(
    {
        "campaign.create": (grant(CAMPAIGNERS),),
        "campaign.list": (grant(CAMPAIGNERS),),
        "campaign.state": (grant(CAMPAIGNERS),),
        "campaign.end": (grant(CAMPAIGNERS),),
        "campaign.poster": (grant(CAMPAIGNERS),),
        "campaign.drill": (grant(CAMPAIGNERS),),
        "campaign.undrill": (grant(CAMPAIGNERS),),
        "campaign.drills": (grant(CAMPAIGNERS),),
        # What is printed on a wall is no secret.
        "transit.code": (grant(EVERYONE),),
    }
)
