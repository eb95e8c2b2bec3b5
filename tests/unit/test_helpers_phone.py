"""One telephone has one tag, however its number is written, and the tag tells nobody the number."""

import pytest

from matching.helpers.errors import BadPhone
from matching.helpers.phone import normalised, tag_of
from realtime.kernel.secret import Secret

KEY = Secret("outside the database")


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "+33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "00 33 (0) 6 12 34 56 78",
        "06\u00a012\u00a034\u00a056\u00a078",
    ],
)
def test_every_way_to_write_a_number_is_one_number(text: str) -> None:
    assert tag_of(text, KEY) == tag_of("0612345678", KEY)


@pytest.mark.parametrize(
    ("text", "number"),
    [("+32 470 12 34 56", "+32470123456"), ("001 202 555 0147", "+12025550147")],
)
def test_numbers_of_other_countries_are_numbers(text: str, number: str) -> None:
    assert normalised(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "0012",
        "061234567",
        "06123456789",
        "+0612345678",
        "+33 6 12 34 56 7",
        "+590 690 12 34 56 7",
        "06 12 34 56 7x",
        "+336123456781234567",
        "٠٦١٢٣٤٥٦٧٨",
        "0612345678\n0612345679",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        normalised(text)


def test_the_tag_depends_on_the_key_and_holds_no_digit_run_of_the_number() -> None:
    tag = tag_of("0612345678", KEY)

    assert tag != tag_of("0612345678", Secret("another"))
    assert tag != tag_of("0612345679", KEY)
    assert "612345678" not in tag
