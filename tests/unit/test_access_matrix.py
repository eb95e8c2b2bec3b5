"""Every role, every action, every relation to the object: what is allowed, and nothing more.

The table was written from DESIGN 4 and the issues, not from the code: ``tests/support``.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.kernel.errors import AppError, NotAllowed, NotFound, Unauthorized
from tests.support.expected_access import EXPECTED, PARTNERS
from web.access.gate import CHANNELS
from web.access.tables import ACCESS, Access, joined, role_of
from web.access.vocabulary import CITIZENS, STAFF, Relation, Role, grant, table
from web.application import SAID
from web.channels import RULES


def read(written: str) -> dict[tuple[str, Role], str]:
    """(action, role) -> what a table says."""
    header, *rows = [line.split() for line in written.splitlines() if line.strip()]
    roles = [Role(name) for name in header[1:]]
    return {(row[0], role): word for row in rows for role, word in zip(roles, row[1:], strict=True)}


PARTNER_ROLES = (Role.ASSOCIATION, Role.DESK, Role.FUNDER, Role.NEWCOMER)
OURS = read(EXPECTED)
WANTED = {
    **OURS,
    **{(action, role): "-" for action, _ in OURS for role in PARTNER_ROLES},
    **read(PARTNERS),
}
#: No relation, and each one alone.
RELATIONS: list[Relation | None] = [None, *Relation]
CELLS = list(itertools.product(WANTED, RELATIONS))


def expected(word: str, relation: Relation | None) -> bool:
    return word == "*" or (relation is not None and relation.value in word.split("/"))


def test_there_are_enough_cells_to_mean_something() -> None:
    assert len(CELLS) >= 500
    assert {role for _, role in WANTED} == set(Role)


def test_the_table_and_the_code_know_the_same_actions() -> None:
    assert sorted(ACCESS) == sorted({action for action, _ in WANTED})


def test_every_cell_answers_as_the_table_says() -> None:
    access = Access()

    wrong = [
        (action, role.value, relation)
        for (action, role), relation in CELLS
        if access.may(action, role, {relation} if relation else frozenset())
        is not expected(WANTED[action, role], relation)
    ]

    assert wrong == []


@given(st.sampled_from(sorted(WANTED)), st.sets(st.sampled_from(list(Relation))))
def test_several_relations_allow_what_one_of_them_does(
    cell: tuple[str, Role], held: set[Relation]
) -> None:
    action, role = cell

    each = [Access().may(action, role, {one}) for one in held]

    assert Access().may(action, role, held) is any([*each, Access().may(action, role)])


@pytest.mark.parametrize("role", list(Role))
def test_a_refusal_says_no_more_than_it_must(role: Role) -> None:
    """Nobody: sign in. A role that never may: not allowed. Otherwise as if there were no object."""
    access = Access()
    for action in {action for action, _ in WANTED}:
        if WANTED[action, role] == "*":
            access.check(action, role, frozenset())
            continue
        wanted: type[AppError] = NotFound
        if WANTED[action, role] == "-":
            wanted = Unauthorized if role is Role.ANYONE else NotAllowed
        with pytest.raises(AppError) as caught:
            access.check(action, role, frozenset())
        assert type(caught.value) is wanted, action


def test_an_action_is_in_one_table_only() -> None:
    one = table({"help.state": (grant(STAFF),)})

    with pytest.raises(ValueError, match=r"help\.state"):
        joined(one, table({"help.state": (grant(CITIZENS),)}))


def test_a_role_that_nobody_declared_may_do_nothing() -> None:
    assert role_of("root") is Role.ANYONE


def test_every_kind_of_channel_is_guarded_by_actions_that_exist() -> None:
    assert {rule.prefix.rstrip(":") for rule in RULES} == set(CHANNELS)
    for rule in RULES:
        row = CHANNELS[rule.prefix.rstrip(":")]
        assert row.listen in ACCESS
        assert (rule.prefix.rstrip(":") in SAID) == rule.writable
        assert (row.presence is not None) == rule.presence
        assert row.presence is None or row.presence in ACCESS


def test_a_field_is_asked_about_as_an_action_is() -> None:
    access = Access(table({"alert.place": (grant(frozenset({Role.OPERATOR})),)}))

    assert "alert.place" in access
    assert "alert.name" not in access
    assert access.sees(Role.OPERATOR, frozenset(), "alert.place")
    assert not access.sees(Role.CITIZEN, frozenset(), "alert.place")
