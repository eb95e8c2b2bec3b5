"""Posters: read by a decoder, set within their boxes, ready for a printer."""

import re
import zlib
from itertools import combinations

import pypdfium2
import pytest

from programmes.campaign.errors import PosterTooSmall
from programmes.campaign.posters import colours
from programmes.campaign.posters.colours import BLACK, VISIBLE, WHITE, Ink, contrast
from programmes.campaign.posters.drawing import drawn
from programmes.campaign.posters.faces import regular
from programmes.campaign.posters.letters import SOFT
from programmes.campaign.posters.linemap import shown
from programmes.campaign.posters.paper import MARGIN, as_office
from programmes.campaign.posters.picture import as_svg
from programmes.campaign.posters.poster import BLEED, SAFE, SIZES, Poster
from programmes.campaign.posters.setting import ELLIPSIS, Style, fitted
from programmes.campaign.posters.shapes import Box, Disc, Modules, Sheet, Words
from programmes.campaign.values import Design, Language, Paper
from tests.support.posters import (
    ELSEWHERE,
    EVERY,
    MADE,
    around_code,
    level,
    pdf,
    poster,
    read,
    real_names,
    rendered,
)

#: The code itself, without its quiet zone, in millimetres.
LEAST_CODE = {Paper.A4: 25.0, Paper.A6: 20.0}
#: Modules of quiet on each side (ISO/IEC 18004); and the smallest that is printed, in millimetres.
QUIET, LEAST_MODULE = 4, 0.5
#: What a code leads to.
READ = "HTTPS://ENTRAIDE.EXAMPLE/T/FMPXFWR"
ALL = pytest.mark.parametrize(("design", "paper", "language"), EVERY)
#: Real names tried on each design and paper: the longest of all.
NAMES = 24


@ALL
def test_a_decoder_reads_the_code(design: Design, paper: Paper, language: Language) -> None:
    of = poster(design, paper, language)
    page = rendered(pdf(of), dots=6)
    code = drawn(of).code
    assert code is not None

    assert read(page) == [READ]
    assert level(page) == "H"
    # Small, as from further away: two dots a module.
    modules = code.w / matrix_size(drawn(of))
    small = rendered(pdf(of), dots=2 / modules)
    assert read(small) == [READ]


@ALL
def test_a_code_with_a_corner_covered_is_still_read(
    design: Design, paper: Paper, language: Language
) -> None:
    of = poster(design, paper, language)
    code = drawn(of).code
    assert code is not None
    picture = around_code(rendered(pdf(of)), code)
    side = picture.width
    quiet = round(QUIET * side / matrix_size(drawn(of)))

    # A sticker on a quarter of its width and height, where no eye is.
    covered = round((side - 2 * quiet) * 0.34)
    picture.paste((200, 30, 30), (side - quiet - covered, side - quiet - covered, side, side))

    assert read(picture) == [READ]


def matrix_size(sheet: Sheet) -> float:
    """Modules from edge to edge, the quiet ones too."""
    (modules,) = (it for it in sheet.shapes if isinstance(it, Modules))
    assert sheet.code is not None
    return sheet.code.w / modules.size


@ALL
def test_the_code_is_large_and_quiet_enough(
    design: Design, paper: Paper, language: Language
) -> None:
    sheet = drawn(poster(design, paper, language))
    (modules,) = (it for it in sheet.shapes if isinstance(it, Modules))
    assert sheet.code is not None
    wide = max(x + many for x, _, many in modules.runs)

    assert wide * modules.size >= LEAST_CODE[paper]
    assert modules.size >= LEAST_MODULE
    assert modules.x - sheet.code.x >= QUIET * modules.size - 1e-9
    assert sheet.code.right - (modules.x + wide * modules.size) >= QUIET * modules.size - 1e-9
    assert 0 == min(x for x, _, _ in modules.runs) == min(y for _, y, _ in modules.runs)


def overflows(of: Poster) -> list[str]:
    """Everything that is wrong with how the text of a poster stands."""
    sheet, safe = drawn(of), of.safe
    texts = [it for it in sheet.texts() if it.text.strip()]
    wrong = [f"outside: {it.text}" for it in texts if not safe.holds(it.area, it.size / 6)]
    wrong += [f"cut: {it.text}" for it in texts if ELLIPSIS in it.text or SOFT in it.text]
    wrong += [f"unknown letter: {it.text}" for it in texts if "?" in it.text.replace("\u00a0?", "")
              and of.language is Language.FR]  # fmt: skip
    wrong += [
        f"over each other: {one.text} | {other.text}"
        for one, other in combinations(texts, 2)
        if inner(one).meets(inner(other))
    ]
    code = sheet.code
    assert code is not None
    wrong += [f"in the quiet zone: {it.text}" for it in texts if inner(it).meets(code)]
    if not safe.holds(code, 4.0):
        wrong.append("the code is at the edge")
    wrong += [
        f"too small: {it.text}" for it in texts if it.size < (3.1 if of.paper is Paper.A4 else 2.0)
    ]
    return wrong


