"""Moments as CAP writes them: with an offset in digits, never ``Z`` (CAP 1.2, 3.3.2). Pure."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.cap.refusals import Reason, Refused

#: What we write of our own is told in this zone.
PARIS = ZoneInfo("Europe/Paris")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z", re.ASCII)
_NOTHING = timedelta(0)


def moment(text: str, where: str) -> datetime:
    """A moment with its offset; ``Refused`` for whatever else.

    >>> moment("2026-11-26T10:00:00-00:00", "sent").isoformat()
    '2026-11-26T10:00:00+00:00'
    """
    if not _MOMENT.match(text):
        raise Refused(Reason.BAD_TIME, where)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused(Reason.BAD_TIME, where) from None


def written(at: datetime) -> str:
    """To the second, in its own offset; UTC is ``-00:00``, as the standard says.

    >>> from datetime import UTC
    >>> written(datetime(2026, 11, 26, 10, 0, tzinfo=UTC))
    '2026-11-26T10:00:00-00:00'
    >>> written(datetime(2026, 11, 26, 10, 0, tzinfo=UTC).astimezone(PARIS))
    '2026-11-26T11:00:00+01:00'
    """
    text = at.replace(microsecond=0).isoformat()
    return f"{text[:-6]}-00:00" if at.utcoffset() == _NOTHING else text


def ours(at: datetime) -> datetime:
    """A moment of ours, to the second, as we tell it: in the time of Paris.

    >>> from datetime import UTC
    >>> written(ours(datetime(2026, 7, 1, 10, 0, 0, 999_999, tzinfo=UTC)))
    '2026-07-01T12:00:00+02:00'
    """
    return at.astimezone(PARIS).replace(microsecond=0)
