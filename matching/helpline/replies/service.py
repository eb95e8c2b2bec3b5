"""The replies of a line: ours, as a supervisor changed them, each with how often it was used."""

from collections.abc import Iterable

from matching.helpline.replies import store
from matching.helpline.replies.errors import TooManyReplies
from matching.helpline.replies.messages import Replies, ReplyView
from matching.helpline.replies.ours import Ours
from matching.helpline.replies.variables import VARIABLES, variables_of
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: Set by supervisors, of one line, in all languages together.
MOST = 300
_Key = tuple[str, str]


class CannedReplies:
    def __init__(self, ours: Iterable[Ours]) -> None:
        self._ours: dict[_Key, tuple[str, str]] = {
            (each.name, language): (each.title.get(language, each.title["fr"]), text)
            for each in ours
            for language, text in each.text.items()
        }

    async def all_of(self, reading: Reading, line: str) -> Replies:
        """Ours first, in the order in which a conversation goes; then the association's own."""
        rows = {(it.name, it.language): it for it in await store.all_of(reading.db, line)}
        own = sorted(key for key, it in rows.items() if it.set_at and key not in self._ours)
        shown = [self._view(key, rows.get(key)) for key in [*self._ours, *own]]
        return Replies(replies=[it for it in shown if it is not None], variables=list(VARIABLES))

    def _view(self, key: _Key, row: store.Row | None) -> ReplyView | None:
        """One reply, or None when a supervisor has taken it away."""
        title, text = self._ours.get(key, ("", None))
        changed = row is not None and row.set_at is not None
        if row is not None and changed:
            title, text = row.title or title, row.text
        if text is None:
            return None
        return ReplyView(
            name=key[0],
            language=key[1],
            title=title,
            text=text,
            variables=variables_of(text),
            uses=0 if row is None else row.uses,
            ours=not changed,
        )

    async def set(
        self,
        tx: Transaction,
        actor: PersonId,
        line: str,
        *,
        name: str,
        language: str,
        title: str,
        text: str,
    ) -> ReplyView:
        key = (name, language)
        variables_of(text)
        rows = await store.all_of(tx.db, line)
        others = [it for it in rows if it.text is not None and (it.name, it.language) != key]
        if len(others) >= MOST:
            raise TooManyReplies
        await store.put(tx.db, line, name, language, title=title, text=text, at=tx.now)
        tx.record(actor, "reply.set", f"{line}/{name}/{language}")
        return await self._found(tx, line, key)

    async def drop(
        self, tx: Transaction, actor: PersonId, line: str, name: str, language: str
    ) -> None:
        """Take a reply away. Ours too: whoever answers for the line has the last word."""
        await self._found(tx, line, (name, language))
        await store.put(tx.db, line, name, language, title=None, text=None, at=tx.now)
        tx.record(actor, "reply.drop", f"{line}/{name}/{language}")

    async def used(self, tx: Transaction, line: str, name: str, language: str) -> ReplyView:
        """An operator has inserted it. Who, and in which chat, is not kept."""
        await self._found(tx, line, (name, language))
        await store.use(tx.db, line, name, language)
        return await self._found(tx, line, (name, language))

    async def _found(self, reading: Reading, line: str, key: _Key) -> ReplyView:
        rows = await store.all_of(reading.db, line)
        row = next((it for it in rows if (it.name, it.language) == key), None)
        view = self._view(key, row)
        if view is None:
            raise NotFound
        return view
