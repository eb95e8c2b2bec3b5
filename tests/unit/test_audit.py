"""A chain that shows where it was touched."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from realtime.audit import START, Chain, End, Line, linked, vouched

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def prove(text: bytes) -> bytes:
    return hashlib.sha256(b"master key" + text).digest()


def chain(*actions: str) -> tuple[list[Line], End]:
    lines: list[Line] = []
    link = START
    for number, action in enumerate(actions, start=1):
        line = linked(link, number=number, at=AT, actor="op", action=action, thing="alert")
        lines.append(line)
        link = line.link
    return lines, End(len(lines), link, prove(vouched(len(lines), link)))


LINES, END = chain("raise", "accept", "arrive", "close")


def first_break(lines: list[Line], end: End | None) -> int | None:
    read = Chain()
    broken = read.first_break(lines)
    return read.broken_end(end, prove) if broken is None else broken


def test_a_chain_that_nobody_touched_holds() -> None:
    assert first_break(LINES, END) is None


def test_a_chain_that_has_not_begun_holds() -> None:
    assert first_break([], None) is None


def test_it_may_be_read_page_by_page() -> None:
    read = Chain()

    assert read.first_break(LINES[:2]) is None
    assert read.first_break(LINES[2:]) is None
    assert read.broken_end(END, prove) is None


def test_an_edited_line_is_the_first_break() -> None:
    touched = [*LINES[:1], replace(LINES[1], actor="somebody else"), *LINES[2:]]

    assert first_break(touched, END) == 2


def test_a_deleted_line_is_noticed_where_it_was() -> None:
    assert first_break([LINES[0], *LINES[2:]], END) == 2


def test_two_lines_that_changed_places_are_noticed() -> None:
    assert first_break([LINES[0], LINES[2], LINES[1], LINES[3]], END) == 2


def test_a_chain_cut_short_is_noticed_at_its_end() -> None:
    assert first_break(LINES[:3], END) == 4


def test_a_chain_whose_end_was_deleted_is_noticed() -> None:
    assert first_break(LINES, None) == 5
    assert first_break([], END) == 1


def test_a_chain_written_anew_without_the_master_key_is_noticed() -> None:
    forged, end = chain("raise", "decline", "arrive", "close")

    assert first_break(forged, replace(end, proof=hashlib.sha256(b"guess").digest())) == 5


def test_no_choice_of_names_makes_two_lines_read_alike() -> None:
    one = linked(START, number=1, at=AT, actor="a", action='b", "c', thing="d")
    other = linked(START, number=1, at=AT, actor='a", "b', action="c", thing="d")

    assert one.link != other.link
