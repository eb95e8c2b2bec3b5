"""Every role, every action, every relation to the object: what is allowed, and nothing more.

The table below was written from DESIGN 4 and the issue, not from the code. A dash: never. A star:
whatever the relation. Otherwise, one of these relations is needed.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.kernel.errors import AppError, NotAllowed, NotFound, Unauthorized
from web.access.gate import CHANNELS
from web.access.tables import ACCESS, Access, joined, role_of
from web.access.vocabulary import CITIZENS, STAFF, Relation, Role, grant, table
from web.channels import RULES

EXPECTED = """
action           anyone  citizen                operator      supervisor    duty          admin

session          *       *                      *             *             *             *
session.ticket   -       *                      *             *             *             *
session.keep     -       *                      *             *             *             *
session.leave    *       *                      *             *             *             *
config           *       *                      *             *             *             *
page.open        *       *                      *             *             *             *
me.state         -       *                      *             *             *             *
me.listen        -       self                   self          self          self          self

helper.apply     -       *                      -             -             -             -
helper.pending   -       -                      *             *             -             *
helper.approve   -       -                      *             *             -             *
helper.refuse    -       -                      *             *             -             *
helper.duty      -       helper                 -             -             -             -
helper.move      -       *                      -             -             -             -
helper.prefer    -       helper                 -             -             -             -
exclude.add      -       *                      -             -             -             -
exclude.clear    -       *                      -             -             -             -

help.raise       -       *                      -             -             -             -
help.state       -       hers/offered/accepted  *             *             *             -
help.cancel      -       hers                   -             -             -             -
help.close       -       hers                   *             *             *             -
help.release     -       hers                   *             *             *             -
alert.listen     - hers/accepted/reported/came  *             *             *             -
alert.room       -       hers/accepted          *             *             *             -
alert.place      -       hers/paired/released   *             *             *             -
alert.note       -       hers/paired/released   *             *             *             -
alert.helpers    -       hers                   *             *             *             -

offer.received   -       offered_to             -             -             -             -
offer.seen       -       offered_to             -             -             -             -
offer.accept     -       offered_to             -             -             -             -
offer.decline    -       offered_to             -             -             -             -
offer.arrived    -       offered_to             -             -             -             -

witness.report   -       *                      -             -             -             -
witness.update   -       reported               -             -             -             -
witness.cancel   -       reported               -             -             -             -
witness.state    -       reported/called        *             *             *             -
witness.received -       called                 -             -             -             -
witness.seen     -       called                 -             -             -             -
witness.claim    -       called                 -             -             -             -
witness.release  -       called                 -             -             -             -
witness.decline  -       called                 -             -             -             -
witness.confirm  -       called                 -             -             -             -
witness.board    -       -                      *             *             *             -
witness.judge    -       -                      *             *             *             -
witness.close    -       -                      *             *             *             -
witness.hotspots -       -                      *             *             *             *
witness.agent    -       -                      *             *             -             *
watch.set        -       helper                 -             -             -             -
watch.mute       -       helper                 -             -             -             -
watch.unmute     -       helper                 -             -             -             -

campaign.create  -       -                      -             *             -             *
campaign.list    -       -                      -             *             -             *
campaign.state   -       -                      -             *             -             *
campaign.end     -       -                      -             *             -             *
campaign.poster  -       -                      -             *             -             *
campaign.drill   -       -                      -             *             -             *
campaign.undrill -       -                      -             *             -             *
campaign.drills  -       -                      -             *             -             *
transit.code     *       *                      *             *             *             *

room.state       -       member                 *             *             *             member
room.say         -       member                 member        member        member        member
room.edit        -       member                 member        member        member        member
room.read        -       member                 member        member        member        member
room.attach      -       member                 member        member        member        member
room.attachment  -       member                 member        member        member        member
room.draft       -       -                      staff_member  staff_member  staff_member  -
note.add         -       -                      staff_member  staff_member  staff_member  -
note.list        -       -                      staff_member  staff_member  staff_member  -
looking.listen   -       -                      staff_member  staff_member  staff_member  -
looking.say      -       -                      staff_member  staff_member  staff_member  -
room.listen      -       member                 member        member        member        member
room.presence    -       member                 member        member        member        member
staff.listen     -       -                      staff_member  staff_member  staff_member  -
staff.say        -       -                      staff_member  staff_member  staff_member  -
staff.presence   -       -                      staff_member  staff_member  staff_member  -
typing.listen    -       member                 member        member        member        member
typing.say       -       member                 member        member        member        member

push.key         -       *                      -             -             -             -
push.subscribe   -       helper                 -             -             -             -
push.test        -       helper                 -             -             -             -
push.unsubscribe -       *                      -             -             -             -
push.received    -       *                      -             -             -             -
push.board       -       -                      *             *             *             -

