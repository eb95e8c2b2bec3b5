"""Helpers: who may apply, vet, and go on duty; and the silent exclusion list."""

from web.access.vocabulary import CITIZENS, VETTERS, Relation, grant, table

HELPERS = table(
    {
        "helper.apply": (grant(CITIZENS),),
        "helper.pending": (grant(VETTERS),),
        "helper.approve": (grant(VETTERS),),
        "helper.refuse": (grant(VETTERS),),
        "helper.duty": (grant(CITIZENS, Relation.HELPER),),
        # Whoever is not on duty is not heard, and is not told so (DESIGN 7).
        "helper.move": (grant(CITIZENS),),
        "helper.prefer": (grant(CITIZENS, Relation.HELPER),),
        "exclude.add": (grant(CITIZENS),),
        "exclude.clear": (grant(CITIZENS),),
    }
)
