"""Forms counted: nothing below five is told, nor anything from which it could be worked out."""

import itertools
from collections import Counter
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.helpline.wrapup.counts import SMALL, Answers, told
from matching.helpline.wrapup.form import (
    CHILDREN,
    KINDS,
    LENGTHS,
    OUTCOMES,
    Form,
    children_of,
    counted,
)
from matching.helpline.wrapup.messages import Count, MonthCounts


def form(**fields: object) -> Form:
    return msgspec.convert({"kinds": ["physical"], "outcome": ["listened"], **fields}, Form)


def month(forms: Iterable[Form]) -> MonthCounts:
    counts = Counter(
        (each.area or "unknown", question, answer)
        for each in forms
        for question, answer in counted(each)
    )
    return told("3919", "2026-10", [Answers(*key, many) for key, many in counts.items()])


def told_in(table: list[Count]) -> dict[tuple[str, str], int | None]:
    return {(it.area, it.of): it.count for it in table}


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "elle habite rue X"},
        {"name": "Anna"},
        {"kinds": ["a story"]},
        {"outcome": ["sent to Anna"]},
        {"area": "Lyon"},
        {"area": "20"},
        {"children": 21},
        {"children": -1},
        {"minutes": 1441},
        {"kinds": ["other"] * 11},
    ],
    ids=str,
)
def test_a_form_has_boxes_and_nothing_to_write(fields: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        form(**fields)


def test_a_form_is_counted_once_for_each_answer_however_often_it_was_ticked() -> None:
    filled = form(kinds=["sexual", "sexual", "cyber"], children=2, minutes=30, area="2A")

    assert counted(filled) == [
        ("kinds", "sexual"),
        ("kinds", "cyber"),
        ("outcome", "listened"),
        ("children", "some"),
        ("minutes", "under_60"),
    ]
    assert [children_of(form(children=it)) for it in (None, 0, 1)] == ["unknown", "none", "some"]


def test_small_counts_are_hidden_and_those_that_would_give_them_away() -> None:
    forms = [form(area="69", kinds=["physical"]) for _ in range(9)]
    forms += [form(area="69", kinds=["fgm"]) for _ in range(2)]
    forms += [form(area="75", kinds=["physical"]) for _ in range(20)]

    found = month(forms)
    kinds = told_in(found.kinds)

    assert found.chats == 31
    assert kinds["69", "fgm"] is None
    # Eleven less nine would be two, and the column's total would say it as well.
    assert kinds["69", "physical"] is None or kinds["69", ""] is None
    assert kinds["", "fgm"] is None
    assert found.small == SMALL


def test_two_people_are_two_people_however_many_boxes_were_ticked() -> None:
    many = list(KINDS[:6])
    found = month(
        [form(area="48", kinds=many) for _ in range(2)]
        + [form(area="75", kinds=["physical"]) for _ in range(40)]
    )

    # Twelve answers of two conversations: none is told, nor that there were twelve.
    assert told_in(found.children)["48", ""] is None
    assert all(it.count is None for it in found.kinds if it.area == "48")
    assert all(it.count is None for it in found.outcome if it.area == "48")


def test_a_month_without_forms_is_empty() -> None:
    found = month([])

    assert (found.chats, found.kinds, found.children) == (0, [], [])


FORMS = st.builds(
    lambda kinds, outcome, children, minutes, area: form(
        kinds=kinds, outcome=outcome, children=children, minutes=minutes, area=area
    ),
    st.lists(st.sampled_from(KINDS[:3]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(OUTCOMES[:2]), max_size=2, unique=True),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([None, 5, 90]),
    st.sampled_from([None, "69", "75"]),
)


@given(st.lists(FORMS, max_size=40))
def test_no_line_of_a_table_gives_a_hidden_count_away(forms: list[Form]) -> None:
    found = month(forms)

    for table, columns in (
        (found.kinds, KINDS),
        (found.outcome, OUTCOMES),
        (found.children, CHILDREN),
        (found.minutes, LENGTHS),
    ):
        cells = told_in(table)
        assert all(it is None or it >= SMALL for it in cells.values())
        rows = sorted({area for area, _ in cells})
        lines = [
            *([(row, column) for column in ("", *columns)] for row in rows),
            *([(row, column) for row in rows] for column in ("", *columns)),
        ]
        for line in lines:
            hidden = [it for it in line if it in cells and cells[it] is None]
            # One number missing from an equation is a number told.
            assert len(hidden) != 1, (line, cells)


@given(st.lists(FORMS, max_size=40))
def test_an_area_with_too_few_people_tells_nothing_in_any_table(forms: list[Form]) -> None:
    found = month(forms)
    people = Counter(each.area or "unknown" for each in forms)

    few = {area for area, many in people.items() if many < SMALL}
    told_cells = itertools.chain(found.kinds, found.outcome, found.children, found.minutes)
    assert all(it.count is None for it in told_cells if it.area in few)
