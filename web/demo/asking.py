"""Asking again while that can help: what every simulated phone does with a line that comes back."""

import asyncio
import logging
from random import Random

from web.demo.api import Json, Refused, client_id
from web.demo.line import Line, LineDown
from web.demo.people import Personality

log = logging.getLogger(__name__)

ATTEMPTS = 6


async def insist(line: Line, method: str, asked: Json, random: Random) -> Json | None:
    """The answer; None when it was refused for good, or no line was there for a long while."""
    for attempt in range(ATTEMPTS):
        try:
            return await line.call(method, asked)
        except Refused as refused:
            if not refused.temporary:
                log.info("%s was refused: %s", method, refused.name)
                return None
        except LineDown:
            pass
        await asyncio.sleep(random.uniform(0.5, 1.0) * (attempt + 1))
    return None


def application(person: Personality, random: Random) -> Json:
    """What somebody who wants to help says of herself."""
    return {
        "id": client_id(random),
        "name": person.name,
        "skills": list(person.skills),
        "languages": list(person.languages),
        "charter": True,
    }
