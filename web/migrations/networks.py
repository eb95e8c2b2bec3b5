"""What goes to networks, service alerts, warnings: their part of the pair 5. Frozen with it."""


def make_networks() -> None:
    """Only new tables: programs of before know none of them."""


def drop_networks() -> None:
    """Everything that they hold is lost."""
