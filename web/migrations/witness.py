"""Alerts of witnesses and those who come: their part of the pair 5. Frozen with it."""


def make_witness() -> None:
    """Only new tables: programs of before know none of them."""


def drop_witness() -> None:
    """Everything that they hold is lost."""
