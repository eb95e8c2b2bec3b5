"""Opens what wakes phones: the keys, the calls to push services, the gateway's.

Without a contact there is none of it in production, and dispatch knows only who has a page open.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from matching.reach.service import Reach
from realtime.push.outgoing import Outgoing
from realtime.push.sender import Sender
from realtime.push.vapid import Vapid
from realtime.push.webhook import Webhook
from web.durable import Durable
from web.keys import make_key, read_key
from web.push_settings import NOBODY
from web.settings import BadSettings, Settings


@asynccontextmanager
async def reaching(settings: Settings, durable: Durable) -> AsyncGenerator[Reach]:
    """What wakes phones, for as long as the block lasts."""
    if not settings.pushes(production=settings.production):
        yield Reach(durable.ledger)
        return
    push, sms = await asyncio.to_thread(_keys, settings)
    clock, calls, texts = durable.clock, Outgoing(durable.clock), Outgoing(durable.clock)
    vapid = Vapid(push, settings.push_contact or NOBODY)
    webhook = None
    if sms is not None:
        webhook = Webhook(settings.sms_webhook, sms, texts, clock)
    async with calls.running(), nullcontext() if webhook is None else texts.running():
        yield Reach(durable.ledger, Sender(vapid, settings.hosts, calls, clock), webhook)


def _keys(settings: Settings) -> tuple[bytes, bytes | None]:
    """For pushes, and for text messages if they are sent: made in development."""
    push = _key(settings, settings.push_key_file(settings.data_dir))
    if not settings.sms_webhook:
        return push, None
    return push, _key(settings, settings.sms_key_file(settings.data_dir))


def _key(settings: Settings, file: Path) -> bytes:
    try:
        return read_key(file) if settings.production else make_key(file)
    except OSError:
        raise BadSettings(["the keys' folder cannot be made, or written to"]) from None
