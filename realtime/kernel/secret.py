"""Values that must not be printed, and the comparison that does not tell how close a guess was."""

import hmac


class Secret:
    """A text that shows itself only when asked, so that logs and tracebacks never hold it.

    >>> Secret("open sesame")
    Secret(***)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        return self._value

    def matches(self, guess: str) -> bool:
        return hmac.compare_digest(self._value.encode(), guess.encode())
