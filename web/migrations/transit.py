"""Lines, stops and shapes of networks: their part of the pair 5. Frozen with it."""


def make_transit() -> None:
    """Only new tables: programs of before know none of them."""


def drop_transit() -> None:
    """Everything that they hold is lost."""