board.state      -       -                      *             *             *             -
board.listen     -       -                      *             *             *             -
queue.listen     -       -                      *             *             *             -
desk.listen      -       -                      -             -             -             -

shelter.ask      -       *                      *             *             *             -
shelter.state    -       own_need               *             *             *             -
need.household   -       own_need               *             *             *             -
need.reach       -       own_need               *             *             *             -
need.escalation  -       -                      *             *             *             -
shelter.options  -       own_need               *             *             *             -
option.price     -       -                      *             *             *             -
shelter.hold     -       own_need               *             *             *             -
shelter.wave     -       own_need               *             *             *             -
shelter.close    -       own_need               *             *             *             -
shelter.mine     -       -                      -             -             -             -
shelter.board    -       -                      *             *             *             -
hold.state       -       own_need               *             *             *             -
hold.extend      -       own_need               *             *             *             -
hold.cancel      -       own_need               *             *             *             -
hold.more        -       own_need               *             *             *             -
hold.approve     -       -                      *             *             *             -
hold.admit       -       -                      *             *             *             -
hold.address     -       own_need               *             *             *             -
stay.followup    -       -                      *             *             *             -
reveal.unlock    -       -                      -             *             *             -
alarm.seen       -       -                      *             *             *             -
alarm.desk       -       -                      *             *             *             -

desk.state       -       -                      -             -             -             -
desk.rooms       -       -                      -             -             -             -
desk.fresh       -       -                      -             -             -             -
desk.incident    -       -                      -             -             -             -
hold.confirm     -       -                      -             -             -             -
hold.decline     -       -                      -             -             -             -
hold.arrive      -       -                      -             -             -             -
hold.left        -       -                      -             -             -             -
ask.accept       -       -                      -             -             -             -
ask.decline      -       -                      -             -             -             -

staff.invite     -       -                      -             *             -             *
staff.accept     *       *                      *             *             *             *
staff.list       -       -                      *             *             *             *
staff.remove     -       -                      -             *             -             *
passkey.begin    -       -                      *             *             *             *
passkey.finish   -       -                      *             *             *             *
passkey.ask      *       *                      *             *             *             *
passkey.enter    *       *                      *             *             *             *
totp.begin       -       -                      *             *             *             *
totp.finish      -       -                      *             *             *             *
totp.enter       *       *                      *             *             *             *
stepup.ask       -       -                      *             *             *             *
stepup.finish    -       -                      *             *             *             *
session.list     -       -                      *             *             *             *
session.end      -       -                      *             *             *             *
desk.link        -       -                      *             *             *             *
desk.open        *       *                      *             *             *             *
shift.set        -       -                      -             -             -             -
shift.begin      -       -                      -             -             -             -
shift.end        -       -                      -             -             -             -

fund.state       -       -                      -             *             -             *
fund.grant       -       -                      -             -             -             -
fund.entries     -       -                      -             *             -             *
fund.pay         -       -                      -             -             -             *
export.statement -       -                      -             *             -             *
export.rooms     -       -                      *             *             *             -
shelter.public   *       *                      *             *             *             *

line.hours       *       *                      *             *             *             *
chat.ask         -       *                      -             -             -             -
chat.resume      -       *                      -             -             -             -
chat.state       -       own_chat               -             -             -             -
chat.leave       -       own_chat               -             -             -             -
chat.transcript  -       own_chat               -             -             -             -
line.state       -       -                      *             *             *             -
line.duty        -       -                      *             *             *             -
chat.next        -       -                      *             *             *             -
chat.accept     - - chat_asked/chat_operator chat_asked/chat_operator chat_asked/chat_operator -
chat.refuse      -       -                      chat_asked    chat_asked    chat_asked    -
chat.hold        -       -                      chat_operator chat_operator chat_operator -
chat.finish      -       -                      chat_operator chat_operator chat_operator -
chat.wrap        -       -                      chat_operator chat_operator chat_operator -
chat.transfer    -       -                      chat_operator chat_operator chat_operator -
transfer.accept - - chat_asked/chat_operator chat_asked/chat_operator chat_asked/chat_operator -
transfer.refuse  -       -                      chat_asked    chat_asked    chat_asked    -
transfer.finish - - chat_asked/chat_operator chat_asked/chat_operator chat_asked/chat_operator -
chat.interpret   -       -                      chat_operator *             *             -
chat.part        -       -                      chat_beside   chat_beside   chat_beside   -
chat.watch       -       -                      -             *             *             -
chat.join        -       -                      -             *             *             -
chat.take        -       -                      -             *             *             -
line.set         -       -                      -             *             *             -
line.offices     -       -                      -             *             *             -
line.figures     -       -                      -             *             *             -
line.talks       -       -                      -             *             *             -
operator.set     -       -                      -             *             *             -
reply.list       -       -                      *             *             *             -
reply.used       -       -                      *             *             *             -
reply.set        -       -                      -             *             *             -
reply.drop       -       -                      -             *             *             -
directory.find   -       -                      *             *             *             -
line.counts      -       -                      *             *             *             *
block.set        -       -                      chat_operator  *            *             -
block.list       -       -                      *             *             *             -
block.drop       -       -                      -             *             *             -
sheet.list       -       -                      *             *             *             -
bridge.ask       -       -                      chat_operator  chat_operator  chat_operator  -
bridge.answer    -       own_chat               -             -             -             -
bridge.list      - own_chat chat_operator/chat_beside chat_operator/chat_beside chat_operator/chat_beside -
bridge.outcome   - own_chat chat_operator/chat_beside chat_operator/chat_beside chat_operator/chat_beside -
bridge.alias     - own_chat chat_operator/chat_beside chat_operator/chat_beside chat_operator/chat_beside -
bridge.subject   -       own_chat               -             -             -             -
practice.list    -       -                      *             *             *             -
practice.begin   -       -                      *             *             *             -

