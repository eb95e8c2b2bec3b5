"""Exercises as they travel."""

from msgspec import Struct


class ScriptView(Struct, frozen=True):
    script: str
    title: dict[str, str]
    about: dict[str, str]
    points: dict[str, list[str]]
    language: str
    turns: int


class Scripts(Struct, frozen=True):
    scripts: list[ScriptView]


class PracticeBegun(Struct, frozen=True):
    """A chat like any other, for this operator alone; ``line.state`` lists it among ``mine``."""

    chat: str
    room: str
    script: str
