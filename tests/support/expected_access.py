"""Who may do what, written from DESIGN 4 and the issues, not from the code.

A dash: never. A star: whatever the relation. Otherwise, one of these relations is needed.
"""

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
alert.listen     -       hers/accepted/came     *             *             *             -
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
transit.place    -       *                      *             *             *             *
transit.lines    -       *                      *             *             *             *
transit.stops    -       *                      *             *             *             *
transit.map      -       -                      *             *             *             *

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
transit.place    *             *         *         -
transit.lines    *             *         *         -
transit.stops    *             *         *         -
feed.atom        *             *         *         *
feed.cap         *             *         *         *
feed.transit     *             *         *         *
"""
