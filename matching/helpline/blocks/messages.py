"""Blocks as supervisors and operators see them: reasons and dates, nobody's name."""

from datetime import datetime

from msgspec import Struct


class BlockView(Struct, frozen=True, omit_defaults=True):
    block: str
    reason: str
    at: datetime
    #: The operator who decided.
    by: str
    #: Null: without end.
    until: datetime | None


class Blocks(Struct, frozen=True):
    blocks: list[BlockView]


class Dropped(Struct, frozen=True):
    block: str
