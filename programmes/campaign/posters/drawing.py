"""A poster, drawn: which design, on which paper. Pure."""

from collections.abc import Callable, Mapping

from programmes.campaign.posters import calme, ensemble, ligne
from programmes.campaign.posters.pieces import Drawing
from programmes.campaign.posters.poster import Poster
from programmes.campaign.posters.shapes import Sheet
from programmes.campaign.values import Design

DESIGNS: Mapping[Design, Callable[[Drawing], None]] = {
    Design.CALME: calme.draw,
    Design.LIGNE: ligne.draw,
    Design.ENSEMBLE: ensemble.draw,
}


def drawn(poster: Poster) -> Sheet:
    """It takes some hundredths of a second: for a thread."""
    sheet = poster.sheet()
    DESIGNS[poster.design](Drawing(poster, sheet))
    return sheet
