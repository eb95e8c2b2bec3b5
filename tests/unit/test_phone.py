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


@pytest.mark.parametrize(
    "text",
    ["+33 06 12 34 56 78", "0033 06 12 34 56 78", "+33 (06) 12 34 56 78", "+330612345678"],
)
def test_a_zero_too_many_after_the_country_hides_nobody(text: str) -> None:
    """Else whoever applies under this spelling is never found on her exclusion list."""
    assert normalised(text) == "+33612345678"


@pytest.mark.parametrize(
    "text",
    ["0690 12 34 56", "+590 690 12 34 56", "+590 0690 12 34 56", "+33 690 12 34 56",
     "+33 0690 12 34 56", "00590690123456"],
)  # fmt: skip
def test_overseas_numbers_are_one_number_from_inside_and_outside(text: str) -> None:
    assert normalised(text) == "+590690123456"


def test_a_foreign_zero_is_dropped_where_it_is_only_for_calls_inside() -> None:
    assert normalised("+32 (0)470 12 34 56") == normalised("+32 0470 12 34 56") == "+32470123456"
    # In Italy it is part of the number.
    assert normalised("+39 06 1234 5678") == "+390612345678"


@pytest.mark.parametrize("text", ["+3361234567", "+336123456789", "+33012345678", "+59069012345"])
def test_a_french_number_has_nine_digits_after_the_country(text: str) -> None:
    """One digit missing would be kept, and would exclude nobody."""
    with pytest.raises(BadPhone):
        normalised(text)


def test_a_tag_recognises_the_number_and_does_not_hold_it() -> None:
    key = Secret("kept elsewhere")

    tag = tag_of("06 12 34 56 78", key)

    assert tag == tag_of("+33612345678", key)
    assert tag != tag_of("+33612345679", key)
    assert tag != tag_of("+33612345678", Secret("another"))
    assert "612345678" not in tag
