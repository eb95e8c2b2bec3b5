"""Designs, short links, what is counted: their part of the pair 5. Frozen with it."""


def make_campaign() -> None:
    """Only new tables: programs of before know none of them."""


def drop_campaign() -> None:
    """Everything that they hold is lost."""
