"""Names that stand for a hotel without naming it. Pure.

An *option* stands for a kind of room in one need, and for nothing in any other: whoever collects
options collects noise. It changes with the need's ``generation``, the number of its holds that
ended an hour ago or more, so that what was offered before is worth nothing then. A *handle* stands
for a hotel on the operators' board: always the same, and leads nowhere.
"""

import hashlib
import hmac
import json

from matching.shelter.values import HotelId, KindId, NeedId

#: 128 bits, in hexadecimal.
LENGTH = 32


class Tokens:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def option(self, need: NeedId, generation: int, hotel: HotelId, kind: KindId) -> str:
        return self._made("option", need, str(generation), hotel, kind)

    def handle(self, hotel: HotelId) -> str:
        return self._made("handle", hotel)

    def same(self, said: str, option: str) -> bool:
        """Compared in the same time whatever they are."""
        return hmac.compare_digest(said.encode(), option.encode())

    def _made(self, *parts: str) -> str:
        # JSON, so that no choice of names makes two different lists read alike.
        text = json.dumps(parts).encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:LENGTH]