def inner(of: Words):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A line's box without the hair's breadth that accents may share with tails."""
    return of.area.within(of.size * 0.03)


@ALL
def test_everything_stands_within_its_box(design: Design, paper: Paper, language: Language) -> None:
    longest = real_names()[0]
    for of in (
        poster(design, paper, language),
        poster(design, paper, language, stops=real_names()[:15], name=real_names()[7]),
        poster(design, paper, language, stops=real_names()[40:60], name=""),
        poster(design, paper, language, name=longest, line="Transilien H", numbers=ELSEWHERE),
        poster(design, paper, language, name=longest, line=None),
        poster(design, paper, language, name=longest, line="Navette Fluviale", colour=""),
        poster(design, paper, language, name="", line="123"),
        poster(design, paper, language, origin="https://entraide.association-des-temoins.fr"),
    ):
        assert overflows(of) == []


@pytest.mark.parametrize(("design", "paper"), [(d, p) for d in Design for p in Paper])
def test_the_longest_real_names_fit(design: Design, paper: Paper) -> None:
    names = real_names()
    assert len(names) > 2_000

    for n, name in enumerate(names[:NAMES]):
        around = (*names[n + 1 : n + 4], name, *names[n + 4 : n + 8])
        of = poster(design, paper, Language.FR, name=name, line="RER D", stops=around)
        assert overflows(of) == [], name


def test_every_real_name_can_be_printed() -> None:
    for design in Design:
        for name in real_names()[NAMES::150]:
            of = poster(design, Paper.A6, Language.FR, name=name)
            assert overflows(of) == [], name


def under(sheet: Sheet, of: Words) -> list[Ink]:
    """The inks on which a line of text stands, sampled along it."""
    area, found = of.area, []
    before = sheet.shapes[: sheet.shapes.index(of)]
    for share in (0.02, 0.25, 0.5, 0.75, 0.98):
        x, y = area.x + share * area.w, of.y - of.size * 0.3
        ink = WHITE
        for shape in before:
            match shape:
                case Box(box, its, _) if box.x <= x <= box.right and box.y <= y <= box.bottom:
                    ink = its
                case Disc(cx, cy, r, its) if (x - cx) ** 2 + (y - cy) ** 2 <= r * r:
                    ink = its
        found.append(ink)
    return found


@pytest.mark.parametrize("colour", ["0055C8", "FFCD00", "", "FFFFFF", "000000", "A0006E", "82C8E6"])
def test_everything_can_be_read_on_what_is_under_it(colour: str) -> None:
    for design, paper, language in EVERY:
        sheet = drawn(poster(design, paper, language, colour=colour))
        for words in sheet.texts():
            # Large, as W3C says it: 18 points, or 14 in bold.
            large = words.size > (4.94 if "Bold" in words.face.name else 6.35)
            for ink in under(sheet, words):
                least = VISIBLE if large else 4.5
                assert contrast(words.ink, ink) >= least, (design, paper, words.text)


@ALL
def test_a_printer_finds_its_boxes_fonts_and_inks(
    design: Design, paper: Paper, language: Language
) -> None:
    data = pdf(poster(design, paper, language))
    w, h = SIZES[paper]
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    millimetre = 72 / 25.4
    assert page.get_mediabox() == pytest.approx(
        (0, 0, (w + 2 * MARGIN) * millimetre, (h + 2 * MARGIN) * millimetre), abs=0.02
    )
    for box, edge in ((page.get_trimbox(), MARGIN), (page.get_bleedbox(), MARGIN - BLEED)):
        far = (w + 2 * MARGIN - edge, h + 2 * MARGIN - edge)
        assert box == pytest.approx(
            (edge * millimetre, edge * millimetre, far[0] * millimetre, far[1] * millimetre),
            abs=0.02,
        )
    document.close()

    assert data.count(b"/FontFile2") == 2
    assert not re.search(rb"/Type1\b", data)
    assert b"/Image" not in data.replace(b"/ImageB", b"").replace(b"/ImageC", b"").replace(
        b"/ImageI", b""
    )
    assert b"/DeviceRGB" not in data
    assert b"/Transparency" not in data
    for stream in drawing_in(data):
        assert not re.search(rb"\b(rg|RG)\b", stream)
        assert re.search(rb"\bk\b", stream)


def drawing_in(data: bytes) -> list[bytes]:
    """What draws the pages, unpacked."""
    found = [
        zlib.decompress(it)
        for it in re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", data, re.DOTALL)
    ]
    return [it for it in found if b" re" in it and b"BT" in it]


@ALL
def test_colours_go_beyond_the_cut_and_marks_do_not_reach_it(
    design: Design, paper: Paper, language: Language
) -> None:
    page = rendered(pdf(poster(design, paper, language)), dots=10)
    w, h = SIZES[paper]

    def at(x: float, y: float) -> tuple[int, ...]:
        return page.getpixel((round((x + MARGIN) * 10), round((y + MARGIN) * 10)))  # type: ignore[return-value]

    for x, y in ((-2.5, 20), (w + 2.5, 20), (w / 2, -2.5), (20, -2.5)):
        inside = at(min(max(x, 0.5), w - 0.5), max(y, 0.5))
        assert at(x, y) == inside != (255, 255, 255)
    # Beyond the bleed there is paper; the marks begin after it.
    assert at(w / 2, -3.4) == at(-3.4, h / 2) == (255, 255, 255)
    assert at(0, -6) != (255, 255, 255)
    assert at(0, -6)[0] < 160


def test_the_picture_on_a_screen_is_the_poster_that_is_printed() -> None:
    of = poster(Design.LIGNE, Paper.A4, Language.FR, stops=real_names()[:9], name=real_names()[3])

    svg = as_svg(drawn(of)).decode()

    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">')
    assert len(svg) < 80_000
    assert "<text" not in svg
    assert "style=" not in svg
    assert svg.count("<circle") == sum(isinstance(it, Disc) for it in drawn(of).shapes)


def test_letters_that_we_do_not_have_are_said_nearly() -> None:
    face = regular()

    assert face.printable("Łódź – Šiška") == "?ódz – Siska"
    assert face.printable("東京 l'Hay\u202fles") == "?? l’Hay\u00a0les"


def test_what_does_not_fit_at_the_smallest_is_cut_and_says_so() -> None:
    style = Style(face=regular(), ink=BLACK, size=10, least=5, lines=2)

    done = fitted(style, "trop long pour cette boîte " * 9, width=40, height=20)

    assert done.cut
    assert len(done.lines) == 2
    assert done.lines[-1].endswith(ELLIPSIS)
    assert all(style.face.width(line) * done.size <= 40 for line in done.lines)
    assert fitted(style, "W" * 40, width=40, height=20).lines[0].endswith(ELLIPSIS)


def test_no_spot_takes_too_much_ink() -> None:
    for name, ink in vars(colours).items():
        if isinstance(ink, Ink) and name != "REGISTRATION":
            assert ink.total <= 3, name


def test_a_name_is_no_markup() -> None:
    of = poster(Design.CALME, Paper.A4, Language.FR, name="<script>&</script>")

    assert b"<script" not in as_svg(drawn(of))
    assert overflows(of) == []


def test_four_stickers_share_an_office_sheet() -> None:
    sheets = [drawn(poster(d, Paper.A6, Language.FR)) for d in (*Design, *Design)]
    document = pypdfium2.PdfDocument(as_office(sheets, made=MADE))

    assert len(document) == 2
    assert document[0].get_size() == pytest.approx((595.28, 841.89), abs=0.02)
    picture = document[0].render(scale=3).to_pil()
    assert sorted(read(picture)) == [READ] * 4
    document.close()


def test_an_address_too_long_for_a_phone_is_refused() -> None:
    of = poster(
        Design.CALME, Paper.A6, Language.FR, origin="https://" + "entraide." * 20 + "example"
    )

    with pytest.raises(PosterTooSmall):
        drawn(of)


def test_the_stops_around_one_are_shown_with_both_ends() -> None:
    line = [(str(n), f"A{n}") for n in range(30)]

    for here in range(30):
        found = shown(line, str(here), f"A{here}", 9)
        assert [it.name for it in found if it.here] == [f"A{here}"]
        assert len(found) <= 9
        assert (found[0].name, found[-1].name) == ("A0", "A29")
        assert not found[0].gap
    assert len(shown(line, "12", "A12", 3)) == 3
    # The platform of the other way has another number and the same name.
    assert [it.name for it in shown(line, "12 back", "A12", 9) if it.here] == ["A12"]
    assert [it.name for it in shown(line, None, "", 4)] == ["A0", "A10", "A19", "A29"]


def test_words_frighten_nobody_and_name_nobody() -> None:
    for design, paper, language in EVERY:
        said = " ".join(it.text for it in drawn(poster(design, paper, language)).texts()).lower()
        for word in ("victim", "agress", "harc", "harass", "attack", "85"):
            assert word not in said, (design, language)
        for number in ("17", "114", "3117", "31177"):
            assert number in said.split(), (design, paper, language)
        assert "fmpxfwr" in said
        assert "entraide.example/t/" in said


def test_what_lies_nearer_to_the_cut_is_colour_only() -> None:
    assert SAFE[Paper.A4] >= 5
    assert SAFE[Paper.A6] >= 5
