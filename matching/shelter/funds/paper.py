"""A hotel's month as PDF, in French, on A4.

The fonts are those that every reader has (Helvetica), in the encoding of western Windows, which has
all of French and the euro; nothing is downloaded and no font is shipped. A letter that is not in it
is printed as a question mark.
"""

from datetime import date

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from matching.shelter.funds.statement import STATES, Statement, euros

ENCODING = "cp1252"
FONT = "Helvetica"
#: Longer tables are for programs: a hotel of thirty rooms, full for a month, fits.
MOST_LINES = 1_000
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
HEADINGS = ("Nuit du", "Bon", "Financement", "État", "Montant")
WIDTHS = (22, 52, 62, 22, 22)


class _Page(FPDF):
    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FONT, size=8)
        self.cell(0, 10, f"Page {self.page_no()} / {{nb}}", align="C")


def as_pdf(statement: Statement, *, made: date) -> bytes:
    """Takes a tenth of a second and more: for a thread."""
    page = _Page(format="A4")
    page.core_fonts_encoding = ENCODING
    page.set_title(_printable(f"Relevé {statement.month}"))
    page.set_lang("fr")
    page.set_creator("Entraide")
    page.add_page()
    page.set_font(FONT, style="B", size=16)
    _line(page, "Relevé mensuel des nuits", 10)
    page.set_font(FONT, size=11)
    _line(page, f"Hôtel : {statement.place}, référence {statement.hotel}", 6)
    _line(page, f"Mois : {said(statement.month)}", 6)
    _line(page, f"Établi le {day(made)}. Aucune personne n’est nommée ici.", 6)
    page.ln(4)
    _table(page, statement)
    page.ln(4)
    if len(statement.lines) > MOST_LINES:
        _line(page, f"Les nuits suivantes ({MOST_LINES} sont imprimées) sont dans le CSV.", 6)
    page.set_font(FONT, style="B", size=12)
    _line(page, f"Total : {amount(statement.cents)} pour {_nights(len(statement.lines))}", 7)
    _line(page, f"Reste à payer : {amount(statement.owed)}", 7)
    return bytes(page.output())


def _table(page: FPDF, statement: Statement) -> None:
    page.set_font(FONT, size=9)
    with page.table(
        col_widths=WIDTHS,
        text_align=("LEFT", "LEFT", "LEFT", "LEFT", "RIGHT"),
        headings_style=FontFace(emphasis="BOLD", fill_color=(235, 235, 235)),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        line_height=5.5,
    ) as table:
        table.row(HEADINGS)
        for line in statement.lines[:MOST_LINES]:
            night = line.night
            table.row(
                [
                    _printable(text)
                    for text in (
                        day(night.night),
                        night.voucher,
                        line.budget,
                        STATES[night.state],
                        amount(night.price_cents),
                    )
                ]
            )


def _line(page: FPDF, text: str, height: float) -> None:
    page.cell(0, height, _printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _printable(text: str) -> str:
    return text.encode(ENCODING, errors="replace").decode(ENCODING)


def _nights(many: int) -> str:
    return f"{many} nuit{'s' if many > 1 else ''}"


def amount(cents: int) -> str:
    r"""An amount as it is written in France.

    >>> amount(123456)
    '1\xa0234,56\xa0€'
    """
    whole, part = euros(cents).split(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{grouped},{part}\N{NO-BREAK SPACE}€"


def day(of: date) -> str:
    return of.strftime("%d/%m/%Y")


def said(month: str) -> str:
    """A month in words.

    >>> said("2026-11")
    'novembre 2026'
    """
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