network.list     -       *                      *             *             *             *
network.set      -       -                      -             -             -             *
network.hooks    -       -                      -             *             *             *
network.retry    -       -                      -             -             -             *
service.alert    -       -                      -             *             *             -
service.end      -       -                      -             *             *             -
service.alerts   -       -                      *             *             *             *
warning.list     -       *                      *             *             *             *
feed.atom        *       *                      *             *             *             *
feed.cap         *       *                      *             *             *             *
feed.transit     *       *                      *             *             *             *
"""  # noqa: E501 - three roles in two relations each
#: The same for partners and their tablets, and for whoever has just been invited. What is not here
#: is never theirs.
PARTNERS = """
action           association   desk      funder    newcomer

session          *             *         *         *
session.ticket   *             *         *         -
session.keep     *             *         *         -
session.leave    *             *         *         *
config           *             *         *         *
page.open        *             *         *         *
me.state         *             *         *         -
me.listen        self          self      self      -

room.state       member        member    member    -
room.say         member        member    member    -
room.edit        member        member    member    -
room.read        member        member    member    -
room.attach      member        member    member    -
room.attachment  member        member    member    -
room.listen      member        member    member    -
room.presence    member        member    member    -
typing.listen    member        member    member    -
typing.say       member        member    member    -

staff.invite     *             *         *         -
staff.accept     *             *         *         *
staff.list       *             *         *         -
passkey.begin    *             *         *         *
passkey.finish   *             *         *         *
passkey.ask      *             *         *         *
passkey.enter    *             *         *         *
totp.begin       *             *         *         *
totp.finish      *             *         *         *
totp.enter       *             *         *         *
stepup.ask       *             *         *         -
stepup.finish    *             *         *         -
session.list     *             *         *         -
session.end      *             *         *         -
desk.open        *             *         *         *
shift.set        -             *         -         -
shift.begin      -             *         -         -
shift.end        -             *         -         -

shelter.ask      *             -         -         -
shelter.state    own_need      -         -         -
need.household   own_need      -         -         -
need.reach       own_need      -         -         -
shelter.options  own_need      -         -         -
option.price     *             -         -         -
shelter.hold     own_need      -         -         -
shelter.wave     own_need      -         -         -
shelter.close    own_need      -         -         -
shelter.mine     *             -         -         -
hold.state       own_need      -         -         -
hold.extend      own_need      -         -         -
hold.cancel      own_need      -         -         -
hold.more        own_need      -         -         -
hold.address     own_need      -         -         -
stay.followup    own_need      -         -         -

desk.state       -             at_desk   -         -
desk.rooms       -             at_desk   -         -
desk.fresh       -             at_desk   -         -
desk.incident    -             at_desk   -         -
desk.listen      -             at_desk   -         -
hold.confirm     -             at_desk   -         -
hold.decline     -             at_desk   -         -
hold.arrive      -             at_desk   -         -
hold.left        -             at_desk   -         -
ask.accept       -             at_desk   -         -
ask.decline      -             at_desk   -         -
fund.state       -             -         *         -
fund.grant       -             -         *         -
fund.entries     -             -         own_budget  -
fund.pay         -             -         *         -
export.statement -             at_desk   *         -
export.rooms     *             -         -         -
shelter.public   *             *         *         *
line.hours       *             *         *         *
transit.code     *             *         *         *
feed.atom        *             *         *         *
feed.cap         *             *         *         *
feed.transit     *             *         *         *
"""


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
        assert (row.say is not None) == rule.writable
        assert (row.presence is not None) == rule.presence
        assert all(action in ACCESS for action in (row.say, row.presence) if action)
