"""Campaigns as use cases: made, looked at, ended; and where the letters on a poster lead."""

from collections.abc import Sequence
from datetime import datetime, time
from math import ceil, floor

from programmes.campaign import codes, store
from programmes.campaign.counting import Counting
from programmes.campaign.counts import store as counts
from programmes.campaign.counts.table import Told, told
from programmes.campaign.counts.verdict import judged
from programmes.campaign.days import PARIS, week, weeks_over
from programmes.campaign.drills import store as drills
from programmes.campaign.errors import CampaignEnded, NoPlace, UnknownCode, UnknownPlace
from programmes.campaign.lines import Lines
from programmes.campaign.messages import (
    CampaignMade,
    CampaignOver,
    CampaignRow,
    Campaigns,
    CampaignState,
    CellView,
    CodeRead,
    LinkView,
    PosterPlaceView,
    RatioView,
    TableView,
    VerdictView,
)
from programmes.campaign.rules import LEAST_BLOCKS, SMALL
from programmes.campaign.values import (
    Campaign,
    CampaignId,
    Code,
    Design,
    Language,
    Link,
    Place,
    What,
)
from realtime.kernel.errors import NotFound
from realtime.ledger import Reading, Transaction


class Campaigning:
    def __init__(self, lines: Lines, counting: Counting) -> None:
        self._lines = lines
        self.counting = counting

    async def create(
        self,
        tx: Transaction,
        *,
        name: str,
        designs: Sequence[Design],
        languages: Sequence[Language],
        places: Sequence[Place],
        actor: str,
    ) -> CampaignMade:
        """A link for each place, design and language. Places said twice are one."""
        new = Campaign(
            campaign=CampaignId(tx.ids()),
            name=name,
            designs=tuple(dict.fromkeys(designs)),
            languages=tuple(dict.fromkeys(languages)),
            by=actor,
            at=tx.now,
        )
        hung = list(dict.fromkeys(self._named(it) for it in places))
        wanted = [
            (number, design, language)
            for number in range(len(hung))
            for design in new.designs
            for language in new.languages
        ]
        printed = await _codes(tx, len(wanted))
        links = [(code, *it) for code, it in zip(printed, wanted, strict=True)]
        await store.put(tx.db, new, hung, links)
        tx.record(actor, "campaign.create", new.campaign)
        return CampaignMade(
            campaign=new.campaign,
            links=[
                LinkView(code=code, place=number, design=design, language=language)
                for code, number, design, language in links
            ],
        )

    async def end(self, tx: Transaction, name: CampaignId, *, actor: str) -> CampaignOver:
        """Nothing is counted any more; the posters that still hang lead where they led."""
        found = await _found(tx, name)
        if found.ended is not None:
            raise CampaignEnded
        await store.end(tx.db, name, tx.now)
        tx.record(actor, "campaign.end", name)
        return CampaignOver(campaign=name, ended=tx.now)

    async def list(self, reading: Reading) -> Campaigns:
        return Campaigns(
            campaigns=[
                CampaignRow(
                    campaign=it.campaign,
                    name=it.name,
                    at=it.at,
                    designs=list(it.designs),
                    languages=list(it.languages),
                    places=many,
                    ended=it.ended,
                )
                for it, many in await store.campaigns(reading.db)
            ]
        )

    async def state(self, reading: Reading, name: CampaignId) -> CampaignState:
        found = await _found(reading, name)
        places = await store.places(reading.db, name)
        sums = await counts.sums(reading.db, name)
        tables = {
            what: told(
                [(it.place, it.design, it.language, it.many) for it in sums if it.what is what],
                designs=found.designs,
                languages=found.languages,
                places=len(places),
            )
            for what in What
        }
        return CampaignState(
            campaign=name,
            name=found.name,
            at=found.at,
            designs=list(found.designs),
            languages=list(found.languages),
            places=[_place(it) for it in places],
            links=[
                LinkView(code=it.code, place=it.number, design=it.design, language=it.language)
                for it in await store.links(reading.db, name)
            ],
            taps=_table(tables[What.TAP]),
            reports=_table(tables[What.REPORT]),
            drills=await _drilled(reading, found),
            verdict=await _verdict(reading, found, len(places)),
            small=SMALL,
            ended=found.ended,
        )

    async def printed(self, reading: Reading, name: CampaignId) -> tuple[str, Sequence[Link]]:
        """A campaign's name, and all of its posters."""
        found = await _found(reading, name)
        return found.name, await store.links(reading.db, name)

    async def read(self, reading: Reading, text: str) -> CodeRead:
        """Where the letters on a poster lead: what is known of the place today."""
        code = codes.read(text)
        found = None if code is None else await store.find_link(reading.db, code)
        if found is None:
            raise UnknownCode
        of = found.place
        line = None if of.line is None else self._lines.line(of.line, of.direction)
        stop = None if of.stop is None else self._lines.stop_name(of.stop)
        return CodeRead(
            # What no network has any more is only a name.
            line=of.line if line else None,
            direction=of.direction if line else None,
            stop=of.stop if stop else None,
            stop_name=stop or of.stop_name or None,
            line_name=(line.name if line else of.line_name) or None,
            mode=(line.mode or None) if line else None,
            colour=(line.colour or None) if line else None,
            headsign=(line.headsign or None) if line and of.direction is not None else None,
            venue=of.venue or None,
        )

    def _named(self, of: Place) -> Place:
        """With the names of today, or ``UnknownPlace``."""
        if of.line is None and of.stop is None and not of.venue:
            raise NoPlace
        line = None if of.line is None else self._lines.line(of.line, of.direction)
        stop = None if of.stop is None else self._lines.stop_name(of.stop)
        if (of.line and line is None) or (of.stop and stop is None):
            raise UnknownPlace
        return Place(
            line=of.line,
            direction=of.direction,
            stop=of.stop,
            venue=of.venue,
            line_name=line.name if line else "",
            stop_name=stop or "",
        )


