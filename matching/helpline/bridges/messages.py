"""Bridges as they travel: her answer and what became of it, never where."""

from datetime import datetime

from msgspec import Struct

from matching.helpline.bridges.sheets import Sheet


class BridgeView(Struct, frozen=True, omit_defaults=True):
    """One question put to her in a room."""

    bridge: str
    #: ``shelter``, ``help`` or ``sheet``.
    kind: str
    #: ``asked``, ``yes``, ``no`` or ``over``.
    state: str
    at: datetime
    until: datetime
    answered_at: datetime | None = None
    #: What has become of the need or the alert.
    outcome: str | None = None
    #: What the hotel calls her, once a room is held.
    alias: str | None = None
    #: The need or the alert itself: hers.
    subject: str | None = None


class BridgeAsking(Struct, frozen=True):
    bridge: str
    state: str
    until: datetime


class BridgeAnswered(Struct, frozen=True, omit_defaults=True):
    bridge: str
    state: str
    #: The need or the alert that was recorded in the same transaction.
    need: str | None = None
    alert: str | None = None
    room: str | None = None
    sheet: Sheet | None = None


class Bridges(Struct, frozen=True):
    bridges: list[BridgeView]


class SheetName(Struct, frozen=True):
    sheet: str
    #: Language by language.
    titles: dict[str, str]


class SheetNames(Struct, frozen=True):
    sheets: list[SheetName]
