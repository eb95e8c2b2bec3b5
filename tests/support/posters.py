"""Posters as they are printed and looked at: real names, pages rendered, codes read."""

import csv
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

from programmes.campaign.lines import LineDrawn, Numbers
from programmes.campaign.posters.drawing import drawn
from programmes.campaign.posters.paper import MARGIN, as_pdf
from programmes.campaign.posters.poster import Poster
from programmes.campaign.posters.shapes import Area
from programmes.campaign.values import Code, Design, Language, Paper
from tests.support.pure_files import ROOT

DATA = ROOT.parent / "shared" / "data" / "transit"
MADE = datetime(2026, 11, 26, tzinfo=UTC)
ORIGIN = "https://entraide.example"
IDF = Numbers(call="3117", sms="31177")
ELSEWHERE = Numbers(call="17", sms="114")
EVERY = list(itertools.product(Design, Paper, Language))
#: 300 dots an inch: dots of a millimetre.
DOTS = 300 / 25.4
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@cache
def real_names() -> tuple[str, ...]:
    """Every stop's name of the imports, the longest first."""
    names: set[str] = set()
    for name in sorted(DATA.glob("gtfs_*/stops.txt")):
        names |= {row["stop_name"] for row in _rows(name, ",")}
    names |= {row["nom_ZdC"] for row in _rows(DATA / "idf_emplacement_des_gares_2026.csv", ";")}
    return tuple(sorted(names - {""}, key=lambda it: (-len(it), it)))


def _rows(file: Path, delimiter: str) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened, delimiter=delimiter)


def poster(
    design: Design,
    paper: Paper,
    language: Language,
    *,
    name: str = "Gare du Nord",
    line: str | None = "T3a",
    colour: str = "0055C8",
    stops: tuple[str, ...] = (),
    numbers: Numbers = IDF,
    origin: str = ORIGIN,
) -> Poster:
    """``stops``: those of the line in order; the poster hangs at the one called ``name``."""
    known = tuple((f"x:{n}", it) for n, it in enumerate(stops))
    return Poster(
        code=Code("fmpxfwr"),
        design=design,
        language=language,
        paper=paper,
        origin=origin,
        numbers=numbers,
        line=None if line is None else LineDrawn(line="x:1", name=line, colour=colour, stops=known),
        stop=next((it for it, called in known if called == name), None),
        name=name,
        campaign="Automne",
    )


def pdf(of: Poster) -> bytes:
    return as_pdf([drawn(of)], made=MADE)


def rendered(data: bytes, *, dots: float = DOTS) -> Image.Image:
    """The first page, in so many dots a millimetre."""
    document = pypdfium2.PdfDocument(data)
    try:
        page: Image.Image = document[0].render(scale=dots * 25.4 / 72).to_pil()
        return page.convert("RGB")
    finally:
        document.close()


def around_code(page: Image.Image, code: Area, *, dots: float = DOTS) -> Image.Image:
    """The code and its quiet zone, nothing else."""
    edges = (code.x + MARGIN, code.y + MARGIN, code.right + MARGIN, code.bottom + MARGIN)
    return page.crop(tuple(round(it * dots) for it in edges))  # type: ignore[arg-type]


def read(picture: Image.Image) -> list[str]:
    """What a decoder reads in it."""
    found = zxingcpp.read_barcodes(picture, formats=QR)
    return [it.text for it in found]


def level(picture: Image.Image) -> str:
    """The error correction of the code in it."""
    (found,) = zxingcpp.read_barcodes(picture, formats=QR)
    return str(found.ec_level)