async def _found(reading: Reading, name: CampaignId) -> Campaign:
    found = await store.find(reading.db, name)
    if found is None:
        raise NotFound
    return found


async def _codes(tx: Transaction, many: int) -> list[Code]:
    """So many codes that nobody has printed."""
    made: dict[Code, None] = {}
    while len(made) < many:
        drawn = {codes.code_of(tx.ids()): None for _ in range(many - len(made))}
        used = await store.taken(tx.db, drawn)
        made.update({code: None for code in drawn if code not in used})
    return list(made)


async def _verdict(reading: Reading, of: Campaign, places: int) -> VerdictView:
    """By place, or by week where there are too few places to compare."""
    now = min(reading.now, of.ended or reading.now)
    until = weeks_over(of.at, now)
    taps = await counts.taps_before(reading.db, of.campaign, until)
    by_place = places >= LEAST_BLOCKS
    many = places if by_place else week(of.at, until)
    blocks = {design: [0] * many for design in of.designs}
    for it in taps:
        blocks[it.design][it.place if by_place else week(of.at, it.day)] += it.many
    found = judged(blocks)
    return VerdictView(
        word=found.word,
        until=datetime.combine(until, time(), PARIS),
        design=found.design,
        ratios=[
            # Outwards: what is said is never more than what is sure.
            RatioView(over=it.over, low=floor(it.low * 100) / 100, high=ceil(it.high * 100) / 100)
            for it in found.ratios
        ],
    )


async def _drilled(reading: Reading, of: Campaign) -> dict[Design, int]:
    """How many exercises there were, since it began, on lines where each design hangs."""
    hung = await store.hung_on(reading.db, of.campaign)
    begun = await drills.begun(reading.db, {line for _, line in hung}, of.at, of.ended)
    return {
        design: sum(many for line, many in begun.items() if (design, line) in hung)
        for design in of.designs
    }


def _place(of: Place) -> PosterPlaceView:
    return PosterPlaceView(
        line=of.line,
        direction=of.direction,
        stop=of.stop,
        venue=of.venue or None,
        line_name=of.line_name or None,
        stop_name=of.stop_name or None,
    )


def _table(of: Told) -> TableView:
    return TableView(
        cells=[
            CellView(design=design, language=language, many=many)
            for (design, language), many in sorted(of.cells.items())
        ],
        places=None if of.places is None else list(of.places),
    )
