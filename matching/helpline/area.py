"""The département of a postcode: all that is kept of where she is. Pure."""


def area_of_postcode(postcode: str) -> str:
    """The département; overseas they have three figures, Corsica two départements.

    >>> [area_of_postcode(it) for it in ("75011", "20090", "20200", "97411")]
    ['75', '2A', '2B', '974']
    """
    if postcode.startswith(("97", "98")):
        return postcode[:3]
    if postcode.startswith("20"):
        return "2A" if postcode < "20200" else "2B"
    return postcode[:2]
