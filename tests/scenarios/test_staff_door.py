"""The ways in, at the HTTP door: how often, with what in hand, and whatever is thrown at them."""

import asyncio
import base64
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.accounts import Account, ask, enter, member, newcomer
from tests.support.authenticator import text
from tests.support.server import ROOT
from tests.support.service import service
from tests.support.world import World, world
from web.access.vocabulary import Role

WAYS_IN = {
    "passkey/ask": {},
    "passkey/enter": {
        "credential": "AA",
        "client": "AA",
        "authenticator": "AA",
        "signature": "AA",
    },
    "totp/enter": {"handle": "AAAAAAAA", "code": "000000"},
    "staff/accept": {"code": "AAAA-AAAA-AAAA-AAAA", "name": "Nour"},
    "desk/open": {"desk": "none-such", "code": "000000"},
}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


async def test_one_address_tries_so_often_and_phones_come_in_all_the_same(tmp_path: Path) -> None:
    async with service(tmp_path, session_burst=len(WAYS_IN)) as door:
        first = [await door.post(f"/api/{way}", body) for way, body in WAYS_IN.items()]
        more = [await door.post(f"/api/{way}", body) for way, body in WAYS_IN.items()]
        phone = await door.post("/api/session")

    assert [it.status_code for it in first] == [200, 403, 403, 403, 403]
    assert {it.json()["error"]["name"] for it in more} == {"sign_in_limited"}
    assert all(int(it.headers["retry-after"]) >= 1 for it in more)
    assert phone.status_code == 200


async def test_a_session_that_has_ended_keeps_nobody_from_signing_in(tmp_path: Path) -> None:
    async with service(tmp_path) as door:
        gone = await door.person(Role.OPERATOR)
        await door.post("/api/session/leave", who=gone)

        asked = await door.post("/api/passkey/ask", who=gone)
        shift = await door.post("/api/shift/begin", {"member": "x", "pin": "000000"}, who=gone)

    assert asked.status_code == 200
    assert shift.status_code == 401


async def test_what_the_ways_in_answer_is_written_down_by_nobody(tmp_path: Path) -> None:
    async with service(tmp_path) as door:
        answer = await door.post("/api/passkey/ask")

    assert answer.headers["cache-control"] == "no-store"


async def test_the_command_line_makes_the_first_account(tmp_path: Path) -> None:
    async def invite(*words: str) -> tuple[int, list[str]]:
        done = await asyncio.to_thread(
            subprocess.run,
            (sys.executable, "-m", "web", "invite", *words, "--data-dir", str(tmp_path)),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout.split()

    code, (path, invited) = await invite("--role", "admin")
    wrong = await invite("--role", "association")

    assert (code, path) == (0, f"/equipe#{invited}")
    assert wrong == (2, [])
    async with service(tmp_path) as door:
        accepted = await door.post("/api/staff/accept", {"code": invited, "name": "Anne"})
    assert accepted.status_code == 200


# Whatever is thrown at it.

FIELDS = ("client", "authenticator", "signature", "attestation", "credential", "user")


def broken(answer: Mapping[str, object], dice: random.Random) -> dict[str, object]:
    """The same, with one field cut, doubled, changed, or made of anything."""
    changed = dict(answer)
    name = dice.choice([it for it in FIELDS if it in changed])
    held = bytearray(str(changed[name]).encode())
    match dice.randrange(5):
        case 0:
            del held[dice.randrange(1, len(held)) :]
        case 1:
            held += bytes(held)
        case 2:
            held[dice.randrange(len(held))] = ord(dice.choice("ABCxyz019-_"))
        case 3:
            held = bytearray(text(dice.randbytes(dice.randrange(1, 300))).encode())
        case _:
            first = dice.randrange(len(held))
            held[first : first + 4] = b"____"
    changed[name] = held.decode()
    return changed


def meant(value: object) -> bytes:
    return base64.urlsafe_b64decode(f"{value}==")


async def thrown(made: World, who: Account, number: int) -> set[object]:
    """What the two doors answer to keys that were broken on the way."""
    dice = random.Random(number)
    asked = await ask(made, None, "passkey.ask")
    whole = who.device.show(asked)
    shown = broken(whole, dice)
    entered = await ask(made, None, "passkey.enter", **shown)
    if "token" in entered:
        # The last letter holds bits that mean nothing: it is what it was.
        assert {it: meant(value) for it, value in shown.items()} == {
            it: meant(value) for it, value in whole.items()
        }
    # She is new: whatever is wrong, she may try again.
    new = await newcomer(made, Role.OPERATOR)
    wanted = await ask(made, new, "passkey.begin")
    finished = await ask(made, new, "passkey.finish", **broken(new.device.make(wanted), dice))
    # What a new key says of itself is signed by nobody: broken, it may be another key.
    return {entered.get("error", "entered"), finished.get("error", "enrolled")}


async def test_a_broken_key_is_refused_and_breaks_nothing() -> None:
    async with world() as made:
        her = await member(made, Role.OPERATOR)
        said: set[object] = set()
        for number in range(100):
            said |= await thrown(made, her, number)

        assert said <= {"not_admitted", "key_refused", "malformed", "enrolled", "entered"}
        assert {"not_admitted", "key_refused"} <= said
        assert "token" in await enter(made, her)
