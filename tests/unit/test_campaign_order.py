"""Which posters a file holds, and what each of them draws."""

import pytest

from programmes.campaign.lines import LineDrawn, Numbers
from programmes.campaign.posters import order
from programmes.campaign.values import CampaignId, Code, Design, Language, Link, Paper, Place

TRAM = LineDrawn(line="n:T1", name="T1")
NUMBERS = Numbers(call="3117")
HOW = order.Printing(campaign="Hiver", origin="https://entraide.example", paper=Paper.A6)


class OneTram:
    """A network of one tram, which goes one way."""

    def line(self, line: str, direction: int | None = None) -> LineDrawn | None:
        return TRAM if line == TRAM.line and direction != 1 else None

    def stop_name(self, stop: str) -> str | None:
        return None

    def lines_at(self, stop: str) -> list[str]:
        return ["n:gone", TRAM.line] if stop == "n:a" else []


def link(code: str, place: Place, design: Design = Design.LIGNE) -> Link:
    return Link(
        code=Code(code),
        campaign=CampaignId("c1"),
        number=0,
        place=place,
        design=design,
        language=Language.FR,
    )


def test_one_of_them_or_a_design_or_all() -> None:
    links = [link("aaaaaaa", Place()), link("bbbbbbb", Place(), Design.CALME)]

    assert order.chosen(links, order.ALL) == links
    assert order.chosen(links, "aaaaaaa") == links[:1]
    assert order.chosen(links, "calme-fr") == links[1:]
    assert order.chosen(links, "calme-en") == []


@pytest.mark.parametrize(
    ("place", "line", "network"),
    [
        (Place(line="n:T1"), TRAM, "n"),
        (Place(line="n:T1", direction=1), None, "n"),
        (Place(stop="n:a"), TRAM, "n"),
        (Place(stop="n:b"), None, "n"),
        (Place(venue="Le Balto"), None, None),
    ],
)
def test_a_place_has_its_line_or_the_first_that_stops_there(
    place: Place, line: LineDrawn | None, network: str | None
) -> None:
    assert order.line_at(OneTram(), place) == line
    assert order.network_of(place) == network


def test_a_line_that_is_gone_is_still_called_by_its_name() -> None:
    there = Place(line="n:T9", line_name="T9", stop="n:a", stop_name="Gare")

    gone = order.poster(link("aaaaaaa", there), HOW, None, NUMBERS)
    drawn = order.poster(link("aaaaaaa", Place(venue="Le Balto")), HOW, None, NUMBERS)

    assert gone.line == LineDrawn(line="n:T9", name="T9")
    assert gone.name == "Gare"
    assert drawn.line is None
    assert drawn.name == "Le Balto"
