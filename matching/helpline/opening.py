"""Whether a line is open: what a supervisor said while it holds, else its offices' hours. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from matching.helpline.hours import Office, is_open, opens_at


class Line(Protocol):
    @property
    def open(self) -> bool | None: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def offices(self) -> Sequence[Office]: ...


def said(line: Line, now: datetime) -> bool | None:
    """The supervisor's word, while it holds."""
    return None if line.until is not None and line.until <= now else line.open


def is_line_open(line: Line, now: datetime) -> bool:
    word = said(line, now)
    return is_open(line.offices, now) if word is None else word


def line_opens_at(line: Line, now: datetime) -> datetime | None:
    """When it opens next; None: it is open, or nobody can say."""
    if is_line_open(line, now):
        return None
    if said(line, now) is False:
        return None if line.until is None else opens_at(line.offices, line.until)
    return opens_at(line.offices, now)
