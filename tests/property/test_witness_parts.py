"""However people come, go and change, each part is one person's and each person has one part."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.witness.errors import RoleTaken
from alerts.witness.machine import Parts, claimed, released
from alerts.witness.values import Role, RoleState
from realtime.kernel.ids import PersonId

PEOPLE = st.sampled_from([PersonId(it) for it in "abcdefg"])
ROLES = st.sampled_from(Role)


class People(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.parts = Parts()
        #: What everybody who was answered "yours" still believes.
        self.believed: dict[PersonId, Role] = {}
        self.done: set[Role] = set()

    @rule(person=PEOPLE, role=ROLES, done=st.booleans())
    def claims(self, person: PersonId, role: Role, done: bool) -> None:
        others = {it for who, it in self.believed.items() if who != person}
        if role in others:
            with pytest.raises(RoleTaken):
                claimed(self.parts, person, role, done=done)
            return
        before = self.believed.get(person)
        self.parts = claimed(self.parts, person, role, done=done)
        self.believed[person] = role
        if before is not None and before is not role:
            self.done.discard(before)
        if done:
            self.done.add(role)

    @rule(person=PEOPLE)
    def goes(self, person: PersonId) -> None:
        self.parts = released(self.parts, person)
        gone = self.believed.pop(person, None)
        if gone is not None:
            self.done.discard(gone)

    @invariant()
    def what_is_believed_is_so(self) -> None:
        assert {role: it.person for role, it in self.parts.taken.items()} == {
            role: person for person, role in self.believed.items()
        }
        assert len(set(self.believed.values())) == len(self.believed)
        assert {it for it in Role if self.parts.state(it) is RoleState.DONE} == self.done
        assert set(self.parts.free) == set(Role) - set(self.believed.values())


TestPeople = People.TestCase
