"""One service of an HSDS file: what is read of it, and why it is refused."""

from typing import Any

import pytest

from geo.places.rows import Reason, Refused
from matching.helpline.directory.hsds import MOST, read
from matching.helpline.directory.values import Phone


def record(**changes: object) -> dict[str, Any]:
    return {
        "id": "48102e86",
        "name": "Accueil de jour",
        "status": "active",
        "phones": [{"number": "01 02 03 04 05"}],
        **changes,
    }


def test_a_service_is_read_with_what_hangs_on_it() -> None:
    entry = read(
        record(
            description="Un café,\n une\u200bécoute",
            organization={"id": "o", "name": "Association"},
            eligibility_description="Femmes",
            fees_description="Gratuit",
            url="https://example.org/accueil",
            phones=[
                {"number": "01 02 03 04 05", "type": "voice", "description": "le matin"},
                {"number": "01 02 03 04 05", "type": "voice"},
                {"number": "114", "type": "TEXT"},
                {"number": "demander Anna"},
            ],
            schedules=[
                {"byday": "MO", "opens_at": "10:00", "closes_at": "12:00", "description": "lundi"},
                {"freq": "MONTHLY", "byday": "1TU", "description": "premier mardi"},
            ],
            service_areas=[{"name": "Rhône (69)"}, {"name": "2a"}, {"name": "Rhône (69)"}],
            languages=[{"code": "FR"}, {"code": "ar"}, {"name": "Urdu"}],
            attributes=[
                {"taxonomy_term": {"code": "listening"}},
                {"taxonomy_term": {"name": "Coffee"}},
                {"value": "x"},
            ],
            nobody_knows={"this": "field"},
        )
    )

    assert entry.key == "48102e86"
    assert entry.about == "Un café, une écoute"
    assert (entry.organisation, entry.eligibility) == ("Association", "Femmes")
    assert entry.cost == "Gratuit"
    assert entry.phones == (
        Phone("01 02 03 04 05", "call", "le matin"),
        Phone("114", "sms"),
    )
    assert entry.url == "https://example.org/accueil"
    assert entry.areas == ("69", "2A")
    assert entry.languages == ("fr", "ar")
    assert entry.kinds == ("listening", "other")
    assert len(entry.hours) == 1
    assert not entry.hours_known
    assert entry.hours_text == "lundi; premier mardi"


def test_no_street_is_kept() -> None:
    entry = read(
        record(
            service_at_locations=[
                {
                    "location": {
                        "addresses": [
                            {
                                "address_1": "7 rue Cachée",
                                "city": "Lyon",
                                "postal_code": "69 001",
                            }
                        ]
                    },
                    "phones": [{"number": "3919"}],
                    "schedules": [{"byday": "SU", "opens_at": "10:00", "closes_at": "11:00"}],
                },
                {"location": None},
            ]
        )
    )

    assert "Cachée" not in repr(entry)
    assert entry.city == "Lyon"
    assert entry.areas == ("69",)
    assert [it.number for it in entry.phones] == ["01 02 03 04 05", "3919"]
    assert entry.hours_known


@pytest.mark.parametrize(
    ("postcode", "area"),
    [
        ("75011", ("75",)),
        ("20000", ("2A",)),
        ("20137", ("2A",)),
        ("20600", ("2B",)),
        ("97410", ("974",)),
        ("98800", ("988",)),
        ("F-75", ()),
        ("", ()),
    ],
)
def test_where_it_is_says_for_whom_it_is_when_the_file_does_not(
    postcode: str, area: tuple[str, ...]
) -> None:
    place = {"location": {"addresses": [{"postal_code": postcode}]}}

    assert read(record(service_at_locations=[place])).areas == area


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        ("France", ("",)),
        ("Toute la France", ("",)),
        ("69", ("69",)),
        ("Corse-du-Sud (2A)", ("2A",)),
        ("La Réunion (974)", ("974",)),
        ("Lyon et alentours", ()),
        ("99", ()),
        ("", ()),
    ],
)
def test_an_area_that_is_not_understood_is_not_everywhere(
    name: str, areas: tuple[str, ...]
) -> None:
    assert read(record(service_areas=[{"name": name}])).areas == areas


def test_a_service_that_says_nothing_of_where_is_for_everyone() -> None:
    assert read(record()).areas == ("",)
    assert read(record(service_at_locations=[{"location": {}}])).areas == ("",)
    assert read(record()).kinds == ("other",)
    assert not read(record()).hours_known


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "defunct"}, Reason.UNKNOWN_VALUE),
        ({"status": None}, Reason.UNREADABLE),
        ({"name": 7, "status": []}, Reason.UNREADABLE),
        ({"name": " \u200b "}, Reason.NO_NAME),
        ({"id": " "}, Reason.NO_ID),
        ({"id": "x" * 101}, Reason.NO_ID),
        ({"phones": []}, Reason.BAD_NUMBER),
        ({"phones": None, "url": "javascript:alert(1)"}, Reason.BAD_NUMBER),
        ({"phones": None, "url": "https://a b"}, Reason.BAD_NUMBER),
    ],
    ids=str,
)
def test_a_service_that_cannot_be_shown_is_refused(
    changes: dict[str, object], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        read(record(**changes))

    assert refused.value.reason is reason


def test_a_service_without_a_number_may_have_a_page() -> None:
    assert read(record(phones=None, url="https://example.org")).phones == ()


def test_what_is_too_long_is_cut_and_what_is_too_many_is_not_known() -> None:
    hour = {"byday": "MO", "opens_at": "10:00", "closes_at": "11:00"}
    entry = read(record(name="n" * 300, schedules=[hour] * (MOST + 1)))

    assert len(entry.name) == 200
    assert entry.name.endswith("…")
    assert not entry.hours_known
