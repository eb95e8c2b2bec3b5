"""Mirrored warnings as use cases: taken from feeds and files, listed, forgotten when expired."""

from collections.abc import Sequence

from alerts.cap.values import Message
from alerts.networks.messages import WarningList, WarningView
from alerts.networks.rules import WARNINGS_MOST
from alerts.networks.warnings import store
from alerts.networks.warnings.mirror import Mirrored, Shown, mirrored
from realtime.ledger import Reading, Transaction

#: Under which name a file's warnings are kept.
FROM_FILE = "file"


class Warnings:
    async def take(
        self,
        tx: Transaction,
        feed: str,
        found: Sequence[tuple[Message, str]],
        *,
        missed: Sequence[str] | None = None,
    ) -> Mirrored:
        """Keep what is to be shown of these messages, each with the address where it is said.

        ``missed``: they are all that the feed lists, but for what could not be had at these
        addresses: whatever it listed before goes. None: they are not all that there is.
        """
        made = mirrored(found, tx.now)
        shown = made.shown[:WARNINGS_MOST]
        await store.put(tx.db, feed, shown)
        await store.drop(tx.db, feed, made.over)
        if missed is not None:
            ids = [it.id for it in shown]
            await store.drop_others(tx.db, feed, ids=ids, urls=list(missed)[:WARNINGS_MOST])
        return made

    async def forget(self, tx: Transaction) -> None:
        await store.drop_expired(tx.db, tx.now)

    async def list(self, reading: Reading, language: str) -> WarningList:
        found = await store.standing(reading.db, reading.now)
        return WarningList([_view(it, language) for it in found])


def _view(it: Shown, language: str) -> WarningView:
    """In that language when its authority speaks it, else in the first that it speaks."""
    said = next((each for each in it.said if each.language.startswith(language)), it.said[0])
    return WarningView(
        id=it.identifier,
        sender=it.sender,
        sent=it.sent,
        event=said.event,
        headline=said.headline,
        area=said.area,
        expires=it.expires,
        source_url=it.source_url,
        language=said.language,
        severity=said.severity,
    )
