"""Accounts joined with a deployment's keys and origins: for the server and for the command line."""

from typing import Protocol

from realtime.ledger import Ledger
from web.auth.sessions import Sessions
from web.auth.staff.keys.passkeys import Passkeys
from web.auth.staff.relying import Relying
from web.auth.staff.service import Staff
from web.auth.tokens import random_token


class Deployment(Protocol):
    """What keeps accounts, and makes the key under which codes are recognised."""

    @property
    def ledger(self) -> Ledger: ...

    def key(self, purpose: str) -> bytes: ...


class Listed(Protocol):
    """The settings that say where our pages are."""

    @property
    def origins(self) -> tuple[str, ...]: ...
    @property
    def production(self) -> bool: ...


def joined_staff(settings: Listed, deployment: Deployment, sessions: Sessions) -> Staff:
    key = deployment.key("staff")
    relying = Relying.of(settings.origins, loopback=not settings.production)
    passkeys = Passkeys(relying, key, random_token)
    return Staff(deployment.ledger, sessions, passkeys, key=key, tokens=random_token)
