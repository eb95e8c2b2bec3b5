"""Stops asking a service that has just failed, for a moment: whoever needs it goes on without."""


class Circuit:
    """Closed: it is asked. Open: it is not, until the moment given is over.

    Times are seconds of any steady clock.
    """

    def __init__(self, rest_s: float = 1.0) -> None:
        self._rest = rest_s
        self._until: float | None = None
        #: How often it has failed.
        self.failures = 0

    def may_ask(self, at: float) -> bool:
        """Whether to ask now.

        >>> circuit = Circuit(rest_s=1.0)
        >>> circuit.failed(10.0)
        >>> circuit.may_ask(10.9), circuit.may_ask(11.0)
        (False, True)
        """
        return self._until is None or at >= self._until

    def failed(self, at: float) -> None:
        self.failures += 1
        self._until = at + self._rest
