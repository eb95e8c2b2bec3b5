"""Keys and codes: enrolled by who is in, shown by who wants to be, shown once more to open more.

Whatever is shown, right or wrong, is spent before the answer: see ``Staff.decided``.
"""

import binascii
from typing import Annotated

from msgspec import Meta
from webauthn.helpers import base64url_to_bytes

from realtime.kernel.errors import Malformed, NotAvailable, TooManyRequests
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from web.access.tables import role_of
from web.access.vocabulary import Role
from web.auth.sessions import Opened
from web.auth.staff.codes import plain
from web.auth.staff.errors import (
    KeyRefused,
    NoAccount,
    NotAdmitted,
    StepUpNeeded,
    TooManyKeys,
    WrongTotp,
)
from web.auth.staff.keys.answers import Asserted, Attested
from web.auth.staff.keys.passkeys import Purpose, user_handle
from web.auth.staff.rules import MOST_KEYS
from web.auth.staff.values import Way
from web.commands.fields import PRINTABLE, Answer, Asked, Done, Nothing
from web.commands.registry import Door, Lives, Living, Writes, Writing

#: What a browser calls itself, for the list of sessions.
Label = Annotated[str, Meta(max_length=60, pattern=PRINTABLE)]
_B64URL = r"^[A-Za-z0-9_-]*\Z"
Credential = Annotated[str, Meta(min_length=1, max_length=1400, pattern=_B64URL)]
Bytes = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=_B64URL)]
ManyBytes = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=_B64URL)]
SixFigures = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Handle = Annotated[str, Meta(min_length=8, max_length=12, pattern=r"^[A-Za-z0-9 -]+\Z")]


class PasskeyWanted(Answer, frozen=True):
    """What ``navigator.credentials.create`` is to be given; bytes are in base64url."""

    challenge: str
    rp: str
    user: str
    name: str
    exclude: list[str]


class PasskeyAsked(Answer, frozen=True):
    """What ``navigator.credentials.get`` is to be given."""

    challenge: str
    rp: str


class NewKey(Asked, frozen=True):
    credential: Credential
    client: Bytes
    attestation: ManyBytes
    label: Label = ""

    def read(self) -> Attested:
        return Attested(self.credential, _bytes(self.client), _bytes(self.attestation))


class ShownKey(Asked, frozen=True):
    credential: Credential
    client: Bytes
    authenticator: Bytes
    signature: Bytes
    user: Bytes | None = None
    label: Label = ""

    def read(self) -> Asserted:
        return Asserted(
            self.credential,
            _bytes(self.client),
            _bytes(self.authenticator),
            _bytes(self.signature),
            self.user,
        )


class TotpShown(Answer, frozen=True):
    """For an application: a picture, the same as text, and the name to sign in under."""

    secret: str
    address: str
    rows: list[str]
    handle: str


class TotpCode(Asked, frozen=True):
    code: SixFigures
    label: Label = ""


class TotpEnter(Asked, frozen=True):
    handle: Handle
    code: SixFigures
    label: Label = ""


class StepUp(Asked, frozen=True):
    """One of the two."""

    key: ShownKey | None = None
    code: SixFigures | None = None


class Entered(Answer, frozen=True):
    token: str
    role: str


class Enrolled(Answer, frozen=True):
    """A newcomer is in, with a session of her own; whoever was in already is told nothing."""

    token: str | None = None
    role: str | None = None


async def begin_key(call: Writing, asked: Nothing) -> PasskeyWanted:
    staff, tx, caller = call.services.staff, call.tx, call.caller
    if not staff.passkeys.relying.name:
        raise NotAvailable
    member = await staff.member(tx, caller.person)
    await _ask_enrolling(call)
    mine = await staff.passkeys.enrolled(tx, member.person)
    if len(mine) >= MOST_KEYS:
        raise TooManyKeys
    return PasskeyWanted(
        challenge=await staff.passkeys.ask(tx, Purpose.ENROL, caller.session),
        rp=staff.passkeys.relying.name,
        user=user_handle(member.person),
        name=member.handle,
        exclude=mine,
    )


async def finish_key(call: Living, asked: NewKey) -> Enrolled:
    staff, caller, answer = call.services.staff, call.caller, asked.read()

    async def enrol(tx: Transaction) -> Enrolled | None:
        await staff.member(tx, caller.person)
        if not await staff.passkeys.enrol(tx, caller.person, caller.session, answer):
            return None
        if role_of(caller.role) is not Role.NEWCOMER:
            return Enrolled()
        return _admitted(await staff.admit(tx, caller, Way.KEY, asked.label))

    return await staff.decided(enrol, KeyRefused)


async def ask_key(call: Writing, asked: Nothing) -> PasskeyAsked:
    passkeys = call.services.staff.passkeys
    if not passkeys.relying.name:
        raise NotAvailable
    challenge = await passkeys.ask(call.tx, Purpose.ENTER, "")
    return PasskeyAsked(challenge=challenge, rp=passkeys.relying.name)


async def enter_key(call: Living, asked: ShownKey) -> Entered:
    staff, answer = call.services.staff, asked.read()

    async def enter(tx: Transaction) -> Opened | None:
        person = await staff.passkeys.prove(tx, Purpose.ENTER, "", answer)
        return None if person is None else await staff.enter(tx, person, Way.KEY, asked.label)

    return _entered(await staff.decided(enter, NotAdmitted))


