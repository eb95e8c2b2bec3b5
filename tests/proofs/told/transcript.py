"""What one person is told during an evening, with ids replaced by their order of coming."""

import re
from dataclasses import dataclass, field

import msgspec

_MADE = re.compile(rb"made-\d{8}")


@dataclass
class Transcript:
    #: What was answered and pushed, as bytes, in order.
    lines: list[bytes] = field(default_factory=list)
    #: At which lines the exact place was given: those who may know are told it.
    places: list[int] = field(default_factory=list)

    def answered(self, command: str, answer: dict[str, object]) -> None:
        """Keep an answer, the exact place apart: that it was given must not differ either."""
        rest = dict(answer)
        if rest.pop("place", None) is not None:
            self.places.append(len(self.lines))
        self.lines.append(command.encode() + b" " + msgspec.json.encode(rest))

    def pushed(self, body: bytes) -> None:
        self.lines.append(b"push " + body)

    def normal(self) -> list[bytes]:
        """The same with each made-up id as its order of appearance to this person."""
        seen: dict[bytes, bytes] = {}

        def numbered(found: re.Match[bytes]) -> bytes:
            return seen.setdefault(found.group(), b"#%d" % len(seen))

        return [_MADE.sub(numbered, line) for line in self.lines]
