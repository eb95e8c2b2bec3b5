"""What a hotel has earned in a month, as a table that programs and people read. Pure.

CSV as RFC 4180 says (commas, CRLF, quotes doubled), in UTF-8 with a byte order mark: without it the
most used spreadsheet reads French as something else. Words that people have typed are never taken
for a formula. No hotel's name, no alias, no code word: a voucher's number is enough to find them.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from matching.shelter.funds.values import FundedNight, NightState
from matching.shelter.values import HotelId

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
COLUMNS = ("nuit", "bon", "financement", "montant_eur", "montant_centimes", "etat")
#: A cell that begins so is a formula to some spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
STATES = {NightState.SPENT: "à payer", NightState.PAID: "payé"}


@dataclass(frozen=True, slots=True)
class Line:
    night: FundedNight
    #: The name of the budget that pays.
    budget: str


@dataclass(frozen=True, slots=True)
class Statement:
    hotel: HotelId
    #: Its commune and département, nothing nearer.
    place: str
    month: str
    lines: Sequence[Line]

    @property
    def cents(self) -> int:
        return sum(line.night.price_cents for line in self.lines)

    @property
    def owed(self) -> int:
        return sum(it.night.price_cents for it in self.lines if it.night.state is NightState.SPENT)


def euros(cents: int) -> str:
    """An amount as programs read it.

    >>> euros(8505), euros(-7), euros(0)
    ('85.05', '-0.07', '0.00')
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> plain("=1+1"), plain("Ville de Lyon")
    ("'=1+1", 'Ville de Lyon')
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def as_csv(statement: Statement) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in statement.lines:
        night = line.night
        writer.writerow(
            (
                night.night.isoformat(),
                plain(night.voucher),
                plain(line.budget),
                euros(night.price_cents),
                night.price_cents,
                STATES[night.state],
            )
        )
    writer.writerow(("total", "", "", euros(statement.cents), statement.cents, ""))
    return (BOM + out.getvalue()).encode()
