"""Which posters of a campaign a file holds, and what is drawn on each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from programmes.campaign.lines import LineDrawn, Lines, Numbers
from programmes.campaign.posters.poster import Poster
from programmes.campaign.values import Design, Language, Link, Paper, Place

#: Every poster of a campaign, instead of a code or of a design in a language.
ALL = "all"
#: Sheets in one file: each takes a twentieth of a second of one core.
MOST_SHEETS = 120


def chosen(links: Sequence[Link], which: str) -> list[Link]:
    """The links of a code, of ``calme-fr``, or all of them."""
    if which == ALL:
        return list(links)
    return [it for it in links if which in {it.code, f"{it.design}-{it.language}"}]


@dataclass(frozen=True, slots=True)
class Printing:
    """What is the same on all posters of a file."""

    campaign: str
    origin: str
    paper: Paper


def line_at(lines: Lines, place: Place) -> LineDrawn | None:
    """The line that a poster draws: its own, or the first one that stops there."""
    named = [place.line] if place.line else (lines.lines_at(place.stop) if place.stop else ())
    return next((it for name in named if (it := lines.line(name, place.direction))), None)


def network_of(place: Place) -> str | None:
    """The network of a place; a venue has none."""
    name = place.line or place.stop
    return name.partition(":")[0] if name else None


def poster(of: Link, how: Printing, line: LineDrawn | None, numbers: Numbers) -> Poster:
    place = of.place
    if line is None and place.line_name:
        # The network is gone from here; the name is not.
        line = LineDrawn(line=place.line or "", name=place.line_name, colour="")
    return Poster(
        code=of.code,
        design=Design(of.design),
        language=Language(of.language),
        paper=how.paper,
        origin=how.origin,
        numbers=numbers,
        line=line,
        stop=place.stop,
        name=place.stop_name or place.venue,
        campaign=how.campaign,
    )
