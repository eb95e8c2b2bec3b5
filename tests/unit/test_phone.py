"""One telephone has one spelling, and only its keyed tag is kept."""

import pytest

from matching.helpers.errors import BadPhone
from matching.helpers.phone import normalised, tag_of
from realtime.kernel.secret import Secret


@pytest.mark.parametrize(
    "text",
    ["0612345678", "06 12 34 56 78", "06.12.34.56.78", "+33612345678", "0033 6 12 34 56 78",
     "+33 (0)6-12-34-56-78", " 06/12/34/56/78 "],
)  # fmt: skip
def test_every_spelling_of_a_number_is_one_number(text: str) -> None:
    assert normalised(text) == "+33612345678"


@pytest.mark.parametrize(
    "text",
    ["", "0", "17", "061234567", "06123456789", "0012", "+0612345678", "+33", "six",
     "+33612345678901234", "０６１２３４５６７８", "+336123456\n78x"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        normalised(text)


def test_a_tag_recognises_the_number_and_does_not_hold_it() -> None:
    key = Secret("kept elsewhere")

    tag = tag_of("06 12 34 56 78", key)

    assert tag == tag_of("+33612345678", key)
    assert tag != tag_of("+33612345679", key)
    assert tag != tag_of("+33612345678", Secret("another"))
    assert "612345678" not in tag