async def begin_totp(call: Writing, asked: Nothing) -> TotpShown:
    staff = call.services.staff
    member = await staff.member(call.tx, call.caller.person)
    await _ask_enrolling(call)
    shown = await staff.totps.begin(call.tx, member)
    return TotpShown(
        secret=shown.secret.reveal(),
        address=shown.address.reveal(),
        rows=shown.rows,
        handle=member.handle,
    )


async def finish_totp(call: Living, asked: TotpCode) -> Enrolled:
    staff, caller = call.services.staff, call.caller

    async def finish(tx: Transaction) -> Enrolled | None:
        await staff.member(tx, caller.person)
        if not await staff.totps.finish(tx, caller.person, asked.code):
            return None
        if role_of(caller.role) is not Role.NEWCOMER:
            return Enrolled()
        return _admitted(await staff.admit(tx, caller, Way.CODE, asked.label))

    return await staff.decided(finish, WrongTotp)


async def enter_totp(call: Living, asked: TotpEnter) -> Entered:
    staff = call.services.staff

    async def enter(tx: Transaction) -> Opened | None:
        person = await staff.person_called(tx, plain(asked.handle))
        if person is None or not await staff.totps.prove(tx, person, asked.code):
            return None
        return await staff.enter(tx, person, Way.CODE, asked.label)

    return _entered(await staff.decided(enter, NotAdmitted))


async def ask_step_up(call: Writing, asked: Nothing) -> PasskeyAsked:
    passkeys = call.services.staff.passkeys
    await call.services.staff.member(call.tx, call.caller.person)
    if not passkeys.relying.name:
        raise NotAvailable
    challenge = await passkeys.ask(call.tx, Purpose.STEP_UP, call.caller.session)
    return PasskeyAsked(challenge=challenge, rp=passkeys.relying.name)


async def finish_step_up(call: Living, asked: StepUp) -> Done:
    staff, caller = call.services.staff, call.caller
    if (asked.key is None) is (asked.code is None):
        raise Malformed
    answer = None if asked.key is None else asked.key.read()

    async def step_up(tx: Transaction) -> Done | None:
        await staff.member(tx, caller.person)
        shown: PersonId | None = None
        if answer is not None:
            shown = await staff.passkeys.prove(tx, Purpose.STEP_UP, caller.session, answer)
        elif await staff.totps.prove(tx, caller.person, asked.code or ""):
            shown = caller.person
        # Another's key opens nothing here, however good it is.
        return Done() if await staff.step_up(tx, caller, shown) else None

    return await staff.decided(step_up, NotAdmitted)


async def _ask_enrolling(call: Writing) -> None:
    """A newcomer has just come with an invitation; anybody else shows what she has first."""
    if role_of(call.caller.role) is not Role.NEWCOMER:
        await call.services.staff.ask_step_up(call.tx, call.caller.session)


def _entered(opened: Opened) -> Entered:
    return Entered(token=opened.token.reveal(), role=opened.caller.role)


def _admitted(opened: Opened | None) -> Enrolled | None:
    if opened is None:
        return None
    return Enrolled(token=opened.token.reveal(), role=opened.caller.role)


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except binascii.Error:
        raise Malformed from None


COMMANDS = (
    Writes(
        method="passkey.begin",
        title="Begin to enrol a passkey: what the browser is to be given, once, for two minutes.",
        takes=Nothing,
        gives=PasskeyWanted,
        errors=(NoAccount, StepUpNeeded, TooManyKeys, NotAvailable, TooManyRequests),
        run=begin_key,
    ),
    Lives(
        method="passkey.finish",
        title="Enrol the passkey that the browser has made; a newcomer is let in.",
        takes=NewKey,
        gives=Enrolled,
        errors=(NoAccount, KeyRefused),
        door=Door.HTTP,
        run=finish_key,
    ),
    Writes(
        method="passkey.ask",
        title="Begin to sign in with a passkey: a challenge, once, for two minutes.",
        takes=Nothing,
        gives=PasskeyAsked,
        errors=(NotAvailable, TooManyRequests),
        door=Door.HTTP,
        run=ask_key,
    ),
    Lives(
        method="passkey.enter",
        title="Sign in with a passkey. Whatever is wrong, the refusal is the same.",
        takes=ShownKey,
        gives=Entered,
        errors=(NotAdmitted,),
        door=Door.HTTP,
        run=enter_key,
    ),
    Writes(
        method="totp.begin",
        title="Begin to enrol an application that makes codes: its secret, shown once.",
        takes=Nothing,
        gives=TotpShown,
        errors=(NoAccount, StepUpNeeded),
        door=Door.HTTP,
        run=begin_totp,
    ),
    Lives(
        method="totp.finish",
        title="Take the new secret from now on, by a first code; a newcomer is let in.",
        takes=TotpCode,
        gives=Enrolled,
        errors=(NoAccount, WrongTotp),
        door=Door.HTTP,
        run=finish_totp,
    ),
    Lives(
        method="totp.enter",
        title="Sign in with a code. Five wrong ones, and a quarter of an hour passes.",
        takes=TotpEnter,
        gives=Entered,
        errors=(NotAdmitted,),
        door=Door.HTTP,
        run=enter_totp,
    ),
    Writes(
        method="stepup.ask",
        title="Begin to show one's key once more: a challenge for this session only.",
        takes=Nothing,
        gives=PasskeyAsked,
        errors=(NoAccount, NotAvailable, TooManyRequests),
        run=ask_step_up,
    ),
    Lives(
        method="stepup.finish",
        title="Show one's key, or a code, once more: for five minutes this session opens more.",
        takes=StepUp,
        gives=Done,
        errors=(NoAccount, NotAdmitted, Malformed),
        run=finish_step_up,
    ),
)
