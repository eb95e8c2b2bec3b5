"""Looking for a service: by département, by what it is for, by words, by language, open now."""

from datetime import datetime

from matching.helpline.directory import store
from matching.helpline.directory.hours import is_open, opens_at, zone_of
from matching.helpline.directory.messages import Found, ServiceView
from matching.helpline.directory.values import Entry, folded
from realtime.ledger import Reading

#: Services in an answer…
PAGE = 50
#: …and looked at to find those that are open: hours are no business of the database.
LOOKED_AT = 500


class Directory:
    async def one(self, reading: Reading, service: str) -> Entry | None:
        """A service of the directory in use."""
        return await store.one(reading.db, service)

    async def find(
        self,
        reading: Reading,
        *,
        area: str | None = None,
        kind: str | None = None,
        words: str = "",
        language: str | None = None,
        open_now: bool = False,
    ) -> Found:
        """Those of the département first, then those for everyone, in the order of the file.

        Whose hours are not known is found too when one asks for what is open: shown as unknown.
        """
        entries = await store.find(
            reading.db,
            area=area,
            kind=kind,
            words=folded(words).split(),
            language=language,
            limit=LOOKED_AT if open_now else PAGE + 1,
        )
        views = [_view(it, reading.now) for it in entries]
        if open_now:
            views = [it for it in views if it.open is not False]
        edition = await store.in_use(reading.db)
        return Found(
            found=views[:PAGE],
            more=len(views) > PAGE,
            loaded_at=None if edition is None else edition.at,
        )


def _view(it: Entry, now: datetime) -> ServiceView:
    return ServiceView(
        service=it.service,
        name=it.name,
        kinds=list(it.kinds),
        areas=list(it.areas),
        phones=list(it.phones),
        open=is_open(it, now),
        organisation=it.organisation,
        about=it.about,
        eligibility=it.eligibility,
        cost=it.cost,
        url=it.url,
        city=it.city,
        languages=list(it.languages),
        opens_at=opens_at(it, now),
        hours=list(it.hours),
        hours_text=it.hours_text,
        zone=str(zone_of(it.areas)),
    )
